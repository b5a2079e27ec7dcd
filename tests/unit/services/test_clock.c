/*
 * The clock of a program: where it starts, that it runs on, that it never turns back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "services/clock.h"

static const struct instant evening = {INT64_C(1542880800000)}; /* 2018-11-22T18:00+08:00 */

static void it_starts_where_it_is_set_and_runs_on(void **state)
{
    (void)state;
    struct clock *clock AUTO(clock_cleanup) = clock_new(evening);
    struct instant first = clock_now(clock);
    usleep(3000);
    struct instant second = clock_now(clock);
    assert_true(first.ms >= evening.ms && first.ms < evening.ms + MS_PER_MINUTE);
    assert_true(second.ms > first.ms && second.ms < first.ms + MS_PER_MINUTE);
}

static void it_moves_forward_and_never_back(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct clock *clock AUTO(clock_cleanup) = clock_new(evening);
    struct instant later = {evening.ms + 3 * INT64_C(86400000)};
    assert_int_equal(clock_move(&ctx, clock, later), ST_OK);
    assert_true(clock_now(clock).ms >= later.ms);
    assert_int_equal(clock_move(&ctx, clock, evening), ST_CONFLICT);
    assert_string_equal(ctx.failure.reason.key, "clock.backwards");
    assert_true(clock_now(clock).ms >= later.ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_where_it_is_set_and_runs_on),
        cmocka_unit_test(it_moves_forward_and_never_back),
    };
    return cmocka_run_group_tests_name("services/clock", tests, NULL, NULL);
}
