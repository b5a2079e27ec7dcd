/*
 * The work of the child. libjpeg decodes at an eighth, quarter … of the size, so that a photo of
 * 12 megapixels costs 50 ms and a few megabytes; what remains is averaged down to the small copy,
 * turned upright, and fingerprinted. There is nobody to clean up for: errors end the process, and
 * memory is given back by its end.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jpeglib.h>
#include <libexif/exif-data.h>
#include <png.h>

#include "base/num.h"
#include "kit/picture_int.h"
#include "kit/sniff.h"

enum { GRID = 32, LOOK_SIDE = 8, QUALITY = 80, SUFFICES = 2 * PICTURE_SMALL_SIDE };

/* 8-bit RGB, row by row, no gaps. */
struct image {
    int width;
    int height;
    unsigned char *rgb;
};

static unsigned char *allocate(size_t size)
{
    unsigned char *bytes = malloc(size);
    if (bytes == NULL)
        _exit(CHILD_TOO_LARGE);
    return bytes;
}

static struct image image_new(int width, int height)
{
    return (struct image){width, height, allocate((size_t)width * (size_t)height * 3)};
}

static unsigned char *pixel(const struct image *image, int x, int y)
{
    return image->rgb + ((size_t)y * (size_t)image->width + (size_t)x) * 3;
}

static void check_size(uint32_t width, uint32_t height)
{
    if (width == 0 || height == 0)
        _exit(CHILD_UNREADABLE);
    if (width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX ||
        (uint64_t)width * height > PICTURE_PIXELS_MAX)
        _exit(CHILD_TOO_LARGE);
}

static void jpeg_gives_up(j_common_ptr info)
{
    (void)info;
    _exit(CHILD_UNREADABLE);
}

static void jpeg_is_silent(j_common_ptr info)
{
    (void)info;
}

/* The smallest of the sizes libjpeg can decode to that leaves something to average. */
static unsigned scale_for(uint32_t width, uint32_t height)
{
    uint32_t longest = width > height ? width : height;
    unsigned eighths = 1;
    while (eighths < 8 && longest * eighths / 8 < SUFFICES)
        eighths++;
    return eighths;
}

/* Adobe writes ink upside down, and who else writes CMYK does as Adobe does. */
static void row_from_cmyk(unsigned char *rgb, const unsigned char *cmyk, unsigned width)
{
    for (unsigned x = 0; x < width; x++)
        for (unsigned c = 0; c < 3; c++)
            rgb[3 * x + c] = (unsigned char)(cmyk[4 * x + c] * cmyk[4 * x + 3] / 255);
}

static struct image read_jpeg(const unsigned char *bytes, size_t size, struct report *report)
{
    struct jpeg_decompress_struct info;
    struct jpeg_error_mgr errors;
    info.err = jpeg_std_error(&errors);
    errors.error_exit = jpeg_gives_up;
    errors.output_message = jpeg_is_silent;
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes, size);
    (void)jpeg_read_header(&info, TRUE);
    check_size(info.image_width, info.image_height);
    report->width = info.image_width;
    report->height = info.image_height;
    bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
    info.out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
    info.scale_num = scale_for(info.image_width, info.image_height);
    info.scale_denom = 8;
    info.dct_method = JDCT_ISLOW;
    (void)jpeg_start_decompress(&info);
    struct image image = image_new((int)info.output_width, (int)info.output_height);
    unsigned char *wide = allocate((size_t)info.output_width * 4);
    while (info.output_scanline < info.output_height) {
        unsigned char *row = image.rgb + (size_t)info.output_scanline * info.output_width * 3;
        (void)jpeg_read_scanlines(&info, cmyk ? &wide : &row, 1);
        if (cmyk)
            row_from_cmyk(row, wide, info.output_width);
    }
    report->damaged = errors.num_warnings > 0;
    return image;
}

static struct image read_png(const unsigned char *bytes, size_t size, struct report *report)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    png_color white = {255, 255, 255};
    if (!png_image_begin_read_from_memory(&png, bytes, size))
        _exit(CHILD_UNREADABLE);
    check_size(png.width, png.height);
    png.format = PNG_FORMAT_RGB;
    struct image image = image_new((int)png.width, (int)png.height);
    if (!png_image_finish_read(&png, &white, image.rgb, 0, NULL))
        _exit(CHILD_UNREADABLE);
    report->width = image.width;
    report->height = image.height;
    return image;
}

/* The mean of the pixels that fall into each new one; never larger than before. */
static struct image shrink(struct image from, int width, int height)
{
    struct image to = image_new(width, height);
    for (int y = 0; y < height; y++) {
        int top = (int)((int64_t)y * from.height / height);
        int bottom = (int)((int64_t)(y + 1) * from.height / height);
        for (int x = 0; x < width; x++) {
            int left = (int)((int64_t)x * from.width / width);
            int right = (int)((int64_t)(x + 1) * from.width / width);
            uint64_t sum[3] = {0};
            for (int v = top; v < bottom; v++)
                for (int u = left; u < right; u++)
                    for (int c = 0; c < 3; c++)
                        sum[c] += pixel(&from, u, v)[c];
            uint64_t count = (uint64_t)(bottom - top) * (uint64_t)(right - left);
            for (int c = 0; c < 3; c++)
                pixel(&to, x, y)[c] = (unsigned char)((sum[c] + count / 2) / count);
        }
    }
    return to;
}

static struct image fit(struct image image)
{
    int longest = image.width > image.height ? image.width : image.height;
    if (longest <= PICTURE_SMALL_SIDE)
        return image;
    int width = (int)((int64_t)image.width * PICTURE_SMALL_SIDE / longest);
    int height = (int)((int64_t)image.height * PICTURE_SMALL_SIDE / longest);
    return shrink(image, width > 0 ? width : 1, height > 0 ? height : 1);
}

/* EXIF orientation 1..8 (CIPA DC-008 §4.6.4): which old pixel stands at a new place. */
static struct image upright(struct image from, int orientation)
{
    bool swapped = orientation >= 5;
    struct image to =
        image_new(swapped ? from.height : from.width, swapped ? from.width : from.height);
    for (int y = 0; y < to.height; y++) {
        for (int x = 0; x < to.width; x++) {
            int u = swapped ? y : x, v = swapped ? x : y;
            if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
                u = from.width - 1 - u;
            if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
                v = from.height - 1 - v;
            memcpy(pixel(&to, x, y), pixel(&from, u, v), 3);
        }
    }
    return to;
}

static void write_small(struct image image, int fd)
{
    struct jpeg_compress_struct info;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    info.err = jpeg_std_error(&errors);
    errors.error_exit = jpeg_gives_up;
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &bytes, &size);
    info.image_width = (JDIMENSION)image.width;
    info.image_height = (JDIMENSION)image.height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, QUALITY, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        unsigned char *row = image.rgb + (size_t)info.next_scanline * (size_t)image.width * 3;
        (void)jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    for (unsigned long done = 0; done < size;) {
        ssize_t put = write(fd, bytes + done, size - done);
        if (put <= 0)
            _exit(CHILD_NO_OUTPUT);
        done += (unsigned long)put;
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean grey of each cell of a GRID × GRID raster. */
static void rasterise(const unsigned char *grey, int width, int height, double out[GRID][GRID])
{
    for (int y = 0; y < GRID; y++) {
        int top = y * height / GRID, bottom = (y + 1) * height / GRID;
        for (int x = 0; x < GRID; x++) {
            int left = x * width / GRID, right = (x + 1) * width / GRID;
            double sum = 0;
            int count = 0;
            for (int v = top; v < (bottom > top ? bottom : top + 1); v++)
                for (int u = left; u < (right > left ? right : left + 1); u++, count++)
                    sum += grey[(size_t)v * (size_t)width + (size_t)u];
            out[y][x] = sum / count;
        }
    }
}

uint64_t picture_look(const unsigned char *grey, int width, int height)
{
    double raster[GRID][GRID], waves[LOOK_SIDE + 1][GRID];
    double found[LOOK_SIDE * LOOK_SIDE], sorted[LOOK_SIDE * LOOK_SIDE];
    rasterise(grey, width, height, raster);
    for (int k = 0; k <= LOOK_SIDE; k++)
        for (int i = 0; i < GRID; i++)
            waves[k][i] = cos(M_PI * k * (2 * i + 1) / (2 * GRID));
    /* Without row and column 0: how bright a picture is says nothing about what it shows. */
    for (int v = 1; v <= LOOK_SIDE; v++)
        for (int u = 1; u <= LOOK_SIDE; u++) {
            double sum = 0;
            for (int y = 0; y < GRID; y++)
                for (int x = 0; x < GRID; x++)
                    sum += raster[y][x] * waves[v][y] * waves[u][x];
            found[(v - 1) * LOOK_SIDE + u - 1] = sum;
        }
    memcpy(sorted, found, sizeof sorted);
    qsort(sorted, LOOK_SIDE * LOOK_SIDE, sizeof *sorted, compare_doubles);
    double median = (sorted[31] + sorted[32]) / 2;
    uint64_t look = 0;
    for (int i = 0; i < LOOK_SIDE * LOOK_SIDE; i++)
        look = look << 1 | (found[i] > median);
    return look;
}

static uint64_t look_of(struct image image, int margin_x, int margin_y)
{
    int width = image.width - 2 * margin_x, height = image.height - 2 * margin_y;
    unsigned char *grey = allocate((size_t)width * (size_t)height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const unsigned char *rgb = pixel(&image, x + margin_x, y + margin_y);
            /* ITU-R BT.601 luma */
            grey[(size_t)y * (size_t)width + (size_t)x] =
                (unsigned char)((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2]) / 1000);
        }
    return picture_look(grey, width, height);
}

static int exif_orientation(ExifData *exif)
{
    ExifEntry *entry = exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (entry == NULL || entry->format != EXIF_FORMAT_SHORT || entry->size < 2)
        return 1;
    int orientation = exif_get_short(entry->data, exif_data_get_byte_order(exif));
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

static struct str exif_text(ExifData *exif, ExifIfd ifd, ExifTag tag)
{
    ExifEntry *entry = exif_content_get_entry(exif->ifd[ifd], tag);
    if (entry == NULL || entry->format != EXIF_FORMAT_ASCII)
        return (struct str){0};
    size_t len = strnlen((const char *)entry->data, entry->size);
    return str_trim((struct str){(const char *)entry->data, len});
}

/* "2018:11:22 18:00:00", and "+08:00" or nothing beside it. */
static struct instant exif_taken_at(ExifData *exif)
{
    char text[32];
    struct instant at;
    struct str time = exif_text(exif, EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL);
    struct str offset = exif_text(exif, EXIF_IFD_EXIF, EXIF_TAG_OFFSET_TIME_ORIGINAL);
    if (time.len != 19)
        return INSTANT_NONE;
    if (offset.len != 6)
        offset = S("+08:00");
    memcpy(text, time.at, 19);
    memcpy(text + 19, offset.at, 6);
    text[4] = text[7] = '-';
    text[10] = 'T';
    return instant_parse((struct str){text, 25}, &at) ? at : INSTANT_NONE;
}

/* Degrees, minutes and seconds as three fractions; false where one is broken. */
static bool exif_angle(ExifData *exif, unsigned tag, unsigned reference_tag, char negative,
                       int limit, int64_t *out)
{
    static const double parts[] = {1, 60, 3600};
    ExifEntry *entry = exif_content_get_entry(exif->ifd[EXIF_IFD_GPS], (ExifTag)tag);
    struct str reference = exif_text(exif, EXIF_IFD_GPS, (ExifTag)reference_tag);
    if (entry == NULL || entry->format != EXIF_FORMAT_RATIONAL || entry->components != 3 ||
        entry->size < 24 || reference.len != 1)
        return false;
    double degrees = 0;
    for (int i = 0; i < 3; i++) {
        ExifRational part = exif_get_rational(entry->data + 8 * i, exif_data_get_byte_order(exif));
        if (part.denominator == 0)
            return false;
        degrees += (double)part.numerator / part.denominator / parts[i];
    }
    if (!(degrees <= limit))
        return false;
    *out = (int64_t)llround(degrees * 1e7) * (reference.at[0] == negative ? -1 : 1);
    return true;
}

static int read_exif(const unsigned char *bytes, size_t size, struct report *report)
{
    ExifData *exif = exif_data_new_from_data(bytes, (unsigned)size);
    if (exif == NULL)
        return 1;
    report->taken_at = exif_taken_at(exif).ms;
    report->has_place = exif_angle(exif, EXIF_TAG_GPS_LATITUDE, EXIF_TAG_GPS_LATITUDE_REF, 'S', 90,
                                   &report->lat_e7) &&
                        exif_angle(exif, EXIF_TAG_GPS_LONGITUDE, EXIF_TAG_GPS_LONGITUDE_REF, 'W',
                                   180, &report->lon_e7);
    return exif_orientation(exif);
}

void picture_decode(int fd, int small, int answer)
{
    struct stat st;
    struct report report = {.taken_at = INSTANT_NONE.ms};
    if (fstat(fd, &st) != 0 || st.st_size <= 0)
        _exit(CHILD_UNREADABLE);
    size_t size = (size_t)st.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        _exit(CHILD_TOO_LARGE);
    bool jpeg = sniff_file(fd) == SNIFF_JPEG;
    int orientation = jpeg ? read_exif(bytes, size, &report) : 1;
    struct image image = jpeg ? read_jpeg(bytes, size, &report) : read_png(bytes, size, &report);
    image = upright(fit(image), orientation);
    if (orientation >= 5) {
        int64_t width = report.width;
        report.width = report.height;
        report.height = width;
    }
    report.look = look_of(image, 0, 0);
    report.look_center = look_of(image, image.width / 10, image.height / 10);
    write_small(image, small);
    if (write(answer, &report, sizeof report) != (ssize_t)sizeof report)
        _exit(CHILD_NO_OUTPUT);
    _exit(CHILD_DONE);
}
