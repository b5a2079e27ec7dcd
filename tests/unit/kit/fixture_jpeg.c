#include "fixture_jpeg.h"

#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

struct str fixture_jpeg(struct arena *arena, unsigned char *rgb, int width, int height, int quality,
                        struct str exif)
{
    struct jpeg_compress_struct info;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long size = 0;
    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &bytes, &size);
    info.image_width = (JDIMENSION)width;
    info.image_height = (JDIMENSION)height;
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    if (exif.at != NULL)
        jpeg_write_marker(&info, JPEG_APP0 + 1, (const JOCTET *)exif.at, (unsigned)exif.len);
    while (info.next_scanline < info.image_height) {
        unsigned char *row = rgb + (size_t)info.next_scanline * (size_t)width * 3;
        (void)jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    struct str out = {arena_copy(arena, bytes, size), size};
    free(bytes);
    return out;
}
