#pragma once
/*
 * Shared by picture.c (processes) and picture_decode.c (what the child does). Whatever goes wrong
 * while decoding ends the child by one of these codes.
 */
#include "kit/picture.h"

enum {
    CHILD_DONE = 0,
    CHILD_UNREADABLE = 3, /* not what the decoder expects */
    CHILD_TOO_LARGE = 4,
    CHILD_NO_OUTPUT = 5,
};

/* What the child says. Whole numbers only: whatever bytes come, reading them is defined. */
struct report {
    int64_t width;
    int64_t height;
    int64_t damaged;
    int64_t taken_at;
    int64_t has_place;
    int64_t lat_e7;
    int64_t lon_e7;
    uint64_t look;
    uint64_t look_center;
};

/* Runs in the child, ends it; writes the small copy to `small` and a struct report to `answer`. */
_Noreturn void picture_decode(int fd, int small, int answer);

/* The fingerprint of 8-bit grey pixels; row by row, no gaps. */
uint64_t picture_look(const unsigned char *grey, int width, int height);
