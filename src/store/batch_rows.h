#pragma once
/*
 * Batches (批次): what came in together; written by record_put. Texts are in ctx->arena.
 */
#include "base/id.h"
#include "kit/db.h"

struct batch_row {
    struct batch_id id;
    struct str campaign;
    struct str number; /* as printed: 1, 第一批 … */
    struct day date;   /* or DAY_NONE */
    struct str source;
};

struct batch_row_list {
    struct batch_row *at;
    size_t len;
    size_t cap;
};

/* ST_NOT_FOUND, nothing stored. */
MUST_USE enum status batch_rows_find(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                     struct str number, struct batch_row *out);
/* Newest first; `before` 0 begins at the newest. */
MUST_USE enum status batch_rows_list(struct ctx *ctx, struct db_conn *conn,
                                     struct batch_id before, int64_t limit,
                                     struct batch_row_list *out);
