/*
 * The two engines hold the same tables, and every query can be prepared on both.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "store/sql_gen.h"
#include "store/store.h"
#include "support/testdb.h"

struct world {
    struct ctx ctx;
    struct testdb *testdb;
    struct db *db;
    struct db_conn *conn;
};

static bool open_world(struct world *w, enum db_engine engine)
{
    *w = (struct world){.ctx = {.arena = arena_new()}, .testdb = testdb_new(engine)};
    if (w->testdb == NULL)
        return false;
    assert_int_equal(db_open(&w->ctx, testdb_uri(w->testdb), &w->db), ST_OK);
    assert_int_equal(db_conn_open(&w->ctx, w->db, DB_WRITE, &w->conn), ST_OK);
    assert_int_equal(store_migrate(&w->ctx, w->conn), ST_OK);
    return true;
}

static void close_world(struct world *w)
{
    db_conn_close(w->conn);
    db_close(w->db);
    testdb_free(w->testdb);
    arena_free(w->ctx.arena);
}

/* Running a query with NULLs in a transaction that is undone prepares it, whatever it then says. */
static void prepare_all(enum db_engine engine)
{
    static const struct db_value nothing[DB_ARG_MAX];
    struct world w;
    if (!open_world(&w, engine)) {
        close_world(&w);
        return;
    }
    for (size_t i = 0; i < SQL_ALL_COUNT; i++) {
        struct tx tx AUTO(tx_end) = {0};
        struct db_rows rows AUTO(db_rows_close) = {0};
        const struct db_query *query = SQL_ALL[i];
        assert_int_equal(tx_begin(&w.ctx, w.conn, &tx), ST_OK);
        enum status status = db_rows_open(
            &w.ctx, w.conn, query, (struct db_args){nothing, (size_t)query->parameters}, &rows);
        /* NOT NULL speaks up on PostgreSQL at once: then the query was understood. */
        bool understood =
            status == ST_OK || (w.ctx.failure.note_count > 1 &&
                                str_has(w.ctx.failure.notes[1], S("not-null constraint")));
        if (!understood)
            print_error("%s: %.*s\n", query->name, STR_ARG(w.ctx.failure.notes[1]));
        assert_true(understood);
        fail_clear(&w.ctx);
    }
    close_world(&w);
}

static void every_query_is_understood_by_sqlite(void **state)
{
    (void)state;
    prepare_all(DB_SQLITE);
}

static void every_query_is_understood_by_postgres(void **state)
{
    (void)state;
    prepare_all(DB_POSTGRES);
}

/* table.column type null, one a line. Types are told apart only as far as both engines can. */
static const struct db_query catalogue = {
    "catalogue",
    "SELECT m.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'int'"
    " WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytes' ELSE lower(c.type) END ||"
    " CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN '' ELSE ' null' END"
    " FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
    " WHERE m.type = 'table' AND m.name NOT LIKE 'casefile\\_search%' ESCAPE '\\'"
    " AND m.name NOT LIKE 'sqlite%' AND m.name <> 'schema_migration' ORDER BY 1",
    "SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'int'"
    " WHEN 'text' THEN 'text' WHEN 'bytea' THEN 'bytes' ELSE data_type END ||"
    " CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END"
    " FROM information_schema.columns WHERE table_schema = 'public'"
    " AND table_name NOT IN ('casefile_search', 'schema_migration') ORDER BY 1",
    0};
static const struct db_query indexes = {
    "indexes", "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
    "SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
    " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"
    " AND NOT i.indisprimary AND c.relname <> 'casefile_search_tokens' ORDER BY 1",
    0};

static struct str list(struct world *w, const struct db_query *query)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct buf buf;
    buf_init(&buf, w->ctx.arena, 1 << 20);
    assert_int_equal(db_rows_open(&w->ctx, w->conn, query, DB_NO_ARGS, &rows), ST_OK);
    while (db_rows_next(&w->ctx, &rows)) {
        buf_text(&buf, db_col_text(&rows, 0));
        buf_char(&buf, '\n');
    }
    return buf_str(&buf);
}

static void both_engines_hold_the_same(const struct db_query *query)
{
    struct world lite, pg;
    assert_true(open_world(&lite, DB_SQLITE));
    if (open_world(&pg, DB_POSTGRES))
        assert_string_equal(str_c(lite.ctx.arena, list(&lite, query)),
                            str_c(pg.ctx.arena, list(&pg, query)));
    close_world(&lite);
    close_world(&pg);
}

static void both_engines_hold_the_same_columns(void **state)
{
    (void)state;
    both_engines_hold_the_same(&catalogue);
}

static void both_engines_hold_the_same_indexes(void **state)
{
    (void)state;
    both_engines_hold_the_same(&indexes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_query_is_understood_by_sqlite),
        cmocka_unit_test(every_query_is_understood_by_postgres),
        cmocka_unit_test(both_engines_hold_the_same_columns),
        cmocka_unit_test(both_engines_hold_the_same_indexes),
    };
    return cmocka_run_group_tests_name("store/schema", tests, NULL, NULL);
}
