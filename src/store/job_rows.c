/*
 * Long work in hand.
 */
#include "store/job_rows.h"

#include "store/sql_gen.h"

enum status job_rows_insert(struct ctx *ctx, struct ledger_tx *ledger, struct str kind,
                            struct account_id account, struct str payload, int64_t *out_id)
{
    int64_t id = ledger_new_id(ledger, ctx->now);
    TRY(db_put(ctx, ledger->conn, &SQL_JOB_INSERT,
               DB_ARGS(db_i64(id), db_text(kind), db_id(account.v), db_text(payload),
                       db_instant(ctx->now))));
    *out_id = id;
    return ST_OK;
}

static void read_job(struct ctx *ctx, const struct db_rows *rows, struct job_row *out)
{
    *out = (struct job_row){
        .id = db_col_i64(rows, 0),
        .kind = db_col_text_copy(ctx->arena, rows, 1),
        .account = {db_col_i64(rows, 2)},
        .state = db_col_text_copy(ctx->arena, rows, 3),
        .payload = db_col_text_copy(ctx->arena, rows, 4),
        .done_count = db_col_i64(rows, 5),
        .total_count = db_col_i64(rows, 6),
        .result = db_col_text_copy(ctx->arena, rows, 7),
        .created_at = db_col_instant(rows, 8),
        .finished_at = db_col_instant(rows, 9),
    };
}

enum status job_rows_find(struct ctx *ctx, struct db_conn *conn, int64_t id, struct job_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(ctx, conn, &SQL_JOB_FIND, DB_ARGS(db_i64(id)), &rows);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_NOT_FOUND, "job.unknown", ARGS(arg_int("id", id)));
    TRY(status);
    read_job(ctx, &rows, out);
    return ST_OK;
}

enum status job_rows_waiting(struct ctx *ctx, struct db_conn *conn, int64_t *out)
{
    return db_get_i64(ctx, conn, &SQL_JOB_WAITS, DB_ARGS(db_instant(ctx->now)), out);
}

enum status job_rows_claim(struct ctx *ctx, struct db_conn *conn, int64_t seconds,
                           struct job_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_JOB_CLAIM,
                    DB_ARGS(db_i64(ctx->now.ms), db_i64(ctx->now.ms + seconds * MS_PER_SECOND)),
                    &rows));
    read_job(ctx, &rows, out);
    return ST_OK;
}

enum status job_rows_progress(struct ctx *ctx, struct db_conn *conn, int64_t id, int64_t done,
                              int64_t total, int64_t seconds)
{
    return db_put(ctx, conn, &SQL_JOB_PROGRESS,
                  DB_ARGS(db_i64(id), db_i64(done), db_i64(total),
                          db_i64(ctx->now.ms + seconds * MS_PER_SECOND)));
}

enum status job_rows_finish(struct ctx *ctx, struct db_conn *conn, int64_t id, bool good,
                            struct str result)
{
    return db_put(ctx, conn, &SQL_JOB_FINISH,
                  DB_ARGS(db_i64(id), db_text_c(good ? "done" : "failed"), db_text(result),
                          db_i64(ctx->now.ms)));
}
