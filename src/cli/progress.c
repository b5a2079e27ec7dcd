/*
 * One line, written over itself; figures only, so that it needs no language.
 */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/day.h"
#include "base/status.h"

enum { REDRAW_MS = 100, BAR_WIDTH = 30 };

static int64_t monotonic_ms(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

void progress_begin(struct progress *progress, int64_t total)
{
    *progress = (struct progress){.is_shown = isatty(STDERR_FILENO) == 1, .total = total};
}

static void draw_bar(int64_t done, int64_t total)
{
    static const char full[] = "##############################";
    static const char rest[] = "------------------------------";
    int64_t shown = done < total ? done : total;
    int filled = (int)(shown * BAR_WIDTH / total);
    fprintf(stderr, "\r[%.*s%.*s] %3" PRId64 "%%  %" PRId64 "/%" PRId64, filled, full,
            BAR_WIDTH - filled, rest, shown * 100 / total, done, total);
}

void progress_tell(struct progress *progress, int64_t done)
{
    int64_t now = progress->is_shown ? monotonic_ms() : 0;
    if (!progress->is_shown || now < progress->drawn_ms + REDRAW_MS)
        return;
    progress->drawn_ms = now;
    if (progress->total > 0)
        draw_bar(done, progress->total);
    else
        fprintf(stderr, "\r%" PRId64, done);
}

void progress_count(void *arg, int64_t done)
{
    progress_tell(arg, done);
}

void progress_end(struct progress *progress)
{
    if (progress->is_shown && progress->drawn_ms > 0)
        fprintf(stderr, "\r\033[K");
    progress->is_shown = false;
}
