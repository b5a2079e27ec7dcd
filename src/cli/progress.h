#pragma once
/*
 * A line on a terminal that tells how far long work is; nothing where stderr is no terminal. Drawn
 * again a few times a second at most, however often it is told.
 *
 *   struct progress progress AUTO(progress_end) = {0};
 *   progress_begin(&progress, total);
 *   … progress_tell(&progress, done) …
 */
#include <stdbool.h>
#include <stdint.h>

/* Zero: draws nothing. */
struct progress {
    bool is_shown;
    int64_t total;    /* 0: not known, only the count is shown */
    int64_t drawn_ms; /* when it was drawn last, on a clock that never turns back */
};

void progress_begin(struct progress *progress, int64_t total);
void progress_tell(struct progress *progress, int64_t done);
/* As a callback of services: arg is the struct progress. */
void progress_count(void *arg, int64_t done);
/* Clears the line. Any number of times. */
void progress_end(struct progress *progress);
