/*
 * The years before the story, here two short campaigns: they are played, ended and leave nobody's
 * desk anything; the same every time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/case_list.h"
#include "services/demo.h"
#include "store/casefile_list.h"
#include "support/testdb.h"

#define CLOCK "2026-11-20T09:00:00+08:00"
#define HISTORY                                                                                    \
    "id,regime,zh,en,region,from,to,settings,roles,cases,each_round\n"                             \
    "letters-before,look-back,往年交办,Letters of before,130500,D-220,D-206,,,letter=3,\n"          \
    "district-before,district-routine,往年排查,Search of before,420506,D-205,D-191,,,problem=2,\n"

struct fixture {
    struct ctx ctx;
    struct testdb *testdb;
    struct home *home;
    struct world *world;
    struct db_conn *conn;
    struct demo_result made;
    struct str uri; /* absent: SQLite */
};

static enum status make(struct fixture *f, const char *dir, struct str database, const char *history)
{
    struct arena *arena = f->ctx.arena;
    struct furniture_file *files =
        arena_alloc_array(arena, furniture_file_count, sizeof *files);
    memcpy(files, furniture_files, furniture_file_count * sizeof *files);
    for (size_t i = 0; i < furniture_file_count; i++)
        if (strcmp(files[i].path, "data/demo/history.csv") == 0) {
            files[i].bytes = history;
            files[i].len = strlen(history);
        }
    const struct demo_terms terms = {
        .home = {.dir = str_printf(arena, "%s/%s", testdb_folder(f->testdb), dir),
                 .database = database,
                 .hash = CRYPTO_SHA256,
                 .sandbox = true},
        .scene_only = true,
        .history = true,
        .files = files,
        .file_count = furniture_file_count};
    must(instant_parse(S(CLOCK), &f->ctx.now));
    TRY(demo_make(&f->ctx, &terms, &f->made));
    TRY(home_open(&f->ctx, terms.home.dir, files, furniture_file_count, &f->home));
    TRY(home_world(&f->ctx, f->home, &f->world));
    return home_conn_open(&f->ctx, f->home, &f->conn);
}

static void leave(struct fixture *f)
{
    db_conn_close(f->conn);
    world_release(f->world);
    home_close(f->home);
    f->conn = NULL;
    f->world = NULL;
    f->home = NULL;
}

static int set_up(void **state, enum db_engine engine)
{
    struct arena *arena = arena_new();
    struct fixture *f = arena_new_of(arena, struct fixture);
    f->ctx = (struct ctx){.arena = arena};
    f->testdb = testdb_new(engine);
    if (f->testdb != NULL && engine == DB_POSTGRES)
        f->uri = testdb_uri(f->testdb);
    *state = f;
    return 0;
}

SET_UP_ON_BOTH

static int tear_down(void **state)
{
    struct fixture *f = *state;
    leave(f);
    testdb_free(f->testdb);
    arena_free(f->ctx.arena);
    return 0;
}

static struct fixture *fixture(void **state)
{
    struct fixture *f = *state;
    if (f->testdb == NULL)
        skip();
    return f;
}

static int64_t count(struct fixture *f, const char *name, const char *text)
{
    struct casefile_filter filter;
    struct casefile_page page;
    int64_t n;
    struct value *query = value_map(f->ctx.arena);
    value_put_text(f->ctx.arena, query, "open", S("true"));
    value_put_text(f->ctx.arena, query, name, str_of(text));
    assert_int_equal(case_list_parse(&f->ctx, query, &filter, &page), ST_OK);
    filter.scope.everything = true;
    assert_int_equal(casefile_count(&f->ctx, f->conn, &filter, 1000, &n), ST_OK);
    return n;
}

static void campaigns_of_the_past_have_ended_and_those_of_the_story_run(void **state)
{
    struct fixture *f = fixture(state);
    assert_int_equal(make(f, "made", f->uri, HISTORY), ST_OK);
    const struct world_campaign *before = world_find_campaign(f->world, S("letters-before"));
    const struct world_campaign *now = world_find_campaign(f->world, S("look-back"));
    assert_non_null(before);
    assert_non_null(now);
    assert_true(str_eq_c(before->state, "ended"));
    assert_int_equal(before->ends.v - before->begins.v, 14);
    assert_true(str_eq_c(now->state, "open"));
    assert_true(before->ends.v < now->begins.v);
    assert_true(f->made.commands > 0);
    /* What they left open is no day's work. */
    assert_true(count(f, "campaign", "letters-before,district-before") > 0);
    assert_int_equal(count(f, "running", "true"), 0);
}

/* Which cases stand where, after how many events. */
static struct str digest_of(struct fixture *f, const char *dir)
{
    const struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = CASEFILE_LIST_MAX};
    const struct casefile_filter filter = {.due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    struct casefile_list found;
    struct str digest = S("");
    assert_int_equal(make(f, dir, (struct str){0}, HISTORY), ST_OK);
    assert_int_equal(casefile_list(&f->ctx, f->conn, &filter, &page, &found), ST_OK);
    assert_true(found.rows.len > 0);
    for (size_t i = 0; i < found.rows.len; i++)
        digest = str_printf(f->ctx.arena, "%.*s %lld %.*s %lld", STR_ARG(digest),
                            (long long)found.rows.at[i].id.v, STR_ARG(found.rows.at[i].state),
                            (long long)found.rows.at[i].version);
    leave(f);
    return digest;
}

static void it_is_played_the_same_each_time(void **state)
{
    struct fixture *f = fixture(state);
    struct str first = digest_of(f, "first");
    struct str second = digest_of(f, "second");
    assert_true(str_eq(first, second));
}

static void a_line_that_cannot_be_played_is_told(void **state)
{
    struct fixture *f = fixture(state);
    assert_int_equal(make(f, "made", f->uri,
                          "id,regime,zh,en,region,from,to,settings,roles,cases,each_round\n"
                          "x,look-back,甲,A,130500,D-220,D-219,,,nonsense=1,\n"),
                     ST_INVALID);
    assert_string_equal(f->ctx.failure.reason.key, "demo.line");
}

#define ON_BOTH(fact)                                                                              \
    {"sqlite " #fact, fact, set_up_sqlite, tear_down, NULL},                                       \
    {                                                                                              \
        "postgres " #fact, fact, set_up_postgres, tear_down, NULL                                  \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(campaigns_of_the_past_have_ended_and_those_of_the_story_run),
        {"sqlite it_is_played_the_same_each_time", it_is_played_the_same_each_time, set_up_sqlite,
         tear_down, NULL},
        {"sqlite a_line_that_cannot_be_played_is_told", a_line_that_cannot_be_played_is_told,
         set_up_sqlite, tear_down, NULL},
    };
    return cmocka_run_group_tests_name("services/demo_history", tests, NULL, NULL);
}
