/*
 * PostgreSQL behind kit/db.h, by libpq. Statements are prepared on the server under a number.
 *
 * db_put queues in pipeline mode: the statement goes out, its answer is read at the next sync
 * together with that of the statement that needed one, so a command costs one round trip. After an
 * error the server skips the rest up to the sync; which is why an error found there stands for
 * everything queued.
 *
 * Numbers travel as text (any integer type takes them), text and bytes in binary form (no copy
 * for a terminator, no escapes).
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/num.h"
#include "kit/db_int.h"

/* At most this many answers wait unread, so that neither side blocks on a full socket. */
enum { PIPELINE_MAX = 400, NUMBER_ROOM = 24 };

static PGconn *pg_of(const struct db_conn *conn)
{
    return (PGconn *)conn->pg;
}

static void close_result(PGresult **result)
{
    PQclear(*result);
}

/* ---- failures ---- */

static const struct {
    const char *sqlstate; /* a prefix */
    enum status status;
    const char *key;
} endings[] = {
    {"P0001", ST_DENIED, "db.refused"},   /* RAISE in a trigger */
    {"40", ST_UNAVAILABLE, "db.busy"},    /* serialization failure, deadlock */
    {"55P03", ST_UNAVAILABLE, "db.busy"}, /* lock not available */
    {"57014", ST_UNAVAILABLE, "db.busy"}, /* cancelled, statement timeout */
    {"53100", ST_IO, "db.full"},          /* disk full */
    {"53", ST_UNAVAILABLE, "db.busy"},    /* other lack of resources */
    {"57P", ST_UNAVAILABLE, "db.gone"},   /* the server goes down or is not up yet */
    {"08", ST_UNAVAILABLE, "db.gone"},    /* connection */
    {"25006", ST_UNAVAILABLE, "db.gone"}, /* became a standby: look for the new primary */
    {"58", ST_IO, "db.io"},               /* the server's own disk */
    {"XX001", ST_BROKEN, "db.corrupt"},
    {"XX002", ST_BROKEN, "db.corrupt"},
};

static enum status fail_state(struct ctx *ctx, struct db_conn *conn, const PGresult *result,
                              const char *name)
{
    struct str state = str_of(PQresultErrorField(result, PG_DIAG_SQLSTATE));
    const char *said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (str_eq_c(state, "23505"))
        return db_fail_unique(ctx, str_of(PQresultErrorField(result, PG_DIAG_TABLE_NAME)),
                              str_of(PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME)));
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (!str_starts(state, str_of(endings[i].sqlstate)))
            continue;
        conn->gone |= strcmp(endings[i].key, "db.gone") == 0;
        return db_fail_note(ctx, endings[i].status, endings[i].key, name, said);
    }
    return db_fail_note(ctx, ST_INTERNAL, "db.failed", name, said);
}

/*
 * result may be null. Without a code it is not the server that speaks but libpq, which cannot go on:
 * a connection that was cut is not always marked as bad by then.
 */
static enum status fail_pg(struct ctx *ctx, struct db_conn *conn, const PGresult *result,
                           const char *name)
{
    if (PQstatus(pg_of(conn)) == CONNECTION_BAD ||
        PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL) {
        conn->gone = true;
        return db_fail_note(ctx, ST_UNAVAILABLE, "db.gone", name, PQerrorMessage(pg_of(conn)));
    }
    return fail_state(ctx, conn, result, name);
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* ---- connection ---- */

static void ignore_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

static enum status pg_connect(struct ctx *ctx, struct db_conn *conn)
{
    /* What stands before dbname is a default, which the URI may override. */
    const char *const keywords[] = {"connect_timeout",
                                    "target_session_attrs",
                                    "keepalives_idle",
                                    "application_name",
                                    "dbname",
                                    "client_encoding",
                                    NULL};
    const char *const values[] = {"10",   "read-write", "30", "lantian", conn->db->address,
                                  "UTF8", NULL};
    PGconn *pg = PQconnectdbParams(keywords, values, 1);
    must(pg != NULL);
    conn->pg = (struct pg_conn *)pg;
    conn->pg_epoch++;
    conn->pg_queued = 0;
    if (PQstatus(pg) != CONNECTION_OK)
        return db_fail_note(ctx, ST_UNAVAILABLE, "db.gone", "connect", PQerrorMessage(pg));
    PQsetNoticeProcessor(pg, ignore_notice, NULL);
    const char *setup = conn->mode == DB_READ ? "SET default_transaction_read_only = on"
                                              : "SET default_transaction_read_only = off";
    PGresult *result AUTO(close_result) = PQexec(pg, setup);
    return is_good(result) ? ST_OK : fail_pg(ctx, conn, result, "connect");
}

static void pg_disconnect(struct db_conn *conn)
{
    PQfinish(pg_of(conn));
    conn->pg = NULL;
}

/* A server that ends says so and closes; an idle connection hears nothing else. */
static bool pg_is_well(const struct db_conn *conn)
{
    const PGconn *pg = pg_of(conn);
    struct pollfd heard = {.fd = PQsocket(pg), .events = POLLIN};
    return PQstatus(pg) == CONNECTION_OK && poll(&heard, 1, 0) == 0;
}

static void pg_forget(struct db_conn *conn, struct db_statement *statement)
{
    if (statement->pg_epoch != conn->pg_epoch || conn->gone || conn->in_tx || conn->pg_queued > 0)
        return; /* it goes with the connection */
    char sql[64];
    (void)snprintf(sql, sizeof sql, "DEALLOCATE s%d", statement->pg_number);
    PQclear(PQexec(pg_of(conn), sql));
}

/* ---- parameters ---- */

struct parameters {
    const char *values[DB_ARG_MAX];
    int lengths[DB_ARG_MAX];
    int formats[DB_ARG_MAX];
    char numbers[DB_ARG_MAX][NUMBER_ROOM];
};

static void fill(struct parameters *p, struct db_args args)
{
    for (size_t i = 0; i < args.count; i++) {
        const struct db_value *value = &args.at[i];
        p->formats[i] = value->kind != DB_INT;
        p->lengths[i] = (int)value->bytes.len;
        p->values[i] = value->kind == DB_NULL ? NULL : value->bytes.at;
        if (value->kind == DB_INT) {
            (void)snprintf(p->numbers[i], NUMBER_ROOM, "%lld", (long long)value->number);
            p->values[i] = p->numbers[i];
        }
    }
}

/* ---- pipeline ---- */

/* Reads one answer up to its end; gives the first result, which is the only one there is. */
static PGresult *read_answer(struct db_conn *conn)
{
    PGresult *first = PQgetResult(pg_of(conn));
    if (first == NULL)
        return NULL;
    for (PGresult *rest; (rest = PQgetResult(pg_of(conn))) != NULL;)
        PQclear(rest);
    return first;
}

/*
 * Sends the sync and reads all answers. out_last, where given, gets the answer of the statement
 * queued last. The first error is the failure; the rest were skipped by the server.
 */
static enum status collect(struct ctx *ctx, struct db_conn *conn, PGresult **out_last)
{
    PGconn *pg = pg_of(conn);
    enum status status = ST_OK;
    int queued = conn->pg_queued;
    conn->pg_queued = 0;
    if (PQpipelineSync(pg) != 1)
        return fail_pg(ctx, conn, NULL, conn->pg_last);
    for (int i = 0; i < queued; i++) {
        PGresult *result = read_answer(conn);
        if (result == NULL || !is_good(result)) {
            if (status == ST_OK && PQresultStatus(result) != PGRES_PIPELINE_ABORTED)
                status = fail_pg(ctx, conn, result, conn->pg_last);
            if (conn->gone && PQstatus(pg) == CONNECTION_BAD) {
                PQclear(result);
                return status;
            }
        } else if (i == queued - 1 && out_last != NULL) {
            *out_last = result;
            continue;
        }
        PQclear(result);
    }
    PGresult *sync AUTO(close_result) = PQgetResult(pg);
    if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(pg) != 1) {
        if (status == ST_OK)
            status = fail_pg(ctx, conn, sync, conn->pg_last);
    }
    if (status != ST_OK && out_last != NULL) {
        PQclear(*out_last);
        *out_last = NULL;
    }
    return status;
}

static enum status pg_sync(struct ctx *ctx, struct db_conn *conn)
{
    return conn->pg_queued == 0 ? ST_OK : collect(ctx, conn, NULL);
}

static enum status prepare(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement)
{
    if (statement->pg_epoch == conn->pg_epoch)
        return ST_OK;
    TRY(pg_sync(ctx, conn)); /* once per connection: the answer must be known */
    char name[16];
    (void)snprintf(name, sizeof name, "s%d", statement->pg_number);
    PGresult *result AUTO(close_result) =
        PQprepare(pg_of(conn), name, statement->text, statement->parameters, NULL);
    if (!is_good(result))
        return fail_pg(ctx, conn, result, statement->name);
    statement->pg_epoch = conn->pg_epoch;
    return ST_OK;
}

static enum status queue(struct ctx *ctx, struct db_conn *conn,
                         const struct db_statement *statement, struct db_args args)
{
    char name[16];
    struct parameters p;
    (void)snprintf(name, sizeof name, "s%d", statement->pg_number);
    fill(&p, args);
    if (conn->pg_queued == 0 && PQenterPipelineMode(pg_of(conn)) != 1)
        return fail_pg(ctx, conn, NULL, statement->name);
    conn->pg_last = statement->name;
    if (PQsendQueryPrepared(pg_of(conn), name, (int)args.count, p.values, p.lengths, p.formats,
                            0) != 1)
        return fail_pg(ctx, conn, NULL, statement->name);
    conn->pg_queued++;
    return ST_OK;
}

/* ---- statements ---- */

static enum status execute(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                           struct db_args args, PGresult **out)
{
    TRY(prepare(ctx, conn, statement));
    if (conn->pg_queued > 0) {
        TRY(queue(ctx, conn, statement, args));
        return collect(ctx, conn, out);
    }
    char name[16];
    struct parameters p;
    (void)snprintf(name, sizeof name, "s%d", statement->pg_number);
    fill(&p, args);
    PGresult *result =
        PQexecPrepared(pg_of(conn), name, (int)args.count, p.values, p.lengths, p.formats, 0);
    if (!is_good(result)) {
        enum status status = fail_pg(ctx, conn, result, statement->name);
        PQclear(result);
        return status;
    }
    *out = result;
    return ST_OK;
}

static enum status pg_run(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                          struct db_args args, int64_t *out_changes)
{
    PGresult *result AUTO(close_result) = NULL;
    TRY(execute(ctx, conn, statement, args, &result));
    struct str count = str_of(PQcmdTuples(result));
    if (!num_parse_i64(count, 0, INT64_MAX, out_changes))
        *out_changes = 0;
    return ST_OK;
}

static enum status pg_put(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                          struct db_args args)
{
    TRY(prepare(ctx, conn, statement));
    TRY(queue(ctx, conn, statement, args));
    return conn->pg_queued < PIPELINE_MAX ? ST_OK : pg_sync(ctx, conn);
}

static enum status pg_script(struct ctx *ctx, struct db_conn *conn, const char *sql)
{
    PGresult *result AUTO(close_result) = PQexec(pg_of(conn), sql);
    return is_good(result) ? ST_OK : fail_pg(ctx, conn, result, "script");
}

/* COMMIT goes down the pipeline like the rest: a group of writes costs one round trip. */
static enum status pg_commit(struct ctx *ctx, struct db_conn *conn)
{
    static const struct db_query commit = {"COMMIT", "COMMIT", "COMMIT", 0};
    PGresult *result AUTO(close_result) = NULL;
    TRY(execute(ctx, conn, db_statement_get(conn, &commit), DB_NO_ARGS, &result));
    /* COMMIT of a failed transaction answers ROLLBACK, without an error. */
    if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
        return db_fail_note(ctx, ST_INTERNAL, "db.failed", commit.name, PQcmdStatus(result));
    return ST_OK;
}

/* Reads what is queued and forgets how it ended. */
static void pg_drain(struct db_conn *conn)
{
    if (conn->pg_queued == 0 || conn->gone)
        return;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ignored = {.arena = arena};
    (void)collect(&ignored, conn, NULL);
}

static void pg_rollback(struct db_conn *conn)
{
    pg_drain(conn);
    if (!conn->gone)
        PQclear(PQexec(pg_of(conn), "ROLLBACK"));
    conn->gone |= PQstatus(pg_of(conn)) == CONNECTION_BAD;
}

/* ---- rows ---- */

static enum status pg_open(struct ctx *ctx, struct db_conn *conn, struct db_statement *statement,
                           struct db_args args, struct db_rows *out)
{
    PGresult *result = NULL;
    TRY(execute(ctx, conn, statement, args, &result));
    out->result = result;
    out->row = -1;
    out->row_count = PQntuples(result);
    return ST_OK;
}

static bool pg_next(struct ctx *ctx, struct db_rows *rows)
{
    (void)ctx;
    return ++rows->row < rows->row_count;
}

static void pg_close(struct db_rows *rows)
{
    PQclear(rows->result);
}

static int pg_columns(const struct db_rows *rows)
{
    return PQnfields(rows->result);
}

static bool pg_is_null(const struct db_rows *rows, int column)
{
    return PQgetisnull(rows->result, rows->row, column) == 1;
}

static struct str pg_text(const struct db_rows *rows, int column)
{
    return (struct str){PQgetvalue(rows->result, rows->row, column),
                        (size_t)PQgetlength(rows->result, rows->row, column)};
}

static int64_t pg_i64(const struct db_rows *rows, int column)
{
    int64_t number = 0;
    must(num_parse_i64(pg_text(rows, column), INT64_MIN, INT64_MAX, &number));
    return number;
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* bytea comes as \x and lower-case hex digits. */
static struct str pg_blob(struct arena *arena, const struct db_rows *rows, int column)
{
    struct str hex = str_from(pg_text(rows, column), 2);
    size_t len = hex.len / 2;
    char *bytes = arena_alloc(arena, len);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(hex_digit(hex.at[2 * i]) << 4 | hex_digit(hex.at[2 * i + 1]));
    return (struct str){bytes, len};
}

const struct db_driver db_pg_driver = {
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .is_well = pg_is_well,
    .forget = pg_forget,
    .run = pg_run,
    .put = pg_put,
    .sync = pg_sync,
    .script = pg_script,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .drain = pg_drain,
    .open = pg_open,
    .next = pg_next,
    .close = pg_close,
    .columns = pg_columns,
    .is_null = pg_is_null,
    .i64 = pg_i64,
    .text = pg_text,
    .blob = pg_blob,
};
