/* A foreign program: its answer, and each way it can fail us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kit/child.h"

static struct ctx ctx;

static int set_up(void **state)
{
    (void)state;
    ctx = (struct ctx){.arena = arena_new()};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(ctx.arena);
    return 0;
}

static enum status run(const char *const *argv, struct str input, int wait_ms, struct str *out)
{
    const struct child_job job = {
        .argv = argv, .input = input, .output_limit = 1 << 20, .wait_ms = wait_ms};
    return child_run(&ctx, &job, out);
}

static void what_goes_in_may_come_out(void **state)
{
    static const char *const argv[] = {"cat", NULL};
    struct str large = {arena_alloc(ctx.arena, 500000), 500000};
    struct str out = {0};
    (void)state;
    assert_int_equal(run(argv, large, 20000, &out), ST_OK);
    assert_int_equal(out.len, large.len);
}

static void a_child_need_not_read(void **state)
{
    static const char *const argv[] = {"echo", "好", NULL};
    struct str large = {arena_alloc(ctx.arena, 500000), 500000};
    struct str out = {0};
    (void)state;
    assert_int_equal(run(argv, large, 20000, &out), ST_OK);
    assert_true(str_eq_c(out, "好\n"));
}

static void each_failure_has_its_key(void **state)
{
    static const struct {
        const char *argv[3];
        int wait_ms;
        const char *key;
    } rows[] = {
        {{"no-such-program-anywhere", NULL}, 20000, "child.missing"},
        {{"sleep", "30", NULL}, 50, "child.slow"},
        {{"yes", NULL}, 20000, "child.too_much"},
        {{"false", NULL}, 20000, "child.refused"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str out;
        fail_clear(&ctx);
        assert_int_not_equal(run(rows[i].argv, S(""), rows[i].wait_ms, &out), ST_OK);
        assert_string_equal(ctx.failure.reason.key, rows[i].key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_goes_in_may_come_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_child_need_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_failure_has_its_key, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("kit/child", tests, NULL, NULL);
}
