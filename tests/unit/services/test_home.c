/*
 * The data directory: made once, opened after, refused with a reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "services/home.h"
#include "support/testdb.h"

struct fixture {
    struct ctx ctx;
    struct testdb *testdb;
    struct str dir;
    struct str database; /* absent: the default */
};

static int set_up(void **state, enum db_engine engine)
{
    struct arena *arena = arena_new();
    struct fixture *f = arena_new_of(arena, struct fixture);
    f->ctx = (struct ctx){.arena = arena, .now = day_start(day_of(2026, 11, 22))};
    f->testdb = testdb_new(engine);
    *state = f;
    if (f->testdb == NULL)
        return 0;
    f->dir = str_printf(arena, "%s/made/here", testdb_folder(f->testdb));
    if (engine == DB_POSTGRES)
        f->database = testdb_uri(f->testdb);
    return 0;
}

SET_UP_ON_BOTH

static int tear_down(void **state)
{
    struct fixture *f = *state;
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

static enum status init(struct fixture *f, bool sandbox)
{
    const struct home_terms terms = {
        .dir = f->dir, .database = f->database, .hash = CRYPTO_SHA256, .sandbox = sandbox};
    return home_init(&f->ctx, &terms);
}

static struct home *open_home(struct fixture *f)
{
    struct home *home = NULL;
    assert_int_equal(home_open(&f->ctx, f->dir, furniture_files, furniture_file_count, &home),
                     ST_OK);
    return home;
}

static void a_made_directory_opens_with_its_marks(void **state)
{
    struct fixture *f = fixture(state);
    struct stat keys;
    assert_int_equal(init(f, true), ST_OK);
    struct home *home AUTO(home_cleanup) = open_home(f);
    assert_true(home->store->sandbox);
    assert_int_equal(home->store->hash, CRYPTO_SHA256);
    assert_true(str_eq_c(home->listen, "127.0.0.1:8080"));
    assert_int_equal(stat(str_printf(f->ctx.arena, "%.*s/keys", STR_ARG(f->dir)).at, &keys), 0);
    assert_int_equal(keys.st_mode & 0777, 0700);
    struct world *world AUTO(world_cleanup) = NULL;
    assert_int_equal(home_world(&f->ctx, home, &world), ST_OK);
}

static void a_directory_that_is_not_empty_is_refused(void **state)
{
    struct fixture *f = fixture(state);
    assert_int_equal(init(f, false), ST_OK);
    assert_int_equal(init(f, false), ST_CONFLICT);
    assert_string_equal(f->ctx.failure.reason.key, "home.not_empty");
}

static void a_folder_without_its_file_is_no_data_directory(void **state)
{
    struct fixture *f = fixture(state);
    struct home *home = NULL;
    assert_int_equal(home_open(&f->ctx, f->dir, furniture_files, furniture_file_count, &home),
                     ST_NOT_FOUND);
    assert_string_equal(f->ctx.failure.reason.key, "home.none");
}

static void a_database_address_with_a_password_is_refused(void **state)
{
    struct fixture *f = fixture(state);
    static const char *const addresses[] = {"postgresql://me:secret@host/base",
                                            "postgresql://host/base?password=secret"};
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        f->database = str_of(addresses[i]);
        assert_int_equal(init(f, false), ST_INVALID);
        assert_string_equal(f->ctx.failure.reason.key, "home.secret_in_address");
        fail_clear(&f->ctx);
    }
}

static void a_config_with_an_unknown_word_tells_its_line(void **state)
{
    struct fixture *f = fixture(state);
    struct home *home = NULL;
    assert_int_equal(init(f, false), ST_OK);
    FILE *config = fopen(str_printf(f->ctx.arena, "%.*s/lantian.yaml", STR_ARG(f->dir)).at, "a");
    fputs("lisen: x\n", config);
    fclose(config);
    assert_int_equal(home_open(&f->ctx, f->dir, furniture_files, furniture_file_count, &home),
                     ST_INVALID);
    assert_int_equal(f->ctx.failure.reason.args[0].number, 3);
}

#define HERE(fact)                                                                                 \
    {"sqlite " #fact, fact, set_up_sqlite, tear_down, NULL},                                       \
    {                                                                                              \
        "postgres " #fact, fact, set_up_postgres, tear_down, NULL                                  \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        HERE(a_made_directory_opens_with_its_marks),
        HERE(a_directory_that_is_not_empty_is_refused),
        HERE(a_folder_without_its_file_is_no_data_directory),
        HERE(a_database_address_with_a_password_is_refused),
        HERE(a_config_with_an_unknown_word_tells_its_line),
    };
    return cmocka_run_group_tests_name("services/home", tests, NULL, NULL);
}
