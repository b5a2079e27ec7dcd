#pragma once
/*
 * The example: a sandbox filled in with units, people and cases that have come a long way, dated
 * back from now. All of it is data (data/demo, told in its README); it is played through the same
 * doors that people use, with the clock of the story and its timers in between.
 */
#include "services/home.h"

struct demo_terms {
    struct home_terms home; /* sandbox is taken as true */
    bool scene_only;        /* units, people and campaigns, but no cases of the story */
    bool history;           /* campaigns of the past, played by clerks before the story */
    const struct furniture_file *files;
    size_t file_count;
    void (*progress)(void *arg, int64_t done, int64_t total); /* may be null */
    void *progress_arg;
};

struct demo_result {
    int64_t campaigns;
    int64_t commands; /* given by people */
    int64_t lapses;   /* clocks that ran out on the way */
};

/*
 * Fills a new data directory; ctx->now is where the story ends. Forks, so before any thread.
 *
 * Errors: those of founding_make
 *         ST_INVALID demo.line {file, line, why}: the story cannot go on there
 */
MUST_USE enum status demo_make(struct ctx *ctx, const struct demo_terms *terms,
                               struct demo_result *out);
