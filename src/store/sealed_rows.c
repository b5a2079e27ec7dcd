/*
 * Sealed bytes into their table and out of it.
 */
#include "store/sealed_rows.h"

#include <string.h>

#include "store/sql_gen.h"

enum status sealed_rows_insert(struct ctx *ctx, struct db_conn *conn, const struct sealed_row *row)
{
    return db_put(ctx, conn, &SQL_SEALED_INSERT,
                  DB_ARGS(db_text(row->mark), db_text(prefecture_str(&row->prefecture)),
                          db_i64(row->casefile.v), db_text(row->key_id),
                          db_blob(row->nonce, sizeof row->nonce),
                          db_blob(row->bytes.at, row->bytes.len), db_instant(ctx->now)));
}

enum status sealed_rows_find(struct ctx *ctx, struct db_conn *conn, struct str mark,
                             struct sealed_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct sealed_row row = {.mark = mark};
    TRY(db_find_one(ctx, conn, &SQL_SEALED_FIND, DB_ARGS(db_text(mark)), &rows));
    struct str nonce = db_col_blob(ctx->arena, &rows, 3);
    if (!prefecture_parse(db_col_text(&rows, 0), &row.prefecture) || nonce.len != sizeof row.nonce)
        return fail(ctx, ST_BROKEN, "sealed.broken", ARGS(arg_text("mark", mark)));
    row.casefile = (struct casefile_id){db_col_i64(&rows, 1)};
    row.key_id = db_col_text_copy(ctx->arena, &rows, 2);
    memcpy(row.nonce, nonce.at, sizeof row.nonce);
    row.bytes = db_col_blob(ctx->arena, &rows, 4);
    *out = row;
    return ST_OK;
}
