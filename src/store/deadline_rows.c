/*
 * Readers of the table `deadline`; casefile_rows writes it.
 */
#include "store/deadline_rows.h"

#include "store/sql_gen.h"

enum status deadline_rows_due(struct ctx *ctx, struct db_conn *conn, int64_t limit,
                              struct deadline_due_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct deadline_due_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_DEADLINE_LIST_DUE, DB_ARGS(db_i64(ctx->now.ms), db_i64(limit)),
                     &rows));
    while (db_rows_next(ctx, &rows)) {
        struct deadline_due *due = vec_push(ctx->arena, &list);
        (void)prefecture_parse(db_col_text(&rows, 0), &due->prefecture);
        due->casefile.v = db_col_i64(&rows, 1);
        due->started_seq = db_col_i64(&rows, 2);
        due->name = db_col_text_copy(ctx->arena, &rows, 3);
        due->end = db_col_instant(&rows, 4);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status deadline_rows_next(struct ctx *ctx, struct db_conn *conn, struct instant *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(ctx, conn, &SQL_DEADLINE_FIND_NEXT, DB_NO_ARGS, &rows);
    *out = INSTANT_NONE;
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    *out = db_col_instant(&rows, 0);
    return ST_OK;
}

enum status deadline_rows_provisional(struct ctx *ctx, struct db_conn *conn,
                                      struct prefecture prefecture, struct casefile_id after,
                                      int64_t limit, struct deadline_due_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct deadline_due_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_DEADLINE_LIST_PROVISIONAL,
                     DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(after.v), db_i64(limit)),
                     &rows));
    while (db_rows_next(ctx, &rows)) {
        struct deadline_due *due = vec_push(ctx->arena, &list);
        (void)prefecture_parse(db_col_text(&rows, 0), &due->prefecture);
        due->casefile.v = db_col_i64(&rows, 1);
        due->end = INSTANT_NONE;
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}
