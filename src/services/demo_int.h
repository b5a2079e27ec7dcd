#pragma once
/*
 * Shared by demo.c (the scene), demo_history.c (the years before) and demo_story.c (the recent days).
 */
#include "kit/picture.h"
#include "services/demo.h"
#include "services/world.h"

/* A table of the example. */
struct demo_table {
    struct str file;
    struct str *header;
    size_t columns;
    VEC(struct str *) rows; /* cells, `columns` each */
    VEC(int64_t) lines;
};

MUST_USE enum status demo_table_read(struct ctx *ctx, const struct home *home, const char *file,
                                     struct demo_table *out);
/* The cell of a row, "" where the table has no such column. */
struct str demo_cell(const struct demo_table *table, size_t row, const char *column);
enum status demo_fail_line(struct ctx *ctx, const struct home *home,
                           const struct demo_table *table, size_t row);

/*
 * A time of the example: `D-12 08:40` that minute of the day twelve days before now's, `D+6` a day
 * (its start), `T-40` forty minutes before now, or a date. false: none of these.
 */
bool demo_time_parse(struct str text, struct instant now, struct instant *out);

/* The day of such a time, DAY_NONE where there is none. */
struct day demo_day_parse(struct str text, struct instant now);

/* Opens the campaign of a row; none where its regime has no pack. */
MUST_USE enum status demo_campaign_make(struct ctx *ctx, const struct home *home,
                                        struct world *world, const struct demo_table *table,
                                        size_t row, struct instant end, bool *out_made);

struct demo_play {
    const struct home *home;
    struct picture_reader *pictures;
    struct instant end; /* where the story ends */
    void (*progress)(void *arg, int64_t done, int64_t total);
    void *progress_arg;
};

/* When the story begins, or `end`. */
MUST_USE enum status demo_story_begins(struct ctx *ctx, const struct home *home, struct instant end,
                                       struct instant *out);
/* Plays it; ctx->now moves with it and ends at `end`. Adds to io_result. */
MUST_USE enum status demo_story_play(struct ctx *ctx, const struct demo_play *play,
                                     struct demo_result *io_result);

/* When the first campaign of the history begins, or `end`. */
MUST_USE enum status demo_history_begins(struct ctx *ctx, const struct home *home,
                                         struct instant end, struct instant *out);
/*
 * The campaigns of history.csv one after the other, each by seeded clerks (services/simulate.h) from
 * its first day to its last and then ended; ctx->now moves with it. Adds to io_result.
 *
 * Errors: ST_INVALID demo.line {file, line, why}: a campaign cannot be opened or played
 */
MUST_USE enum status demo_history_play(struct ctx *ctx, const struct demo_play *play,
                                       struct demo_result *io_result);
