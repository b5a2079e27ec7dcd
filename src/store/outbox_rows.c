/*
 * The outbox.
 */
#include "store/outbox_rows.h"

#include "store/sql_gen.h"

enum status outbox_rows_insert(struct ctx *ctx, struct ledger_tx *ledger, struct str kind,
                               struct prefecture prefecture, struct casefile_id casefile,
                               struct str payload)
{
    return db_put(ctx, ledger->conn, &SQL_OUTBOX_INSERT,
                  DB_ARGS(db_i64(ledger_new_id(ledger, ctx->now)), db_text(kind),
                          db_text(prefecture_str(&prefecture)), db_id(casefile.v), db_text(payload),
                          db_instant(ctx->now)));
}

static enum status read_all(struct ctx *ctx, struct db_rows *rows, struct outbox_list *out)
{
    struct outbox_list list = {0};
    while (db_rows_next(ctx, rows)) {
        struct outbox_entry *entry = vec_push(ctx->arena, &list);
        entry->id = db_col_i64(rows, 0);
        entry->kind = db_col_text_copy(ctx->arena, rows, 1);
        (void)prefecture_parse(db_col_text(rows, 2), &entry->prefecture);
        entry->casefile.v = db_col_i64(rows, 3);
        entry->payload = db_col_text_copy(ctx->arena, rows, 4);
        entry->created_at = db_col_instant(rows, 5);
        entry->attempts = db_col_i64(rows, 6);
    }
    TRY(db_rows_status(rows));
    *out = list;
    return ST_OK;
}

enum status outbox_rows_claim(struct ctx *ctx, struct db_conn *conn, int64_t seconds, int64_t limit,
                              struct outbox_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(
        ctx, conn, &SQL_OUTBOX_CLAIM,
        DB_ARGS(db_i64(ctx->now.ms), db_i64(ctx->now.ms + seconds * MS_PER_SECOND), db_i64(limit)),
        &rows));
    return read_all(ctx, &rows, out);
}

enum status outbox_rows_finish(struct ctx *ctx, struct db_conn *conn, int64_t id)
{
    return db_put(ctx, conn, &SQL_OUTBOX_FINISH, DB_ARGS(db_i64(id), db_i64(ctx->now.ms)));
}

enum status outbox_rows_after(struct ctx *ctx, struct db_conn *conn, int64_t id, int64_t limit,
                              struct outbox_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(ctx, conn, &SQL_OUTBOX_LIST_AFTER, DB_ARGS(db_i64(id), db_i64(limit)), &rows));
    return read_all(ctx, &rows, out);
}

enum status outbox_rows_last(struct ctx *ctx, struct db_conn *conn, int64_t *out)
{
    return db_get_i64(ctx, conn, &SQL_OUTBOX_FIND_LAST, DB_NO_ARGS, out);
}

enum status outbox_rows_drop_old(struct ctx *ctx, struct db_conn *conn, struct instant done_before)
{
    return db_put(ctx, conn, &SQL_OUTBOX_DROP_OLD, DB_ARGS(db_i64(done_before.ms)));
}
