/*
 * Days and instants: the civil calendar against its own inverse, texts as RFC 3339 has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/day.h"

static void every_day_of_four_centuries_survives_the_round_trip(void **state)
{
    (void)state;
    struct day day = day_of(1900, 1, 1);
    for (int i = 0; i < 146097; i++, day = day_add(day, 1)) {
        struct civil c = day_civil(day);
        assert_int_equal(day_of(c.year, c.month, c.day).v, day.v);
    }
}

static void weekdays_are_iso(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(day_of(2026, 11, 22)), 7);
    assert_int_equal(day_weekday(day_of(1969, 12, 29)), 1);
    assert_int_equal(day_weekday(day_of(1970, 1, 1)), 4);
}

static void office_day_begins_at_sixteen_utc(void **state)
{
    (void)state;
    struct instant at;
    assert_true(instant_parse(S("2018-11-22T15:59:59.999Z"), &at));
    assert_int_equal(day_of_instant(at).v, day_of(2018, 11, 22).v);
    at.ms++;
    assert_int_equal(day_of_instant(at).v, day_of(2018, 11, 23).v);
    assert_int_equal(instant_minute_of_day(at), 0);
}

static void texts_that_are_no_instant_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "2018-11-22", "2018-11-22T18:00", "2018-02-30T00:00:00Z",
                                        "2018-11-22T24:00:00Z", "2018-11-22T18:00:00",
                                        "2018-11-22T18:00:00+8", "2018-11-22T18:00:00.Z",
                                        "2018-11-22T-1:00:00Z"};
    struct instant at;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(instant_parse(str_of(wrong[i]), &at));
    assert_true(instant_parse_lenient(S("2018-11-22T18:00"), &at));
    assert_true(instant_parse_lenient(S("2018-11-22"), &at));
}

static void instant_goes_out_with_the_office_offset(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct instant at;
    assert_true(instant_parse(S("2026-11-22T10:00:00.5Z"), &at));
    assert_true(str_eq(instant_format(arena, at), S("2026-11-22T18:00:00.500+08:00")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_four_centuries_survives_the_round_trip),
        cmocka_unit_test(weekdays_are_iso),
        cmocka_unit_test(office_day_begins_at_sixteen_utc),
        cmocka_unit_test(texts_that_are_no_instant_are_refused),
        cmocka_unit_test(instant_goes_out_with_the_office_offset),
    };
    return cmocka_run_group_tests_name("base/day", tests, NULL, NULL);
}
