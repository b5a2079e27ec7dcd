#pragma once
/*
 * Shared by db.c (the front, the same for both engines), db_sqlite.c and db_pg.c.
 */
#include "kit/db.h"

struct sqlite3;
struct sqlite3_stmt;
struct pg_conn;

struct db {
    enum db_engine engine;
    char *address; /* path, or the whole URI */
    db_hook hook;
    void *hook_arg;
    struct db_shelf *shelf;
};

struct db_statement {
    const struct db_query *query; /* null: a generated text */
    const char *name;             /* for hooks and notes */
    const char *text;             /* for this engine, terminated */
    size_t text_len;
    uint64_t key;
    struct sqlite3_stmt *lite;
    unsigned char lite_index[DB_ARG_MAX]; /* place of $1, $2 … for this statement */
    int parameters;
    bool busy;                 /* SQLite: a cursor stands on it */
    struct db_statement *twin; /* the same text for a second cursor */
    int pg_number;             /* names it on the server */
    int pg_epoch;              /* connection under which it was prepared; 0: not yet */
};

struct db_statement_table {
    struct db_statement **slots;
    size_t slot_count; /* a power of two */
    size_t len;
};

struct db_driver;

struct db_conn {
    struct db_conn *next; /* on the shelf */
    const struct db *db;
    const struct db_driver *driver;
    enum db_mode mode;
    bool in_tx;
    bool gone;
    struct arena *arena;      /* statements of queries */
    struct arena *text_arena; /* statements of generated texts */
    struct db_statement_table queries;
    struct db_statement_table texts;
    struct sqlite3 *lite;
    struct pg_conn *pg;  /* a PGconn */
    int pg_epoch;        /* counts connects */
    int pg_statements;   /* names given */
    int pg_queued;       /* statements in the pipeline, answers not read */
    const char *pg_last; /* name of the last one queued */
};

struct db_driver {
    enum status (*connect)(struct ctx *ctx, struct db_conn *conn);
    void (*disconnect)(struct db_conn *conn);
    /* Whether one that lay idle may be used again; asks nothing over the wire. */
    bool (*is_well)(const struct db_conn *conn);
    void (*forget)(struct db_conn *conn, struct db_statement *statement);
    enum status (*run)(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                       struct db_args args, int64_t *out_changes);
    enum status (*put)(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                       struct db_args args);
    enum status (*sync)(struct ctx *ctx, struct db_conn *conn);
    enum status (*script)(struct ctx *ctx, struct db_conn *conn, const char *sql);
    enum status (*commit)(struct ctx *ctx, struct db_conn *conn);
    void (*rollback)(struct db_conn *conn);
    /* Before a rollback to a savepoint: clears what a failed pipeline left. */
    void (*drain)(struct db_conn *conn);
    enum status (*open)(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                        struct db_args args, struct db_rows *out);
    bool (*next)(struct ctx *ctx, struct db_rows *rows);
    void (*close)(struct db_rows *rows);
    int (*columns)(const struct db_rows *rows);
    bool (*is_null)(const struct db_rows *rows, int column);
    int64_t (*i64)(const struct db_rows *rows, int column);
    struct str (*text)(const struct db_rows *rows, int column);
    struct str (*blob)(struct arena *arena, const struct db_rows *rows, int column);
};

extern const struct db_driver db_sqlite_driver;
extern const struct db_driver db_pg_driver;

/*
 * Readers that were closed, kept open with their statements for the next one: on PostgreSQL a new
 * connection is a new process that prepares everything anew.
 */
struct db_shelf *db_shelf_new(void);
void db_shelf_free(struct db_shelf *shelf); /* closes what lies there */
/* NULL when there is none that is well. */
struct db_conn *db_shelf_take(struct db_shelf *shelf);
/* false: full, the caller closes it */
bool db_shelf_keep(struct db_shelf *shelf, struct db_conn *conn);
/* Closes for good; db_conn_close keeps readers. */
void db_conn_free(struct db_conn *conn);

/* The cached statement of a query, not in use by a cursor. */
struct db_statement *db_statement_get(struct db_conn *conn, const struct db_query *query);
/* Asks the hook, if there is one. */
MUST_USE enum status db_ask_hook(struct ctx *ctx, const struct db_conn *conn, const char *name);
/* The failure of a unique key, in the one form that both engines can give. */
enum status db_fail_unique(struct ctx *ctx, struct str table, struct str constraint);
/* A failure with the engine's own words and the statement's name as notes for the log. */
enum status db_fail_note(struct ctx *ctx, enum status status, const char *key, const char *name,
                         const char *said);
