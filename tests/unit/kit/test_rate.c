/* A bucket: so many at once, one more after each while, each for themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/rate.h"

static bool take(struct rate *rate, const char *who, int64_t ms, int64_t *wait)
{
    return rate_take(rate, str_of(who), (struct instant){ms}, wait);
}

static void so_many_at_once_then_one_after_each_while(void **state)
{
    int64_t wait;
    struct rate *rate = rate_new(3, 1000);
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(take(rate, "a", 5000, &wait));
    assert_false(take(rate, "a", 5000, &wait));
    assert_int_equal(wait, 1000);
    assert_false(take(rate, "a", 5999, &wait));
    assert_int_equal(wait, 1);
    assert_true(take(rate, "a", 6000, &wait));
    assert_false(take(rate, "a", 6000, &wait));
    rate_free(rate);
}

static void others_have_their_own(void **state)
{
    int64_t wait;
    struct rate *rate = rate_new(1, 1000);
    (void)state;
    assert_true(take(rate, "a", 0, &wait));
    assert_false(take(rate, "a", 0, &wait));
    assert_true(take(rate, "b", 0, &wait));
    rate_free(rate);
}

static void who_stays_away_saves_up_no_more_than_a_bucket(void **state)
{
    int64_t wait;
    struct rate *rate = rate_new(2, 1000);
    (void)state;
    assert_true(take(rate, "a", 0, &wait));
    for (int i = 0; i < 2; i++)
        assert_true(take(rate, "a", 1000000, &wait));
    assert_false(take(rate, "a", 1000000, &wait));
    rate_free(rate);
}

static void clock_that_is_set_back_locks_nobody_out(void **state)
{
    int64_t wait;
    struct rate *rate = rate_new(2, 1000);
    (void)state;
    assert_true(take(rate, "a", 1000000, &wait));
    assert_false(take(rate, "a", 0, &wait));
    assert_true(wait <= 2000);
    assert_true(take(rate, "a", wait, &wait));
    rate_free(rate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_at_once_then_one_after_each_while),
        cmocka_unit_test(others_have_their_own),
        cmocka_unit_test(who_stays_away_saves_up_no_more_than_a_bucket),
        cmocka_unit_test(clock_that_is_set_back_locks_nobody_out),
    };
    return cmocka_run_group_tests_name("kit/rate", tests, NULL, NULL);
}
