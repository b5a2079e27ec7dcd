/*
 * Periods are made year by year and kept where they touch the days asked for: a few dozen
 * comparisons, and no arithmetic that goes wrong at the turn of a year.
 */
#include "engine/obligation.h"

#include <stdlib.h>

#include "base/num.h"
#include "engine/period.h"

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

/* The civil periods of a year; `months` is how many one has. */
static void add_civil(struct arena *arena, int months, int year, struct obligation_period_list *all)
{
    enum period_kind kind = months == 1   ? PERIOD_MONTH
                            : months == 3 ? PERIOD_QUARTER
                            : months == 6 ? PERIOD_HALF_YEAR
                                          : PERIOD_YEAR;
    for (int month = 1; month <= 12; month += months) {
        struct period period = period_of(kind, first_of(year, month));
        vec_add(arena, all,
                ((struct obligation_period){period_format(arena, period), period.first,
                                            period.last}));
    }
}

/* Those whose last day lies in the year, or for windows: whose first day does. */
static void add_year(struct arena *arena, const struct regime_obligation *item, int year,
                     struct obligation_period_list *all)
{
    switch (item->rhythm) {
    case RHYTHM_MONTHS:
        add_civil(arena, item->months, year, all);
        return;
    case RHYTHM_CUTOFFS:
        for (size_t i = 0; i < item->cutoff_count; i++) {
            struct day before = i > 0 ? in_year(item->cutoffs[i - 1], year)
                                      : in_year(item->cutoffs[item->cutoff_count - 1], year - 1);
            vec_add(arena, all,
                    ((struct obligation_period){str_printf(arena, "%04d-%zu", year, i + 1),
                                                day_add(before, 1),
                                                in_year(item->cutoffs[i], year)}));
        }
        return;
    case RHYTHM_WINDOWS:
        for (size_t i = 0; i < item->window_count; i++) {
            const struct month_window *window = &item->windows[i];
            int end = window->last < window->first ? year + 1 : year;
            vec_add(arena, all,
                    ((struct obligation_period){str_printf(arena, "%04d-%02d..%02d", year,
                                                           window->first, window->last),
                                                first_of(year, window->first),
                                                last_of(end, window->last)}));
        }
        return;
    }
}

static int by_opening(const void *a, const void *b)
{
    const struct obligation_period *x = a, *y = b;
    if (x->opens.v != y->opens.v)
        return x->opens.v < y->opens.v ? -1 : 1;
    return x->due.v < y->due.v ? -1 : x->due.v > y->due.v;
}

void obligation_list_periods(struct arena *arena, const struct regime_obligation *item,
                             struct day since, struct day until,
                             struct obligation_period_list *out)
{
    struct obligation_period_list all = {0};
    *out = (struct obligation_period_list){0};
    for (int year = day_civil(since).year - 1; year <= day_civil(until).year + 1; year++)
        add_year(arena, item, year, &all);
    for (size_t i = 0; i < all.len; i++)
        if (all.at[i].due.v >= since.v && all.at[i].opens.v <= until.v)
            vec_add(arena, out, all.at[i]);
    if (out->len > 1)
        qsort(out->at, out->len, sizeof *out->at, by_opening);
}

bool obligation_find_period(struct arena *arena, const struct regime_obligation *item,
                            struct day day, struct obligation_period *out)
{
    struct obligation_period_list list;
    obligation_list_periods(arena, item, day, day, &list);
    if (list.len > 0)
        *out = list.at[0];
    return list.len > 0;
}

/* ---- who ---- */

static bool holds_role(const struct campaign_terms *campaign, struct str role, struct unit_id unit)
{
    value_each (holder, value_find(campaign->roles, role)) {
        int64_t id;
        if (holder->kind == VALUE_TEXT && num_parse_i64(holder->text, 1, INT64_MAX, &id) &&
            id == unit.v)
            return true;
    }
    return false;
}

bool obligation_is_owed_by(const struct engine *engine, const struct regime_obligation *item,
                           const struct unit_facts *unit)
{
    const struct engine_world *world = &engine->world;
    for (size_t i = 0; i < item->role_count; i++)
        if (holds_role(&engine->campaign, item->roles[i], unit->id))
            return true;
    for (size_t i = 0; i < item->kind_count; i++)
        if (str_eq(item->kinds[i], unit->kind))
            return world->region_is_within(world->self, unit->region, engine->campaign.region);
    return false;
}

/* ---- the case ---- */

struct str obligation_key(struct arena *arena, const struct regime_obligation *item,
                          const struct obligation_period *period, struct unit_id unit)
{
    return str_printf(arena, "%.*s/%.*s/%lld", STR_ARG(item->id), STR_ARG(period->name),
                      (long long)unit.v);
}

bool obligation_key_parse(struct str key, struct str *out_item, struct str *out_period,
                          struct unit_id *out_unit)
{
    return str_next(&key, '/', out_item) && str_next(&key, '/', out_period) &&
           num_parse_i64(key, 1, INT64_MAX, &out_unit->v);
}

static struct value *answer_of(struct arena *arena, struct str source,
                               const struct obligation_period *period,
                               const struct unit_facts *unit)
{
    if (str_eq(source, S("opens")))
        return value_text(arena, day_format(arena, period->opens));
    if (str_eq(source, S("due")))
        return value_text(arena, day_format(arena, period->due));
    if (str_eq(source, S("unit")))
        return value_text(arena, str_printf(arena, "%lld", (long long)unit->id.v));
    return value_text(arena, period->name);
}

struct value *obligation_input(struct arena *arena, const struct regime_obligation *item,
                               const struct obligation_period *period,
                               const struct unit_facts *unit)
{
    struct value *input = value_map(arena);
    value_put_text(arena, input, "region", unit->region);
    value_put_text(arena, input, "key", obligation_key(arena, item, period, unit->id));
    struct value *fields = value_put_map(arena, input, "fields");
    value_each (source, item->fields) {
        const struct value *literal = value_find_c(source, "value");
        value_put(fields, source->key,
                  literal != NULL ? value_copy(arena, literal)
                                  : answer_of(arena, source->text, period, unit));
    }
    return input;
}

/* ---- what counts ---- */

int64_t obligation_least(const struct engine *engine, const struct regime_obligation *item)
{
    const struct value *least = item->fulfilment->at_least;
    if (least != NULL && least->kind == VALUE_TEXT)
        least = engine_setting(engine, least->text);
    return least == NULL || least->kind != VALUE_INT ? 1 : least->number;
}

static bool has_one_of(const struct value *value, const struct value *wanted)
{
    if (wanted->kind != VALUE_LIST)
        return value != NULL && value_eq(value, wanted);
    value_each (one, wanted)
        if (value != NULL && value_eq(value, one))
            return true;
    return false;
}

static bool fields_hold(const struct regime_fulfilment *by, const struct casefile *casefile)
{
    value_each (wanted, by->fields)
        if (!has_one_of(value_find(casefile->fields, wanted->key), wanted))
            return false;
    return true;
}

static bool stands_there(const struct regime_fulfilment *by, const struct casefile *casefile)
{
    for (size_t i = 0; i < by->state_count; i++)
        if (str_eq(by->states[i], casefile->state))
            return true;
    return by->state_count == 0;
}

static bool has_ended(const struct regime_fulfilment *by, const struct casefile *casefile)
{
    const struct regime_state *state = procedure_find_state(by->procedure, casefile->state);
    return state != NULL && state->end;
}

static struct day day_of_value(const struct value *value)
{
    struct day day = DAY_NONE;
    if (value != NULL && value->kind == VALUE_TEXT)
        (void)day_parse(value->text, &day);
    return day;
}

static bool is_within(const struct obligation_period *period, struct day day)
{
    return !day_is_none(day) && day.v >= period->opens.v && day.v <= period->due.v;
}

/* Since when it has stood where it counts. */
static struct instant stood_since(const struct regime_fulfilment *by,
                                  const struct casefile *casefile)
{
    if (by->state_count == 0 || casefile->entries.len == 0)
        return casefile->created_at;
    return casefile->entries.at[casefile->entries.len - 1].at;
}

static bool names_unit(const struct regime_fulfilment *by, const struct value *row,
                       struct unit_id unit)
{
    int64_t id;
    const struct value *named = value_find(row, by->entry_unit);
    return str_is_empty(by->entry_unit) ||
           (named != NULL && named->kind == VALUE_TEXT &&
            num_parse_i64(named->text, 1, INT64_MAX, &id) && id == unit.v);
}

/* A row of the period; the first one's day is since when it counts. */
static bool has_entry(const struct regime_fulfilment *by, const struct obligation_period *period,
                      struct unit_id unit, const struct casefile *casefile,
                      struct instant *out_since)
{
    value_each (row, value_find(casefile->fields, by->entries)) {
        struct day day = day_of_value(value_find(row, by->entry_day));
        if (!is_within(period, day) || !names_unit(by, row, unit))
            continue;
        *out_since = day_start(day);
        return true;
    }
    return false;
}

/* The day that tells the period, where no entry does. */
static struct day day_told(const struct regime_fulfilment *by, const struct casefile *casefile)
{
    return str_is_empty(by->on) ? day_of_instant(stood_since(by, casefile))
                                : day_of_value(value_find(casefile->fields, by->on));
}

static bool is_meant(const struct regime_fulfilment *by, struct unit_id unit,
                     const struct casefile *casefile)
{
    bool lead;
    if (casefile->withdrawn || !str_eq(casefile->procedure, by->procedure->name) ||
        !stands_there(by, casefile) || !fields_hold(by, casefile))
        return false;
    return str_is_empty(by->role) || casefile_role_has_unit(casefile, by->role, unit.v, &lead);
}

enum obligation_answer obligation_ask(const struct regime_obligation *item,
                                      const struct obligation_period *period, struct unit_id unit,
                                      const struct casefile *casefile, struct instant *out_since)
{
    const struct regime_fulfilment *by = item->fulfilment;
    struct instant since = stood_since(by, casefile);
    if (!is_meant(by, unit, casefile))
        return OBLIGATION_NOT_MEANT;
    bool counts = str_is_empty(by->entries) ? is_within(period, day_told(by, casefile))
                                            : has_entry(by, period, unit, casefile, &since);
    if (counts) {
        *out_since = since;
        return OBLIGATION_COUNTS;
    }
    bool must = by->all && !has_ended(by, casefile) &&
                day_of_instant(casefile->created_at).v <= period->due.v;
    return must ? OBLIGATION_MISSING : OBLIGATION_NOT_MEANT;
}
