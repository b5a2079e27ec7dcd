/*
 * Saved views and remembered columns.
 */
#include "store/view_rows.h"

#include "base/vec.h"
#include "store/sql_gen.h"

enum status view_rows_list(struct ctx *ctx, struct db_conn *conn, struct account_id account,
                           struct view_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct view_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_VIEW_LIST, DB_ARGS(db_i64(account.v)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct view_row *row = vec_push(ctx->arena, &list);
        row->id = db_col_i64(&rows, 0);
        row->name = db_col_text_copy(ctx->arena, &rows, 1);
        row->query = db_col_text_copy(ctx->arena, &rows, 2);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status view_rows_put(struct ctx *ctx, struct db_conn *conn, struct account_id account,
                          const struct view_row *row)
{
    return db_put(ctx, conn, &SQL_VIEW_PUT,
                  DB_ARGS(db_i64(row->id), db_i64(account.v), db_text(row->name),
                          db_text(row->query), db_instant(ctx->now)));
}

enum status view_rows_drop(struct ctx *ctx, struct db_conn *conn, struct account_id account,
                           int64_t id)
{
    return db_put(ctx, conn, &SQL_VIEW_DROP, DB_ARGS(db_i64(account.v), db_i64(id)));
}

enum status view_rows_list_columns(struct ctx *ctx, struct db_conn *conn, struct str source,
                                   struct column_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct column_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_VIEW_COLUMN_LIST, DB_ARGS(db_text(source)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct column_row *row = vec_push(ctx->arena, &list);
        row->printed = db_col_text_copy(ctx->arena, &rows, 0);
        row->field = db_col_text_copy(ctx->arena, &rows, 1);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status view_rows_put_column(struct ctx *ctx, struct db_conn *conn, struct str source,
                                 const struct column_row *row)
{
    return db_put(
        ctx, conn, &SQL_VIEW_COLUMN_PUT,
        DB_ARGS(db_text(source), db_text(row->printed), db_text(row->field), db_instant(ctx->now)));
}
