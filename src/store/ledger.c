/*
 * Appending to the ledger and reading it back. The bytes that are hashed are built here and
 * nowhere else; ledger_verify.c builds them again from the columns.
 */
#include "store/ledger.h"

#include "base/buf.h"
#include "engine/engine.h"
#include "kit/json.h"
#include "store/sql_gen.h"

/* A payload is one command's form and the engine's words; a commit of many events is longer. */
enum {
    HASHED_LIMIT_BYTES = 64 << 20,
    PAYLOAD_LIMIT_BYTES = 1 << 20,
    SLOT_MAX = 1023,
    SLOT_LOCK = 0x1a471a00 /* base of the advisory lock keys */
};

/* ---- the bytes ---- */

static void netstring(struct buf *buf, struct str text)
{
    buf_i64(buf, (int64_t)text.len);
    buf_char(buf, ':');
    buf_text(buf, text);
    buf_char(buf, ',');
}

static void netstring_i64(struct buf *buf, int64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0)
        digits[--at] = '-';
    netstring(buf, (struct str){digits + at, sizeof digits - at});
}

struct str ledger_event_bytes(struct arena *arena, const struct event *event, struct str payload,
                              struct str previous_hash)
{
    struct buf buf;
    buf_init(&buf, arena, HASHED_LIMIT_BYTES);
    buf_c(&buf, "lantian-event-1\n");
    netstring(&buf, prefecture_str(&event->prefecture));
    netstring_i64(&buf, event->casefile.v);
    netstring_i64(&buf, event->sequence);
    netstring_i64(&buf, event->recorded_at.ms);
    netstring_i64(&buf, event->happened_at.ms);
    netstring(&buf, event->actor);
    netstring(&buf, event->command);
    netstring(&buf, event_type_name(event->type));
    netstring(&buf, event->clause);
    netstring(&buf, event->pack);
    netstring(&buf, payload);
    netstring(&buf, previous_hash);
    must(buf_status(&buf) == ST_OK);
    return buf_str(&buf);
}

struct digest ledger_hash_event(enum crypto_hash hash, struct arena *arena,
                                const struct event *event, struct str payload,
                                struct str previous_hash)
{
    return crypto_digest(hash, ledger_event_bytes(arena, event, payload, previous_hash));
}

struct digest ledger_hash_commit(enum crypto_hash hash, struct arena *arena, int writer,
                                 int64_t number, struct instant recorded_at,
                                 const struct digest *events, size_t count,
                                 struct str previous_hash)
{
    struct buf buf;
    buf_init(&buf, arena, HASHED_LIMIT_BYTES);
    buf_c(&buf, "lantian-commit-1\n");
    netstring_i64(&buf, writer);
    netstring_i64(&buf, number);
    netstring_i64(&buf, recorded_at.ms);
    for (size_t i = 0; i < count; i++) {
        buf_c(&buf, "64:");
        buf_hex(&buf, events[i].bytes, sizeof events[i].bytes);
        buf_char(&buf, ',');
    }
    netstring(&buf, previous_hash);
    must(buf_status(&buf) == ST_OK);
    return crypto_digest(hash, buf_str(&buf));
}

/* ---- writing ---- */

static enum status take_slot(struct ctx *ctx, struct db_conn *conn, struct ledger_slot *slot)
{
    for (int number = 1; number <= SLOT_MAX; number++) {
        int64_t taken;
        TRY(db_get_i64(ctx, conn, &SQL_LEDGER_SLOT_TRY, DB_ARGS(db_i64(SLOT_LOCK + number)),
                       &taken));
        if (taken == 1) {
            *slot = (struct ledger_slot){.number = number};
            return ST_OK;
        }
    }
    return fail(ctx, ST_UNAVAILABLE, "db.busy", NO_ARGS);
}

static enum status read_slot(struct ctx *ctx, struct db_conn *conn, struct ledger_slot *slot)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status =
        db_find_one(ctx, conn, &SQL_LEDGER_COMMIT_LAST, DB_ARGS(db_i64(slot->number)), &rows);
    int64_t given = slot->last_id;
    slot->known = true;
    slot->last_commit = 0;
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    slot->last_commit = db_col_i64(&rows, 0);
    /* What this writer gave in a transaction without events is known here only. */
    slot->last_id = db_col_i64(&rows, 2) > given ? db_col_i64(&rows, 2) : given;
    if (!digest_parse(db_col_text(&rows, 1), &slot->last_hash))
        return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    return ST_OK;
}

enum status ledger_begin(struct ctx *ctx, struct db_conn *conn, enum crypto_hash hash,
                         const struct ledger_slot *slot, struct arena *arena, struct ledger_tx *out)
{
    struct ledger_tx ledger = {.conn = conn, .arena = arena, .hash = hash, .slot = *slot};
    strmap_init(&ledger.regions, arena);
    if (ledger.slot.number == 0)
        TRY(take_slot(ctx, conn, &ledger.slot));
    /* Another process may have written to SQLite's one slot in the meantime. */
    if (!ledger.slot.known || db_conn_engine(conn) == DB_SQLITE)
        TRY(read_slot(ctx, conn, &ledger.slot));
    *out = ledger;
    return ST_OK;
}

int64_t ledger_new_id(struct ledger_tx *ledger, struct instant now)
{
    return id_next(&ledger->slot.last_id, now, ledger->slot.number);
}

static enum status insert_event(struct ctx *ctx, struct ledger_tx *ledger,
                                const struct event *event, struct str payload,
                                const struct digest *hash)
{
    return db_put(ctx, ledger->conn, &SQL_LEDGER_EVENT_INSERT,
                  DB_ARGS(db_text(prefecture_str(&event->prefecture)), db_i64(event->casefile.v),
                          db_i64(event->sequence), db_i64(event->recorded_at.ms),
                          db_i64(event->happened_at.ms), db_text(event->actor),
                          db_text(event->command), db_text(event_type_name(event->type)),
                          db_text(event->clause.at == NULL ? S("") : event->clause),
                          db_text(event->pack.at == NULL ? S("") : event->pack), db_text(payload),
                          db_text(digest_format(ctx->arena, hash)), db_i64(ledger->slot.number),
                          db_i64(ledger->slot.last_commit + 1),
                          db_i64((int64_t)ledger->hashes.len)));
}

enum status ledger_append(struct ctx *ctx, struct ledger_tx *ledger,
                          const struct event_list *events, struct str *io_last_hash)
{
    struct str last = *io_last_hash;
    for (size_t i = 0; i < events->len; i++) {
        const struct event *event = &events->at[i];
        must(event->sequence > 0 && (event->sequence == 1) == str_is_empty(last));
        struct buf payload;
        buf_init(&payload, ctx->arena, PAYLOAD_LIMIT_BYTES);
        json_print_canonical(&payload, event->payload);
        if (buf_status(&payload) != ST_OK)
            return fail(ctx, ST_LIMIT, "ledger.payload_too_large",
                        ARGS(arg_bytes("limit", PAYLOAD_LIMIT_BYTES)));
        struct digest hash =
            ledger_hash_event(ledger->hash, ctx->arena, event, buf_str(&payload), last);
        TRY(insert_event(ctx, ledger, event, buf_str(&payload), &hash));
        vec_add(ledger->arena, &ledger->hashes, hash);
        last = digest_format(ctx->arena, &hash);
        if (ledger->recorded_at.ms < event->recorded_at.ms)
            ledger->recorded_at = event->recorded_at;
    }
    *io_last_hash = last;
    return ST_OK;
}

enum status ledger_end(struct ctx *ctx, struct ledger_tx *ledger)
{
    struct ledger_slot *slot = &ledger->slot;
    if (ledger->hashes.len == 0)
        return ST_OK;
    struct str previous =
        slot->last_commit == 0 ? S("") : digest_format(ctx->arena, &slot->last_hash);
    slot->last_commit++;
    slot->last_hash =
        ledger_hash_commit(ledger->hash, ctx->arena, slot->number, slot->last_commit,
                           ledger->recorded_at, ledger->hashes.at, ledger->hashes.len, previous);
    return db_put(ctx, ledger->conn, &SQL_LEDGER_COMMIT_INSERT,
                  DB_ARGS(db_i64(slot->number), db_i64(slot->last_commit),
                          db_instant(ledger->recorded_at), db_i64((int64_t)ledger->hashes.len),
                          db_i64(slot->last_id),
                          db_text(digest_format(ctx->arena, &slot->last_hash))));
}

struct ledger_mark ledger_mark(const struct ledger_tx *ledger)
{
    return (struct ledger_mark){ledger->hashes.len, ledger->recorded_at};
}

/* Ids are not given back: a gap harms nobody, an id given twice would. */
void ledger_return(struct ledger_tx *ledger, struct ledger_mark mark)
{
    ledger->hashes.len = mark.events;
    ledger->recorded_at = mark.recorded_at;
}

/* ---- reading ---- */

static enum status read_row(struct ctx *ctx, const struct db_rows *rows, struct ledger_row *row)
{
    struct value *payload = NULL;
    struct event *event = &row->event;
    event->sequence = db_col_i64(rows, 0);
    event->recorded_at = db_col_instant(rows, 1);
    event->happened_at = db_col_instant(rows, 2);
    event->actor = db_col_text_copy(ctx->arena, rows, 3);
    event->command = db_col_text_copy(ctx->arena, rows, 4);
    event->clause = db_col_text_copy(ctx->arena, rows, 6);
    event->pack = db_col_text_copy(ctx->arena, rows, 7);
    row->payload = db_col_text_copy(ctx->arena, rows, 8);
    row->hash = db_col_text_copy(ctx->arena, rows, 9);
    if (!event_type_parse(db_col_text(rows, 5), &event->type) ||
        json_parse(ctx, row->payload, PAYLOAD_LIMIT_BYTES, JSON_STRICT, &payload) != ST_OK) {
        fail_clear(ctx);
        return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    }
    event->payload = payload;
    return ST_OK;
}

enum status ledger_list(struct ctx *ctx, struct db_conn *conn, struct prefecture prefecture,
                        struct casefile_id id, int64_t sequence, struct ledger_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct ledger_row_list list = {0};
    struct str previous = S("");
    /* One earlier, for the hash before the first. */
    TRY(db_rows_open(
        ctx, conn, &SQL_LEDGER_LIST_BY_CASEFILE,
        DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(id.v), db_i64(sequence - 1)), &rows));
    while (db_rows_next(ctx, &rows)) {
        if (db_col_i64(&rows, 0) >= sequence) {
            struct ledger_row *row = vec_push(ctx->arena, &list);
            row->event.prefecture = prefecture;
            row->event.casefile = id;
            row->prev = previous;
            TRY(read_row(ctx, &rows, row));
            previous = row->hash;
        } else {
            previous = db_col_text_copy(ctx->arena, &rows, 9);
        }
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status ledger_load(struct ctx *ctx, struct db_conn *conn, struct prefecture prefecture,
                        struct casefile_id id, struct casefile *out)
{
    struct ledger_row_list list;
    struct casefile casefile = {0};
    TRY(ledger_list(ctx, conn, prefecture, id, 1, &list));
    if (list.len == 0)
        return fail(ctx, ST_NOT_FOUND, "case.unknown",
                    ARGS(arg_text("case", casefile_ref_format(ctx->arena, prefecture, id))));
    for (size_t i = 0; i < list.len; i++) {
        if (list.at[i].event.sequence != (int64_t)i + 1)
            return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
        engine_evolve(ctx->arena, &casefile, &list.at[i].event);
    }
    casefile.last_hash = list.at[list.len - 1].hash;
    *out = casefile;
    return ST_OK;
}
