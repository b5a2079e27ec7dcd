/*
 * Pictures made on the spot: what is read from them, that the same scene is known again, and that
 * broken or hostile files end in an answer and nothing else.
 */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <png.h>

#include "base/buf.h"
#include "fixture_jpeg.h"
#include "kit/picture.h"
#include "kit/sniff.h"

struct world {
    struct ctx ctx;
    struct picture_reader *reader;
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    assert_int_equal(picture_reader_open(&w->ctx, &w->reader), ST_OK);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    picture_reader_close(w->reader);
    arena_free(w->ctx.arena);
    return 0;
}

/* A scene is some soft blobs of light; the same seed is the same scene at any size. */
static unsigned char *paint(struct world *w, int width, int height, unsigned seed)
{
    unsigned char *rgb = arena_alloc(w->ctx.arena, (size_t)width * (size_t)height * 3);
    double at[6][3];
    for (int i = 0; i < 18; i++) {
        seed = seed * 1664525 + 1013904223;
        at[i / 3][i % 3] = (seed >> 8) % 1000 / 1000.0;
    }
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double light = 0;
            for (int i = 0; i < 6; i++) {
                double dx = (double)x / width - at[i][0], dy = (double)y / height - at[i][1];
                light += at[i][2] * exp(-(dx * dx + dy * dy) * 30);
            }
            unsigned char grey = (unsigned char)(light > 1 ? 255 : light * 255);
            memset(rgb + ((size_t)y * (size_t)width + (size_t)x) * 3, grey, 3);
        }
    return rgb;
}

struct shot {
    int width;
    int height;
    unsigned seed;
    int quality;
    struct str exif; /* APP1 content, or absent */
};

static struct str jpeg_of(struct world *w, struct shot shot)
{
    return fixture_jpeg(w->ctx.arena, paint(w, shot.width, shot.height, shot.seed), shot.width, shot.height,
                          shot.quality, shot.exif);
}

static struct str png_of(struct world *w, int width, int height, unsigned seed)
{
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = (png_uint_32)width,
                     .height = (png_uint_32)height,
                     .format = PNG_FORMAT_RGB};
    png_alloc_size_t size = (png_alloc_size_t)width * (png_alloc_size_t)height * 4 + 1000;
    char *bytes = arena_alloc(w->ctx.arena, size);
    assert_true(png_image_write_to_memory(&png, bytes, &size, 0, paint(w, width, height, seed), 0,
                                          NULL) != 0);
    return (struct str){bytes, size};
}

static int file_of(struct str bytes)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.len), (ssize_t)bytes.len);
    return fd;
}

/* Reads the picture and gives the size of its small copy. */
static enum status read_bytes(struct world *w, struct str bytes, struct picture *out,
                              off_t *small_size)
{
    int fd = file_of(bytes), small = file_of(S(""));
    fail_clear(&w->ctx);
    enum status status = picture_read(&w->ctx, w->reader, fd, small, out);
    *small_size = lseek(small, 0, SEEK_END);
    if (status == ST_OK)
        assert_int_equal(sniff_file(small), SNIFF_JPEG);
    close(fd);
    close(small);
    return status;
}

static struct picture picture_of(struct world *w, struct str bytes)
{
    struct picture picture;
    off_t small;
    assert_int_equal(read_bytes(w, bytes, &picture, &small), ST_OK);
    assert_true(small > 100);
    return picture;
}

static void put16(struct buf *buf, unsigned value)
{
    buf_char(buf, (char)(value >> 8));
    buf_char(buf, (char)(value & 0xFF));
}

static void put32(struct buf *buf, uint32_t value)
{
    put16(buf, value >> 16);
    put16(buf, value & 0xFFFF);
}

static void entry(struct buf *buf, unsigned tag, unsigned format, uint32_t count, uint32_t value)
{
    put16(buf, tag);
    put16(buf, format);
    put32(buf, count);
    put32(buf, value);
}

/* Big-endian TIFF: IFD0 at 8, EXIF IFD at 50, GPS IFD at 80, data from 134 on. */
static struct str exif_of(struct world *w, unsigned orientation)
{
    struct buf buf;
    buf_init(&buf, w->ctx.arena, 1000);
    buf_bytes(&buf, "Exif\0\0MM\0*\0\0\0\x08", 14);
    put16(&buf, 3);
    entry(&buf, 0x0112, 3, 1, orientation << 16);
    entry(&buf, 0x8769, 4, 1, 50);
    entry(&buf, 0x8825, 4, 1, 80);
    put32(&buf, 0);
    put16(&buf, 2);
    entry(&buf, 0x9003, 2, 20, 134);
    entry(&buf, 0x9011, 2, 7, 154);
    put32(&buf, 0);
    put16(&buf, 4);
    entry(&buf, 1, 2, 2, (uint32_t)'N' << 24);
    entry(&buf, 2, 5, 3, 162);
    entry(&buf, 3, 2, 2, (uint32_t)'W' << 24);
    entry(&buf, 4, 5, 3, 186);
    put32(&buf, 0);
    buf_bytes(&buf, "2018:11:22 18:00:00\0+09:00\0\0", 28);
    static const uint32_t fractions[] = {36, 1, 30, 1, 3600, 100, 114, 1, 15, 1, 0, 1};
    for (size_t i = 0; i < COUNT_OF(fractions); i++)
        put32(&buf, fractions[i]);
    assert_int_equal(buf_status(&buf), ST_OK);
    return buf_str(&buf);
}

static void a_photo_tells_its_size_place_and_time(void **state)
{
    struct world *w = *state;
    struct picture picture =
        picture_of(w, jpeg_of(w, (struct shot){1600, 1200, 7, 85, exif_of(w, 1)}));
    struct instant right;
    assert_true(instant_parse(S("2018-11-22T18:00:00+09:00"), &right));
    assert_int_equal(picture.width, 1600);
    assert_int_equal(picture.height, 1200);
    assert_int_equal(picture.taken_at.ms, right.ms);
    assert_true(picture.has_place);
    assert_int_equal(picture.lat_e7, 365100000);
    assert_int_equal(picture.lon_e7, -1142500000);
    assert_false(picture.damaged);
}

static void a_picture_without_exif_claims_nothing(void **state)
{
    struct world *w = *state;
    struct picture picture = picture_of(w, png_of(w, 300, 200, 7));
    assert_int_equal(picture.width, 300);
    assert_int_equal(picture.height, 200);
    assert_true(instant_is_none(picture.taken_at));
    assert_false(picture.has_place);
}

/* The scene as a camera held that way stores it. */
static unsigned char *turned(struct world *w, const unsigned char *scene, int width, int height,
                             int orientation)
{
    bool swapped = orientation >= 5;
    int stored_width = swapped ? height : width, stored_height = swapped ? width : height;
    unsigned char *stored = arena_alloc(w->ctx.arena, (size_t)width * (size_t)height * 3);
    for (int v = 0; v < stored_height; v++)
        for (int u = 0; u < stored_width; u++) {
            const int places[8][2] = {
                {u, v}, {width - 1 - u, v}, {width - 1 - u, height - 1 - v}, {u, height - 1 - v},
                {v, u}, {width - 1 - v, u}, {width - 1 - v, height - 1 - u}, {v, height - 1 - u}};
            const int *at = places[orientation - 1];
            memcpy(stored + 3 * (v * stored_width + u), scene + 3 * (at[1] * width + at[0]), 3);
        }
    return stored;
}

static void a_turned_photo_is_set_upright_first(void **state)
{
    struct world *w = *state;
    const unsigned char *scene = paint(w, 800, 600, 7);
    struct picture right = picture_of(w, jpeg_of(w, (struct shot){800, 600, 7, 85, {0}}));
    for (int i = 1; i <= 8; i++) {
        struct str exif = exif_of(w, (unsigned)i);
        struct picture picture =
            picture_of(w, fixture_jpeg(w->ctx.arena, turned(w, scene, 800, 600, i), i >= 5 ? 600 : 800,
                                         i >= 5 ? 800 : 600, 85, exif));
        assert_int_equal(picture.width, 800);
        assert_int_equal(picture.height, 600);
        assert_in_range(picture_distance(picture.look, right.look), 0, 8);
    }
}

static void the_same_scene_is_known_again(void **state)
{
    struct world *w = *state;
    struct picture first = picture_of(w, jpeg_of(w, (struct shot){1600, 1200, 7, 90, {0}}));
    struct picture again[] = {
        picture_of(w, jpeg_of(w, (struct shot){1600, 1200, 7, 30, {0}})),
        picture_of(w, jpeg_of(w, (struct shot){800, 600, 7, 80, {0}})),
        picture_of(w, png_of(w, 640, 480, 7)),
    };
    for (size_t i = 0; i < COUNT_OF(again); i++)
        assert_in_range(picture_distance(first.look, again[i].look), 0, 8);
    for (unsigned seed = 8; seed < 14; seed++) {
        struct picture other = picture_of(w, jpeg_of(w, (struct shot){640, 480, seed, 80, {0}}));
        assert_true(picture_distance(first.look, other.look) > 14);
    }
}

static void pictures_of_every_odd_size_are_read(void **state)
{
    struct world *w = *state;
    static const int sizes[][2] = {{1, 1}, {1, 2000}, {2000, 1}, {7, 5}, {513, 511}, {1023, 1025}};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct shot shot = {sizes[i][0], sizes[i][1], 7, 80, {0}};
        assert_int_equal(picture_of(w, jpeg_of(w, shot)).width, sizes[i][0]);
        assert_int_equal(picture_of(w, png_of(w, shot.width, shot.height, 7)).height, sizes[i][1]);
    }
}

static void a_cut_photo_is_damaged_and_a_cut_head_unreadable(void **state)
{
    struct world *w = *state;
    struct str whole = jpeg_of(w, (struct shot){800, 600, 7, 85, {0}});
    assert_true(picture_of(w, str_part(whole, 0, whole.len / 2)).damaged);
    struct picture picture;
    off_t small;
    assert_int_equal(read_bytes(w, str_part(whole, 0, 100), &picture, &small), ST_INVALID);
    assert_string_equal(w->ctx.failure.reason.key, "picture.unreadable");
    assert_int_equal(small, 0);
    struct str png = png_of(w, 300, 200, 7);
    assert_int_equal(read_bytes(w, str_part(png, 0, 60), &picture, &small), ST_INVALID);
}

static void a_picture_that_claims_to_be_huge_is_refused(void **state)
{
    struct world *w = *state;
    struct str whole = jpeg_of(w, (struct shot){64, 64, 7, 85, {0}});
    char *bytes = arena_copy(w->ctx.arena, whole.at, whole.len);
    size_t frame = str_find(whole, S("\xFF\xC0"));
    memcpy(bytes + frame + 5, "\x75\x30\x75\x30", 4);
    struct picture picture;
    off_t small;
    assert_int_equal(read_bytes(w, (struct str){bytes, whole.len}, &picture, &small), ST_LIMIT);
}

static void what_is_no_picture_never_reaches_a_decoder(void **state)
{
    struct world *w = *state;
    struct picture picture;
    off_t small;
    static const struct str rows[] = {STR_INIT(""), STR_INIT("text"), STR_INIT("GIF89a....."),
                                      STR_INIT("%PDF-1.7")};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(read_bytes(w, rows[i], &picture, &small), ST_MEDIA);
}

static void mutated_pictures_do_no_harm(void **state)
{
    struct world *w = *state;
    struct str kinds[] = {jpeg_of(w, (struct shot){200, 150, 7, 85, exif_of(w, 6)}),
                          png_of(w, 100, 75, 7)};
    uint32_t seed = 7;
    for (int round = 0; round < 200; round++) {
        struct str kind = kinds[round % 2];
        char *bytes = arena_copy(w->ctx.arena, kind.at, kind.len);
        for (int k = 0; k < 5; k++) {
            seed = seed * 1664525 + 1013904223;
            bytes[8 + (seed >> 8) % (kind.len - 8)] = (char)(seed >> 24);
        }
        struct picture picture;
        off_t small;
        (void)read_bytes(w, (struct str){bytes, kind.len}, &picture, &small);
    }
    (void)picture_of(w, kinds[0]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_photo_tells_its_size_place_and_time),
        TEST(a_picture_without_exif_claims_nothing),
        TEST(a_turned_photo_is_set_upright_first),
        TEST(the_same_scene_is_known_again),
        TEST(pictures_of_every_odd_size_are_read),
        TEST(a_cut_photo_is_damaged_and_a_cut_head_unreadable),
        TEST(a_picture_that_claims_to_be_huge_is_refused),
        TEST(what_is_no_picture_never_reaches_a_decoder),
        TEST(mutated_pictures_do_no_harm),
    };
    return cmocka_run_group_tests_name("kit/picture", tests, NULL, NULL);
}
