/*
 * A case stands in one line for each value it has; several group fields make every combination.
 */
#include "engine/counts.h"

#include "base/num.h"
#include "engine/period.h"

/* ---- lines ---- */

struct counting {
    struct arena *arena;
    const struct regime_count *item;
    struct count_list *lines;
    const struct casefile *casefile;
    struct count_line wanted; /* period and groups of the case, as far as they are chosen */
};

static bool counts_at_all(const struct regime_count *item, const struct casefile *casefile)
{
    if (item->of == NULL || casefile->withdrawn ||
        !str_eq(casefile->procedure, item->of->name))
        return false;
    for (size_t i = 0; i < item->without_count; i++)
        if (str_eq(casefile->state, item->without[i]))
            return false;
    return true;
}

static struct str period_of_case(struct arena *arena, const struct regime_count *item,
                                 const struct casefile *casefile)
{
    enum period_kind kind;
    struct day day = day_of_instant(casefile->created_at);
    if (!period_kind_parse(item->per, &kind))
        return S("");
    if (!str_is_empty(item->day) &&
        !day_parse(value_find_text(casefile->fields, str_c(arena, item->day)), &day))
        return S("");
    return period_format(arena, period_of(kind, day));
}

static struct count_line *line_of(struct counting *c)
{
    for (size_t i = 0; i < c->lines->len; i++) {
        struct count_line *line = &c->lines->at[i];
        bool same = str_eq(line->period, c->wanted.period);
        for (size_t g = 0; g < c->item->group_count; g++)
            same = same && str_eq(line->group[g], c->wanted.group[g]);
        if (same)
            return line;
    }
    struct count_line *line = vec_push(c->arena, c->lines);
    *line = c->wanted;
    return line;
}

static void add_unit(struct arena *arena, struct count_line *line, int64_t unit)
{
    size_t at = 0;
    while (at < line->units.len && line->units.at[at] < unit)
        at++;
    if (at < line->units.len && line->units.at[at] == unit)
        return;
    vec_add(arena, &line->units, unit);
    for (size_t i = line->units.len - 1; i > at; i--)
        line->units.at[i] = line->units.at[i - 1];
    line->units.at[at] = unit;
}

static void take_case(struct counting *c)
{
    struct count_line *line = line_of(c);
    const struct casefile_role *role = casefile_find_role(c->casefile, c->item->units);
    vec_add(c->arena, &line->cases, c->casefile);
    for (size_t i = 0; role != NULL && i < role->units.len; i++)
        add_unit(c->arena, line, role->units.at[i]);
}

static struct str text_of(struct arena *arena, const struct value *value)
{
    if (value->kind == VALUE_INT)
        return str_printf(arena, "%lld", (long long)value->number);
    if (value->kind == VALUE_BOOL)
        return value->flag ? S("true") : S("false");
    return value->text;
}

/* Every combination of the values of the group fields from `g` on. */
static void choose(struct counting *c, size_t g)
{
    if (g == c->item->group_count) {
        take_case(c);
        return;
    }
    if (c->item->group[g] == &REGIME_COUNT_REGION) {
        c->wanted.group[g] = c->casefile->region;
        choose(c, g + 1);
        return;
    }
    const struct value *value = value_find(c->casefile->fields, c->item->group[g]->name);
    if (value_is_empty(value))
        return;
    if (value->kind != VALUE_LIST) {
        c->wanted.group[g] = text_of(c->arena, value);
        choose(c, g + 1);
        return;
    }
    value_each (one, value) {
        c->wanted.group[g] = text_of(c->arena, one);
        choose(c, g + 1);
    }
}

void counts_list(struct arena *arena, const struct regime_count *item,
                 const struct casefile *const *cases, size_t count, struct count_list *out)
{
    *out = (struct count_list){0};
    for (size_t i = 0; i < count; i++) {
        struct counting c = {.arena = arena, .item = item, .lines = out, .casefile = cases[i]};
        if (!counts_at_all(item, cases[i]))
            continue;
        c.wanted.period = period_of_case(arena, item, cases[i]);
        choose(&c, 0);
    }
}

/* ---- what it proposes ---- */

int64_t counts_size(const struct regime_count *item, const struct count_line *line)
{
    return (int64_t)(str_is_empty(item->units) ? line->cases.len : line->units.len);
}

bool counts_is_reached(const struct engine *engine, const struct regime_count *item,
                       const struct count_line *line)
{
    const struct value *wanted = item->threshold;
    if (wanted != NULL && wanted->kind == VALUE_TEXT)
        wanted = engine_setting(engine, wanted->text);
    return wanted != NULL && wanted->kind == VALUE_INT &&
           counts_size(item, line) >= wanted->number;
}

struct str counts_key(struct arena *arena, const struct regime_count *item,
                      const struct count_line *line)
{
    struct str key = str_printf(arena, "%.*s/%.*s", STR_ARG(item->id), STR_ARG(line->period));
    for (size_t g = 0; g < item->group_count; g++)
        key = str_printf(arena, "%.*s/%.*s", STR_ARG(key), STR_ARG(line->group[g]));
    return key;
}

static void put_units(struct arena *arena, const struct count_line *line, struct value *list)
{
    for (size_t i = 0; i < line->units.len; i++)
        value_append(list, value_text(arena, str_printf(arena, "%lld",
                                                        (long long)line->units.at[i])));
}

static void put_field(struct arena *arena, const struct regime_count *item,
                      const struct count_line *line, const struct value *field, struct value *to)
{
    if (str_eq(field->text, S("period")))
        value_put(to, field->key, value_text(arena, line->period));
    for (size_t g = 0; g < item->group_count; g++)
        if (str_eq(field->text, item->group[g]->name))
            value_put(to, field->key, value_text(arena, line->group[g]));
    if (str_eq(field->text, S("units")))
        put_units(arena, line, value_put_list(arena, to, str_c(arena, field->key)));
    if (!str_eq(field->text, S("cases")))
        return;
    struct value *cases = value_put_list(arena, to, str_c(arena, field->key));
    for (size_t i = 0; i < line->cases.len; i++)
        value_append(cases, value_text(arena, line->cases.at[i]->number));
}

/* Where the lines are made by region, what one proposes belongs there. */
static struct str region_of(const struct engine *engine, const struct regime_count *item,
                            const struct count_line *line)
{
    for (size_t g = 0; g < item->group_count; g++)
        if (item->group[g] == &REGIME_COUNT_REGION)
            return line->group[g];
    return engine->campaign.region;
}

struct value *counts_input(struct arena *arena, const struct engine *engine,
                           const struct regime_count *item, const struct count_line *line)
{
    struct value *input = value_map(arena);
    struct value *fields = value_put_map(arena, input, "fields");
    value_put_text(arena, input, "region", region_of(engine, item, line));
    value_put_text(arena, input, "key", counts_key(arena, item, line));
    value_each (field, item->fields)
        put_field(arena, item, line, field, fields);
    return input;
}
