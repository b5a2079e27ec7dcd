#pragma once
/*
 * One small API over SQLite and PostgreSQL. The same SQL text serves both (see sql/README.md for
 * the subset); a query that must differ has two texts under one name.
 *
 *   struct db_rows rows AUTO(db_rows_close) = {0};
 *   TRY(db_rows_open(ctx, conn, &SQL_UNIT_LIST, DB_ARGS(db_text(region)), &rows));
 *   while (db_rows_next(ctx, &rows))
 *       add(db_col_i64(&rows, 0), db_col_text_copy(ctx->arena, &rows, 1));
 *   TRY(db_rows_status(&rows));
 *
 * A `struct db` is an address: any thread. A connection belongs to one thread at a time.
 *
 * Every function that takes a ctx stores its failure there:
 *   ST_CONFLICT    db.unique   a unique key exists already; args table, constraint
 *   ST_DENIED      db.refused  a trigger refused (an append-only table)
 *   ST_UNAVAILABLE db.busy     locked, serialization failure, deadlock, too many connections
 *   ST_UNAVAILABLE db.gone     connection lost; the next use outside a transaction connects again.
 *                              After a commit it is unknown whether the commit took place.
 *   ST_IO          db.full     disk full         ST_IO  db.io  other trouble with the disk
 *   ST_BROKEN      db.corrupt  the file or page is damaged
 *   ST_INTERNAL    db.failed   anything else: a fault of ours; the note has the query's name
 * A failed statement leaves a PostgreSQL transaction unusable until it is rolled back, to a
 * savepoint at least; so roll back on both engines.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

enum db_engine { DB_SQLITE, DB_POSTGRES };
enum db_mode { DB_READ, DB_WRITE };

struct db;
struct db_conn;

/* Static, made by tools/embed_sql.py: known by its address, prepared once per connection. */
struct db_query {
    const char *name;
    const char *sqlite;
    const char *postgres; /* often the same text */
    int parameters;       /* $1 … $n */
};

/* ---- addresses and connections ---- */

/*
 * uri: "sqlite:PATH" or "postgresql://…" (any libpq URI: Unix sockets, several hosts). Checks the
 * spelling, opens nothing. Several hosts: the one that accepts writes is taken, unless the URI
 * itself gives target_session_attrs.
 * Errors: ST_INVALID db.bad_uri
 */
MUST_USE enum status db_open(struct ctx *ctx, struct str uri, struct db **out);
void db_close(struct db *db);    /* takes null; after all connections */
void db_cleanup(struct db **db); /* for AUTO */
enum db_engine db_engine(const struct db *db);

/*
 * For tests of failure: called before each statement with its name ("COMMIT" and "BEGIN" too) and
 * may refuse it with a status of its own, stored in ctx. Set before the first connection opens.
 */
typedef enum status (*db_hook)(struct ctx *ctx, void *arg, const char *name);
void db_set_hook(struct db *db, db_hook hook, void *arg);

/* DB_READ refuses to write on both engines. SQLite creates the file when it is missing. */
MUST_USE enum status db_conn_open(struct ctx *ctx, const struct db *db, enum db_mode mode,
                                  struct db_conn **out);
/* Takes null; rolls back what is open. A reader that is well is kept for the next db_conn_open. */
void db_conn_close(struct db_conn *conn);
void db_conn_cleanup(struct db_conn **conn); /* for AUTO */
enum db_engine db_conn_engine(const struct db_conn *conn);
/* SQLite: moves when another connection committed. PostgreSQL: always 0. */
MUST_USE enum status db_conn_data_version(struct ctx *ctx, struct db_conn *conn, int64_t *out);

/* ---- values that are bound ---- */

enum db_kind { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_kind kind;
    int64_t number;
    struct str bytes; /* borrowed for the call */
};

enum { DB_ARG_MAX = 128 };

struct db_args {
    const struct db_value *at;
    size_t count;
};
#define DB_ARGS(...)                                                                               \
    ((struct db_args){(const struct db_value[]){__VA_ARGS__},                                      \
                      sizeof((const struct db_value[]){__VA_ARGS__}) / sizeof(struct db_value)})
#define DB_NO_ARGS ((struct db_args){0})

struct db_value db_null(void);
struct db_value db_i64(int64_t number);
struct db_value db_bool(bool flag);                          /* SMALLINT 0 or 1 */
struct db_value db_text(struct str text);                    /* absent text is NULL */
struct db_value db_text_c(const char *text);                 /* null is NULL */
struct db_value db_blob(const void *bytes, size_t len);      /* null pointer is NULL */
struct db_value db_id(int64_t id);                           /* 0 is NULL */
struct db_value db_instant(struct instant at);               /* UTC ms; INSTANT_NONE is NULL */
struct db_value db_day(struct arena *arena, struct day day); /* ISO text; DAY_NONE is NULL */

/* ---- statements ---- */

/* out_changes: rows touched; may be null. */
MUST_USE enum status db_run(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                            struct db_args args, int64_t *out_changes);

/*
 * A write whose rows are not needed. SQLite: at once. PostgreSQL inside a transaction: queued
 * without waiting; its error surfaces at the next db_sync, which every read, db_run and commit
 * begin with. An error there means: nothing since the last db_sync may be relied on, roll back.
 */
MUST_USE enum status db_put(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                            struct db_args args);
MUST_USE enum status db_sync(struct ctx *ctx, struct db_conn *conn);

/* A cursor. On PostgreSQL the whole result is held: walk long tables in pages by key. */
struct db_rows {
    struct db_conn *conn;
    void *statement; /* SQLite */
    void *result;    /* PostgreSQL */
    int row, row_count;
    bool done;
    enum status status;
};

MUST_USE enum status db_rows_open(struct ctx *ctx, struct db_conn *conn,
                                  const struct db_query *query, struct db_args args,
                                  struct db_rows *out);
/* For generated texts (filtered lists): cached by text; values are bound here too, never pasted. */
MUST_USE enum status db_rows_open_text(struct ctx *ctx, struct db_conn *conn, struct str sql,
                                       struct db_args args, struct db_rows *out);
bool db_rows_next(struct ctx *ctx, struct db_rows *rows); /* false at the end and on failure */
MUST_USE enum status db_rows_status(const struct db_rows *rows); /* look after the loop */
void db_rows_close(struct db_rows *rows); /* any number of times; also on a zeroed one */

/* Opens and steps to the only or first row. ST_NOT_FOUND, with nothing stored in ctx, when none:
 * the caller knows the word for what is missing. */
MUST_USE enum status db_find_one(struct ctx *ctx, struct db_conn *conn,
                                 const struct db_query *query, struct db_args args,
                                 struct db_rows *out);
/* The first column of the only row (counts, sums); asserted to exist. */
MUST_USE enum status db_get_i64(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                                struct db_args args, int64_t *out);

/* How many columns a row has; looked at after db_rows_next gave true. */
int db_col_count(const struct db_rows *rows);
/* Columns count from 0. NULL: 0, an absent str, INSTANT_NONE, DAY_NONE. */
bool db_col_is_null(const struct db_rows *rows, int column);
int64_t db_col_i64(const struct db_rows *rows, int column);
bool db_col_bool(const struct db_rows *rows, int column);
struct str db_col_text(const struct db_rows *rows, int column); /* until the next row or close */
struct str db_col_text_copy(struct arena *arena, const struct db_rows *rows, int column);
struct str db_col_blob(struct arena *arena, const struct db_rows *rows, int column); /* copied */
struct instant db_col_instant(const struct db_rows *rows, int column);
struct day db_col_day(const struct db_rows *rows, int column);

/* ---- transactions ---- */

enum { DB_SAVEPOINT_DEPTH = 3 };

/* struct tx tx AUTO(tx_end) = {0};  rolls back unless committed */
struct tx {
    struct db_conn *conn;
    int depth; /* savepoints open */
};

/* SQLite: BEGIN IMMEDIATE, waits up to 10 s for the lock. PostgreSQL: read committed. */
MUST_USE enum status tx_begin(struct ctx *ctx, struct db_conn *conn, struct tx *out);
/* One unmoving view of the data for several reads; ends with tx_end. */
MUST_USE enum status tx_begin_read(struct ctx *ctx, struct db_conn *conn, struct tx *out);
MUST_USE enum status tx_savepoint(struct ctx *ctx, struct tx *tx);
MUST_USE enum status tx_release(struct ctx *ctx, struct tx *tx);
MUST_USE enum status tx_rollback_to(struct ctx *ctx, struct tx *tx); /* and releases */
/* Durable when it returns ST_OK. */
MUST_USE enum status tx_commit(struct ctx *ctx, struct tx *tx);
void tx_end(struct tx *tx);

/* ---- scripts and migrations ---- */

/* Several statements without parameters, as they stand. */
MUST_USE enum status db_script(struct ctx *ctx, struct db_conn *conn, const char *sql);

struct db_migration {
    int number;
    const char *name;     /* 0001_first */
    const char *checksum; /* of the script, hex */
    const char *sql;
};

/*
 * Brings the database up to the last of `list` (numbers 1, 2, 3 … without a gap), each in one
 * transaction; safe when several programs start at once. out_applied may be null.
 * Errors: ST_BROKEN  db.migration_changed  an applied script has another checksum
 *         ST_INVALID db.newer              the database was made by a newer program
 */
MUST_USE enum status db_migrate(struct ctx *ctx, struct db_conn *conn,
                                const struct db_migration *list, size_t count, int *out_applied);

/* True when ctx holds db.unique for this table. */
bool db_failed_unique(const struct ctx *ctx, const char *table);
