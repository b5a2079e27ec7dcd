/*
 * Sessions out of and into their table.
 */
#include "store/session_rows.h"

#include "store/sql_gen.h"

enum status session_rows_find(struct ctx *ctx, struct db_conn *conn, struct str token,
                              struct session_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_SESSION_FIND, DB_ARGS(db_text(token)), &rows));
    *out = (struct session_row){
        .token = str_copy(ctx->arena, token),
        .account = {db_col_i64(&rows, 0)},
        .csrf = db_col_text_copy(ctx->arena, &rows, 1),
        .created_at = db_col_instant(&rows, 2),
        .seen_at = db_col_instant(&rows, 3),
        .ends_at = db_col_instant(&rows, 4),
        .person = {db_col_i64(&rows, 5)},
        .login = db_col_text_copy(ctx->arena, &rows, 6),
        .platform = db_col_text_copy(ctx->arena, &rows, 7),
        .state = db_col_text_copy(ctx->arena, &rows, 8),
        .must_change = db_col_bool(&rows, 9),
    };
    return ST_OK;
}

enum status session_rows_insert(struct ctx *ctx, struct db_conn *conn,
                                const struct session_row *row)
{
    return db_put(ctx, conn, &SQL_SESSION_INSERT,
                  DB_ARGS(db_text(row->token), db_i64(row->account.v), db_text(row->csrf),
                          db_instant(row->created_at), db_instant(row->ends_at),
                          db_text(row->address), db_text(row->agent)));
}

enum status session_rows_touch(struct ctx *ctx, struct db_conn *conn, struct str token,
                               struct instant seen_at)
{
    return db_put(ctx, conn, &SQL_SESSION_TOUCH, DB_ARGS(db_text(token), db_instant(seen_at)));
}

enum status session_rows_drop(struct ctx *ctx, struct db_conn *conn, struct str token)
{
    return db_put(ctx, conn, &SQL_SESSION_DROP, DB_ARGS(db_text(token)));
}

enum status session_rows_drop_account(struct ctx *ctx, struct db_conn *conn,
                                      struct account_id account, struct str except)
{
    return db_put(ctx, conn, &SQL_SESSION_DROP_BY_ACCOUNT,
                  DB_ARGS(db_i64(account.v), db_text(except)));
}

enum status session_rows_drop_ended(struct ctx *ctx, struct db_conn *conn,
                                    struct instant idle_since)
{
    return db_put(ctx, conn, &SQL_SESSION_DROP_ENDED,
                  DB_ARGS(db_instant(ctx->now), db_instant(idle_since)));
}
