/*
 * Queries and forms: what browsers send is read, what only attackers send is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "kit/form.h"

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct ctx *ctx = arena_new_of(arena, struct ctx);
    ctx->arena = arena;
    *state = ctx;
    return 0;
}

static int close_world(void **state)
{
    struct ctx *ctx = *state;
    arena_free(ctx->arena);
    return 0;
}

static void what_a_browser_sends_is_read(void **state)
{
    struct pairs form = {0};
    assert_int_equal(form_parse(*state, S("a=1&name=%E5%BC%A0+%26+%e6%9d%8e&&empty=&bare&x=1=2"),
                                FORM_NAMES_ONCE, &form),
                     ST_OK);
    assert_int_equal(form.len, 5);
    assert_true(str_eq_c(pairs_find_c(&form, "name"), "张 & 李"));
    assert_true(str_eq_c(pairs_find_c(&form, "empty"), ""));
    assert_true(str_eq_c(pairs_find_c(&form, "bare"), ""));
    assert_true(str_eq_c(pairs_find_c(&form, "x"), "1=2"));
    assert_null(pairs_find_c(&form, "none").at);
}

static void what_two_readers_could_read_twice_is_refused(void **state)
{
    static const char *const wrong[] = {"a=1&a=2", "a=%",   "a=%4",     "a=%gg",   "=1",
                                        "a=%00",   "%00=1", "a=%ff%fe", "a=%c0%80"};
    struct ctx *ctx = *state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct pairs form = {0};
        fail_clear(ctx);
        assert_int_equal(form_parse(ctx, str_of(wrong[i]), FORM_NAMES_ONCE, &form), ST_MALFORMED);
    }
}

static void check_boxes_may_come_several_times(void **state)
{
    struct pairs form = {0};
    assert_int_equal(form_parse(*state, S("case=1&case=2"), FORM_NAMES_REPEAT, &form), ST_OK);
    assert_int_equal(form.len, 2);
    assert_true(str_eq_c(form.at[1].value, "2"));
}

static void too_many_fields_are_refused(void **state)
{
    struct ctx *ctx = *state;
    struct buf text;
    struct pairs form = {0};
    buf_init(&text, ctx->arena, 100000);
    for (int i = 0; i < FORM_PAIRS_MAX; i++)
        buf_printf(&text, "%sf%d=", i == 0 ? "" : "&", i);
    assert_int_equal(form_parse(ctx, buf_str(&text), FORM_NAMES_ONCE, &form), ST_OK);
    assert_int_equal(form_parse(ctx, S("one-more="), FORM_NAMES_ONCE, &form), ST_LIMIT);
}

static void a_path_keeps_its_plus(void **state)
{
    struct ctx *ctx = *state;
    struct str out;
    assert_true(form_decode(ctx->arena, S("a+b%2B"), false, &out));
    assert_true(str_eq_c(out, "a+b+"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_a_browser_sends_is_read),
        TEST(what_two_readers_could_read_twice_is_refused),
        TEST(check_boxes_may_come_several_times),
        TEST(too_many_fields_are_refused),
        TEST(a_path_keeps_its_plus),
    };
    return cmocka_run_group_tests_name("kit/form", tests, NULL, NULL);
}
