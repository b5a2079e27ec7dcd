/*
 * The limit: rows that were committed through our code, written once more into an empty database of
 * the same tables through bare prepared statements, in the same commits, as durable. What the
 * engine itself needs for them, and nothing else, is in the time.
 *
 *   bench_replay FROM TO     database addresses; TO holds the tables and no case.
 *                            prints {"seconds","commits","rows"}
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/vec.h"
#include "store/search_tokens.h"
#include "store/store.h"

enum { COLUMNS_MAX = 32, WRITERS_MAX = 16, DRAIN_EVERY = 256 };

/* ---- tables ---- */

struct table {
    const char *name;
    const char *kinds; /* a letter a column: t text, i integer */
    const char *from;  /* what follows SELECT writer, commit, … */
    const char *insert_lite;
    const char *insert_pg;
};

#define OF_CASE(table, id)                                                                         \
    " FROM " table " x JOIN event e ON e.prefecture = x.prefecture AND e.casefile = x." id         \
    " AND e.sequence = 1 WHERE x.prefecture <> '000000' ORDER BY e.writer, e.commit_number"

static const struct table tables[] = {
    {"event", "tiiiitttttttiii",
     "x.writer, x.commit_number, x.prefecture, x.casefile, x.sequence, x.recorded_at, x.happened_at,"
     " x.actor, x.command, x.type, x.clause, x.pack, x.payload, x.hash, x.writer, x.commit_number,"
     " x.position FROM event x WHERE x.prefecture <> '000000' ORDER BY x.writer, x.commit_number",
     "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
     "INSERT INTO event VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)"},
    {"commit_link", "iiiiit",
     "x.writer, x.number, x.writer, x.number, x.recorded_at, x.event_count, x.last_id, x.hash"
     " FROM commit_link x ORDER BY x.writer, x.number",
     "INSERT INTO commit_link VALUES (?,?,?,?,?,?)",
     "INSERT INTO commit_link VALUES ($1,$2,$3,$4,$5,$6)"},
    {"casefile", "titttttttt" "itttttttttt" "iiiiiit",
     "e.writer, e.commit_number, x.prefecture, x.id, x.number, x.received_number, x.campaign,"
     " x.batch, x.procedure, x.pack, x.state, x.like_state, x.version, x.last_hash, x.region,"
     " x.source, x.types, x.title, x.roles, x.waits, x.pressing, x.flags, x.axes, x.created_at,"
     " x.recorded_at, x.updated_at, x.next_due, x.ended, x.withdrawn, x.unique_key" OF_CASE("casefile", "id"),
     "INSERT INTO casefile VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
     "INSERT INTO casefile VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,"
     "$19,$20,$21,$22,$23,$24,$25,$26,$27,$28)"},
    {"casefile_axis", "ttiit",
     "e.writer, e.commit_number, x.axis, x.value, x.created_at, x.id, x.prefecture"
     OF_CASE("casefile_axis", "id"),
     "INSERT INTO casefile_axis VALUES (?,?,?,?,?)",
     "INSERT INTO casefile_axis VALUES ($1,$2,$3,$4,$5)"},
    {"casefile_text", "titt",
     "e.writer, e.commit_number, x.prefecture, x.id, x.campaign, x.search_text"
     OF_CASE("casefile_text", "id"),
     "INSERT INTO casefile_text (prefecture, id, campaign, search_text) VALUES (?,?,?,?)",
     "INSERT INTO casefile_text (prefecture, id, campaign, search_text) VALUES ($1,$2,$3,$4)"},
    {"casefile_search", "tit",
     "e.writer, e.commit_number, x.prefecture, x.id, x.search_text" OF_CASE("casefile_text", "id"),
     "INSERT INTO casefile_search (rowid, tokens) VALUES (?2, ?3)",
     "INSERT INTO casefile_search VALUES ($1,$2,CAST(CAST($3 AS TEXT) AS TSVECTOR))"},
    {"deadline", "tiittiiiiii",
     "e.writer, e.commit_number, x.prefecture, x.casefile, x.started_seq, x.name, x.campaign,"
     " x.started_at, x.due_at, x.end_at, x.lapsed, x.stopped_at, x.provisional"
     OF_CASE("deadline", "casefile"),
     "INSERT INTO deadline VALUES (?,?,?,?,?,?,?,?,?,?,?)",
     "INSERT INTO deadline VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)"},
};
enum { SEARCH_TABLE = 5 };

struct value_of {
    const char *text; /* null: NULL */
    int64_t number;
};

struct row {
    int table;
    struct value_of values[COLUMNS_MAX];
};

struct group {
    int64_t writer, number;
    VEC(struct row) rows;
};

struct groups {
    struct group *at;
    size_t len, cap;
    int64_t rows;
};

static double seconds(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- taking the rows out ---- */

static struct group *find_group(struct arena *arena, struct groups *groups, int64_t writer,
                                int64_t number)
{
    size_t low = 0, high = groups->len;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct group *at = &groups->at[middle];
        if (at->writer < writer || (at->writer == writer && at->number < number))
            low = middle + 1;
        else
            high = middle;
    }
    if (low < groups->len && groups->at[low].writer == writer && groups->at[low].number == number)
        return &groups->at[low];
    must(low == groups->len); /* the first table brings them in order */
    struct group *group = vec_push(arena, groups);
    group->writer = writer;
    group->number = number;
    return group;
}

static bool has_group(const struct groups *groups, int64_t writer, int64_t number)
{
    for (size_t i = groups->len; i-- > 0;)
        if (groups->at[i].writer == writer && groups->at[i].number == number)
            return true;
    return false;
}

static const char *tokens_of(struct arena *arena, enum db_engine engine, struct str text)
{
    return str_c(arena, engine == DB_SQLITE ? search_format_fts5(arena, text)
                                            : search_format_tsvector(arena, text));
}

static void take_row(struct arena *arena, struct groups *groups, int table, enum db_engine engine,
                     const struct db_rows *rows)
{
    int64_t writer = db_col_i64(rows, 0), number = db_col_i64(rows, 1);
    if (table > 0 && !has_group(groups, writer, number))
        return; /* a commit of the scene */
    struct group *group = find_group(arena, groups, writer, number);
    struct row *row = vec_push(arena, &group->rows);
    row->table = table;
    for (int i = 0; tables[table].kinds[i] != '\0'; i++) {
        if (db_col_is_null(rows, i + 2))
            continue;
        row->values[i].text = str_c(arena, db_col_text_copy(arena, rows, i + 2));
        if (tables[table].kinds[i] == 'i')
            row->values[i].number = db_col_i64(rows, i + 2);
    }
    if (table == SEARCH_TABLE)
        row->values[2].text = tokens_of(arena, engine, str_of(row->values[2].text));
    groups->rows++;
}

static enum status take_table(struct ctx *ctx, struct db_conn *conn, int table,
                              struct groups *groups)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct str sql = str_printf(ctx->arena, "SELECT %s", tables[table].from);
    TRY(db_rows_open_text(ctx, conn, sql, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows))
        take_row(ctx->arena, groups, table, db_conn_engine(conn), &rows);
    return db_rows_status(&rows);
}

static enum status take_all(struct ctx *ctx, const struct db *db, struct groups *groups)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    TRY(db_conn_open(ctx, db, DB_READ, &conn));
    for (int i = 0; i < (int)COUNT_OF(tables); i++)
        TRY(take_table(ctx, conn, i, groups));
    return ST_OK;
}

/* ---- SQLite ---- */

static void lite_row(sqlite3_stmt *statement, const struct row *row)
{
    const char *kinds = tables[row->table].kinds;
    for (int i = 0; kinds[i] != '\0'; i++) {
        const struct value_of *value = &row->values[i];
        if (row->table == SEARCH_TABLE && i == 0)
            continue; /* the statement has no place for it */
        int got = value->text == NULL ? sqlite3_bind_null(statement, i + 1)
                  : kinds[i] == 'i'   ? sqlite3_bind_int64(statement, i + 1, value->number)
                                      : sqlite3_bind_text(statement, i + 1, value->text, -1,
                                                          SQLITE_STATIC);
        must(got == SQLITE_OK);
    }
    must(sqlite3_step(statement) == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK);
}

static double replay_lite(const struct groups *groups, const char *path)
{
    sqlite3 *lite;
    sqlite3_stmt *statements[COUNT_OF(tables)];
    must(sqlite3_open_v2(path, &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
         SQLITE_OK);
    must(sqlite3_exec(lite, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL, NULL,
                      NULL) == SQLITE_OK);
    must(sqlite3_exec(lite, "DROP TRIGGER commit_link_no_delete; DELETE FROM commit_link;", NULL,
                      NULL, NULL) == SQLITE_OK);
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        must(sqlite3_prepare_v2(lite, tables[i].insert_lite, -1, &statements[i], NULL) ==
             SQLITE_OK);
    double begin = seconds();
    for (size_t i = 0; i < groups->len; i++) {
        must(sqlite3_exec(lite, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
        for (size_t j = 0; j < groups->at[i].rows.len; j++)
            lite_row(statements[groups->at[i].rows.at[j].table], &groups->at[i].rows.at[j]);
        must(sqlite3_exec(lite, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
    }
    double took = seconds() - begin;
    for (size_t i = 0; i < COUNT_OF(tables); i++)
        sqlite3_finalize(statements[i]);
    sqlite3_close(lite);
    return took;
}

/* ---- PostgreSQL: a connection for each writer that there was ---- */

struct pg_run {
    pthread_t thread;
    const struct groups *groups;
    int64_t writer;
    PGconn *pg;
};

static void drain(PGconn *pg, int expected)
{
    for (int i = 0; i < expected; i++) {
        PGresult *result = PQgetResult(pg);
        ExecStatusType told = PQresultStatus(result);
        if (told != PGRES_COMMAND_OK && told != PGRES_PIPELINE_SYNC)
            fprintf(stderr, "bench_replay: %s\n", PQerrorMessage(pg));
        must(told == PGRES_COMMAND_OK || told == PGRES_PIPELINE_SYNC);
        PQclear(result);
        if (told == PGRES_COMMAND_OK)
            must(PQgetResult(pg) == NULL);
    }
}

static void pg_row(PGconn *pg, const struct row *row)
{
    const char *kinds = tables[row->table].kinds;
    const char *values[COLUMNS_MAX];
    int count = 0;
    for (; kinds[count] != '\0'; count++)
        values[count] = row->values[count].text;
    must(PQsendQueryPrepared(pg, tables[row->table].name, count, values, NULL, NULL, 0) == 1);
}

static void pg_group(PGconn *pg, const struct group *group)
{
    int waiting = 1;
    must(PQsendQueryParams(pg, "BEGIN", 0, NULL, NULL, NULL, NULL, 0) == 1);
    for (size_t i = 0; i < group->rows.len; i++) {
        pg_row(pg, &group->rows.at[i]);
        if (++waiting == DRAIN_EVERY) { /* neither side may wait for the other's full buffer */
            must(PQsendFlushRequest(pg) == 1);
            drain(pg, waiting);
            waiting = 0;
        }
    }
    must(PQsendQueryParams(pg, "COMMIT", 0, NULL, NULL, NULL, NULL, 0) == 1);
    must(PQpipelineSync(pg) == 1);
    drain(pg, waiting + 2);
}

static void *pg_writer(void *arg)
{
    const struct pg_run *run = arg;
    for (size_t i = 0; i < run->groups->len; i++)
        if (run->groups->at[i].writer == run->writer)
            pg_group(run->pg, &run->groups->at[i]);
    return NULL;
}

static PGconn *pg_open(const char *uri)
{
    PGconn *pg = PQconnectdb(uri);
    must(PQstatus(pg) == CONNECTION_OK);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        PGresult *result = PQprepare(pg, tables[i].name, tables[i].insert_pg, 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fprintf(stderr, "bench_replay: %s\n", PQerrorMessage(pg));
        must(PQresultStatus(result) == PGRES_COMMAND_OK);
        PQclear(result);
    }
    return pg;
}

static double replay_pg(const struct groups *groups, const char *uri)
{
    struct pg_run runs[WRITERS_MAX] = {0};
    int count = 0;
    for (size_t i = 0; i < groups->len; i++)
        if (count == 0 || runs[count - 1].writer != groups->at[i].writer) {
            must(count < WRITERS_MAX);
            runs[count++] = (struct pg_run){
                .groups = groups, .writer = groups->at[i].writer, .pg = pg_open(uri)};
        }
    PQclear(PQexec(runs[0].pg, "ALTER TABLE commit_link DISABLE TRIGGER ALL"));
    PQclear(PQexec(runs[0].pg, "DELETE FROM commit_link"));
    for (int i = 0; i < count; i++)
        must(PQenterPipelineMode(runs[i].pg) == 1);
    double begin = seconds();
    for (int i = 0; i < count; i++)
        must(pthread_create(&runs[i].thread, NULL, pg_writer, &runs[i]) == 0);
    for (int i = 0; i < count; i++)
        must(pthread_join(runs[i].thread, NULL) == 0);
    double took = seconds() - begin;
    for (int i = 0; i < count; i++)
        PQfinish(runs[i].pg);
    return took;
}

int main(int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct db *from AUTO(db_cleanup) = NULL;
    struct groups groups = {0};
    if (argc != 3)
        return 2;
    enum status status = db_open(&ctx, str_of(argv[1]), &from);
    if (status == ST_OK)
        status = take_all(&ctx, from, &groups);
    if (status != ST_OK) {
        fprintf(stderr, "bench_replay: %s\n", ctx.failure.reason.key);
        return status_exit(status);
    }
    double took = strncmp(argv[2], "sqlite:", 7) == 0 ? replay_lite(&groups, argv[2] + 7)
                                                      : replay_pg(&groups, argv[2]);
    printf("{\"seconds\":%.3f,\"commits\":%zu,\"rows\":%lld}\n", took, groups.len,
           (long long)groups.rows);
    return 0;
}
