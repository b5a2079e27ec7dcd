/*
 * Effects that reckon with the rows of a list: sums, days that are missing, targets that are met. Numbers
 * are whole, decimals as text, or fen; all are reckoned in millionths.
 */
#include "base/num.h"
#include "engine/engine_int.h"

enum { PLACES = 6, FEN_PLACES = 2, DAYS_MAX = 3660 };
static const int64_t MILLION = 1000000;
static const int64_t LARGEST = VALUE_INT_MAX; /* of what is read, in millionths */

static int64_t figure_of(const struct value *value, bool money, bool *out_there)
{
    int64_t millionths = 0;
    *out_there = false;
    if (value == NULL)
        return 0;
    if (value->kind == VALUE_TEXT)
        *out_there = num_parse_scaled(value->text, PLACES, -LARGEST, LARGEST, &millionths);
    if (value->kind != VALUE_INT)
        return millionths;
    int64_t unit = money ? MILLION / 100 : MILLION;
    *out_there = value->number <= LARGEST / unit && value->number >= -LARGEST / unit;
    return *out_there ? value->number * unit : 0;
}

static const struct regime_field *field_named(const struct trial *trial, struct str name)
{
    return procedure_find_field(trial->engine->procedure, name);
}

static enum field_kind column_kind(const struct trial *trial, struct str list, struct str column)
{
    const struct regime_field *field = field_named(trial, list);
    for (size_t i = 0; field != NULL && i < field->column_count; i++)
        if (str_eq(field->columns[i].name, column))
            return field->columns[i].kind;
    return FIELD_TEXT;
}

/* As fields of that kind hold it. */
static struct value *figure_value(struct arena *arena, int64_t millionths, enum field_kind kind)
{
    if (kind == FIELD_MONEY)
        return value_int(arena, millionths / (MILLION / 100));
    if (kind == FIELD_INTEGER)
        return value_int(arena, millionths / MILLION);
    return value_text(arena, num_format_scaled(arena, millionths, PLACES));
}

int64_t trial_figure(const struct trial *trial, struct str name, bool *out_there)
{
    const struct regime_field *field = field_named(trial, name);
    return figure_of(trial_value(trial, name), field != NULL && field->kind == FIELD_MONEY,
                     out_there);
}

/* ---- sum ---- */

enum status effect_sum(struct trial *trial, const struct value *args)
{
    struct str list = value_find_text(args, "list");
    struct str column = value_find_text(args, "column");
    struct str name = value_find_text(args, "field");
    const struct regime_field *field = field_named(trial, name);
    bool money = column_kind(trial, list, column) == FIELD_MONEY;
    int64_t sum = 0;
    value_each (row, trial_value(trial, list)) {
        bool there;
        int64_t figure = figure_of(value_find(row, column), money, &there);
        bool fits = figure >= 0 ? sum <= LARGEST - figure : sum >= -LARGEST - figure;
        if (!fits)
            return fail(trial->ctx, ST_LIMIT, "form.out_of_range", ARGS(arg_text("field", name)));
        sum += figure;
    }
    trial_set_field(trial, name,
                    figure_value(trial->ctx->arena, sum,
                                 field == NULL ? FIELD_DECIMAL : field->kind));
    return ST_OK;
}

/* ---- deviation ---- */

/* A field, a setting or a number, in millionths. */
static int64_t figure_from(const struct trial *trial, const struct value *from, bool *out_there)
{
    const struct value *setting =
        from->kind == VALUE_TEXT ? engine_setting(trial->engine, from->text) : from;
    return setting == NULL ? trial_figure(trial, from->text, out_there)
                           : figure_of(setting, false, out_there);
}

/* A fraction of a percent counts as a whole one: what leaves a tolerance by little has left it. */
enum status effect_deviation(struct trial *trial, const struct value *args)
{
    bool there, has_base;
    int64_t figure = trial_figure(trial, value_find_text(args, "of"), &there);
    int64_t base = figure_from(trial, value_find_c(args, "from"), &has_base);
    if (!there || !has_base || base <= 0)
        return ST_OK;
    int64_t apart = figure > base ? figure - base : base - figure;
    if (apart > LARGEST / 100)
        return fail(trial->ctx, ST_LIMIT, "form.out_of_range",
                    ARGS(arg_text("field", value_find_text(args, "of"))));
    trial_set_field(trial, value_find_text(args, "field"),
                    value_int(trial->ctx->arena, (apart * 100 + base - 1) / base));
    return ST_OK;
}

/* ---- gaps ---- */

static bool date_in(const struct value *value, struct day *out)
{
    return value != NULL && value->kind == VALUE_TEXT && day_parse(value->text, out);
}

static bool has_day(const struct value *rows, struct str column, struct day day)
{
    value_each (row, rows) {
        struct day there;
        if (date_in(value_find(row, column), &there) && there.v == day.v)
            return true;
    }
    return false;
}

enum status effect_gaps(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct str column = value_find_text(args, "column");
    struct str into = value_find_text(args, "into");
    const struct value *rows = trial_value(trial, value_find_text(args, "list"));
    struct value *missing = value_list(arena);
    struct day since;
    struct day until;
    if (!date_in(trial_value(trial, value_find_text(args, "since")), &since) ||
        !date_in(trial_value(trial, value_find_text(args, "until")), &until))
        return ST_OK;
    if (until.v - since.v > DAYS_MAX)
        return fail(trial->ctx, ST_LIMIT, "form.out_of_range",
                    ARGS(arg_text("field", value_find_text(args, "until"))));
    for (struct day day = since; day.v <= until.v; day.v++)
        if (!has_day(rows, column, day))
            value_put_text(arena, value_append_map(arena, missing), "day", day_format(arena, day));
    trial_set_field(trial, into, missing);
    return ST_OK;
}

/* ---- attain ---- */

/* The rule that the method names for what the row is about. */
static struct str rule_for(const struct value *rules, struct str on, struct str rule,
                           const struct value *row)
{
    const struct value *about = value_find(row, on);
    value_each (candidate, rules)
        if (!value_is_empty(about) && value_find(candidate, on) != NULL &&
            value_eq(about, value_find(candidate, on)) && value_find(candidate, rule) != NULL)
            return value_find(candidate, rule)->text;
    return (struct str){0};
}

/* reduction: of the base at least `target` percent; in whole numbers, so that nothing is rounded. */
static bool meets(struct str rule, int64_t value, int64_t target, int64_t base)
{
    if (str_eq(rule, S("at_most")))
        return value <= target;
    if (str_eq(rule, S("at_least")))
        return value >= target;
    return (__int128)(base - value) * 100 * MILLION >= (__int128)target * base;
}

static bool is_met(const struct value *args, const struct value *row, struct str rule)
{
    bool has_value;
    bool has_target;
    bool has_base;
    int64_t value = figure_of(value_find(row, value_find_text(args, "value")), false, &has_value);
    int64_t target = figure_of(value_find(row, value_find_text(args, "target")), false, &has_target);
    int64_t base = figure_of(value_find(row, value_find_text(args, "base")), false, &has_base);
    bool reduction = str_eq(rule, S("reduction"));
    bool known = reduction || str_eq(rule, S("at_most")) || str_eq(rule, S("at_least"));
    return known && has_value && has_target && (!reduction || has_base) &&
           meets(rule, value, target, base);
}

enum status effect_attain(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct str list = value_find_text(args, "list");
    const struct value *rules = trial_value(trial, value_find_text(args, "rules"));
    const struct value *rows = trial_value(trial, list);
    if (rows == NULL || rows->kind != VALUE_LIST)
        return ST_OK;
    struct value *judged = value_copy(arena, rows);
    bool all = judged->count > 0;
    for (struct value *row = judged->first; row != NULL; row = row->next) {
        struct str rule = rule_for(rules, value_find_text(args, "on"),
                                   value_find_text(args, "rule"), row);
        bool met = is_met(args, row, rule);
        value_put(row, value_find_text(args, "met"), value_bool(arena, met));
        all = all && met;
    }
    trial_set_field(trial, list, judged);
    trial_set_field(trial, value_find_text(args, "all"), value_bool(arena, all));
    return ST_OK;
}
