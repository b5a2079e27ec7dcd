/*
 * For the years that rows reach, `before` holds the number of working days before each day, so that
 * any stretch is counted by one subtraction; past them weekdays are counted by arithmetic, with the
 * same function, and the n-th working day is found by halving over it.
 */
#include "engine/calendar.h"

#include <stdlib.h>

struct calendar {
    struct day first;          /* 1 January of the first announced year */
    struct day known;          /* 1 January after the last announced year */
    int32_t length;            /* days from first to known */
    int32_t *before;           /* [0..length]: working days from first to here, here excluded */
    struct calendar_row *rows; /* ascending by day */
    size_t row_count;
};

enum { DAY_LAST = 2932896 }; /* 9999-12-31 */

static int compare_rows(const void *a, const void *b)
{
    int32_t left = ((const struct calendar_row *)a)->day.v;
    int32_t right = ((const struct calendar_row *)b)->day.v;
    return (left > right) - (left < right);
}

static const struct calendar_row *find_row(const struct calendar *cal, struct day day)
{
    if (cal->row_count == 0)
        return NULL;
    struct calendar_row wanted = {.day = day};
    return bsearch(&wanted, cal->rows, cal->row_count, sizeof wanted, compare_rows);
}

static bool is_weekday(struct day day)
{
    return day_weekday(day) <= 5;
}

/* Which years the rows announce, and that none between them is left out. */
static enum status find_years(struct ctx *ctx, struct calendar *cal)
{
    int first = 0;
    int last = 0;
    for (size_t i = 0; i < cal->row_count; i++) {
        struct civil civil = day_civil(cal->rows[i].day);
        if (i > 0 && cal->rows[i - 1].day.v == cal->rows[i].day.v)
            return fail(ctx, ST_INVALID, "calendar.day_twice",
                        ARGS(arg_day("day", cal->rows[i].day)));
        if (civil.month == 12)
            continue;
        if (first == 0)
            first = civil.year;
        else if (civil.year > last + 1)
            return fail(ctx, ST_INVALID, "calendar.year_missing", ARGS(arg_int("year", last + 1)));
        last = civil.year;
    }
    if (first == 0)
        return fail(ctx, ST_INVALID, "calendar.empty", NO_ARGS);
    if (last - first >= CALENDAR_YEARS_MAX || last >= 9999)
        return fail(ctx, ST_LIMIT, "calendar.too_long", ARGS(arg_int("years", CALENDAR_YEARS_MAX)));
    cal->first = day_of(first, 1, 1);
    cal->known = day_of(last + 1, 1, 1);
    cal->length = cal->known.v - cal->first.v;
    return ST_OK;
}

static void count_days(struct calendar *cal)
{
    size_t row = 0;
    for (int32_t i = 0; i < cal->length; i++) {
        struct day day = day_add(cal->first, i);
        while (row < cal->row_count && cal->rows[row].day.v < day.v)
            row++;
        bool listed = row < cal->row_count && cal->rows[row].day.v == day.v;
        bool work = listed ? cal->rows[row].work : is_weekday(day);
        cal->before[i + 1] = cal->before[i] + work;
    }
}

enum status calendar_build(struct ctx *ctx, struct arena *arena, const struct calendar_row *rows,
                           size_t count, const struct calendar **out)
{
    struct calendar *cal = arena_new_of(arena, struct calendar);
    cal->rows = arena_copy(arena, rows, count * sizeof *rows);
    cal->row_count = count;
    if (count > 1)
        qsort(cal->rows, count, sizeof *rows, compare_rows);
    TRY(find_years(ctx, cal));
    cal->before = arena_alloc_array(arena, (size_t)cal->length + 1, sizeof *cal->before);
    count_days(cal);
    *out = cal;
    return ST_OK;
}

int calendar_first_year(const struct calendar *cal)
{
    return day_civil(cal->first).year;
}

int calendar_last_year(const struct calendar *cal)
{
    return day_civil(cal->known).year - 1;
}

bool calendar_covers(const struct calendar *cal, struct day day)
{
    return day.v >= cal->first.v;
}

bool calendar_is_provisional(const struct calendar *cal, struct day day)
{
    return day.v >= cal->known.v;
}

bool calendar_is_work(const struct calendar *cal, struct day day)
{
    must(calendar_covers(cal, day));
    if (calendar_is_provisional(cal, day))
        return is_weekday(day);
    int32_t at = day.v - cal->first.v;
    return cal->before[at + 1] > cal->before[at];
}

struct calendar_day calendar_get_day(const struct calendar *cal, struct day day)
{
    struct calendar_day out = {.work = calendar_is_work(cal, day),
                               .provisional = calendar_is_provisional(cal, day),
                               .why = is_weekday(day) ? CALENDAR_WEEKDAY : CALENDAR_WEEKEND};
    const struct calendar_row *row = out.provisional ? NULL : find_row(cal, day);
    if (row == NULL || (row->work && is_weekday(day)))
        return out;
    out.why = row->work ? CALENDAR_MAKE_UP : CALENDAR_HOLIDAY;
    out.name = row->name;
    out.notice = row->notice;
    return out;
}

/* Weekdays from Monday 0001-01-01 to `day`, day excluded. */
static int32_t weekdays_before(struct day day)
{
    int32_t since_monday = day.v + 719162;
    int32_t rest = since_monday % 7;
    return since_monday / 7 * 5 + (rest < 5 ? rest : 5);
}

/* Working days from the first day of the calendar through `last`. */
static int32_t work_through(const struct calendar *cal, struct day last)
{
    int32_t days = last.v - cal->first.v + 1;
    if (days <= cal->length)
        return cal->before[days];
    return cal->before[cal->length] + weekdays_before(day_add(last, 1)) -
           weekdays_before(cal->known);
}

int32_t calendar_count_work(const struct calendar *cal, struct day after, struct day last)
{
    must(calendar_covers(cal, day_add(after, 1)));
    return last.v <= after.v ? 0 : work_through(cal, last) - work_through(cal, after);
}

bool calendar_nth_work(const struct calendar *cal, struct day after, int32_t n, struct day *out)
{
    must(n >= 1 && n <= DAY_LAST && calendar_covers(cal, day_add(after, 1)));
    int32_t wanted = work_through(cal, after) + n;
    int32_t low = after.v; /* fewer than wanted through here */
    int32_t high = low;
    for (int32_t step = n; high < DAY_LAST; step *= 2) {
        high = step < DAY_LAST - high ? high + step : DAY_LAST;
        if (work_through(cal, (struct day){high}) >= wanted)
            break;
        low = high;
    }
    if (work_through(cal, (struct day){high}) < wanted)
        return false;
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (work_through(cal, (struct day){middle}) >= wanted)
            high = middle;
        else
            low = middle;
    }
    *out = (struct day){high};
    return true;
}
