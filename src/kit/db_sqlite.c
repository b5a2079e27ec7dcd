/*
 * SQLite behind kit/db.h. WAL with synchronous=FULL: a commit is on the disk when it returns.
 * Parameters are bound by name, since $2 is a name here and places count by first appearance.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "kit/db_int.h"

enum { BUSY_MS = 10000, AGGREGATE_LIMIT_BYTES = 1 << 20 };

/* ---- failures ---- */

/* "UNIQUE constraint failed: person.login" → table "person", constraint "person.login" */
static enum status fail_unique(struct ctx *ctx, const char *said)
{
    struct str columns = str_of(said);
    size_t colon = str_find(columns, S(": "));
    if (colon != SIZE_MAX)
        columns = str_from(columns, colon + 2);
    struct str table = str_part(columns, 0, str_find_char(columns, '.'));
    return db_fail_unique(ctx, table, columns);
}

static enum status fail_sqlite(struct ctx *ctx, struct db_conn *conn, const char *name)
{
    int code = sqlite3_extended_errcode(conn->lite);
    const char *said = sqlite3_errmsg(conn->lite);
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY: return fail_unique(ctx, said);
    case SQLITE_CONSTRAINT_TRIGGER: return db_fail_note(ctx, ST_DENIED, "db.refused", name, said);
    }
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return db_fail_note(ctx, ST_UNAVAILABLE, "db.busy", name, said);
    case SQLITE_FULL: return db_fail_note(ctx, ST_IO, "db.full", name, said);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY: return db_fail_note(ctx, ST_IO, "db.io", name, said);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return db_fail_note(ctx, ST_BROKEN, "db.corrupt", name, said);
    default: return db_fail_note(ctx, ST_INTERNAL, "db.failed", name, said);
    }
}

/* ---- string_agg(text, separator): PostgreSQL has it, SQLite 3.40 only group_concat ---- */

struct aggregate {
    sqlite3_str *text;
    bool started;
};

static void string_agg_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct aggregate *aggregate = sqlite3_aggregate_context(context, (int)sizeof(struct aggregate));
    if (aggregate == NULL || sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    if (aggregate->text == NULL)
        aggregate->text = sqlite3_str_new(sqlite3_context_db_handle(context));
    if (sqlite3_str_length(aggregate->text) > AGGREGATE_LIMIT_BYTES)
        return;
    if (aggregate->started && sqlite3_value_type(values[1]) != SQLITE_NULL)
        sqlite3_str_appendall(aggregate->text, (const char *)sqlite3_value_text(values[1]));
    sqlite3_str_appendall(aggregate->text, (const char *)sqlite3_value_text(values[0]));
    aggregate->started = true;
}

static void string_agg_final(sqlite3_context *context)
{
    struct aggregate *aggregate = sqlite3_aggregate_context(context, 0);
    if (aggregate == NULL || aggregate->text == NULL) {
        sqlite3_result_null(context);
        return;
    }
    if (sqlite3_str_length(aggregate->text) > AGGREGATE_LIMIT_BYTES)
        sqlite3_result_error_toobig(context);
    else
        sqlite3_result_text(context, sqlite3_str_value(aggregate->text), -1, SQLITE_TRANSIENT);
    sqlite3_free(sqlite3_str_finish(aggregate->text));
}

/* ---- connection ---- */

static const char *const setup_pragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;"
    "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;";

static bool set_up(struct db_conn *conn)
{
    sqlite3 *lite = conn->lite;
    sqlite3_extended_result_codes(lite, 1);
    sqlite3_busy_timeout(lite, BUSY_MS);
    sqlite3_db_config(lite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(lite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* Or else a statement is prepared again for each new value that a partial index speaks of. */
    sqlite3_db_config(lite, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    return sqlite3_create_function_v2(lite, "string_agg", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                      NULL, NULL, string_agg_step, string_agg_final,
                                      NULL) == SQLITE_OK &&
           sqlite3_exec(lite, setup_pragmas, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_exec(lite,
                        conn->mode == DB_WRITE ? "PRAGMA cache_size=-32000"
                                               : "PRAGMA cache_size=-8000; PRAGMA query_only=ON",
                        NULL, NULL, NULL) == SQLITE_OK;
}

static enum status lite_connect(struct ctx *ctx, struct db_conn *conn)
{
    /* A reader opens for writing too, since it may have to recover or create the WAL index;
     * query_only keeps it from changing anything. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (conn->mode == DB_WRITE)
        flags |= SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(conn->db->address, &conn->lite, flags, NULL) != SQLITE_OK || !set_up(conn))
        return fail_sqlite(ctx, conn, "open");
    return ST_OK;
}

static void lite_disconnect(struct db_conn *conn)
{
    (void)sqlite3_close(conn->lite);
    conn->lite = NULL;
}

static bool lite_is_well(const struct db_conn *conn)
{
    (void)conn;
    return true;
}

static void lite_forget(struct db_conn *conn, struct db_statement *statement)
{
    (void)conn;
    (void)sqlite3_finalize(statement->lite);
    statement->lite = NULL;
}

/* ---- statements ---- */

static enum status prepare(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement)
{
    if (statement->lite != NULL)
        return ST_OK;
    if (sqlite3_prepare_v3(conn->lite, statement->text, (int)statement->text_len,
                           SQLITE_PREPARE_PERSISTENT, &statement->lite, NULL) != SQLITE_OK)
        return fail_sqlite(ctx, conn, statement->name);
    must(statement->lite != NULL);
    for (int i = 0; i < statement->parameters; i++) {
        char name[16];
        sqlite3_snprintf((int)sizeof name, name, "$%d", i + 1);
        int index = sqlite3_bind_parameter_index(statement->lite, name);
        must(index <= UCHAR_MAX);
        statement->lite_index[i] =
            (unsigned char)index; /* 0: this engine's text has no use for it */
    }
    return ST_OK;
}

static int bind_value(sqlite3_stmt *lite, int index, const struct db_value *value,
                      sqlite3_destructor_type lifetime)
{
    switch (value->kind) {
    case DB_NULL: return sqlite3_bind_null(lite, index);
    case DB_INT: return sqlite3_bind_int64(lite, index, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(lite, index, value->bytes.at, value->bytes.len, lifetime,
                                   SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(lite, index, value->bytes.at, value->bytes.len, lifetime);
    }
    return SQLITE_MISUSE;
}

static enum status bind(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                        struct db_args args, sqlite3_destructor_type lifetime)
{
    TRY(prepare(ctx, conn, statement));
    for (size_t i = 0; i < args.count; i++)
        if (statement->lite_index[i] != 0 && bind_value(statement->lite, statement->lite_index[i],
                                                        &args.at[i], lifetime) != SQLITE_OK)
            return fail_sqlite(ctx, conn, statement->name);
    return ST_OK;
}

static enum status lite_run(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                            struct db_args args, int64_t *out_changes)
{
    TRY(bind(ctx, conn, statement, args, SQLITE_STATIC));
    int code;
    while ((code = sqlite3_step(statement->lite)) == SQLITE_ROW)
        continue;
    enum status status = ST_OK;
    if (code == SQLITE_DONE)
        *out_changes = sqlite3_changes64(conn->lite);
    else
        status = fail_sqlite(ctx, conn, statement->name);
    (void)sqlite3_reset(statement->lite);
    return status;
}

static enum status lite_put(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                            struct db_args args)
{
    int64_t changes;
    return lite_run(ctx, conn, statement, args, &changes);
}

static enum status lite_sync(struct ctx *ctx, struct db_conn *conn)
{
    (void)ctx;
    (void)conn;
    return ST_OK;
}

static enum status lite_script(struct ctx *ctx, struct db_conn *conn, const char *sql)
{
    if (sqlite3_exec(conn->lite, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fail_sqlite(ctx, conn, "script");
    return ST_OK;
}

static enum status lite_commit(struct ctx *ctx, struct db_conn *conn)
{
    if (sqlite3_exec(conn->lite, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return fail_sqlite(ctx, conn, "COMMIT");
    return ST_OK;
}

static void lite_rollback(struct db_conn *conn)
{
    /* Some failures (disk full, I/O) have rolled back already. */
    if (sqlite3_get_autocommit(conn->lite) == 0)
        (void)sqlite3_exec(conn->lite, "ROLLBACK", NULL, NULL, NULL);
}

static void lite_drain(struct db_conn *conn)
{
    (void)conn;
}

/* ---- rows ---- */

static enum status lite_open(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                             struct db_args args, struct db_rows *out)
{
    /* Copied, because the caller's values may die while the cursor lives. */
    TRY(bind(ctx, conn, statement, args, SQLITE_TRANSIENT));
    statement->busy = true;
    out->statement = statement;
    return ST_OK;
}

static sqlite3_stmt *lite_of(const struct db_rows *rows)
{
    return ((const struct db_statement *)rows->statement)->lite;
}

static bool lite_next(struct ctx *ctx, struct db_rows *rows)
{
    int code = sqlite3_step(lite_of(rows));
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        rows->status =
            fail_sqlite(ctx, rows->conn, ((const struct db_statement *)rows->statement)->name);
    return false;
}

static void lite_close(struct db_rows *rows)
{
    struct db_statement *statement = rows->statement;
    if (statement == NULL)
        return;
    (void)sqlite3_reset(statement->lite);
    statement->busy = false;
}

static int lite_columns(const struct db_rows *rows)
{
    return sqlite3_column_count(lite_of(rows));
}

static bool lite_is_null(const struct db_rows *rows, int column)
{
    return sqlite3_column_type(lite_of(rows), column) == SQLITE_NULL;
}

static int64_t lite_i64(const struct db_rows *rows, int column)
{
    return sqlite3_column_int64(lite_of(rows), column);
}

static struct str lite_text(const struct db_rows *rows, int column)
{
    sqlite3_stmt *lite = lite_of(rows);
    const char *at = (const char *)sqlite3_column_text(lite, column);
    return (struct str){at == NULL ? "" : at, (size_t)sqlite3_column_bytes(lite, column)};
}

static struct str lite_blob(struct arena *arena, const struct db_rows *rows, int column)
{
    sqlite3_stmt *lite = lite_of(rows);
    const void *at = sqlite3_column_blob(lite, column);
    size_t len = (size_t)sqlite3_column_bytes(lite, column);
    return (struct str){arena_copy(arena, at == NULL ? "" : at, len), len};
}

const struct db_driver db_sqlite_driver = {
    .connect = lite_connect,
    .disconnect = lite_disconnect,
    .is_well = lite_is_well,
    .forget = lite_forget,
    .run = lite_run,
    .put = lite_put,
    .sync = lite_sync,
    .script = lite_script,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .drain = lite_drain,
    .open = lite_open,
    .next = lite_next,
    .close = lite_close,
    .columns = lite_columns,
    .is_null = lite_is_null,
    .i64 = lite_i64,
    .text = lite_text,
    .blob = lite_blob,
};
