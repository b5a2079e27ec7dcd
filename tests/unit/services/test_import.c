/*
 * Tables become cases, on both engines: what a dry run promises is what is written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "services/demo.h"
#include "services/import.h"
#include "store/casefile_list.h"
#include "support/testdb.h"

#define HEAD "序号,受理编号,交办问题基本情况,行政区域,问题类型\n"
#define GOOD "1,X3HE202611190001,南关桥下的排水口每天傍晚有黑水流出气味刺鼻影响两岸居民生活,信都区,水\n"
#define OTHER "2,D3HE202611190002*,北环路砖厂夜里烧煤不开除尘落灰满院多次反映无人处理,内丘县,大气\n"
#define NOWHERE "3,D3HE202611190003,村东坑塘倾倒生活垃圾无人清理气味难闻蚊蝇很多,无此县,土壤\n"
#define SILENT "4,D3HE202611190004,,信都区,水\n"
#define AGAIN "5,D3HE202611190009,南关桥下的排水口每天傍晚有黑水流出气味刺鼻影响两岸居民休息,信都区,水\n"

static const struct actor system_actor = {.is_system = true};

struct fixture {
    struct ctx ctx;
    struct testdb *testdb;
    struct home *home;
    struct world *world;
    struct db_conn *conn;
};

static int set_up(void **state, enum db_engine engine)
{
    struct arena *arena = arena_new();
    struct fixture *f = arena_new_of(arena, struct fixture);
    struct demo_result made;
    f->ctx = (struct ctx){.arena = arena};
    must(instant_parse(S("2026-11-20T09:00:00+08:00"), &f->ctx.now));
    f->testdb = testdb_new(engine);
    *state = f;
    if (f->testdb == NULL)
        return 0;
    const struct demo_terms terms = {
        .home = {.dir = str_printf(arena, "%s/made", testdb_folder(f->testdb)),
                 .database = engine == DB_POSTGRES ? testdb_uri(f->testdb) : (struct str){0},
                 .hash = CRYPTO_SHA256,
                 .sandbox = true},
        .scene_only = true,
        .files = furniture_files,
        .file_count = furniture_file_count};
    return demo_make(&f->ctx, &terms, &made) != ST_OK ||
           home_open(&f->ctx, terms.home.dir, furniture_files, furniture_file_count, &f->home) !=
               ST_OK ||
           home_world(&f->ctx, f->home, &f->world) != ST_OK ||
           home_conn_open(&f->ctx, f->home, &f->conn) != ST_OK;
}

SET_UP_ON_BOTH

static int tear_down(void **state)
{
    struct fixture *f = *state;
    db_conn_close(f->conn);
    world_release(f->world);
    home_close(f->home);
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

static struct import_desk desk_of(struct fixture *f)
{
    return (struct import_desk){.home = f->home,
                                .world = f->world,
                                .conn = f->conn,
                                .actor = &system_actor,
                                .in_process = true};
}

/* Keeps a csv text; gives how it ended. */
static enum status keep(struct fixture *f, const char *text, int64_t *id)
{
    const struct import_desk desk = desk_of(f);
    const struct import_plan plan = {.campaign = S("look-back"),
                                     .procedure = S("letter"),
                                     .file_name = S("letters.csv"),
                                     .source = S("inspection-petition"),
                                     .batch = S("91"),
                                     .date = DAY_NONE,
                                     .registered = INSTANT_NONE};
    char path[] = "/tmp/lantian-import-XXXXXX";
    struct str bytes = str_of(text);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.at, bytes.len), (ssize_t)bytes.len);
    enum status status = import_keep(&f->ctx, &desk, &plan, fd, true, id);
    close(fd);
    unlink(path);
    return status;
}

static struct value *document(struct fixture *f, int64_t id)
{
    const struct reader reader = {.words = f->home->words, .lang = LANG_EN, .now = f->ctx.now};
    struct value *out = NULL;
    assert_int_equal(import_document(&f->ctx, f->conn, &reader, id, &out), ST_OK);
    return out;
}

static int64_t import(struct fixture *f, const char *text)
{
    const struct import_desk desk = desk_of(f);
    int64_t id = 0;
    assert_int_equal(keep(f, text, &id), ST_OK);
    assert_int_equal(import_commit(&f->ctx, &desk, id), ST_OK);
    return id;
}

static int64_t cases(struct fixture *f)
{
    const struct casefile_filter filter = {.due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    int64_t count = -1;
    assert_int_equal(casefile_count(&f->ctx, f->conn, &filter, 1000, &count), ST_OK);
    return count;
}

static void a_dry_run_writes_no_case(void **state)
{
    struct fixture *f = fixture(state);
    int64_t before = cases(f), id;
    assert_int_equal(keep(f, HEAD GOOD OTHER NOWHERE SILENT, &id), ST_OK);
    const struct value *doc = document(f, id);
    assert_int_equal(value_find_int(doc, "rows", 0), 4);
    assert_int_equal(value_find_int(doc, "accepted", 0), 3);
    assert_int_equal(cases(f), before);
}

static void a_bad_row_stops_no_good_one(void **state)
{
    struct fixture *f = fixture(state);
    int64_t before = cases(f);
    int64_t id = import(f, HEAD SILENT GOOD OTHER);
    assert_int_equal(cases(f), before + 2);
    assert_int_equal(value_find_int(document(f, id), "accepted", 0), 2);
    assert_true(str_eq_c(value_find_text(document(f, id), "state"), "committed"));
}

static void a_number_stands_in_its_batch_once(void **state)
{
    struct fixture *f = fixture(state);
    (void)import(f, HEAD GOOD);
    int64_t before = cases(f);
    int64_t id = import(f, HEAD GOOD OTHER);
    assert_int_equal(cases(f), before + 1);
    assert_int_equal(value_find_int(document(f, id), "accepted", 0), 1);
}

static void a_letter_that_tells_the_same_is_linked(void **state)
{
    struct fixture *f = fixture(state);
    (void)import(f, HEAD GOOD);
    int64_t id = import(f, HEAD AGAIN);
    const struct value *found = value_find_c(document(f, id), "duplicates");
    assert_int_equal(found->count, 1);
    assert_int_equal(value_find_c(found->first, "of")->kind, VALUE_TEXT);
}

static void a_withdrawn_import_can_come_in_again(void **state)
{
    struct fixture *f = fixture(state);
    const struct import_desk desk = desk_of(f);
    int64_t before = cases(f);
    int64_t id = import(f, HEAD GOOD AGAIN OTHER);
    assert_int_equal(import_withdraw(&f->ctx, &desk, id, S("wrong file")), ST_OK);
    assert_int_equal(cases(f), before);
    (void)import(f, HEAD GOOD AGAIN OTHER);
    assert_int_equal(cases(f), before + 3);
}

static void what_is_written_is_written_once(void **state)
{
    struct fixture *f = fixture(state);
    const struct import_desk desk = desk_of(f);
    int64_t id = import(f, HEAD GOOD OTHER);
    int64_t before = cases(f);
    assert_int_equal(import_commit(&f->ctx, &desk, id), ST_CONFLICT);
    fail_clear(&f->ctx);
    assert_int_equal(cases(f), before);
}

static void a_file_that_is_no_table_is_refused(void **state)
{
    struct fixture *f = fixture(state);
    int64_t id;
    assert_int_not_equal(keep(f, "<!DOCTYPE html>\n<html><body><table></table></body></html>\n", &id), ST_OK);
    assert_non_null(f->ctx.failure.reason.key);
}

#define ON_BOTH(fact)                                                                              \
    {"sqlite " #fact, fact, set_up_sqlite, tear_down, NULL},                                       \
    {                                                                                              \
        "postgres " #fact, fact, set_up_postgres, tear_down, NULL                                  \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(a_dry_run_writes_no_case),
        ON_BOTH(a_bad_row_stops_no_good_one),
        ON_BOTH(a_number_stands_in_its_batch_once),
        ON_BOTH(a_letter_that_tells_the_same_is_linked),
        ON_BOTH(a_withdrawn_import_can_come_in_again),
        ON_BOTH(what_is_written_is_written_once),
        ON_BOTH(a_file_that_is_no_table_is_refused),
    };
    return cmocka_run_group_tests_name("services/import", tests, NULL, NULL);
}
