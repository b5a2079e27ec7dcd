#pragma once
/*
 * What a photo shows about itself: size, place, time, a small copy, a fingerprint of what is seen.
 *
 * Pictures come from strangers and their decoders are old C, so no byte of one is decoded in this
 * process. A small helper is forked before the first thread; for each picture it forks a child
 * with little memory, little time and no way to open anything (rlimits, seccomp), which answers
 * through a pipe. A picture that kills its child is a picture that cannot be read.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/day.h"

enum {
    PICTURE_SIDE_MAX = 20000,      /* pixels */
    PICTURE_PIXELS_MAX = 60000000, /* width × height */
    PICTURE_BYTES_MAX = 64 << 20,  /* of the file */
    PICTURE_SMALL_SIDE = 512,      /* longest side of the small copy */
};

struct picture {
    int width; /* pixels, as seen: orientation applied */
    int height;
    bool damaged;            /* could be read in part only */
    struct instant taken_at; /* EXIF; office time where it names no offset; or INSTANT_NONE */
    bool has_place;
    int64_t lat_e7; /* degrees × 10^7, WGS 84 */
    int64_t lon_e7;
    uint64_t look;        /* 64-bit DCT hash of what is seen */
    uint64_t look_center; /* the same of the middle 80 %: finds pictures with cut edges */
};

struct picture_reader;

/*
 * Forks the helper. Call it before any thread is made.
 *
 * Errors: ST_IO  no process or socket to be had
 */
MUST_USE enum status picture_reader_open(struct ctx *ctx, struct picture_reader **out);
void picture_reader_close(struct picture_reader *reader); /* takes null; waits for the helper */

/*
 * Reads a JPEG or PNG file. Takes tens of milliseconds: run it on a bounded pool. Any thread.
 *
 *   fd     the file, read from its first byte; borrowed
 *   small  an empty file for the small copy, a JPEG; borrowed. Left empty on failure.
 *
 * Errors: ST_MEDIA        neither JPEG nor PNG by its bytes
 *         ST_LIMIT        file or picture too large
 *         ST_INVALID      cannot be decoded
 *         ST_UNAVAILABLE  the helper is gone
 */
MUST_USE enum status picture_read(struct ctx *ctx, struct picture_reader *reader, int fd, int small,
                                  struct picture *out);

/* Bits that differ: at most 8 the same photo, 9 to 14 for a person to judge. */
int picture_distance(uint64_t a, uint64_t b);
