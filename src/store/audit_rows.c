/*
 * A cursor is where the last row of a page stands: "<recorded at>.<record>.<sequence>".
 */
#include "store/audit_rows.h"

#include "base/num.h"
#include "base/vec.h"
#include "kit/json.h"
#include "store/sql_gen.h"

enum { PAYLOAD_LIMIT_BYTES = 1 << 20 };

struct place {
    int64_t recorded_at;
    int64_t record;
    int64_t sequence;
};

static enum status read_cursor(struct ctx *ctx, struct str cursor, struct place *out)
{
    struct str at, record;
    *out = (struct place){INT64_MAX, INT64_MAX, INT64_MAX};
    if (str_is_empty(cursor))
        return ST_OK;
    if (str_next(&cursor, '.', &at) && str_next(&cursor, '.', &record) &&
        num_parse_i64(at, 0, INT64_MAX, &out->recorded_at) &&
        num_parse_i64(record, 0, INT64_MAX, &out->record) &&
        num_parse_i64(cursor, 0, INT64_MAX, &out->sequence))
        return ST_OK;
    return fail(ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
}

static enum status read_row(struct ctx *ctx, const struct db_rows *rows, struct audit_row *out)
{
    struct value *payload = NULL;
    struct str stored = db_col_text_copy(ctx->arena, rows, 7);
    out->record = db_col_i64(rows, 0);
    out->sequence = db_col_i64(rows, 2);
    out->recorded_at = db_col_instant(rows, 3);
    out->actor = db_col_text_copy(ctx->arena, rows, 4);
    out->command = db_col_text_copy(ctx->arena, rows, 5);
    out->hash = db_col_text_copy(ctx->arena, rows, 8);
    if (!record_kind_parse(db_col_text(rows, 1), &out->kind) ||
        !event_type_parse(db_col_text(rows, 6), &out->type) ||
        json_parse(ctx, stored, PAYLOAD_LIMIT_BYTES, JSON_STRICT, &payload) != ST_OK) {
        fail_clear(ctx);
        return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    }
    out->payload = payload;
    return ST_OK;
}

enum status audit_rows_list(struct ctx *ctx, struct db_conn *conn,
                            const struct audit_filter *filter, struct audit_row_list *out,
                            struct str *out_next)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct audit_row_list list = {0};
    struct place from;
    must(filter->limit > 0 && filter->limit <= AUDIT_LIST_MAX);
    TRY(read_cursor(ctx, filter->cursor, &from));
    /* One more than asked for tells whether there is a next page. */
    TRY(db_rows_open(ctx, conn, &SQL_AUDIT_LIST,
                     DB_ARGS(db_i64(from.recorded_at), db_i64(from.record), db_i64(from.sequence),
                             db_text(filter->kind.at == NULL ? S("") : filter->kind),
                             db_text(filter->command.at == NULL ? S("") : filter->command),
                             db_i64((int64_t)filter->limit + 1)),
                     &rows));
    *out_next = (struct str){0};
    while (db_rows_next(ctx, &rows)) {
        if (list.len == filter->limit) {
            const struct audit_row *last = &list.at[list.len - 1];
            *out_next = str_printf(ctx->arena, "%lld.%lld.%lld", (long long)last->recorded_at.ms,
                                   (long long)last->record, (long long)last->sequence);
            break;
        }
        TRY(read_row(ctx, &rows, vec_push(ctx->arena, &list)));
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status audit_rows_count(struct ctx *ctx, struct db_conn *conn, int64_t *out_events,
                             int64_t *out_cases)
{
    TRY(db_get_i64(ctx, conn, &SQL_AUDIT_EVENTS, DB_NO_ARGS, out_events));
    return db_get_i64(ctx, conn, &SQL_AUDIT_CASES, DB_NO_ARGS, out_cases);
}
