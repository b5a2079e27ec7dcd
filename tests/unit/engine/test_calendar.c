/*
 * The office's calendar: what the notices say, what is only assumed, what is not known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_calendar.h"

static struct ctx ctx;
static struct fixture_calendar fixture;

static int set_up(void **state)
{
    (void)state;
    ctx = (struct ctx){.arena = arena_new()};
    fixture_calendar_load(&ctx, &fixture);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(ctx.arena);
    return 0;
}

static void the_notices_are_obeyed_day_by_day(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        bool work;
        enum calendar_why why;
        const char *name;
        const char *notice;
    } rows[] = {
        {"2024-09-27", true, CALENDAR_WEEKDAY, "", ""},
        {"2024-09-28", false, CALENDAR_WEEKEND, "", ""},
        {"2024-09-29", true, CALENDAR_MAKE_UP, "国庆节", "国办发明电〔2023〕7号"},
        {"2024-10-01", false, CALENDAR_HOLIDAY, "国庆节", "国办发明电〔2023〕7号"},
        {"2024-10-05", false, CALENDAR_HOLIDAY, "国庆节", "国办发明电〔2023〕7号"},
        {"2024-10-07", false, CALENDAR_HOLIDAY, "国庆节", "国办发明电〔2023〕7号"},
        {"2024-10-08", true, CALENDAR_WEEKDAY, "", ""},
        {"2024-10-12", true, CALENDAR_MAKE_UP, "国庆节", "国办发明电〔2023〕7号"},
        {"2020-01-31", false, CALENDAR_HOLIDAY, "春节", "国办发明电〔2020〕1号"},
        {"2020-02-01", false, CALENDAR_HOLIDAY, "春节", "国办发明电〔2020〕1号"},
        {"2020-02-03", true, CALENDAR_WEEKDAY, "", ""},
        {"2019-05-02", false, CALENDAR_HOLIDAY, "劳动节", "国办发明电〔2019〕3号"},
        {"2019-05-05", true, CALENDAR_MAKE_UP, "劳动节", "国办发明电〔2019〕3号"},
        {"2018-12-29", true, CALENDAR_MAKE_UP, "元旦", "国办发明电〔2018〕15号"},
        {"2018-12-31", false, CALENDAR_HOLIDAY, "元旦", "国办发明电〔2018〕15号"},
        {"2017-10-04", false, CALENDAR_HOLIDAY, "中秋节、国庆节", "国办发明电〔2016〕17号"},
        {"2016-01-01", false, CALENDAR_HOLIDAY, "元旦", "国办发明电〔2015〕18号"},
        {"2026-02-28", true, CALENDAR_MAKE_UP, "春节", "国办发明电〔2025〕7号"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct calendar_day day = calendar_get_day(fixture.cal, fixture_day(rows[i].day));
        assert_int_equal(day.work, rows[i].work);
        assert_int_equal(day.why, rows[i].why);
        assert_false(day.provisional);
        assert_true(str_eq(day.name, str_of(rows[i].name)));
        assert_true(str_eq(day.notice, str_of(rows[i].notice)));
    }
}

/* Exchanged days cancel out, so the law alone gives the number: Mondays to Fridays less 11 days off,
 * 13 from 2025 on, and in 2020 less the two days by which the Spring Festival grew. */
static void a_year_has_as_many_working_days_as_the_law_gives(void **state)
{
    (void)state;
    for (int year = 2016; year <= 2026; year++) {
        int32_t weekdays = 0;
        for (struct day day = day_of(year, 1, 1); day_civil(day).year == year;
             day = day_add(day, 1))
            weekdays += day_weekday(day) <= 5;
        int32_t off = (year >= 2025 ? 13 : 11) + (year == 2020 ? 2 : 0);
        assert_int_equal(
            calendar_count_work(fixture.cal, day_of(year - 1, 12, 31), day_of(year, 12, 31)),
            weekdays - off);
    }
}

static void days_after_the_last_announced_year_are_provisional_weekdays(void **state)
{
    (void)state;
    assert_int_equal(calendar_last_year(fixture.cal), 2026);
    struct calendar_day friday = calendar_get_day(fixture.cal, fixture_day("2027-01-01"));
    assert_true(friday.work && friday.provisional);
    struct calendar_day saturday = calendar_get_day(fixture.cal, fixture_day("2027-01-02"));
    assert_true(!saturday.work && saturday.provisional);
    assert_false(calendar_is_provisional(fixture.cal, fixture_day("2026-12-31")));
}

static void days_before_the_first_announced_year_are_not_covered(void **state)
{
    (void)state;
    assert_int_equal(calendar_first_year(fixture.cal), 2016);
    assert_false(calendar_covers(fixture.cal, fixture_day("2015-12-31")));
    assert_true(calendar_covers(fixture.cal, fixture_day("2016-01-01")));
}

static enum status build(const char *const *days, size_t count, const struct calendar **out)
{
    struct calendar_row rows[8] = {0};
    for (size_t i = 0; i < count; i++)
        rows[i].day = fixture_day(days[i]);
    fail_clear(&ctx);
    return calendar_build(&ctx, ctx.arena, rows, count, out);
}

static void december_announces_no_year(void **state)
{
    (void)state;
    const struct calendar *cal;
    const char *days[] = {"2022-12-31", "2023-01-02", "2023-10-02"};
    assert_int_equal(build(days, 3, &cal), ST_OK);
    assert_int_equal(calendar_first_year(cal), 2023);
    assert_int_equal(calendar_last_year(cal), 2023);
    const char *only[] = {"2022-12-31"};
    assert_int_equal(build(only, 1, &cal), ST_INVALID);
}

static void rows_that_contradict_or_leave_a_year_out_are_refused(void **state)
{
    (void)state;
    const struct calendar *cal;
    assert_int_equal(build(NULL, 0, &cal), ST_INVALID);
    assert_string_equal(ctx.failure.reason.key, "calendar.empty");
    const char *twice[] = {"2023-01-02", "2023-10-02", "2023-01-02"};
    assert_int_equal(build(twice, 3, &cal), ST_INVALID);
    assert_string_equal(ctx.failure.reason.key, "calendar.day_twice");
    const char *gap[] = {"2023-01-02", "2025-01-01"};
    assert_int_equal(build(gap, 2, &cal), ST_INVALID);
    assert_string_equal(ctx.failure.reason.key, "calendar.year_missing");
    const char *far[] = {"9999-01-01"};
    assert_int_equal(build(far, 1, &cal), ST_LIMIT);
}

static void the_nth_working_day_agrees_with_the_count(void **state)
{
    (void)state;
    struct day after = fixture_day("2015-12-31");
    for (int32_t n = 1; n < 4000; n += 7) {
        struct day day;
        assert_true(calendar_nth_work(fixture.cal, after, n, &day));
        assert_true(calendar_is_work(fixture.cal, day));
        assert_int_equal(calendar_count_work(fixture.cal, after, day), n);
    }
    struct day day;
    assert_false(calendar_nth_work(fixture.cal, fixture_day("9999-12-30"), 2, &day));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_notices_are_obeyed_day_by_day),
        cmocka_unit_test(a_year_has_as_many_working_days_as_the_law_gives),
        cmocka_unit_test(days_after_the_last_announced_year_are_provisional_weekdays),
        cmocka_unit_test(days_before_the_first_announced_year_are_not_covered),
        cmocka_unit_test(december_announces_no_year),
        cmocka_unit_test(rows_that_contradict_or_leave_a_year_out_are_refused),
        cmocka_unit_test(the_nth_working_day_agrees_with_the_count),
    };
    return cmocka_run_group_tests_name("calendar", tests, set_up, tear_down);
}
