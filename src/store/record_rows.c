/*
 * One table says which columns each kind of record has; one function binds a row from an event's
 * fields, for the first writing and for the rebuild alike, so the two cannot differ.
 */
#include "store/record_rows.h"

#include "base/buf.h"
#include "base/num.h"
#include "kit/json.h"
#include "store/sql_gen.h"

enum { COLUMN_MAX = 11, JSON_LIMIT_BYTES = 1 << 20 };

enum column_kind { COLUMN_END, COLUMN_TEXT, COLUMN_DATE, COLUMN_ID, COLUMN_INT, COLUMN_JSON };

struct record_shape {
    const char *name;
    const struct db_query *put;
    const struct db_query *remove;
    struct {
        const char *name;
        enum column_kind kind;
    } columns[COLUMN_MAX + 1];
};

static const struct record_shape shapes[RECORD_KIND_COUNT] = {
    [RECORD_SETTING] = {"setting",
                        &SQL_RECORD_SETTING_PUT,
                        &SQL_RECORD_SETTING_REMOVE,
                        {{"name", COLUMN_TEXT}, {"value", COLUMN_JSON}}},
    [RECORD_REGION] = {"region",
                       &SQL_RECORD_REGION_PUT,
                       &SQL_RECORD_REGION_REMOVE,
                       {{"code", COLUMN_TEXT},
                        {"name", COLUMN_TEXT},
                        {"short_name", COLUMN_TEXT},
                        {"parent", COLUMN_TEXT},
                        {"level", COLUMN_TEXT},
                        {"valid_from", COLUMN_DATE},
                        {"valid_to", COLUMN_DATE}}},
    [RECORD_UNIT] = {"unit",
                     &SQL_RECORD_UNIT_PUT,
                     &SQL_RECORD_UNIT_REMOVE,
                     {{"code", COLUMN_TEXT},
                      {"name", COLUMN_TEXT},
                      {"short_name", COLUMN_TEXT},
                      {"aliases", COLUMN_TEXT},
                      {"kind", COLUMN_TEXT},
                      {"region", COLUMN_TEXT},
                      {"parent", COLUMN_TEXT},
                      {"valid_from", COLUMN_DATE},
                      {"valid_to", COLUMN_DATE},
                      {"mark", COLUMN_TEXT}}},
    [RECORD_PERSON] = {"person",
                       &SQL_RECORD_PERSON_PUT,
                       &SQL_RECORD_PERSON_REMOVE,
                       {{"name", COLUMN_TEXT}, {"phone", COLUMN_TEXT}}},
    [RECORD_POST] = {"post",
                     &SQL_RECORD_POST_PUT,
                     &SQL_RECORD_POST_REMOVE,
                     {{"person", COLUMN_ID},
                      {"unit", COLUMN_ID},
                      {"post", COLUMN_TEXT},
                      {"rank", COLUMN_TEXT},
                      {"valid_from", COLUMN_DATE},
                      {"valid_to", COLUMN_DATE}}},
    [RECORD_ACCOUNT] = {"account",
                        &SQL_RECORD_ACCOUNT_PUT,
                        &SQL_RECORD_ACCOUNT_REMOVE,
                        {{"person", COLUMN_ID},
                         {"login", COLUMN_TEXT},
                         {"platform", COLUMN_TEXT},
                         {"state", COLUMN_TEXT}}},
    [RECORD_CALENDAR_DAY] = {"calendar_day",
                             &SQL_RECORD_CALENDAR_DAY_PUT,
                             &SQL_RECORD_CALENDAR_DAY_REMOVE,
                             {{"calendar", COLUMN_TEXT},
                              {"date", COLUMN_TEXT},
                              {"day", COLUMN_TEXT},
                              {"name", COLUMN_TEXT},
                              {"notice", COLUMN_TEXT}}},
    [RECORD_CAMPAIGN] = {"campaign",
                         &SQL_RECORD_CAMPAIGN_PUT,
                         &SQL_RECORD_CAMPAIGN_REMOVE,
                         {{"name", COLUMN_TEXT},
                          {"regime", COLUMN_TEXT},
                          {"pack", COLUMN_TEXT},
                          {"title_zh", COLUMN_TEXT},
                          {"title_en", COLUMN_TEXT},
                          {"region", COLUMN_TEXT},
                          {"state", COLUMN_TEXT},
                          {"begins", COLUMN_DATE},
                          {"ends", COLUMN_DATE},
                          {"settings", COLUMN_JSON},
                          {"roles", COLUMN_JSON}}},
    [RECORD_REGIME] = {"regime",
                       &SQL_RECORD_REGIME_PUT,
                       &SQL_RECORD_REGIME_REMOVE,
                       {{"name", COLUMN_TEXT}, {"pack", COLUMN_TEXT}, {"version", COLUMN_INT}}},
    [RECORD_BATCH] = {"batch",
                      &SQL_RECORD_BATCH_PUT,
                      &SQL_RECORD_BATCH_REMOVE,
                      {{"campaign", COLUMN_TEXT},
                       {"number", COLUMN_TEXT},
                       {"date", COLUMN_DATE},
                       {"source", COLUMN_TEXT}}},
};

const char *record_kind_name(enum record_kind kind)
{
    return shapes[kind].name;
}

bool record_kind_parse(struct str name, enum record_kind *out)
{
    for (enum record_kind kind = 0; kind < RECORD_KIND_COUNT; kind++)
        if (str_eq_c(name, shapes[kind].name)) {
            *out = kind;
            return true;
        }
    return false;
}

struct prefecture record_prefecture(void)
{
    return (struct prefecture){"000000"};
}

/* ---- rows ---- */

static enum status bind_column(struct ctx *ctx, enum column_kind kind, const struct value *fields,
                               const char *name, struct db_value *out)
{
    struct str text = value_find_text(fields, name);
    int64_t id = 0;
    struct buf json;
    switch (kind) {
    case COLUMN_END:
    case COLUMN_TEXT: *out = db_text(text.at == NULL ? S("") : text); return ST_OK;
    case COLUMN_DATE: *out = str_is_empty(text) ? db_null() : db_text(text); return ST_OK;
    case COLUMN_ID:
        (void)num_parse_i64(text, 0, INT64_MAX, &id);
        *out = db_i64(id);
        return ST_OK;
    case COLUMN_INT: *out = db_i64(value_find_int(fields, name, 0)); return ST_OK;
    case COLUMN_JSON:
        buf_init(&json, ctx->arena, JSON_LIMIT_BYTES);
        if (value_find_c(fields, name) != NULL)
            json_print_canonical(&json, value_find_c(fields, name));
        if (buf_status(&json) != ST_OK)
            return fail(ctx, ST_LIMIT, "ledger.payload_too_large",
                        ARGS(arg_bytes("limit", JSON_LIMIT_BYTES)));
        *out = db_text(json.len == 0 ? S("") : buf_str(&json));
        return ST_OK;
    }
    return ST_OK;
}

static enum status put_row(struct ctx *ctx, struct db_conn *conn, enum record_kind kind, int64_t id,
                           const struct value *fields)
{
    const struct record_shape *shape = &shapes[kind];
    struct db_value values[COLUMN_MAX + 1] = {db_i64(id)};
    size_t count = 1;
    for (; shape->columns[count - 1].kind != COLUMN_END; count++)
        TRY(bind_column(ctx, shape->columns[count - 1].kind, fields, shape->columns[count - 1].name,
                        &values[count]));
    return db_put(ctx, conn, shape->put, (struct db_args){values, count});
}

enum status record_fold(struct ctx *ctx, struct db_conn *conn, const struct event *event,
                        struct str hash, enum record_kind *io_kind)
{
    int64_t id = event->casefile.v;
    const struct value *fields = value_find_c(event->payload, "fields");
    if (event->type == EVENT_CREATED &&
        !record_kind_parse(value_find_text(event->payload, "procedure"), io_kind))
        return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    if (event->type == EVENT_CREATED || event->type == EVENT_FIELD_SET)
        TRY(put_row(ctx, conn, *io_kind, id, fields));
    if (event->type == EVENT_WITHDRAWN)
        TRY(db_put(ctx, conn, shapes[*io_kind].remove, DB_ARGS(db_i64(id))));
    if (event->type != EVENT_NOTED && *io_kind != RECORD_BATCH)
        TRY(db_put(ctx, conn, &SQL_RECORD_GENERATION_MOVE, DB_NO_ARGS));
    return db_put(ctx, conn, &SQL_RECORD_PUT,
                  DB_ARGS(db_i64(id), db_text_c(shapes[*io_kind].name), db_i64(event->sequence),
                          db_text(hash)));
}

enum status record_generation(struct ctx *ctx, struct db_conn *conn, int64_t *out)
{
    return db_get_i64(ctx, conn, &SQL_RECORD_GENERATION_FIND, DB_NO_ARGS, out);
}

/* ---- writing ---- */

struct record {
    enum record_kind kind;
    int64_t version;
    struct str last_hash;
};

static enum status find_record(struct ctx *ctx, struct db_conn *conn, int64_t id,
                               struct record *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(ctx, conn, &SQL_RECORD_FIND, DB_ARGS(db_i64(id)), &rows);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_NOT_FOUND, "record.unknown", ARGS(arg_int("id", id)));
    TRY(status);
    if (!record_kind_parse(db_col_text(&rows, 0), &out->kind))
        return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    out->version = db_col_i64(&rows, 1);
    out->last_hash = db_col_text_copy(ctx->arena, &rows, 2);
    return ST_OK;
}

static enum status append(struct ctx *ctx, struct ledger_tx *ledger, struct record *record,
                          int64_t id, enum event_type type, struct str actor, struct str command,
                          const struct value *payload)
{
    struct event event = {
        .prefecture = record_prefecture(),
        .casefile = {id},
        .sequence = record->version + 1,
        .recorded_at = ctx->now,
        .happened_at = ctx->now,
        .actor = actor,
        .command = command,
        .type = type,
        .payload = payload,
    };
    const struct event_list one = {&event, 1, 1};
    TRY(ledger_append(ctx, ledger, &one, &record->last_hash));
    return record_fold(ctx, ledger->conn, &event, record->last_hash, &record->kind);
}

enum status record_put(struct ctx *ctx, struct ledger_tx *ledger, enum record_kind kind, int64_t id,
                       struct str actor, struct str command, const struct value *fields,
                       int64_t *out_id)
{
    struct record record = {.kind = kind, .last_hash = S("")};
    struct value *payload = value_map(ctx->arena);
    bool is_new = id == 0;
    if (is_new) {
        id = ledger_new_id(ledger, ctx->now);
        value_put_text(ctx->arena, payload, "procedure", str_of(shapes[kind].name));
    } else {
        TRY(find_record(ctx, ledger->conn, id, &record));
    }
    value_put(payload, S("fields"), value_copy(ctx->arena, fields));
    TRY(append(ctx, ledger, &record, id, is_new ? EVENT_CREATED : EVENT_FIELD_SET, actor, command,
               payload));
    if (out_id != NULL)
        *out_id = id;
    return ST_OK;
}

enum status record_remove(struct ctx *ctx, struct ledger_tx *ledger, enum record_kind kind,
                          int64_t id, struct str actor, struct str command, struct str reason)
{
    struct record record = {.kind = kind};
    struct value *payload = value_map(ctx->arena);
    TRY(find_record(ctx, ledger->conn, id, &record));
    value_put_text(ctx->arena, payload, "reason", reason);
    return append(ctx, ledger, &record, id, EVENT_WITHDRAWN, actor, command, payload);
}

enum status record_note(struct ctx *ctx, struct ledger_tx *ledger, int64_t id, struct str actor,
                        struct str command, struct str what, const struct value *details)
{
    struct record record = {0};
    struct value *payload = value_map(ctx->arena);
    TRY(find_record(ctx, ledger->conn, id, &record));
    value_put_text(ctx->arena, payload, "what", what);
    if (details != NULL)
        value_put(payload, S("input"), value_copy(ctx->arena, details));
    return append(ctx, ledger, &record, id, EVENT_NOTED, actor, command, payload);
}
