/*
 * Accounts out of their table, credentials out of and into theirs.
 */
#include "store/account_rows.h"

#include "base/vec.h"
#include "store/sql_gen.h"

enum status account_rows_find(struct ctx *ctx, struct db_conn *conn, struct str login,
                              struct account_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_ACCOUNT_FIND_BY_LOGIN, DB_ARGS(db_text(login)), &rows));
    *out = (struct account_row){
        .id = {db_col_i64(&rows, 0)},
        .person = {db_col_i64(&rows, 1)},
        .login = str_copy(ctx->arena, login),
        .platform = db_col_text_copy(ctx->arena, &rows, 2),
        .state = db_col_text_copy(ctx->arena, &rows, 3),
        .locked_until = INSTANT_NONE,
        .seen_at = INSTANT_NONE,
    };
    return ST_OK;
}

enum status account_rows_list(struct ctx *ctx, struct db_conn *conn, struct account_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct account_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_ACCOUNT_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct account_row *row = vec_push(ctx->arena, &list);
        row->id = (struct account_id){db_col_i64(&rows, 0)};
        row->person = (struct person_id){db_col_i64(&rows, 1)};
        row->login = db_col_text_copy(ctx->arena, &rows, 2);
        row->platform = db_col_text_copy(ctx->arena, &rows, 3);
        row->state = db_col_text_copy(ctx->arena, &rows, 4);
        row->has_password = db_col_bool(&rows, 5);
        row->locked_until = db_col_instant(&rows, 6);
        row->seen_at = db_col_instant(&rows, 7);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status account_rows_find_credential(struct ctx *ctx, struct db_conn *conn,
                                         struct account_id account, struct credential_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_ACCOUNT_CREDENTIAL_FIND, DB_ARGS(db_i64(account.v)), &rows));
    out->password = db_col_text_copy(ctx->arena, &rows, 0);
    out->otp = db_col_text_copy(ctx->arena, &rows, 1);
    out->must_change = db_col_bool(&rows, 2);
    out->failures = db_col_i64(&rows, 3);
    out->locked_until = db_col_instant(&rows, 4);
    return ST_OK;
}

enum status account_rows_put_password(struct ctx *ctx, struct db_conn *conn,
                                      struct account_id account, struct str encoded,
                                      bool must_change)
{
    return db_put(
        ctx, conn, &SQL_ACCOUNT_CREDENTIAL_PUT,
        DB_ARGS(db_i64(account.v), db_text(encoded), db_bool(must_change), db_instant(ctx->now)));
}

enum status account_rows_set_otp(struct ctx *ctx, struct db_conn *conn, struct account_id account,
                                 struct str otp)
{
    return db_put(ctx, conn, &SQL_ACCOUNT_CREDENTIAL_SET_OTP,
                  DB_ARGS(db_i64(account.v), db_text(otp)));
}

enum status account_rows_set_failures(struct ctx *ctx, struct db_conn *conn,
                                      struct account_id account, int64_t failures,
                                      struct instant locked_until)
{
    return db_put(ctx, conn, &SQL_ACCOUNT_CREDENTIAL_SET_FAILURES,
                  DB_ARGS(db_i64(account.v), db_i64(failures), db_instant(locked_until)));
}
