/*
 * Packs out of and into their table.
 */
#include "store/pack_rows.h"

#include "base/vec.h"
#include "store/sql_gen.h"

enum status pack_rows_list_regimes(struct ctx *ctx, struct db_conn *conn,
                                   struct regime_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct regime_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_PACK_REGIME_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct regime_row *row = vec_push(ctx->arena, &list);
        row->id = db_col_i64(&rows, 0);
        row->name = db_col_text_copy(ctx->arena, &rows, 1);
        row->pack = db_col_text_copy(ctx->arena, &rows, 2);
        row->version = db_col_i64(&rows, 3);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status pack_rows_find_regime(struct ctx *ctx, struct db_conn *conn, struct str name,
                                  struct regime_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_PACK_REGIME_FIND_BY_NAME, DB_ARGS(db_text(name)), &rows));
    out->id = db_col_i64(&rows, 0);
    out->name = str_copy(ctx->arena, name);
    out->pack = db_col_text_copy(ctx->arena, &rows, 1);
    out->version = db_col_i64(&rows, 2);
    return ST_OK;
}

enum status pack_rows_list(struct ctx *ctx, struct db_conn *conn, struct pack_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct pack_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_PACK_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct pack_row *row = vec_push(ctx->arena, &list);
        row->hash = db_col_text_copy(ctx->arena, &rows, 0);
        row->name = db_col_text_copy(ctx->arena, &rows, 1);
        row->version = db_col_i64(&rows, 2);
        row->added_at = db_col_instant(&rows, 3);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status pack_rows_find(struct ctx *ctx, struct db_conn *conn, struct str hash,
                           struct pack_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(ctx, conn, &SQL_PACK_FIND, DB_ARGS(db_text(hash)), &rows);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_NOT_FOUND, "pack.unknown", ARGS(arg_text("hash", hash)));
    TRY(status);
    out->hash = str_copy(ctx->arena, hash);
    out->name = db_col_text_copy(ctx->arena, &rows, 0);
    out->version = db_col_i64(&rows, 1);
    out->added_at = db_col_instant(&rows, 2);
    out->bytes = db_col_blob(ctx->arena, &rows, 3);
    return ST_OK;
}

enum status pack_rows_insert(struct ctx *ctx, struct db_conn *conn, const struct pack_row *row)
{
    return db_put(ctx, conn, &SQL_PACK_INSERT,
                  DB_ARGS(db_text(row->hash), db_text(row->name), db_i64(row->version),
                          db_instant(row->added_at), db_blob(row->bytes.at, row->bytes.len)));
}
