/*
 * Effects that reckon with dates: the period a day falls in, the next date of a list. Both write an
 * ordinary field, so that lists, clocks and letters need to know nothing of how it came about.
 */
#include "base/num.h"
#include "engine/calendar.h"
#include "engine/engine_int.h"

static struct day day_of_value(const struct value *value)
{
    struct day day = DAY_NONE;
    if (value != NULL && value->kind == VALUE_TEXT)
        (void)day_parse(str_part(value->text, 0, 10), &day);
    return day;
}

/* A truth that may be a setting's. */
static bool is_true(const struct trial *trial, const struct value *value)
{
    if (value != NULL && value->kind == VALUE_TEXT)
        value = engine_setting(trial->engine, value->text);
    return value != NULL && value->kind == VALUE_BOOL && value->flag;
}

/* MM-DD in that year; 02-29 is the month's last day where the year has none. */
static struct day cutoff_in_year(const struct trial *trial, struct str cutoff, int year, bool roll)
{
    int64_t month = 1;
    int64_t day = 1;
    must(num_parse_i64(str_part(cutoff, 0, 2), 1, 12, &month));
    must(num_parse_i64(str_part(cutoff, 3, 2), 1, 31, &day));
    int last = day_days_in_month(year, (int)month);
    struct day found = day_of(year, (int)month, day > last ? last : (int)day);
    const struct calendar *cal = trial->engine->calendar;
    while (roll && cal != NULL && calendar_covers(cal, found) && !calendar_is_work(cal, found))
        found = day_add(found, 1);
    return found;
}

/* The n-th cut-off of a year. */
struct period {
    int year;
    int n;
    struct day cutoff;
};

static struct period period_of(const struct trial *trial, const struct value *args, struct day day)
{
    struct period period = {.year = day_civil(day).year};
    bool roll = is_true(trial, value_find_c(args, "roll"));
    for (;; period.year++, period.n = 0)
        names_each (cutoff, value_find_c(args, "cutoffs")) {
            period.n++;
            period.cutoff = cutoff_in_year(trial, cutoff->text, period.year, roll);
            if (period.cutoff.v >= day.v)
                return period;
        }
}

/* Latest of the fields that are filled; the day it happened where none is. */
static struct day latest_day(const struct trial *trial, const struct value *names)
{
    struct day latest = DAY_NONE;
    names_each (name, names) {
        struct day day = day_of_value(trial_value(trial, name->text));
        if (!day_is_none(day) && (day_is_none(latest) || day.v > latest.v))
            latest = day;
    }
    return day_is_none(latest) ? day_of_instant(trial->happened_at) : latest;
}

/* clause: S2-06.2.4 — what comes after a cut-off counts for the next period. */
enum status effect_period(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct period period = period_of(trial, args, latest_day(trial, value_find_c(args, "of")));
    struct str text = str_printf(arena, "%04d-%d", period.year, period.n);
    trial_set_field(trial, value_find_text(args, "field"), value_text(arena, text));
    struct str until = value_find_text(args, "until");
    if (!str_is_empty(until))
        trial_set_field(trial, until, value_text(arena, day_format(arena, period.cutoff)));
    struct str late = value_find_text(args, "late");
    struct day since = day_of_value(trial_value(trial, value_find_text(args, "since")));
    if (str_is_empty(late) || day_is_none(since))
        return ST_OK;
    struct period due = period_of(trial, args, since);
    bool is_late = due.year < period.year || (due.year == period.year && due.n < period.n);
    trial_set_flag(trial, late, is_late);
    return ST_OK;
}

enum status effect_next(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct day next = DAY_NONE;
    value_each (row, trial_value(trial, value_find_text(args, "list"))) {
        const struct value *done = value_find(row, value_find_text(args, "open"));
        struct day day = day_of_value(value_find(row, value_find_text(args, "column")));
        if ((done != NULL && done->kind == VALUE_BOOL && done->flag) || day_is_none(day))
            continue;
        if (day_is_none(next) || day.v < next.v)
            next = day;
    }
    const struct value *field = value_find_c(args, "field");
    if (!day_is_none(next))
        trial_set_field(trial, field->text, value_text(arena, day_format(arena, next)));
    else if (!value_is_empty(trial_value(trial, field->text)))
        trial_clear_fields(trial, field);
    return ST_OK;
}

static struct day day_in(const struct trial *trial, const struct value *args, const char *key)
{
    return day_of_value(trial_value(trial, value_find_text(args, key)));
}

/* A number of the pack, or of the setting that it names. */
static int64_t number_in(const struct trial *trial, const struct value *number)
{
    if (number != NULL && number->kind == VALUE_TEXT)
        number = engine_setting(trial->engine, number->text);
    return number == NULL || number->kind != VALUE_INT ? 0 : number->number;
}

enum status effect_shift(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct day from = day_in(trial, args, "from");
    int32_t by = (int32_t)number_in(trial, value_find_c(args, "by"));
    struct day day = day_add(from, value_find_bool(args, "back") ? -by : by);
    trial_set_field(trial, value_find_text(args, "field"),
                    day_is_none(from) ? value_null(arena)
                                      : value_text(arena, day_format(arena, day)));
    return ST_OK;
}

/* Where one of the days is not known nothing is said. */
enum status effect_count_days(struct trial *trial, const struct value *args)
{
    struct day after = day_in(trial, args, "after");
    struct day before = day_in(trial, args, "before");
    if (day_is_none(after) || day_is_none(before))
        return ST_OK;
    int64_t between = (int64_t)before.v - after.v - 1;
    trial_set_field(trial, value_find_text(args, "field"),
                    value_int(trial->ctx->arena, between < 0 ? 0 : between));
    return ST_OK;
}
