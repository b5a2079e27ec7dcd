/*
 * Periods are made year by year and kept where they touch the days asked for: a few dozen
 * comparisons, and no arithmetic that goes wrong at the turn of a year. Only days and dates run on
 * from the campaign's beginning.
 */
#include "engine/obligation.h"

#include <stdlib.h>

#include "engine/period.h"

/* ---- as the campaign reads it ---- */

/* The days of a term, as the campaign sets them. */
static int days_of(const struct engine *engine, const struct regime_term *term)
{
    const struct value *set =
        str_is_empty(term->setting) ? NULL : engine_setting(engine, term->setting);
    bool fits = set != NULL && set->kind == VALUE_INT && set->number >= 1 &&
                set->number <= length_max(LENGTH_DAYS);
    return fits ? (int)set->number : term->length.count;
}

static bool is_read_otherwise(const struct engine *engine, const struct value *only)
{
    if (only == NULL)
        return false;
    const struct value *set = engine_setting(engine, value_find_text(only, "setting"));
    return set == NULL || !value_eq(set, value_find_c(only, "is"));
}

struct obligation obligation_of(const struct engine *engine, const struct regime_obligation *item,
                                struct day begins, struct day ends)
{
    bool has_no_beginning = item->rhythm == RHYTHM_DAYS && day_is_none(begins);
    struct obligation owed = {.item = item,
                              .rhythm = item->rhythm,
                              .months = item->months,
                              .days = days_of(engine, &item->every),
                              .ahead = days_of(engine, &item->ahead),
                              .grace = days_of(engine, &item->grace),
                              .begins = begins,
                              .ends = ends,
                              .is_off =
                                  has_no_beginning || is_read_otherwise(engine, item->only)};
    const struct value *set = str_is_empty(item->every.setting)
                                  ? NULL
                                  : engine_setting(engine, item->every.setting);
    if (set != NULL && set->kind == VALUE_TEXT && obligation_months(set->text) > 0)
        owed.months = obligation_months(set->text);
    return owed;
}

/* ---- periods ---- */

static struct day first_of(int year, int month)
{
    return day_of(year, month, 1);
}

static struct day last_of(int year, int month)
{
    return day_of(year, month, day_days_in_month(year, month));
}

static struct day in_year(struct month_day day, int year)
{
    int last = day_days_in_month(year, day.month);
    return day_of(year, day.month, day.day > last ? last : day.day);
}

static void add(struct arena *arena, const struct obligation *owed, struct str name,
                struct day opens, struct day last, struct obligation_period_list *all)
{
    vec_add(arena, all,
            ((struct obligation_period){
                .name = name, .opens = opens, .last = last, .due = day_add(last, owed->grace)}));
}

/* The civil periods of a year. */
static void add_civil(struct arena *arena, const struct obligation *owed, int year,
                      struct obligation_period_list *all)
{
    int months = owed->months;
    enum period_kind kind = months == 1   ? PERIOD_MONTH
                            : months == 3 ? PERIOD_QUARTER
                            : months == 6 ? PERIOD_HALF_YEAR
                                          : PERIOD_YEAR;
    for (int month = 1; month <= 12; month += months) {
        struct period period = period_of(kind, first_of(year, month));
        add(arena, owed, period_format(arena, period), period.first, period.last, all);
    }
}

/* Counted off from the first day of the campaign; its last day cuts the last one short. */
static void add_days(struct arena *arena, const struct obligation *owed, struct day until,
                     struct obligation_period_list *all)
{
    struct day end = day_is_none(owed->ends) || until.v < owed->ends.v ? until : owed->ends;
    for (struct day opens = owed->begins; owed->days > 0 && opens.v <= end.v;
         opens = day_add(opens, owed->days)) {
        struct day last = day_add(opens, owed->days - 1);
        if (!day_is_none(owed->ends) && owed->ends.v < last.v)
            last = owed->ends;
        add(arena, owed, day_format(arena, opens), opens, last, all);
    }
}

/* The first one begins with the campaign. */
static void add_dates(struct arena *arena, const struct obligation *owed,
                      struct obligation_period_list *all)
{
    const struct regime_obligation *item = owed->item;
    struct day opens = owed->begins;
    for (size_t i = 0; i < item->date_count; i++) {
        add(arena, owed, day_format(arena, item->dates[i]), opens, item->dates[i], all);
        opens = day_add(item->dates[i], 1);
    }
}

/* Those whose last day lies in the year, or for windows: whose first day does. */
static void add_year(struct arena *arena, const struct obligation *owed, int year,
                     struct obligation_period_list *all)
{
    const struct regime_obligation *item = owed->item;
    switch (owed->rhythm) {
    case RHYTHM_MONTHS:
        add_civil(arena, owed, year, all);
        return;
    case RHYTHM_CUTOFFS:
        for (size_t i = 0; i < item->cutoff_count; i++) {
            struct day before = i > 0 ? in_year(item->cutoffs[i - 1], year)
                                      : in_year(item->cutoffs[item->cutoff_count - 1], year - 1);
            add(arena, owed, str_printf(arena, "%04d-%zu", year, i + 1), day_add(before, 1),
                in_year(item->cutoffs[i], year), all);
        }
        return;
    case RHYTHM_WINDOWS:
        for (size_t i = 0; i < item->window_count; i++) {
            const struct month_window *window = &item->windows[i];
            int end = window->last < window->first ? year + 1 : year;
            add(arena, owed,
                str_printf(arena, "%04d-%02d..%02d", year, window->first, window->last),
                first_of(year, window->first), last_of(end, window->last), all);
        }
        return;
    case RHYTHM_DAYS:
    case RHYTHM_DATES:
        return; /* are of no year */
    }
}

static int by_opening(const void *a, const void *b)
{
    const struct obligation_period *x = a, *y = b;
    if (x->opens.v != y->opens.v)
        return x->opens.v < y->opens.v ? -1 : 1;
    return x->last.v < y->last.v ? -1 : x->last.v > y->last.v;
}

/* Whether it is owed at all, and its case is opened by `until`. */
static bool is_open_by(const struct obligation *owed, const struct obligation_period *period,
                       struct day until)
{
    struct day first = period->opens.v < owed->begins.v ? owed->begins : period->opens;
    bool is_since = day_is_none(owed->item->since) || period->opens.v >= owed->item->since.v;
    return is_since && period->last.v >= owed->begins.v && day_add(first, -owed->ahead).v <= until.v;
}

void obligation_list_periods(struct arena *arena, const struct obligation *owed, struct day until,
                             struct obligation_period_list *out)
{
    struct obligation_period_list all = {0};
    struct day far = day_add(until, owed->ahead);
    *out = (struct obligation_period_list){0};
    if (owed->is_off)
        return;
    if (owed->rhythm == RHYTHM_DAYS)
        add_days(arena, owed, far, &all);
    else if (owed->rhythm == RHYTHM_DATES)
        add_dates(arena, owed, &all);
    for (int year = day_civil(owed->begins).year - 1; year <= day_civil(far).year + 1; year++)
        add_year(arena, owed, year, &all);
    for (size_t i = 0; i < all.len; i++)
        if (is_open_by(owed, &all.at[i], until))
            vec_add(arena, out, all.at[i]);
    if (out->len > 1)
        qsort(out->at, out->len, sizeof *out->at, by_opening);
    for (size_t i = 0; i < out->len; i++)
        out->at[i].ordinal = (int)i + 1;
}

bool obligation_find_period(struct arena *arena, const struct obligation *owed, struct day day,
                            struct obligation_period *out)
{
    struct obligation_period_list list;
    obligation_list_periods(arena, owed, day, &list);
    for (size_t i = 0; i < list.len; i++) {
        if (list.at[i].opens.v > day.v || list.at[i].last.v < day.v)
            continue;
        *out = list.at[i];
        return true;
    }
    return false;
}
