/*
 * Periods: every name comes back as itself, neighbours touch, and no day is left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/period.h"

static const char *name_of(struct arena *arena, struct period period)
{
    return str_c(arena, period_format(arena, period));
}

static void names_say_which_days(void **state)
{
    static const struct {
        const char *name;
        struct civil first, last;
    } known[] = {
        {"2026", {2026, 1, 1}, {2026, 12, 31}},    {"2026-H1", {2026, 1, 1}, {2026, 6, 30}},
        {"2026-H2", {2026, 7, 1}, {2026, 12, 31}}, {"2026-Q3", {2026, 7, 1}, {2026, 9, 30}},
        {"2024-02", {2024, 2, 1}, {2024, 2, 29}},  {"2026-12", {2026, 12, 1}, {2026, 12, 31}},
    };
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct period period;
        assert_true(period_parse(str_of(known[i].name), &period));
        struct civil first = known[i].first, last = known[i].last;
        assert_int_equal(period.first.v, day_of(first.year, first.month, first.day).v);
        assert_int_equal(period.last.v, day_of(last.year, last.month, last.day).v);
        assert_string_equal(name_of(arena, period), known[i].name);
    }
}

static void other_texts_are_no_periods(void **state)
{
    static const char *const wrong[] = {"",        "26",       "2026-",   "2026-Q5", "2026-Q0", "2026-H3",
                                        "2026-13", "2026-00",  "2026-1",  "2026-q1", "2026Q1",  "9999",
                                        "0999",    "2026-Q11", "2026-06-01"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct period period;
        assert_false(period_parse(str_of(wrong[i]), &period));
    }
}

static void periods_of_a_kind_leave_no_day_out(void **state)
{
    struct day end = day_of(2031, 1, 1);
    (void)state;
    for (enum period_kind kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        struct period period = period_of(kind, day_of(2023, 5, 17));
        for (; period.last.v < end.v; period = period_next(period)) {
            struct period after = period_next(period);
            assert_int_equal(after.first.v, period.last.v + 1);
            assert_int_equal(period_before(after).first.v, period.first.v);
            for (struct day day = period.first; day.v <= period.last.v; day = day_add(day, 1))
                assert_int_equal(period_of(kind, day).first.v, period.first.v);
        }
    }
}

static void kinds_are_known_by_their_words(void **state)
{
    enum period_kind kind = PERIOD_YEAR;
    (void)state;
    assert_true(period_kind_parse(S("half_year"), &kind));
    assert_int_equal(kind, PERIOD_HALF_YEAR);
    assert_false(period_kind_parse(S("week"), &kind));
    assert_int_equal(kind, PERIOD_HALF_YEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_say_which_days),
        cmocka_unit_test(other_texts_are_no_periods),
        cmocka_unit_test(periods_of_a_kind_leave_no_day_out),
        cmocka_unit_test(kinds_are_known_by_their_words),
    };
    return cmocka_run_group_tests_name("engine/period", tests, NULL, NULL);
}
