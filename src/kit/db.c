/*
 * The front of the database: addresses, the cache of prepared statements, transactions, values.
 * What differs between the engines stands in db_sqlite.c and db_pg.c behind struct db_driver.
 */
#include "kit/db.h"

#include <stdlib.h>
#include <string.h>

#include "kit/db_int.h"

enum { TEXT_STATEMENT_MAX = 128, TABLE_FIRST_SLOTS = 64 };

/* ---- addresses ---- */

enum status db_open(struct ctx *ctx, struct str uri, struct db **out)
{
    enum db_engine engine;
    struct str address = uri;
    if (str_starts(uri, S("sqlite:"))) {
        engine = DB_SQLITE;
        address = str_from(uri, S("sqlite:").len);
    } else if (str_starts(uri, S("postgresql://")) || str_starts(uri, S("postgres://"))) {
        engine = DB_POSTGRES;
    } else {
        return fail(ctx, ST_INVALID, "db.bad_uri", NO_ARGS);
    }
    if (str_is_empty(address) || memchr(address.at, 0, address.len) != NULL)
        return fail(ctx, ST_INVALID, "db.bad_uri", NO_ARGS);

    struct db *db = calloc(1, sizeof *db);
    must(db != NULL);
    db->engine = engine;
    db->address = strndup(address.at, address.len);
    must(db->address != NULL);
    db->shelf = db_shelf_new();
    *out = db;
    return ST_OK;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    db_shelf_free(db->shelf);
    free(db->address);
    free(db);
}

void db_cleanup(struct db **db)
{
    db_close(*db);
}

enum db_engine db_engine(const struct db *db)
{
    return db->engine;
}

void db_set_hook(struct db *db, db_hook hook, void *arg)
{
    db->hook = hook;
    db->hook_arg = arg;
}

enum status db_ask_hook(struct ctx *ctx, const struct db_conn *conn, const char *name)
{
    return conn->db->hook == NULL ? ST_OK : conn->db->hook(ctx, conn->db->hook_arg, name);
}

/* ---- failures ---- */

enum status db_fail_unique(struct ctx *ctx, struct str table, struct str constraint)
{
    return fail(ctx, ST_CONFLICT, "db.unique",
                ARGS(arg_text("table", table), arg_text("constraint", constraint)));
}

enum status db_fail_note(struct ctx *ctx, enum status status, const char *key, const char *name,
                         const char *said)
{
    (void)fail(ctx, status, key, NO_ARGS);
    fail_note(ctx, str_of(name));
    fail_note(ctx, str_of(said));
    return status;
}

bool db_failed_unique(const struct ctx *ctx, const char *table)
{
    const struct reason *reason = &ctx->failure.reason;
    return ctx->failure.status == ST_CONFLICT && strcmp(reason->key, "db.unique") == 0 &&
           str_eq_c(reason->args[0].text, table);
}

/* ---- connections ---- */

enum status db_conn_open(struct ctx *ctx, const struct db *db, enum db_mode mode,
                         struct db_conn **out)
{
    struct db_conn *conn = mode == DB_READ ? db_shelf_take(db->shelf) : NULL;
    if (conn != NULL) {
        *out = conn;
        return ST_OK;
    }
    conn = calloc(1, sizeof *conn);
    must(conn != NULL);
    conn->db = db;
    conn->driver = db->engine == DB_SQLITE ? &db_sqlite_driver : &db_pg_driver;
    conn->mode = mode;
    conn->arena = arena_new();
    conn->text_arena = arena_new();
    enum status status = conn->driver->connect(ctx, conn);
    if (status != ST_OK) {
        db_conn_free(conn);
        return status;
    }
    *out = conn;
    return ST_OK;
}

static void forget_all(struct db_conn *conn, struct db_statement_table *table)
{
    for (size_t i = 0; i < table->slot_count; i++)
        for (struct db_statement *s = table->slots[i]; s != NULL; s = s->twin)
            conn->driver->forget(conn, s);
    free(table->slots);
    *table = (struct db_statement_table){0};
}

static bool has_cursor(const struct db_statement_table *table)
{
    for (size_t i = 0; i < table->slot_count; i++)
        for (const struct db_statement *s = table->slots[i]; s != NULL; s = s->twin)
            if (s->busy)
                return true;
    return false;
}

static bool may_be_kept(const struct db_conn *conn)
{
    return conn->mode == DB_READ && !conn->in_tx && !conn->gone && conn->pg_queued == 0 &&
           !has_cursor(&conn->queries) && !has_cursor(&conn->texts);
}

void db_conn_close(struct db_conn *conn)
{
    if (conn != NULL && !(may_be_kept(conn) && db_shelf_keep(conn->db->shelf, conn)))
        db_conn_free(conn);
}

void db_conn_free(struct db_conn *conn)
{
    forget_all(conn, &conn->queries);
    forget_all(conn, &conn->texts);
    conn->driver->disconnect(conn);
    arena_free(conn->arena);
    arena_free(conn->text_arena);
    free(conn);
}

void db_conn_cleanup(struct db_conn **conn)
{
    db_conn_close(*conn);
}

enum db_engine db_conn_engine(const struct db_conn *conn)
{
    return conn->db->engine;
}

enum status db_conn_data_version(struct ctx *ctx, struct db_conn *conn, int64_t *out)
{
    static const struct db_query data_version = {"data_version", "PRAGMA data_version", "SELECT 0",
                                                 0};
    if (conn->db->engine == DB_POSTGRES) {
        *out = 0;
        return ST_OK;
    }
    return db_get_i64(ctx, conn, &data_version, DB_NO_ARGS, out);
}

/* A lost connection is opened again, but never in the middle of a transaction. */
static enum status ensure_alive(struct ctx *ctx, struct db_conn *conn)
{
    if (!conn->gone)
        return ST_OK;
    if (conn->in_tx)
        return fail(ctx, ST_UNAVAILABLE, "db.gone", NO_ARGS);
    conn->driver->disconnect(conn);
    TRY(conn->driver->connect(ctx, conn));
    conn->gone = false;
    return ST_OK;
}

/* ---- the cache: queries by their address, generated texts by their bytes ---- */

static bool statement_is(const struct db_statement *statement, const struct db_query *query,
                         struct str text)
{
    if (query != NULL)
        return statement->query == query;
    return str_eq((struct str){statement->text, statement->text_len}, text);
}

static size_t find_slot(const struct db_statement_table *table, uint64_t key,
                        const struct db_query *query, struct str text)
{
    size_t mask = table->slot_count - 1;
    size_t slot = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
    while (table->slots[slot] != NULL &&
           !(table->slots[slot]->key == key && statement_is(table->slots[slot], query, text)))
        slot = (slot + 1) & mask;
    return slot;
}

static void grow(struct db_statement_table *table)
{
    struct db_statement_table bigger = {
        .slot_count = table->slot_count == 0 ? TABLE_FIRST_SLOTS : table->slot_count * 2,
        .len = table->len,
    };
    bigger.slots = calloc(bigger.slot_count, sizeof *bigger.slots);
    must(bigger.slots != NULL);
    for (size_t i = 0; i < table->slot_count; i++) {
        struct db_statement *s = table->slots[i];
        if (s != NULL)
            bigger.slots[find_slot(&bigger, s->key, s->query, (struct str){s->text, s->text_len})] =
                s;
    }
    free(table->slots);
    *table = bigger;
}

/* Counts the parameters of a generated text: the highest $n. */
static int count_parameters(struct str text)
{
    int highest = 0;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.at[i] != '$')
            continue;
        int number = 0;
        for (size_t d = i + 1; d < text.len && text.at[d] >= '0' && text.at[d] <= '9'; d++)
            number = number * 10 + (text.at[d] - '0');
        highest = number > highest ? number : highest;
    }
    return highest;
}

static struct db_statement *statement_new(struct db_conn *conn, const struct db_query *query,
                                          struct str text)
{
    struct arena *arena = query != NULL ? conn->arena : conn->text_arena;
    struct db_statement *statement = arena_new_of(arena, struct db_statement);
    if (query != NULL) {
        statement->query = query;
        statement->name = query->name;
        statement->text = conn->db->engine == DB_SQLITE ? query->sqlite : query->postgres;
        statement->text_len = strlen(statement->text);
        statement->parameters = query->parameters;
    } else {
        statement->name = "generated";
        statement->text = str_c(arena, text);
        statement->text_len = text.len;
        statement->parameters = count_parameters(text);
    }
    must(statement->parameters <= DB_ARG_MAX);
    statement->pg_number = ++conn->pg_statements;
    return statement;
}

/* Generated texts come and go: when there are too many and none is in use, all are forgotten. */
static void evict_texts(struct db_conn *conn)
{
    if (conn->texts.len < TEXT_STATEMENT_MAX || has_cursor(&conn->texts))
        return;
    forget_all(conn, &conn->texts);
    arena_reset(conn->text_arena);
}

static struct db_statement *statement_get(struct db_conn *conn, const struct db_query *query,
                                          struct str text)
{
    struct db_statement_table *table = query != NULL ? &conn->queries : &conn->texts;
    if (query == NULL)
        evict_texts(conn);
    if (table->len * 2 >= table->slot_count)
        grow(table);
    uint64_t key = query != NULL ? (uint64_t)(uintptr_t)query : str_hash(text);
    size_t slot = find_slot(table, key, query, text);
    if (table->slots[slot] == NULL) {
        table->slots[slot] = statement_new(conn, query, text);
        table->slots[slot]->key = key;
        table->len++;
    }
    struct db_statement *statement = table->slots[slot];
    while (statement->busy) {
        if (statement->twin == NULL)
            statement->twin = statement_new(conn, query, text);
        statement = statement->twin;
    }
    return statement;
}

struct db_statement *db_statement_get(struct db_conn *conn, const struct db_query *query)
{
    return statement_get(conn, query, S(""));
}

/* Everything that goes to the engine passes here. */
static enum status ready(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                         struct str text, struct db_args args, struct db_statement **out)
{
    TRY(ensure_alive(ctx, conn));
    struct db_statement *statement = statement_get(conn, query, text);
    must(args.count == (size_t)statement->parameters);
    TRY(db_ask_hook(ctx, conn, statement->name));
    *out = statement;
    return ST_OK;
}

/* ---- statements ---- */

enum status db_run(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                   struct db_args args, int64_t *out_changes)
{
    struct db_statement *statement;
    TRY(ready(ctx, conn, query, S(""), args, &statement));
    int64_t changes = 0;
    TRY(conn->driver->run(ctx, conn, statement, args, &changes));
    if (out_changes != NULL)
        *out_changes = changes;
    return ST_OK;
}

enum status db_put(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                   struct db_args args)
{
    struct db_statement *statement;
    TRY(ready(ctx, conn, query, S(""), args, &statement));
    if (!conn->in_tx) {
        int64_t changes;
        return conn->driver->run(ctx, conn, statement, args, &changes);
    }
    return conn->driver->put(ctx, conn, statement, args);
}

enum status db_sync(struct ctx *ctx, struct db_conn *conn)
{
    return conn->driver->sync(ctx, conn);
}

enum status db_rows_open(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                         struct db_args args, struct db_rows *out)
{
    struct db_statement *statement;
    TRY(ready(ctx, conn, query, S(""), args, &statement));
    *out = (struct db_rows){.conn = conn};
    return conn->driver->open(ctx, conn, statement, args, out);
}

enum status db_rows_open_text(struct ctx *ctx, struct db_conn *conn, struct str sql,
                              struct db_args args, struct db_rows *out)
{
    struct db_statement *statement;
    TRY(ready(ctx, conn, NULL, sql, args, &statement));
    *out = (struct db_rows){.conn = conn};
    return conn->driver->open(ctx, conn, statement, args, out);
}

bool db_rows_next(struct ctx *ctx, struct db_rows *rows)
{
    if (rows->done)
        return false;
    if (rows->conn->driver->next(ctx, rows))
        return true;
    rows->done = true;
    return false;
}

enum status db_rows_status(const struct db_rows *rows)
{
    return rows->status;
}

void db_rows_close(struct db_rows *rows)
{
    if (rows->conn != NULL)
        rows->conn->driver->close(rows);
    *rows = (struct db_rows){.done = true, .status = rows->status};
}

enum status db_find_one(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                        struct db_args args, struct db_rows *out)
{
    TRY(db_rows_open(ctx, conn, query, args, out));
    if (db_rows_next(ctx, out))
        return ST_OK;
    TRY(db_rows_status(out));
    return ST_NOT_FOUND;
}

enum status db_get_i64(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                       struct db_args args, int64_t *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(ctx, conn, query, args, &rows);
    must(status != ST_NOT_FOUND);
    TRY(status);
    *out = db_col_i64(&rows, 0);
    return ST_OK;
}

enum status db_script(struct ctx *ctx, struct db_conn *conn, const char *sql)
{
    TRY(ensure_alive(ctx, conn));
    TRY(db_sync(ctx, conn));
    return conn->driver->script(ctx, conn, sql);
}

/* ---- columns ---- */

int db_col_count(const struct db_rows *rows)
{
    return rows->conn->driver->columns(rows);
}

bool db_col_is_null(const struct db_rows *rows, int column)
{
    return rows->conn->driver->is_null(rows, column);
}

int64_t db_col_i64(const struct db_rows *rows, int column)
{
    return db_col_is_null(rows, column) ? 0 : rows->conn->driver->i64(rows, column);
}

bool db_col_bool(const struct db_rows *rows, int column)
{
    return db_col_i64(rows, column) != 0;
}

struct str db_col_text(const struct db_rows *rows, int column)
{
    return db_col_is_null(rows, column) ? (struct str){0} : rows->conn->driver->text(rows, column);
}

struct str db_col_text_copy(struct arena *arena, const struct db_rows *rows, int column)
{
    return str_copy(arena, db_col_text(rows, column));
}

struct str db_col_blob(struct arena *arena, const struct db_rows *rows, int column)
{
    return db_col_is_null(rows, column) ? (struct str){0}
                                        : rows->conn->driver->blob(arena, rows, column);
}

struct instant db_col_instant(const struct db_rows *rows, int column)
{
    return db_col_is_null(rows, column) ? INSTANT_NONE : (struct instant){db_col_i64(rows, column)};
}

struct day db_col_day(const struct db_rows *rows, int column)
{
    struct day day = DAY_NONE;
    (void)day_parse(db_col_text(rows, column), &day);
    return day;
}

/* ---- values ---- */

struct db_value db_null(void)
{
    return (struct db_value){.kind = DB_NULL};
}

struct db_value db_i64(int64_t number)
{
    return (struct db_value){.kind = DB_INT, .number = number};
}

struct db_value db_bool(bool flag)
{
    return db_i64(flag ? 1 : 0);
}

struct db_value db_text(struct str text)
{
    if (text.at == NULL)
        return db_null();
    return (struct db_value){.kind = DB_TEXT, .bytes = text};
}

struct db_value db_text_c(const char *text)
{
    return db_text(str_of(text));
}

struct db_value db_blob(const void *bytes, size_t len)
{
    if (bytes == NULL)
        return db_null();
    return (struct db_value){.kind = DB_BLOB, .bytes = {bytes, len}};
}

struct db_value db_id(int64_t id)
{
    return id == 0 ? db_null() : db_i64(id);
}

struct db_value db_instant(struct instant at)
{
    return instant_is_none(at) ? db_null() : db_i64(at.ms);
}

struct db_value db_day(struct arena *arena, struct day day)
{
    return day_is_none(day) ? db_null() : db_text(day_format(arena, day));
}

/* ---- transactions ---- */

static const struct db_query begin = {"BEGIN", "BEGIN IMMEDIATE", "BEGIN", 0};
static const struct db_query begin_read = {"BEGIN READ", "BEGIN",
                                           "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0};
static const struct db_query savepoint[DB_SAVEPOINT_DEPTH] = {
    {"SAVEPOINT", "SAVEPOINT s1", "SAVEPOINT s1", 0},
    {"SAVEPOINT", "SAVEPOINT s2", "SAVEPOINT s2", 0},
    {"SAVEPOINT", "SAVEPOINT s3", "SAVEPOINT s3", 0},
};
static const struct db_query release[DB_SAVEPOINT_DEPTH] = {
    {"RELEASE", "RELEASE s1", "RELEASE s1", 0},
    {"RELEASE", "RELEASE s2", "RELEASE s2", 0},
    {"RELEASE", "RELEASE s3", "RELEASE s3", 0},
};
static const struct db_query rollback_to[DB_SAVEPOINT_DEPTH] = {
    {"ROLLBACK TO", "ROLLBACK TO s1", "ROLLBACK TO s1", 0},
    {"ROLLBACK TO", "ROLLBACK TO s2", "ROLLBACK TO s2", 0},
    {"ROLLBACK TO", "ROLLBACK TO s3", "ROLLBACK TO s3", 0},
};

static enum status begin_with(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                              struct tx *out)
{
    must(!conn->in_tx);
    struct db_statement *statement;
    TRY(ready(ctx, conn, query, S(""), DB_NO_ARGS, &statement));
    TRY(conn->driver->put(ctx, conn, statement, DB_NO_ARGS));
    conn->in_tx = true;
    *out = (struct tx){.conn = conn};
    return ST_OK;
}

enum status tx_begin(struct ctx *ctx, struct db_conn *conn, struct tx *out)
{
    return begin_with(ctx, conn, &begin, out);
}

enum status tx_begin_read(struct ctx *ctx, struct db_conn *conn, struct tx *out)
{
    return begin_with(ctx, conn, &begin_read, out);
}

enum status tx_savepoint(struct ctx *ctx, struct tx *tx)
{
    must(tx->depth < DB_SAVEPOINT_DEPTH);
    TRY(db_put(ctx, tx->conn, &savepoint[tx->depth], DB_NO_ARGS));
    tx->depth++;
    return ST_OK;
}

enum status tx_release(struct ctx *ctx, struct tx *tx)
{
    must(tx->depth > 0);
    tx->depth--;
    return db_put(ctx, tx->conn, &release[tx->depth], DB_NO_ARGS);
}

enum status tx_rollback_to(struct ctx *ctx, struct tx *tx)
{
    must(tx->depth > 0);
    tx->depth--;
    tx->conn->driver->drain(tx->conn);
    TRY(db_put(ctx, tx->conn, &rollback_to[tx->depth], DB_NO_ARGS));
    return db_put(ctx, tx->conn, &release[tx->depth], DB_NO_ARGS);
}

enum status tx_commit(struct ctx *ctx, struct tx *tx)
{
    struct db_conn *conn = tx->conn;
    must(conn != NULL && conn->in_tx);
    TRY(ensure_alive(ctx, conn));
    TRY(db_ask_hook(ctx, conn, "COMMIT"));
    TRY(conn->driver->commit(ctx, conn));
    conn->in_tx = false;
    tx->conn = NULL;
    return ST_OK;
}

void tx_end(struct tx *tx)
{
    struct db_conn *conn = tx->conn;
    if (conn == NULL)
        return;
    conn->driver->rollback(conn);
    conn->in_tx = false;
    tx->conn = NULL;
}
