/*
 * News of the ledger.
 */
#include "store/news_rows.h"

#include "store/sql_gen.h"

enum status news_rows_heads(struct ctx *ctx, struct db_conn *conn, struct news_heads *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct news_heads heads = {0};
    TRY(db_rows_open(ctx, conn, &SQL_LEDGER_LIST_HEADS, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct news_head *head = vec_push(ctx->arena, &heads);
        head->writer = (int)db_col_i64(&rows, 0);
        head->number = db_col_i64(&rows, 1);
    }
    TRY(db_rows_status(&rows));
    *out = heads;
    return ST_OK;
}

enum status news_rows_add(struct ctx *ctx, struct db_conn *conn, int64_t from, struct news_head to,
                          int64_t limit, struct news_events *io)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(ctx, conn, &SQL_LEDGER_LIST_NEWS,
                     DB_ARGS(db_i64(to.writer), db_i64(from), db_i64(to.number), db_i64(limit)),
                     &rows));
    while (db_rows_next(ctx, &rows)) {
        struct news_event *event = vec_push(ctx->arena, io);
        (void)prefecture_parse(db_col_text(&rows, 0), &event->prefecture);
        event->casefile.v = db_col_i64(&rows, 1);
        event->sequence = db_col_i64(&rows, 2);
        if (!event_type_parse(db_col_text(&rows, 3), &event->type))
            event->type = EVENT_NOTED; /* of a later program: something happened */
    }
    return db_rows_status(&rows);
}

enum status news_rows_latest(struct ctx *ctx, struct db_conn *conn, struct instant *out)
{
    int64_t latest;
    TRY(db_get_i64(ctx, conn, &SQL_LEDGER_LATEST, DB_NO_ARGS, &latest));
    *out = latest == 0 ? INSTANT_NONE : (struct instant){latest};
    return ST_OK;
}

enum status news_rows_cases(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                            struct instant since, struct news_cases *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out = (struct news_cases){0};
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_LIST_CHANGED,
                     DB_ARGS(db_text(campaign), db_instant(since)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct news_case *row = vec_push(ctx->arena, out);
        (void)prefecture_parse(db_col_text(&rows, 0), &row->prefecture);
        row->id.v = db_col_i64(&rows, 1);
        row->procedure = db_col_text_copy(ctx->arena, &rows, 2);
        row->state = db_col_text_copy(ctx->arena, &rows, 3);
        row->version = db_col_i64(&rows, 4);
        row->region = db_col_text_copy(ctx->arena, &rows, 5);
        row->number = db_col_text_copy(ctx->arena, &rows, 6);
        row->ended = db_col_i64(&rows, 7) != 0;
    }
    return db_rows_status(&rows);
}
