/*
 * Replies by their key.
 */
#include "store/idempotency_rows.h"

#include "store/sql_gen.h"

enum status idempotency_rows_find(struct ctx *ctx, struct db_conn *conn, struct account_id account,
                                  struct str key, struct idempotency_reply *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_IDEMPOTENCY_FIND, DB_ARGS(db_i64(account.v), db_text(key)),
                    &rows));
    *out = (struct idempotency_reply){
        .fingerprint = db_col_text_copy(ctx->arena, &rows, 0),
        .status = (int)db_col_i64(&rows, 1),
        .headers = db_col_text_copy(ctx->arena, &rows, 2),
        .reply = db_col_text_copy(ctx->arena, &rows, 3),
    };
    return ST_OK;
}

static enum status put(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                       struct account_id account, struct str key,
                       const struct idempotency_reply *reply)
{
    return db_put(ctx, conn, query,
                  DB_ARGS(db_i64(account.v), db_text(key), db_text(reply->fingerprint),
                          db_i64(reply->status), db_text(reply->headers), db_text(reply->reply),
                          db_instant(ctx->now)));
}

enum status idempotency_rows_insert(struct ctx *ctx, struct db_conn *conn,
                                    struct account_id account, struct str key,
                                    const struct idempotency_reply *reply)
{
    return put(ctx, conn, &SQL_IDEMPOTENCY_INSERT, account, key, reply);
}

enum status idempotency_rows_keep(struct ctx *ctx, struct db_conn *conn, struct account_id account,
                                  struct str key, const struct idempotency_reply *reply)
{
    return put(ctx, conn, &SQL_IDEMPOTENCY_KEEP, account, key, reply);
}

enum status idempotency_rows_drop_old(struct ctx *ctx, struct db_conn *conn)
{
    return db_put(ctx, conn, &SQL_IDEMPOTENCY_DROP_OLD,
                  DB_ARGS(db_i64(ctx->now.ms - (int64_t)IDEMPOTENCY_DAYS * MS_PER_DAY)));
}
