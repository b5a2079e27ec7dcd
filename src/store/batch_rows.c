/*
 * Batches out of their table.
 */
#include "store/batch_rows.h"

#include "base/vec.h"
#include "store/sql_gen.h"

enum status batch_rows_find(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                            struct str number, struct batch_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_BATCH_FIND_BY_NUMBER,
                    DB_ARGS(db_text(campaign), db_text(number)), &rows));
    out->id = (struct batch_id){db_col_i64(&rows, 0)};
    out->campaign = str_copy(ctx->arena, campaign);
    out->number = str_copy(ctx->arena, number);
    out->date = db_col_day(&rows, 1);
    out->source = db_col_text_copy(ctx->arena, &rows, 2);
    return ST_OK;
}

enum status batch_rows_list(struct ctx *ctx, struct db_conn *conn, struct batch_id before,
                            int64_t limit, struct batch_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct batch_row_list list = {0};
    int64_t below = before.v == 0 ? INT64_MAX : before.v;
    TRY(db_rows_open(ctx, conn, &SQL_BATCH_LIST, DB_ARGS(db_i64(below), db_i64(limit)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct batch_row *row = vec_push(ctx->arena, &list);
        row->id = (struct batch_id){db_col_i64(&rows, 0)};
        row->campaign = db_col_text_copy(ctx->arena, &rows, 1);
        row->number = db_col_text_copy(ctx->arena, &rows, 2);
        row->date = db_col_day(&rows, 3);
        row->source = db_col_text_copy(ctx->arena, &rows, 4);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}
