/*
 * One walk along the chains of the ledger, in pages by key, with one of two folds. A check digests
 * each table before and after, inside a transaction that is undone.
 */
#include "store/rebuild.h"

#include "base/buf.h"
#include "kit/json.h"
#include "store/casefile_rows.h"
#include "store/record_rows.h"
#include "store/sql_gen.h"

enum { PAGE = 1000, PAYLOAD_LIMIT_BYTES = 1 << 20, ROW_LIMIT_BYTES = 16 << 20, KEY_MAX = 5 };

/* ---- tables ---- */

struct table {
    const char *name;
    const struct db_query *clear; /* null: its rows are written over */
    const struct db_query *dump;  /* null: not compared */
    const char *key;              /* of a page, a letter a column: t text, i integer; "": whole */
};

static const struct table record_tables[] = {
    {"system_record", &SQL_REBUILD_CLEAR_SYSTEM_RECORD, &SQL_REBUILD_DUMP_SYSTEM_RECORD, ""},
    {"setting", &SQL_REBUILD_CLEAR_SETTING, &SQL_REBUILD_DUMP_SETTING, ""},
    {"region", &SQL_REBUILD_CLEAR_REGION, &SQL_REBUILD_DUMP_REGION, ""},
    {"unit", &SQL_REBUILD_CLEAR_UNIT, &SQL_REBUILD_DUMP_UNIT, ""},
    {"person", &SQL_REBUILD_CLEAR_PERSON, &SQL_REBUILD_DUMP_PERSON, ""},
    {"post", &SQL_REBUILD_CLEAR_POST, &SQL_REBUILD_DUMP_POST, ""},
    {"account", &SQL_REBUILD_CLEAR_ACCOUNT, &SQL_REBUILD_DUMP_ACCOUNT, ""},
    {"calendar_day", &SQL_REBUILD_CLEAR_CALENDAR_DAY, &SQL_REBUILD_DUMP_CALENDAR_DAY, ""},
    {"campaign", &SQL_REBUILD_CLEAR_CAMPAIGN, &SQL_REBUILD_DUMP_CAMPAIGN, ""},
    {"regime", &SQL_REBUILD_CLEAR_REGIME, &SQL_REBUILD_DUMP_REGIME, ""},
    {"batch", &SQL_REBUILD_CLEAR_BATCH, &SQL_REBUILD_DUMP_BATCH, ""},
    {"counter", &SQL_REBUILD_CLEAR_GENERATION, NULL, ""},
};

static const struct table case_tables[] = {
    {"casefile", &SQL_REBUILD_CLEAR_CASEFILE, &SQL_REBUILD_DUMP_CASEFILE, "ti"},
    {"casefile_axis", &SQL_REBUILD_CLEAR_CASEFILE_AXIS, &SQL_REBUILD_DUMP_CASEFILE_AXIS, "ttii"},
    {"casefile_text", NULL, &SQL_REBUILD_DUMP_CASEFILE_TEXT, "ti"},
    {"casefile_search", &SQL_REBUILD_CLEAR_CASEFILE_SEARCH, NULL, ""},
    {"deadline", &SQL_REBUILD_CLEAR_DEADLINE, &SQL_REBUILD_DUMP_DEADLINE, "tiit"},
    {"document", &SQL_REBUILD_CLEAR_DOCUMENT, &SQL_REBUILD_DUMP_DOCUMENT, "tii"},
    {"document_receipt", &SQL_REBUILD_CLEAR_DOCUMENT_RECEIPT, &SQL_REBUILD_DUMP_DOCUMENT_RECEIPT,
     "tiiii"},
    {"evidence", &SQL_REBUILD_CLEAR_EVIDENCE, &SQL_REBUILD_DUMP_EVIDENCE, "tii"},
    {"measure", &SQL_REBUILD_CLEAR_MEASURE, &SQL_REBUILD_DUMP_MEASURE, "tii"},
    {"release", &SQL_REBUILD_CLEAR_RELEASE, &SQL_REBUILD_DUMP_RELEASE, "ti"},
    {"score", &SQL_REBUILD_CLEAR_SCORE, &SQL_REBUILD_DUMP_SCORE, "tii"},
};
enum { TABLE_MAX = COUNT_OF(record_tables) };

static void close_stream(struct crypto_stream **stream)
{
    crypto_stream_close(*stream);
}

/* A row as netstrings; NULL is told from empty. */
static void digest_row(struct ctx *ctx, const struct db_rows *rows, struct crypto_stream *stream)
{
    struct buf buf;
    buf_init(&buf, ctx->arena, ROW_LIMIT_BYTES);
    for (int column = 0; column < db_col_count(rows); column++) {
        struct str text = db_col_text(rows, column);
        if (db_col_is_null(rows, column))
            buf_c(&buf, "-,");
        else
            buf_printf(&buf, "%zu:%.*s,", text.len, STR_ARG(text));
    }
    must(buf_status(&buf) == ST_OK);
    crypto_stream_add(stream, buf.at, buf.len);
}

struct page_key {
    char texts[KEY_MAX][256];
    struct db_value values[KEY_MAX + 1];
};

static void first_key(const char *kinds, struct page_key *key)
{
    for (int i = 0; kinds[i] != '\0'; i++)
        key->values[i] = kinds[i] == 't' ? db_text(S("")) : db_i64(INT64_MIN);
}

static void next_key(const char *kinds, const struct db_rows *rows, struct page_key *key)
{
    for (int i = 0; kinds[i] != '\0'; i++) {
        struct str text = db_col_text(rows, i);
        if (kinds[i] == 'i') {
            key->values[i] = db_i64(db_col_i64(rows, i));
            continue;
        }
        must(text.len < sizeof key->texts[i]); /* codes, names of axes and clocks: all short */
        memcpy(key->texts[i], text.at, text.len);
        key->values[i] = db_text((struct str){key->texts[i], text.len});
    }
}

static enum status digest_table(struct ctx *ctx, struct db_conn *conn, const struct table *table,
                                struct digest *out)
{
    struct crypto_stream *stream AUTO(close_stream) = crypto_stream_open(CRYPTO_SHA256);
    struct page_key key = {0};
    size_t key_count = strlen(table->key);
    bool paged = key_count > 0;
    first_key(table->key, &key);
    key.values[key_count] = db_i64(PAGE);
    for (int seen = PAGE; seen == PAGE;) {
        struct db_rows rows AUTO(db_rows_close) = {0};
        seen = 0;
        TRY(db_rows_open(ctx, conn, table->dump,
                         (struct db_args){key.values, paged ? key_count + 1 : 0}, &rows));
        while (db_rows_next(ctx, &rows)) {
            struct arena_mark mark = arena_mark(ctx->arena);
            digest_row(ctx, &rows, stream);
            next_key(table->key, &rows, &key);
            arena_return(ctx->arena, mark);
            seen += paged ? 1 : 0;
        }
        TRY(db_rows_status(&rows));
    }
    *out = crypto_stream_end(stream);
    stream = NULL;
    return ST_OK;
}

/* ---- the walk ---- */

struct walk {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct table *tables;
    size_t table_count;
    bool of_records;
    rebuild_find_engine find;
    void *find_arg;
    rebuild_progress progress;
    void *progress_arg;
    struct rebuild_result result;
    struct strmap regions; /* of an arena that outlives the chains */
    /* The chain at hand. */
    struct prefecture prefecture;
    int64_t id, sequence;
    bool skip; /* a record on the walk of cases, a case on that of records */
    enum record_kind kind;
    struct casefile casefile;
    struct arena_mark mark;
};

/* A whole chain was folded: a case writes its rows now, a record has done so event by event. */
static enum status finish_chain(struct walk *walk)
{
    const struct engine *engine = NULL;
    if (walk->id == 0)
        return ST_OK;
    if (!walk->skip) {
        walk->result.chains++;
        if (!walk->of_records) {
            TRY(walk->find(walk->ctx, walk->find_arg, &walk->casefile, &engine));
            TRY(casefile_rows_write(walk->ctx, walk->conn, &walk->regions, engine,
                                    &walk->casefile));
        }
    }
    arena_return(walk->ctx->arena, walk->mark);
    return ST_OK;
}

static enum status read_event(struct walk *walk, const struct db_rows *rows, struct event *out)
{
    struct value *payload;
    struct event event = {
        .casefile = {db_col_i64(rows, 1)},
        .sequence = db_col_i64(rows, 2),
        .recorded_at = db_col_instant(rows, 3),
        .happened_at = db_col_instant(rows, 4),
        .actor = db_col_text(rows, 5),
        .command = db_col_text(rows, 6),
        .clause = db_col_text(rows, 8),
        .pack = db_col_text(rows, 9),
    };
    if (!prefecture_parse(db_col_text(rows, 0), &event.prefecture) ||
        !event_type_parse(db_col_text(rows, 7), &event.type))
        return fail(walk->ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    TRY(json_parse(walk->ctx, db_col_text(rows, 10), PAYLOAD_LIMIT_BYTES, JSON_STRICT, &payload));
    event.payload = payload;
    *out = event;
    return ST_OK;
}

static enum status begin_chain(struct walk *walk, const struct event *event)
{
    TRY(finish_chain(walk));
    walk->prefecture = event->prefecture;
    walk->id = event->casefile.v;
    walk->sequence = 0;
    walk->casefile = (struct casefile){0};
    walk->mark = arena_mark(walk->ctx->arena);
    return ST_OK;
}

static enum status fold_event(struct walk *walk, const struct db_rows *rows)
{
    struct event event;
    if (db_col_i64(rows, 1) != walk->id ||
        !str_eq(db_col_text(rows, 0), prefecture_str(&walk->prefecture))) {
        struct event key = {.casefile = {db_col_i64(rows, 1)}};
        (void)prefecture_parse(db_col_text(rows, 0), &key.prefecture);
        TRY(begin_chain(walk, &key));
    }
    TRY(read_event(walk, rows, &event));
    if (event.sequence != walk->sequence + 1)
        return fail(walk->ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    walk->sequence = event.sequence;
    /* A case belongs to a campaign, a record to none. */
    if (event.sequence == 1)
        walk->skip = walk->of_records != (value_find_c(event.payload, "campaign") == NULL);
    if (walk->skip)
        return ST_OK;
    walk->result.events++;
    struct str hash = db_col_text(rows, 11);
    if (walk->of_records)
        return record_fold(walk->ctx, walk->conn, &event, hash, &walk->kind);
    engine_evolve(walk->ctx->arena, &walk->casefile, &event);
    walk->casefile.last_hash = str_copy(walk->ctx->arena, hash);
    return ST_OK;
}

static enum status fold_page(struct walk *walk, int *out_rows)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    *out_rows = 0;
    TRY(db_rows_open(walk->ctx, walk->conn, &SQL_LEDGER_LIST_BY_CHAIN,
                     DB_ARGS(db_text(prefecture_str(&walk->prefecture)), db_i64(walk->id),
                             db_i64(walk->sequence), db_i64(PAGE)),
                     &rows));
    while (db_rows_next(walk->ctx, &rows)) {
        /* Records all stand under the nation's code, which sorts first. */
        struct prefecture nation = record_prefecture();
        if (walk->of_records && !str_eq(db_col_text(&rows, 0), prefecture_str(&nation)))
            break;
        TRY(fold_event(walk, &rows));
        ++*out_rows;
    }
    return db_rows_status(&rows);
}

static enum status fold_all(struct walk *walk)
{
    for (size_t i = 0; i < walk->table_count; i++)
        if (walk->tables[i].clear != NULL)
            TRY(db_put(walk->ctx, walk->conn, walk->tables[i].clear, DB_NO_ARGS));
    walk->mark = arena_mark(walk->ctx->arena);
    for (int rows = PAGE; rows == PAGE;) {
        TRY(fold_page(walk, &rows));
        if (walk->progress != NULL)
            walk->progress(walk->progress_arg, walk->result.events);
    }
    TRY(finish_chain(walk));
    return walk->of_records
               ? ST_OK
               : db_put(walk->ctx, walk->conn, &SQL_REBUILD_DROP_STRAYED_TEXT, DB_NO_ARGS);
}

/* ---- the whole ---- */

static enum status digest_all(struct walk *walk, struct digest digests[TABLE_MAX])
{
    for (size_t i = 0; i < walk->table_count; i++)
        if (walk->tables[i].dump != NULL)
            TRY(digest_table(walk->ctx, walk->conn, &walk->tables[i], &digests[i]));
    return ST_OK;
}

static enum status rebuild(struct walk *walk, enum rebuild_mode mode)
{
    struct digest before[TABLE_MAX] = {0}, after[TABLE_MAX] = {0};
    struct tx tx AUTO(tx_end) = {0};
    TRY(tx_begin(walk->ctx, walk->conn, &tx));
    /* SQLite's BEGIN IMMEDIATE keeps other writers out already. */
    if (db_conn_engine(walk->conn) == DB_POSTGRES)
        TRY(db_script(walk->ctx, walk->conn, "LOCK TABLE event IN EXCLUSIVE MODE"));
    if (mode == REBUILD_CHECK)
        TRY(digest_all(walk, before));
    TRY(fold_all(walk));
    if (mode == REBUILD_WRITE)
        return tx_commit(walk->ctx, &tx);
    TRY(digest_all(walk, after));
    for (size_t i = 0; i < walk->table_count && walk->result.same; i++)
        if (!digest_eq(&before[i], &after[i])) {
            walk->result.same = false;
            walk->result.table = walk->tables[i].name;
        }
    return ST_OK;
}

enum status rebuild_records(struct ctx *ctx, struct db_conn *conn, enum rebuild_mode mode,
                            struct rebuild_result *out)
{
    struct walk walk = {.ctx = ctx,
                        .conn = conn,
                        .tables = record_tables,
                        .table_count = COUNT_OF(record_tables),
                        .of_records = true,
                        .result = {.same = true}};
    TRY(rebuild(&walk, mode));
    *out = walk.result;
    return ST_OK;
}

enum status rebuild_cases(struct ctx *ctx, struct db_conn *conn, enum rebuild_mode mode,
                          rebuild_find_engine find, void *find_arg, rebuild_progress progress,
                          void *progress_arg, struct rebuild_result *out)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct walk walk = {.ctx = ctx,
                        .conn = conn,
                        .tables = case_tables,
                        .table_count = COUNT_OF(case_tables),
                        .find = find,
                        .find_arg = find_arg,
                        .progress = progress,
                        .progress_arg = progress_arg,
                        .result = {.same = true}};
    strmap_init(&walk.regions, arena);
    TRY(rebuild(&walk, mode));
    *out = walk.result;
    return ST_OK;
}
