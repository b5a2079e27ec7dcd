/*
 * The database seam: each fact holds on SQLite and on PostgreSQL.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/testdb.h"

#define SAME(text) text, text
static const struct db_query INSERT = {
    "insert", SAME("INSERT INTO thing (id, name, bytes) VALUES ($1, $2, $3)"), 3};
static const struct db_query INSERT_BACKWARDS = {
    "insert_backwards", SAME("INSERT INTO thing (name, id) VALUES ($2, $1)"), 2};
static const struct db_query RENAME = {"rename", SAME("UPDATE thing SET name = $1 WHERE id > $2"),
                                       2};
static const struct db_query LIST = {"list", SAME("SELECT id, name, bytes FROM thing ORDER BY id"),
                                     0};
static const struct db_query FIND = {"find", SAME("SELECT name FROM thing WHERE id = $1"), 1};
static const struct db_query COUNT = {"count", SAME("SELECT count(*) FROM thing"), 0};
static const struct db_query NAMES = {
    "names", SAME("SELECT string_agg(name, '+') FROM thing WHERE id <= $1"), 1};
static const struct db_query DELETE_LOG = {"delete_log", SAME("DELETE FROM log"), 0};

struct world {
    struct ctx ctx;
    struct testdb *testdb;
    struct db *db;
    struct db_conn *conn;
};

static const char *const schema =
    "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes %s);"
    "CREATE TABLE log (line TEXT); INSERT INTO log VALUES ('x');%s";
static const char *const lite_trigger =
    "CREATE TRIGGER log_keep BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'append only'); END";
static const char *const pg_trigger =
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION 'append only'; END$$;"
    "CREATE TRIGGER log_keep BEFORE DELETE ON log FOR EACH ROW EXECUTE FUNCTION refuse()";

static int set_up(void **state, enum db_engine engine)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    *state = w;
    w->testdb = testdb_new(engine);
    if (w->testdb == NULL)
        return 0;
    bool lite = engine == DB_SQLITE;
    struct str sql =
        str_printf(arena, schema, lite ? "BLOB" : "BYTEA", lite ? lite_trigger : pg_trigger);
    return db_open(&w->ctx, testdb_uri(w->testdb), &w->db) != ST_OK ||
           db_conn_open(&w->ctx, w->db, DB_WRITE, &w->conn) != ST_OK ||
           db_script(&w->ctx, w->conn, sql.at) != ST_OK;
}

SET_UP_ON_BOTH

static int tear_down(void **state)
{
    struct world *w = *state;
    db_conn_close(w->conn);
    db_close(w->db);
    testdb_free(w->testdb);
    arena_free(w->ctx.arena);
    return 0;
}

static struct world *world(void **state)
{
    struct world *w = *state;
    if (w->testdb == NULL)
        skip();
    return w;
}

static int64_t count(struct world *w)
{
    int64_t n = -1;
    assert_int_equal(db_get_i64(&w->ctx, w->conn, &COUNT, DB_NO_ARGS, &n), ST_OK);
    return n;
}

static enum status insert(struct world *w, int64_t id, struct str name)
{
    return db_run(&w->ctx, w->conn, &INSERT, DB_ARGS(db_i64(id), db_text(name), db_null()), NULL);
}

static enum status put(struct world *w, int64_t id, struct str name)
{
    return db_put(&w->ctx, w->conn, &INSERT, DB_ARGS(db_i64(id), db_text(name), db_null()));
}

static void values_come_back_as_they_were_bound(void **state)
{
    struct world *w = world(state);
    assert_int_equal(
        db_run(&w->ctx, w->conn, &INSERT,
               DB_ARGS(db_i64(INT64_MIN), db_text(S("黑臭水体")), db_blob("\0\1\xff", 3)), NULL),
        ST_OK);
    assert_int_equal(insert(w, 7, S("")), ST_OK);
    struct db_rows rows AUTO(db_rows_close) = {0};
    assert_int_equal(db_rows_open(&w->ctx, w->conn, &LIST, DB_NO_ARGS, &rows), ST_OK);
    assert_true(db_rows_next(&w->ctx, &rows));
    assert_int_equal(db_col_i64(&rows, 0), INT64_MIN);
    assert_true(str_eq_c(db_col_text(&rows, 1), "黑臭水体"));
    struct str bytes = db_col_blob(w->ctx.arena, &rows, 2);
    assert_int_equal(bytes.len, 3);
    assert_memory_equal(bytes.at, "\0\1\xff", 3);
    assert_true(db_rows_next(&w->ctx, &rows));
    assert_false(db_col_is_null(&rows, 1));
    assert_int_equal(db_col_text(&rows, 1).len, 0);
    assert_true(db_col_is_null(&rows, 2));
    assert_null(db_col_text(&rows, 2).at);
    assert_false(db_rows_next(&w->ctx, &rows));
    assert_false(db_rows_next(&w->ctx, &rows));
    assert_int_equal(db_rows_status(&rows), ST_OK);
}

static void parameters_are_bound_by_name_not_by_place(void **state)
{
    struct world *w = world(state);
    assert_int_equal(
        db_run(&w->ctx, w->conn, &INSERT_BACKWARDS, DB_ARGS(db_i64(5), db_text(S("five"))), NULL),
        ST_OK);
    struct db_rows rows AUTO(db_rows_close) = {0};
    assert_int_equal(db_find_one(&w->ctx, w->conn, &FIND, DB_ARGS(db_i64(5)), &rows), ST_OK);
    assert_true(str_eq_c(db_col_text(&rows, 0), "five"));
}

static void changes_are_counted(void **state)
{
    struct world *w = world(state);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(insert(w, i, str_printf(w->ctx.arena, "n%d", i)), ST_OK);
    int64_t changes = -1;
    assert_int_equal(
        db_run(&w->ctx, w->conn, &RENAME, DB_ARGS(db_text(S("x")), db_i64(2)), &changes), ST_OK);
    assert_int_equal(changes, 1);
}

static void missing_row_is_not_found_and_no_failure(void **state)
{
    struct world *w = world(state);
    struct db_rows rows AUTO(db_rows_close) = {0};
    assert_int_equal(db_find_one(&w->ctx, w->conn, &FIND, DB_ARGS(db_i64(5)), &rows), ST_NOT_FOUND);
    assert_int_equal(w->ctx.failure.status, ST_OK);
}

static void unique_key_is_a_conflict_that_names_its_table(void **state)
{
    struct world *w = world(state);
    assert_int_equal(insert(w, 1, S("a")), ST_OK);
    assert_int_equal(insert(w, 2, S("a")), ST_CONFLICT);
    assert_true(db_failed_unique(&w->ctx, "thing"));
    assert_false(db_failed_unique(&w->ctx, "log"));
    fail_clear(&w->ctx);
    assert_int_equal(insert(w, 3, S("b")), ST_OK);
}

static void trigger_that_refuses_is_denied(void **state)
{
    struct world *w = world(state);
    assert_int_equal(db_run(&w->ctx, w->conn, &DELETE_LOG, DB_NO_ARGS, NULL), ST_DENIED);
    assert_string_equal(w->ctx.failure.reason.key, "db.refused");
}

static void two_cursors_stand_on_one_query(void **state)
{
    struct world *w = world(state);
    assert_int_equal(insert(w, 1, S("a")), ST_OK);
    assert_int_equal(insert(w, 2, S("b")), ST_OK);
    struct db_rows outer AUTO(db_rows_close) = {0};
    assert_int_equal(db_rows_open(&w->ctx, w->conn, &LIST, DB_NO_ARGS, &outer), ST_OK);
    int pairs = 0;
    while (db_rows_next(&w->ctx, &outer)) {
        struct db_rows inner AUTO(db_rows_close) = {0};
        assert_int_equal(db_rows_open(&w->ctx, w->conn, &LIST, DB_NO_ARGS, &inner), ST_OK);
        while (db_rows_next(&w->ctx, &inner))
            pairs++;
    }
    assert_int_equal(pairs, 4);
}

static void generated_texts_come_and_go(void **state)
{
    struct world *w = world(state);
    assert_int_equal(insert(w, 1, S("a")), ST_OK);
    for (int i = 0; i < 1000; i++) {
        struct str sql = str_printf(
            w->ctx.arena, "SELECT CAST($1 AS BIGINT) + %d FROM thing WHERE id = $2", i % 300);
        struct db_rows rows AUTO(db_rows_close) = {0};
        assert_int_equal(
            db_rows_open_text(&w->ctx, w->conn, sql, DB_ARGS(db_i64(5), db_i64(1)), &rows), ST_OK);
        assert_true(db_rows_next(&w->ctx, &rows));
        assert_int_equal(db_col_i64(&rows, 0), 5 + i % 300);
    }
}

static void string_agg_joins_texts(void **state)
{
    struct world *w = world(state);
    assert_int_equal(insert(w, 1, S("甲")), ST_OK);
    struct db_rows none AUTO(db_rows_close) = {0};
    assert_int_equal(db_find_one(&w->ctx, w->conn, &NAMES, DB_ARGS(db_i64(0)), &none), ST_OK);
    assert_true(db_col_is_null(&none, 0));
    assert_int_equal(insert(w, 2, S("")), ST_OK);
    struct db_rows rows AUTO(db_rows_close) = {0};
    assert_int_equal(db_find_one(&w->ctx, w->conn, &NAMES, DB_ARGS(db_i64(2)), &rows), ST_OK);
    assert_int_equal(db_col_text(&rows, 0).len, 4);
}

static void uncommitted_transaction_leaves_nothing(void **state)
{
    struct world *w = world(state);
    {
        struct tx tx AUTO(tx_end) = {0};
        assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
        assert_int_equal(put(w, 1, S("a")), ST_OK);
    }
    assert_int_equal(count(w), 0);
}

static void committed_transaction_is_seen_by_others(void **state)
{
    struct world *w = world(state);
    struct db_conn *other AUTO(db_conn_cleanup) = NULL;
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &other), ST_OK);
    struct tx tx AUTO(tx_end) = {0};
    int64_t seen;
    assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
    assert_int_equal(put(w, 1, S("a")), ST_OK);
    assert_int_equal(count(w), 1);
    assert_int_equal(db_get_i64(&w->ctx, other, &COUNT, DB_NO_ARGS, &seen), ST_OK);
    assert_int_equal(seen, 0);
    assert_int_equal(tx_commit(&w->ctx, &tx), ST_OK);
    assert_int_equal(db_get_i64(&w->ctx, other, &COUNT, DB_NO_ARGS, &seen), ST_OK);
    assert_int_equal(seen, 1);
}

static void reading_connection_cannot_write(void **state)
{
    struct world *w = world(state);
    struct db_conn *reader AUTO(db_conn_cleanup) = NULL;
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &reader), ST_OK);
    assert_int_not_equal(db_run(&w->ctx, reader, &DELETE_LOG, DB_NO_ARGS, NULL), ST_OK);
}

static void savepoint_undoes_only_its_own_writes(void **state)
{
    struct world *w = world(state);
    struct tx tx AUTO(tx_end) = {0};
    assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
    assert_int_equal(tx_savepoint(&w->ctx, &tx), ST_OK);
    assert_int_equal(put(w, 1, S("a")), ST_OK);
    assert_int_equal(tx_release(&w->ctx, &tx), ST_OK);
    assert_int_equal(tx_savepoint(&w->ctx, &tx), ST_OK);
    assert_int_equal(put(w, 2, S("b")), ST_OK);
    assert_int_equal(tx_rollback_to(&w->ctx, &tx), ST_OK);
    assert_int_equal(tx_commit(&w->ctx, &tx), ST_OK);
    assert_int_equal(count(w), 1);
}

static void failed_statement_is_undone_by_its_savepoint(void **state)
{
    struct world *w = world(state);
    struct tx tx AUTO(tx_end) = {0};
    assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
    assert_int_equal(put(w, 1, S("a")), ST_OK);
    assert_int_equal(tx_savepoint(&w->ctx, &tx), ST_OK);
    assert_int_equal(insert(w, 2, S("a")), ST_CONFLICT);
    fail_clear(&w->ctx);
    assert_int_equal(tx_rollback_to(&w->ctx, &tx), ST_OK);
    assert_int_equal(put(w, 3, S("c")), ST_OK);
    assert_int_equal(tx_commit(&w->ctx, &tx), ST_OK);
    assert_int_equal(count(w), 2);
}

static void failed_put_keeps_the_transaction_from_committing(void **state)
{
    struct world *w = world(state);
    {
        struct tx tx AUTO(tx_end) = {0};
        assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
        assert_int_equal(put(w, 1, S("a")), ST_OK);
        enum status status = put(w, 2, S("a"));
        if (status == ST_OK)
            status = put(w, 3, S("c"));
        if (status == ST_OK)
            status = tx_commit(&w->ctx, &tx);
        assert_int_equal(status, ST_CONFLICT);
        assert_true(db_failed_unique(&w->ctx, "thing"));
    }
    fail_clear(&w->ctx);
    assert_int_equal(count(w), 0);
}

static void long_pipeline_does_not_block(void **state)
{
    struct world *w = world(state);
    struct tx tx AUTO(tx_end) = {0};
    assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(put(w, i, str_printf(w->ctx.arena, "name %d of many", i)), ST_OK);
    assert_int_equal(tx_commit(&w->ctx, &tx), ST_OK);
    assert_int_equal(count(w), 3000);
}

static void read_transaction_sees_one_moment(void **state)
{
    struct world *w = world(state);
    struct db_conn *reader AUTO(db_conn_cleanup) = NULL;
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &reader), ST_OK);
    struct tx tx AUTO(tx_end) = {0};
    int64_t seen;
    assert_int_equal(tx_begin_read(&w->ctx, reader, &tx), ST_OK);
    assert_int_equal(db_get_i64(&w->ctx, reader, &COUNT, DB_NO_ARGS, &seen), ST_OK);
    assert_int_equal(insert(w, 1, S("a")), ST_OK);
    assert_int_equal(db_get_i64(&w->ctx, reader, &COUNT, DB_NO_ARGS, &seen), ST_OK);
    assert_int_equal(seen, 0);
}

static enum status refuse_commit(struct ctx *ctx, void *arg, const char *name)
{
    (void)arg;
    return strcmp(name, "COMMIT") == 0 ? fail(ctx, ST_IO, "db.full", NO_ARGS) : ST_OK;
}

static void refused_commit_leaves_nothing_and_the_connection_usable(void **state)
{
    struct world *w = world(state);
    db_set_hook(w->db, refuse_commit, NULL);
    {
        struct tx tx AUTO(tx_end) = {0};
        assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
        assert_int_equal(put(w, 1, S("a")), ST_OK);
        assert_int_equal(tx_commit(&w->ctx, &tx), ST_IO);
    }
    db_set_hook(w->db, NULL, NULL);
    fail_clear(&w->ctx);
    assert_int_equal(count(w), 0);
}

static void lost_connection_is_opened_again(void **state)
{
    struct world *w = world(state);
    static const struct db_query KILL = {
        "kill",
        SAME("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
             " WHERE pid <> pg_backend_pid() AND datname = current_database()"),
        0};
    struct db_conn *other AUTO(db_conn_cleanup) = NULL;
    int64_t n;
    assert_int_equal(insert(w, 1, S("a")), ST_OK);
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_WRITE, &other), ST_OK);
    {
        struct tx tx AUTO(tx_end) = {0};
        assert_int_equal(tx_begin(&w->ctx, w->conn, &tx), ST_OK);
        assert_int_equal(put(w, 2, S("b")), ST_OK);
        assert_int_equal(db_get_i64(&w->ctx, other, &KILL, DB_NO_ARGS, &n), ST_OK);
        assert_int_equal(tx_commit(&w->ctx, &tx), ST_UNAVAILABLE);
        assert_string_equal(w->ctx.failure.reason.key, "db.gone");
    }
    fail_clear(&w->ctx);
    assert_int_equal(count(w), 1);
    assert_int_equal(insert(w, 3, S("c")), ST_OK);
}

static void closed_reader_is_the_next_one(void **state)
{
    struct world *w = world(state);
    struct db_conn *reader, *second AUTO(db_conn_cleanup) = NULL, *third AUTO(db_conn_cleanup) = NULL;
    int64_t n;
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &reader), ST_OK);
    assert_int_equal(db_get_i64(&w->ctx, reader, &COUNT, DB_NO_ARGS, &n), ST_OK);
    db_conn_close(reader);
    assert_int_equal(insert(w, 1, S("a")), ST_OK);
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &second), ST_OK);
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &third), ST_OK);
    assert_ptr_equal(second, reader);
    assert_ptr_not_equal(third, reader);
    assert_int_equal(db_get_i64(&w->ctx, second, &COUNT, DB_NO_ARGS, &n), ST_OK);
    assert_int_equal(n, 1);
}

static void reader_that_reads_is_not_kept(void **state)
{
    struct world *w = world(state);
    struct db_conn *reader, *next AUTO(db_conn_cleanup) = NULL;
    struct tx tx;
    int64_t n;
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &reader), ST_OK);
    assert_int_equal(tx_begin_read(&w->ctx, reader, &tx), ST_OK);
    assert_int_equal(db_get_i64(&w->ctx, reader, &COUNT, DB_NO_ARGS, &n), ST_OK);
    db_conn_close(reader);
    assert_int_equal(insert(w, 1, S("a")), ST_OK);
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &next), ST_OK);
    assert_int_equal(db_get_i64(&w->ctx, next, &COUNT, DB_NO_ARGS, &n), ST_OK);
    assert_int_equal(n, 1);
}

static void reader_whose_server_left_is_not_used_again(void **state)
{
    struct world *w = world(state);
    static const struct db_query KILL = {
        "kill",
        SAME("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
             " WHERE pid <> pg_backend_pid() AND datname = current_database()"),
        0};
    struct db_conn *reader, *next AUTO(db_conn_cleanup) = NULL;
    int64_t n;
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &reader), ST_OK);
    db_conn_close(reader);
    assert_int_equal(db_get_i64(&w->ctx, w->conn, &KILL, DB_NO_ARGS, &n), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_READ, &next), ST_OK);
    assert_int_equal(db_get_i64(&w->ctx, next, &COUNT, DB_NO_ARGS, &n), ST_OK);
}

static const struct db_migration steps[] = {
    {1, "0001_one", "aa", "CREATE TABLE one (x BIGINT); CREATE TABLE two (x BIGINT)"},
    {2, "0002_two", "bb", "INSERT INTO one VALUES (1)"},
    {3, "0003_bad", "cc", "INSERT INTO one VALUES (2); INSERT INTO none VALUES (1)"},
};
static const struct db_query COUNT_ONE = {"count_one", SAME("SELECT count(*) FROM one"), 0};

static void migrations_run_once_and_in_order(void **state)
{
    struct world *w = world(state);
    int applied;
    assert_int_equal(db_migrate(&w->ctx, w->conn, steps, 1, &applied), ST_OK);
    assert_int_equal(applied, 1);
    assert_int_equal(db_migrate(&w->ctx, w->conn, steps, 2, &applied), ST_OK);
    assert_int_equal(applied, 1);
    assert_int_equal(db_migrate(&w->ctx, w->conn, steps, 2, &applied), ST_OK);
    assert_int_equal(applied, 0);
}

static void failed_migration_leaves_nothing(void **state)
{
    struct world *w = world(state);
    int64_t n;
    assert_int_not_equal(db_migrate(&w->ctx, w->conn, steps, 3, NULL), ST_OK);
    fail_clear(&w->ctx);
    assert_int_equal(db_get_i64(&w->ctx, w->conn, &COUNT_ONE, DB_NO_ARGS, &n), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(db_migrate(&w->ctx, w->conn, steps, 2, NULL), ST_OK);
}

static void changed_migration_is_refused(void **state)
{
    struct world *w = world(state);
    struct db_migration changed[] = {steps[0], steps[1]};
    changed[0].checksum = "ab";
    assert_int_equal(db_migrate(&w->ctx, w->conn, steps, 2, NULL), ST_OK);
    assert_int_equal(db_migrate(&w->ctx, w->conn, changed, 2, NULL), ST_BROKEN);
    assert_string_equal(w->ctx.failure.reason.key, "db.migration_changed");
}

static void newer_database_is_refused(void **state)
{
    struct world *w = world(state);
    assert_int_equal(db_migrate(&w->ctx, w->conn, steps, 2, NULL), ST_OK);
    assert_int_equal(db_migrate(&w->ctx, w->conn, steps, 1, NULL), ST_INVALID);
    assert_string_equal(w->ctx.failure.reason.key, "db.newer");
}

static void bad_addresses_are_refused(void **state)
{
    struct world *w = world(state);
    static const char *const bad[] = {"", "sqlite:", "mysql://x", "/tmp/x.db"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct db *db = NULL;
        assert_int_equal(db_open(&w->ctx, str_of(bad[i]), &db), ST_INVALID);
        fail_clear(&w->ctx);
    }
}

static void place_that_does_not_exist_cannot_be_opened(void **state)
{
    struct world *w = world(state);
    static const char *const places[] = {"sqlite:/nonexistent/x.db",
                                         "postgresql://x@/x?host=/nonexistent"};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct db *db AUTO(db_cleanup) = NULL;
        struct db_conn *conn = NULL;
        assert_int_equal(db_open(&w->ctx, str_of(places[i]), &db), ST_OK);
        enum status status = db_conn_open(&w->ctx, db, DB_WRITE, &conn);
        assert_int_equal(status_exit(status), 3);
        assert_null(conn);
        fail_clear(&w->ctx);
    }
}

#define SQLITE(fact)                                                                               \
    {                                                                                              \
        "sqlite " #fact, fact, set_up_sqlite, tear_down, NULL                                      \
    }
#define POSTGRES(fact)                                                                             \
    {                                                                                              \
        "postgres " #fact, fact, set_up_postgres, tear_down, NULL                                  \
    }
#define BOTH(fact) SQLITE(fact), POSTGRES(fact)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(values_come_back_as_they_were_bound),
        BOTH(parameters_are_bound_by_name_not_by_place),
        BOTH(changes_are_counted),
        BOTH(missing_row_is_not_found_and_no_failure),
        BOTH(unique_key_is_a_conflict_that_names_its_table),
        BOTH(trigger_that_refuses_is_denied),
        BOTH(two_cursors_stand_on_one_query),
        BOTH(generated_texts_come_and_go),
        BOTH(string_agg_joins_texts),
        BOTH(uncommitted_transaction_leaves_nothing),
        BOTH(committed_transaction_is_seen_by_others),
        BOTH(reading_connection_cannot_write),
        BOTH(savepoint_undoes_only_its_own_writes),
        BOTH(failed_statement_is_undone_by_its_savepoint),
        BOTH(failed_put_keeps_the_transaction_from_committing),
        BOTH(long_pipeline_does_not_block),
        BOTH(read_transaction_sees_one_moment),
        BOTH(refused_commit_leaves_nothing_and_the_connection_usable),
        POSTGRES(lost_connection_is_opened_again),
        BOTH(closed_reader_is_the_next_one),
        BOTH(reader_that_reads_is_not_kept),
        POSTGRES(reader_whose_server_left_is_not_used_again),
        BOTH(migrations_run_once_and_in_order),
        BOTH(failed_migration_leaves_nothing),
        BOTH(changed_migration_is_refused),
        BOTH(newer_database_is_refused),
        BOTH(bad_addresses_are_refused),
        BOTH(place_that_does_not_exist_cannot_be_opened),
    };
    return cmocka_run_group_tests_name("kit/db", tests, NULL, NULL);
}
