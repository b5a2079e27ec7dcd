/*
 * Lengths as rules and people write them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/length.h"

static void every_spelling_gives_its_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum length_unit unit;
        int count;
    } rows[] = {
        {"10 workdays", LENGTH_WORKDAYS, 10},
        {"10 working days", LENGTH_WORKDAYS, 10},
        {"1 workday", LENGTH_WORKDAYS, 1},
        {"10工作日", LENGTH_WORKDAYS, 10},
        {"10个工作日", LENGTH_WORKDAYS, 10},
        {"10 个工作日", LENGTH_WORKDAYS, 10},
        {"3 days", LENGTH_DAYS, 3},
        {"3天", LENGTH_DAYS, 3},
        {" 3 Days ", LENGTH_DAYS, 3},
        {"1 hour", LENGTH_HOURS, 1},
        {"24h", LENGTH_HOURS, 24},
        {"1小时", LENGTH_HOURS, 1},
        {"6 months", LENGTH_MONTHS, 6},
        {"6个月", LENGTH_MONTHS, 6},
        {"3660 workdays", LENGTH_WORKDAYS, 3660},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct length length;
        assert_true(length_parse(str_of(rows[i].text), &length));
        assert_int_equal(length.unit, rows[i].unit);
        assert_int_equal(length.count, rows[i].count);
    }
}

static void what_is_no_length_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",          "10",         "days",     "0 days",    "-3 days",  "3661 days",
        "+3 days",   "3.5 days",   "ten days", "3 days x",  "3 weeks",  "99999999999 h",
        "3  4 days", "121 months", "3 d ays",  "0x10 days", "1e3 days",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct length length;
        assert_false(length_parse(str_of(wrong[i]), &length));
    }
}

static void what_is_formatted_is_read_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    for (int unit = 0; unit < LENGTH_UNIT_COUNT; unit++) {
        int32_t max = length_max((enum length_unit)unit);
        for (int32_t count = 1; count <= max; count += count < 5 ? 1 : 97) {
            struct length length = {.unit = (enum length_unit)unit, .count = count};
            struct length back;
            assert_true(length_parse(length_format(arena, length), &back));
            assert_int_equal(back.unit, length.unit);
            assert_int_equal(back.count, length.count);
        }
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_gives_its_unit),
        cmocka_unit_test(what_is_no_length_is_refused),
        cmocka_unit_test(what_is_formatted_is_read_back),
    };
    return cmocka_run_group_tests_name("length", tests, NULL, NULL);
}
