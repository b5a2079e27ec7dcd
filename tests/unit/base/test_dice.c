/*
 * Dice that fall the same everywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/dice.h"

/* Written down once: a run of years ago must be found again. */
static void a_seed_throws_what_it_always_threw(void **state)
{
    (void)state;
    static const uint64_t thrown[] = {711, 213, 538, 720, 144, 104};
    struct dice dice = dice_of(1, 2);
    for (size_t i = 0; i < sizeof thrown / sizeof *thrown; i++)
        assert_int_equal(dice_roll(&dice, 1000), thrown[i]);
}

static void neighbours_throw_otherwise(void **state)
{
    (void)state;
    int same = 0;
    for (uint64_t n = 0; n < 1000; n++) {
        struct dice one = dice_of(7, n), next = dice_of(7, n + 1), other = dice_of(8, n);
        uint64_t roll = dice_roll(&one, 1000);
        same += roll == dice_roll(&next, 1000);
        same += roll == dice_roll(&other, 1000);
    }
    assert_in_range(same, 0, 20);
}

static void every_side_comes_up_about_equally_often(void **state)
{
    (void)state;
    int sides[6] = {0};
    struct dice dice = dice_of(3, 4);
    for (int i = 0; i < 6000; i++)
        sides[dice_roll(&dice, 6)]++;
    for (int i = 0; i < 6; i++)
        assert_in_range(sides[i], 850, 1150);
}

static void percent_is_never_at_nought_and_always_at_a_hundred(void **state)
{
    (void)state;
    struct dice dice = dice_of(5, 6);
    for (int i = 0; i < 1000; i++) {
        assert_false(dice_percent(&dice, 0));
        assert_true(dice_percent(&dice, 100));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_throws_what_it_always_threw),
        cmocka_unit_test(neighbours_throw_otherwise),
        cmocka_unit_test(every_side_comes_up_about_equally_often),
        cmocka_unit_test(percent_is_never_at_nought_and_always_at_a_hundred),
    };
    return cmocka_run_group_tests_name("base/dice", tests, NULL, NULL);
}
