#pragma once
#include "base/arena.h"
#include "base/str.h"

/*
 * A JPEG of pixels, red, green, blue, row by row.
 *
 *   exif   APP1 content, or absent
 */
struct str fixture_jpeg(struct arena *arena, unsigned char *rgb, int width, int height, int quality,
                        struct str exif);
