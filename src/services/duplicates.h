#pragma once
/*
 * Rows of a table that tell of what a case of the stock, or an earlier row, tells already: found by
 * signature (engine/similar.h), judged by the texts themselves, by place and by day.
 *
 * For one import at a time. The index of a prefecture is read when its first row comes: the
 * DUPLICATES_STOCK newest cases of the campaign there, older ones are not looked at.
 */
#include "base/ctx.h"
#include "engine/engine.h"
#include "engine/similar.h"
#include "kit/db.h"

enum {
    DUPLICATES_STOCK = 60000, /* cases of a prefecture, about 30 MB */
    DUPLICATES_ROWS = 50000,  /* rows of the file held against each other */
};

struct duplicates;

/*
 *   arena     for what grows a few bytes a row; outlives it
 *   conn      borrowed, read only
 *   engine    of the campaign and procedure; borrowed
 *   tmp_dir   where texts of rows may spill
 */
struct duplicates *duplicates_open(struct arena *arena, struct db_conn *conn,
                                   const struct engine *engine, struct str tmp_dir);
void duplicates_close(struct duplicates *duplicates);    /* takes null */
void duplicates_cleanup(struct duplicates **duplicates); /* for AUTO */

/* A row, borrowed for the call. */
struct duplicates_row {
    int64_t row;
    struct prefecture prefecture;
    struct str region; /* absent: not known */
    struct str text;
    struct day day;
};

struct duplicates_found {
    int permille;               /* shared part of the texts; 0: none was found */
    int64_t row;                /* of the same file; 0: a case */
    struct prefecture prefecture;
    struct casefile_id id;
};

/* The most similar one; the row is compared with from then on. Scratch in ctx->arena. */
MUST_USE enum status duplicates_find(struct ctx *ctx, struct duplicates *duplicates,
                                     const struct duplicates_row *row,
                                     struct duplicates_found *out);
