#pragma once
/*
 * Days that a calendar names, as loaded; written by record_put. Texts are in ctx->arena.
 */
#include "base/day.h"
#include "kit/db.h"

struct calendar_day_row {
    int64_t id;
    struct str calendar;
    struct day date;
    bool work; /* else off */
    struct str name;
    struct str notice;
};

struct calendar_day_row_list {
    struct calendar_day_row *at;
    size_t len;
    size_t cap;
};

/* By calendar, then date. */
MUST_USE enum status calendar_rows_list(struct ctx *ctx, struct db_conn *conn,
                                        struct calendar_day_row_list *out);
