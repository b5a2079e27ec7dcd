/*
 * Time limits: worked examples with dates checked by hand, then many thousands of random ones against
 * a count that walks day by day, and laws that must hold whatever the numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/deadline.h"
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

static struct length length_from(const char *text)
{
    struct length length;
    must(length_parse(str_of(text), &length));
    return length;
}

static struct deadline_terms terms_of(const char *from, const char *length)
{
    return (struct deadline_terms){
        .start = fixture_instant(from), .length = length_from(length), .fixed = DAY_NONE};
}

static struct deadline find(const struct deadline_terms *terms)
{
    struct deadline deadline;
    assert_int_equal(deadline_find(&ctx, fixture.cal, terms, &deadline), ST_OK);
    return deadline;
}

static void assert_due(const struct deadline_terms *terms, const char *due, const char *why)
{
    struct deadline deadline = find(terms);
    if (deadline.due_day.v != fixture_day(due).v)
        print_message("%s: %s\n", why, str_c(ctx.arena, day_format(ctx.arena, deadline.due_day)));
    assert_int_equal(deadline.due_day.v, fixture_day(due).v);
    assert_int_equal(deadline.end.ms, day_start(day_add(deadline.due_day, 1)).ms);
}

/* clause: S2-17.1 test */
static void days_are_counted_from_the_day_after(void **state)
{
    (void)state;
    static const struct {
        const char *from, *length, *due, *why;
    } rows[] = {
        {"2024-09-27", "10 workdays", "2024-10-16",
         "a make-up Sunday before, a make-up Saturday after"},
        {"2024-09-29", "1 workday", "2024-09-30", "the event's own working day does not count"},
        {"2024-09-30T23:59", "1 workday", "2024-10-08", "seven days off"},
        {"2024-09-28", "1 workday", "2024-09-29", "a Sunday that is worked"},
        {"2018-11-22", "10 workdays", "2018-12-06", "two weekends"},
        {"2018-12-28", "1 workday", "2018-12-29", "worked by the next year's notice"},
        {"2018-12-29", "1 workday", "2019-01-02", "three days off over New Year"},
        {"2020-01-23", "1 workday", "2020-02-03", "the prolonged Spring Festival"},
        {"2015-12-31", "1 workday", "2016-01-04", "the first loaded year, from the day before it"},
        {"2018-11-22T21:25", "3 days", "2018-11-25", "calendar days"},
        {"2024-09-30", "3 days", "2024-10-03", "calendar days run through a holiday"},
        {"2024-02-28", "1 day", "2024-02-29", "leap day"},
        {"2018-11-22T15:59:59Z", "1 day", "2018-11-23", "the office's day, not the sender's"},
        {"2018-11-22T16:00:00Z", "1 day", "2018-11-24", "already the next day at the office"},
        {"2024-01-31", "1 month", "2024-02-29", "no 31 February"},
        {"2024-08-15", "6 months", "2025-02-15", "over the turn of the year"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct deadline_terms terms = terms_of(rows[i].from, rows[i].length);
        assert_due(&terms, rows[i].due, rows[i].why);
    }
}

/* clause: S3-3.2.1 test */
static void an_hour_is_in_time_through_its_last_minute(void **state)
{
    (void)state;
    const char *froms[] = {"2018-11-22T21:25", "2018-11-22T21:25:59.999+08:00"};
    for (size_t i = 0; i < COUNT_OF(froms); i++) {
        struct deadline_terms terms = terms_of(froms[i], "1 hour");
        struct deadline deadline = find(&terms);
        assert_int_equal(deadline.due.ms, fixture_instant("2018-11-22T22:25").ms);
        assert_int_equal(deadline.end.ms, fixture_instant("2018-11-22T22:26").ms);
        assert_true(deadline.in_hours);
        struct instant last = {deadline.end.ms - 1};
        assert_false(deadline_find_left(NULL, &deadline, last).late);
        assert_true(deadline_find_left(NULL, &deadline, deadline.end).late);
    }
}

static void a_fixed_day_is_in_time_itself(void **state)
{
    (void)state;
    struct deadline_terms terms = {.start = fixture_instant("2024-01-01"),
                                   .fixed = fixture_day("2024-10-01")};
    assert_due(&terms, "2024-10-01", "no roll-over");
    terms.roll = true;
    assert_due(&terms, "2024-10-08", "rolled over the holiday");
    struct length more = length_from("30 days");
    terms = (struct deadline_terms){
        .fixed = fixture_day("2024-12-10"), .extensions = &more, .extension_count = 1};
    assert_due(&terms, "2025-01-09", "extended");
}

static void days_roll_only_where_the_pack_says_so(void **state)
{
    (void)state;
    struct deadline_terms terms = terms_of("2024-09-28", "3 days");
    assert_due(&terms, "2024-10-01", "calendar days never roll by themselves");
    terms.roll = true;
    assert_due(&terms, "2024-10-08", "next_workday");
    terms = terms_of("2024-09-26", "3 days");
    terms.roll = true;
    assert_due(&terms, "2024-09-29", "a make-up Sunday is a working day");
}

static void days_on_which_the_clock_stands_do_not_count(void **state)
{
    (void)state;
    struct clock_pause pause = {fixture_instant("2018-11-26T10:00"),
                                fixture_instant("2018-11-29T09:00")};
    struct deadline_terms terms = terms_of("2018-11-22", "10 workdays");
    terms.pauses = &pause;
    terms.pause_count = 1;
    assert_due(&terms, "2018-12-11", "three working days later than 6 December");
    terms.length = length_from("10 days");
    assert_due(&terms, "2018-12-05", "three days later than 2 December");
    pause.to = fixture_instant("2018-11-26T18:00");
    assert_due(&terms, "2018-12-02", "resumed on the same day");
    pause.to = INSTANT_NONE;
    assert_true(find(&terms).open);
    assert_true(instant_is_none(find(&terms).end));
}

static void a_clock_paused_on_its_last_day_does_not_lapse(void **state)
{
    (void)state;
    struct clock_pause pause = {fixture_instant("2018-12-02T10:00"), INSTANT_NONE};
    struct deadline_terms terms = terms_of("2018-11-22", "10 days");
    terms.pauses = &pause;
    terms.pause_count = 1;
    assert_true(find(&terms).open);
    pause.to = fixture_instant("2018-12-09T16:00");
    assert_due(&terms, "2018-12-09", "the last day is the day it runs again");
    pause.from = fixture_instant("2018-12-03T00:00");
    assert_due(&terms, "2018-12-02", "paused when it was over");
}

static void minutes_in_which_the_clock_stands_do_not_count(void **state)
{
    (void)state;
    struct clock_pause pause = {fixture_instant("2018-11-22T21:40:30"),
                                fixture_instant("2018-11-22T21:50:10")};
    struct deadline_terms terms = terms_of("2018-11-22T21:25", "1 hour");
    terms.pauses = &pause;
    terms.pause_count = 1;
    assert_int_equal(find(&terms).end.ms, fixture_instant("2018-11-22T22:36").ms);
}

static void extensions_add_up(void **state)
{
    (void)state;
    struct length more[] = {length_from("1 month"), length_from("5 workdays")};
    struct deadline_terms terms = terms_of("2024-01-31", "1 month");
    terms.extensions = more;
    terms.extension_count = 1;
    assert_due(&terms, "2024-03-31", "two months of 31 January, not one of 29 February");
    terms.extension_count = 2;
    assert_due(&terms, "2024-04-08", "after a Sunday, over Qingming with its make-up Sunday");
    terms = terms_of("2024-09-27", "10 workdays");
    terms.extensions = &more[1];
    terms.extension_count = 1;
    assert_due(&terms, "2024-10-23", "fifteen working days");
    struct length hours = length_from("2 hours");
    terms.extensions = &hours;
    assert_int_equal(find(&terms).end.ms, fixture_instant("2024-10-17T02:00").ms);
}

static void what_rests_on_unannounced_days_is_provisional(void **state)
{
    (void)state;
    struct deadline_terms terms = terms_of("2026-12-28", "3 workdays");
    assert_false(find(&terms).provisional);
    terms.length.count = 4;
    assert_true(find(&terms).provisional);
    terms.length = length_from("30 days");
    assert_false(find(&terms).provisional);
    terms.roll = true;
    assert_true(find(&terms).provisional);
}

static void working_days_before_the_first_loaded_year_are_an_error(void **state)
{
    (void)state;
    struct deadline deadline;
    struct deadline_terms terms = terms_of("2015-12-30", "3 workdays");
    assert_int_equal(deadline_find(&ctx, fixture.cal, &terms, &deadline), ST_INVALID);
    assert_string_equal(ctx.failure.reason.key, "deadline.before_calendar");
    fail_clear(&ctx);
    terms.length = length_from("3 days");
    assert_int_equal(deadline_find(&ctx, NULL, &terms, &deadline), ST_OK);
    terms.length = length_from("3 workdays");
    assert_int_equal(deadline_find(&ctx, NULL, &terms, &deadline), ST_INVALID);
    fail_clear(&ctx);
}

static void what_cannot_be_counted_is_refused(void **state)
{
    (void)state;
    struct deadline deadline;
    struct deadline_terms terms = terms_of("2024-01-01", "1 day");
    terms.length.count = 0;
    assert_int_equal(deadline_find(&ctx, fixture.cal, &terms, &deadline), ST_INVALID);
    fail_clear(&ctx);
    terms.length.count = 3661;
    assert_int_equal(deadline_find(&ctx, fixture.cal, &terms, &deadline), ST_INVALID);
    fail_clear(&ctx);
    const char *lengths[] = {"2 days", "2 workdays", "1 month", "48 hours"};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        terms = terms_of("9999-12-30T12:00", lengths[i]);
        assert_int_equal(deadline_find(&ctx, fixture.cal, &terms, &deadline), ST_LIMIT);
        fail_clear(&ctx);
    }
}

static void what_is_left_is_told_in_days_and_minutes(void **state)
{
    (void)state;
    struct deadline_terms terms = terms_of("2024-09-27", "10 workdays"); /* due 16 October */
    struct deadline deadline = find(&terms);
    static const struct {
        const char *now;
        bool late;
        int days, workdays;
    } rows[] = {{"2024-09-27T18:00", false, 19, 10},
                {"2024-10-01T08:00", false, 15, 8},
                {"2024-10-16T23:59", false, 0, 0},
                {"2024-10-17T00:00", true, -1, -1},
                {"2024-10-20T12:00", true, -4, -2}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct deadline_left left =
            deadline_find_left(fixture.cal, &deadline, fixture_instant(rows[i].now));
        assert_int_equal(left.late, rows[i].late);
        assert_int_equal(left.days, rows[i].days);
        assert_true(left.knows_workdays);
        assert_int_equal(left.workdays, rows[i].workdays);
    }
    assert_int_equal(
        deadline_find_left(NULL, &deadline, fixture_instant("2024-10-16T23:58:30")).minutes, 1);
}

static void near_begins_so_many_days_before(void **state)
{
    (void)state;
    struct deadline_terms terms = {.fixed = fixture_day("2024-10-16")};
    struct deadline deadline = find(&terms);
    static const struct {
        const char *length, *near;
    } rows[] = {{"30 days", "2024-09-16T00:00"},
                {"1 month", "2024-09-16T00:00"},
                {"10 workdays", "2024-09-27T00:00"},
                {"1 workday", "2024-10-15T00:00"},
                {"2 hours", "2024-10-16T22:00"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct instant near;
        assert_int_equal(
            deadline_find_near(&ctx, fixture.cal, &deadline, length_from(rows[i].length), &near),
            ST_OK);
        assert_int_equal(near.ms, fixture_instant(rows[i].near).ms);
    }
}

static void the_trace_names_every_day_and_why(void **state)
{
    (void)state;
    struct clock_pause pause = {fixture_instant("2024-10-09T10:00"),
                                fixture_instant("2024-10-10T09:00")};
    struct deadline_terms terms = terms_of("2024-09-27", "4 workdays");
    terms.pauses = &pause;
    terms.pause_count = 1;
    struct deadline_trace trace;
    assert_int_equal(deadline_explain(&ctx, fixture.cal, &terms, &trace), ST_OK);
    static const struct {
        const char *day;
        bool counts;
        enum deadline_why why;
    } rows[] = {
        {"2024-09-28", false, DEADLINE_WEEKEND}, {"2024-09-29", true, DEADLINE_MAKE_UP},
        {"2024-09-30", true, DEADLINE_WEEKDAY},  {"2024-10-01", false, DEADLINE_HOLIDAY},
        {"2024-10-02", false, DEADLINE_HOLIDAY}, {"2024-10-03", false, DEADLINE_HOLIDAY},
        {"2024-10-04", false, DEADLINE_HOLIDAY}, {"2024-10-05", false, DEADLINE_HOLIDAY},
        {"2024-10-06", false, DEADLINE_HOLIDAY}, {"2024-10-07", false, DEADLINE_HOLIDAY},
        {"2024-10-08", true, DEADLINE_WEEKDAY},  {"2024-10-09", false, DEADLINE_PAUSED},
        {"2024-10-10", true, DEADLINE_WEEKDAY},
    };
    assert_int_equal(trace.len, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(trace.at[i].day.v, fixture_day(rows[i].day).v);
        assert_int_equal(trace.at[i].counts, rows[i].counts);
        assert_int_equal(trace.at[i].why, rows[i].why);
    }
    assert_true(str_eq_c(trace.at[3].name, "国庆节"));
    assert_true(str_eq_c(trace.at[1].notice, "国办发明电〔2023〕7号"));
}

static void the_trace_shows_how_a_day_rolled(void **state)
{
    (void)state;
    struct deadline_terms terms = terms_of("2024-10-03", "2 days");
    terms.roll = true;
    struct deadline_trace trace;
    assert_int_equal(deadline_explain(&ctx, fixture.cal, &terms, &trace), ST_OK);
    assert_int_equal(trace.len, 5);
    assert_true(trace.at[1].counts);
    assert_int_equal(trace.at[2].why, DEADLINE_HOLIDAY);
    assert_int_equal(trace.at[4].why, DEADLINE_ROLLED);
    assert_int_equal(trace.at[4].day.v, fixture_day("2024-10-08").v);
    assert_false(trace.at[4].counts);
}

static void hours_have_no_trace_of_days(void **state)
{
    (void)state;
    struct deadline_terms terms = terms_of("2024-10-03", "48 hours");
    struct deadline_trace trace;
    assert_int_equal(deadline_explain(&ctx, fixture.cal, &terms, &trace), ST_OK);
    assert_int_equal(trace.len, 0);
}

/* ---- random cases against a count that goes step by step and shares no arithmetic ---- */

enum { CASES = 20000, EXTENSIONS_MAX = 3, PAUSES_MAX = 4 };

static uint64_t seed = 20181122;

static int64_t pick(int64_t from, int64_t to)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return from + (int64_t)(seed % (uint64_t)(to - from + 1));
}

struct sample {
    struct deadline_terms terms;
    struct clock_pause pauses[PAUSES_MAX];
    struct length extensions[EXTENSIONS_MAX];
};

static struct length pick_length(bool in_hours)
{
    if (in_hours)
        return (struct length){LENGTH_HOURS, (int32_t)pick(1, 60)};
    enum length_unit unit = pick(0, 3) == 0 ? LENGTH_DAYS : LENGTH_WORKDAYS;
    return (struct length){unit, (int32_t)(pick(0, 9) == 0 ? pick(1, 600) : pick(1, 30))};
}

/* A sample points into itself: filled in place, never copied. */
static void pick_sample(struct sample *sample, bool in_hours)
{
    int64_t first = day_start(day_of(2016, 1, 1)).ms;
    int64_t last = day_start(day_of(2027, 6, 1)).ms;
    int64_t span = in_hours ? 4 * MS_PER_DAY : INT64_C(60) * MS_PER_DAY;
    *sample = (struct sample){0};
    struct deadline_terms *terms = &sample->terms;
    terms->start.ms = pick(first, last);
    terms->fixed = DAY_NONE;
    terms->length = pick_length(in_hours);
    terms->roll = pick(0, 3) == 0;
    terms->pause_count = (size_t)pick(0, PAUSES_MAX);
    for (size_t i = 0; i < terms->pause_count; i++) {
        int64_t from = terms->start.ms + pick(-MS_PER_DAY, span);
        bool lasts = pick(0, 19) == 0;
        sample->pauses[i] = (struct clock_pause){
            {from}, lasts ? INSTANT_NONE : (struct instant){from + pick(0, span / 4)}};
    }
    terms->extension_count = (size_t)pick(0, 5) % (EXTENSIONS_MAX + 1);
    for (size_t i = 0; i < terms->extension_count; i++)
        sample->extensions[i] = pick_length(in_hours);
    terms->pauses = sample->pauses;
    terms->extensions = sample->extensions;
}

/* Does the clock stand just before this instant? */
static bool stands_before(const struct deadline_terms *terms, int64_t ms)
{
    for (size_t i = 0; i < terms->pause_count; i++) {
        int64_t to = instant_is_none(terms->pauses[i].to) ? INT64_MAX : terms->pauses[i].to.ms;
        if (terms->pauses[i].from.ms < ms && to >= ms)
            return true;
    }
    return false;
}

static bool is_work_by_rows(struct day day)
{
    for (size_t i = 0; i < fixture.count; i++)
        if (fixture.rows[i].day.v == day.v)
            return fixture.rows[i].work;
    return (day.v + 3) % 7 < 5; /* 1969-12-29 was a Monday */
}

static const int64_t STANDS = INT64_MAX; /* the slow count gave up: the clock stands for good */

/* End of the limit by walking on cell by cell, from the end of the start's cell. */
static int64_t slow_end(const struct deadline_terms *terms, bool in_hours)
{
    int64_t grain = in_hours ? MS_PER_MINUTE : MS_PER_DAY;
    int64_t shift = in_hours ? 0 : 8 * MS_PER_HOUR; /* days begin at 16:00 UTC */
    int64_t end = ((terms->start.ms + shift) / grain + 1) * grain - shift;
    int64_t give_up = end + (in_hours ? 60 : 8000) * (int64_t)MS_PER_DAY;
    for (size_t leg = 0; leg <= terms->extension_count; leg++) {
        struct length length = leg == 0 ? terms->length : terms->extensions[leg - 1];
        int64_t left = in_hours ? length.count * 60 : length.count;
        while (left > 0) {
            struct day day = {(int32_t)((end + shift) / MS_PER_DAY)};
            end += grain;
            if (end > give_up)
                return STANDS;
            bool counts = length.unit != LENGTH_WORKDAYS || is_work_by_rows(day);
            left -= counts && !stands_before(terms, end);
        }
    }
    if (in_hours || !terms->roll)
        return end;
    struct day due = {(int32_t)((end + shift) / MS_PER_DAY) - 1};
    if (is_work_by_rows(due))
        return end;
    while (!is_work_by_rows(due) || (stands_before(terms, end) && end < give_up)) {
        due.v++;
        end += grain;
    }
    return end >= give_up ? STANDS : end;
}

static void the_jumping_count_agrees_with_the_walking_one(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct sample sample;
        bool in_hours = pick(0, 4) == 0;
        pick_sample(&sample, in_hours);
        struct deadline deadline = find(&sample.terms);
        int64_t slow = slow_end(&sample.terms, in_hours);
        if (slow == STANDS)
            assert_true(deadline.open);
        else
            assert_int_equal(deadline.end.ms, slow);
    }
}

static void the_trace_counts_what_the_length_says(void **state)
{
    (void)state;
    for (int i = 0; i < CASES / 10; i++) {
        struct sample sample;
        pick_sample(&sample, false);
        struct deadline deadline = find(&sample.terms);
        struct arena_mark mark = arena_mark(ctx.arena);
        struct deadline_trace trace;
        assert_int_equal(deadline_explain(&ctx, fixture.cal, &sample.terms, &trace), ST_OK);
        int64_t counted = 0;
        for (size_t k = 0; k < trace.len; k++) {
            assert_int_equal(trace.at[k].day.v,
                             day_of_instant(sample.terms.start).v + 1 + (int32_t)k);
            counted += trace.at[k].counts;
        }
        int64_t length = sample.terms.length.count;
        for (size_t k = 0; k < sample.terms.extension_count; k++)
            length += sample.extensions[k].count;
        if (!deadline.open) {
            assert_int_equal(counted, length);
            assert_int_equal(trace.at[trace.len - 1].day.v, deadline.due_day.v);
        } else {
            assert_true(counted <= length);
        }
        arena_return(ctx.arena, mark);
    }
}

static int64_t end_of(const struct deadline_terms *terms)
{
    struct deadline deadline = find(terms);
    return deadline.open ? INT64_MAX : deadline.end.ms;
}

static void more_time_is_never_due_earlier(void **state)
{
    (void)state;
    for (int i = 0; i < CASES / 2; i++) {
        struct sample sample;
        pick_sample(&sample, pick(0, 4) == 0);
        struct deadline_terms *terms = &sample.terms;
        int64_t end = end_of(terms);
        terms->length.count++;
        int64_t longer = end_of(terms);
        /* a roll, or working days after calendar days, may bring two ends to the same day */
        bool plain = !terms->roll && terms->extension_count == 0 && end != INT64_MAX;
        assert_true(plain ? longer > end : longer >= end);
        terms->length.count--;
        terms->start.ms += pick(0, 3 * MS_PER_DAY);
        assert_true(end_of(terms) >= end);
        if (terms->pause_count > 0) {
            int64_t paused = end_of(terms);
            terms->pause_count--;
            assert_true(end_of(terms) <= paused);
        }
    }
}

static void working_days_are_never_due_before_as_many_days(void **state)
{
    (void)state;
    for (int i = 0; i < CASES / 2; i++) {
        struct sample sample;
        pick_sample(&sample, false);
        sample.terms.extension_count = 0;
        sample.terms.roll = false;
        sample.terms.length.unit = LENGTH_WORKDAYS;
        int64_t work = end_of(&sample.terms);
        sample.terms.length.unit = LENGTH_DAYS;
        assert_true(end_of(&sample.terms) <= work);
    }
}

/* "n left" turns true at the near instant and not a minute before. */
static void near_is_the_first_instant_with_no_more_left(void **state)
{
    (void)state;
    for (int i = 0; i < CASES / 4; i++) {
        struct deadline_terms terms = {.fixed = {(int32_t)pick(17200, 20800)}};
        struct deadline deadline = find(&terms);
        struct length length = {pick(0, 1) == 0 ? LENGTH_DAYS : LENGTH_WORKDAYS,
                                (int32_t)pick(1, 60)};
        struct instant near;
        assert_int_equal(deadline_find_near(&ctx, fixture.cal, &deadline, length, &near), ST_OK);
        struct deadline_left at = deadline_find_left(fixture.cal, &deadline, near);
        near.ms--;
        struct deadline_left before = deadline_find_left(fixture.cal, &deadline, near);
        bool work = length.unit == LENGTH_WORKDAYS;
        assert_int_equal(work ? at.workdays : at.days, length.count);
        assert_true((work ? before.workdays : before.days) > length.count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_the_day_after),
        cmocka_unit_test(an_hour_is_in_time_through_its_last_minute),
        cmocka_unit_test(a_fixed_day_is_in_time_itself),
        cmocka_unit_test(days_roll_only_where_the_pack_says_so),
        cmocka_unit_test(days_on_which_the_clock_stands_do_not_count),
        cmocka_unit_test(a_clock_paused_on_its_last_day_does_not_lapse),
        cmocka_unit_test(minutes_in_which_the_clock_stands_do_not_count),
        cmocka_unit_test(extensions_add_up),
        cmocka_unit_test(what_rests_on_unannounced_days_is_provisional),
        cmocka_unit_test(working_days_before_the_first_loaded_year_are_an_error),
        cmocka_unit_test(what_cannot_be_counted_is_refused),
        cmocka_unit_test(what_is_left_is_told_in_days_and_minutes),
        cmocka_unit_test(near_begins_so_many_days_before),
        cmocka_unit_test(the_trace_names_every_day_and_why),
        cmocka_unit_test(the_trace_shows_how_a_day_rolled),
        cmocka_unit_test(hours_have_no_trace_of_days),
        cmocka_unit_test(the_jumping_count_agrees_with_the_walking_one),
        cmocka_unit_test(the_trace_counts_what_the_length_says),
        cmocka_unit_test(more_time_is_never_due_earlier),
        cmocka_unit_test(working_days_are_never_due_before_as_many_days),
        cmocka_unit_test(near_is_the_first_instant_with_no_more_left),
    };
    return cmocka_run_group_tests_name("deadline", tests, set_up, tear_down);
}
