/*
 * Effects that read the lists a case stands on: the dictionaries of its fields, and the pack itself.
 */
#include "base/num.h"
#include "engine/engine_int.h"

/* ---- look_up ---- */

static const struct regime_field *choice_field(const struct trial *trial, struct str name)
{
    const struct regime_field *field = NULL;
    if (trial->transition != NULL)
        field = transition_find_ask(trial->transition, name);
    return field != NULL ? field : procedure_find_field(trial->engine->procedure, name);
}

/* The printed names of one entry, as far as they are units of the campaign. */
static void add_named(const struct trial *trial, struct str names, struct value *units)
{
    const struct engine_world *world = &trial->engine->world;
    struct arena *arena = trial->ctx->arena;
    for (struct str name; str_next(&names, ';', &name);) {
        const struct unit_facts *unit =
            str_is_empty(str_trim(name)) ? NULL
                                         : world->find_unit_named(world->self, str_trim(name),
                                                                  trial->engine->campaign.region);
        if (unit != NULL && !names_have(units, id_text(arena, unit->id.v)->text))
            value_append(units, id_text(arena, unit->id.v));
    }
}

static void add_entries(const struct trial *trial, struct str name, struct value *units)
{
    const struct regime_field *field = choice_field(trial, name);
    names_each (code, trial_value(trial, name))
        for (size_t i = 0; field != NULL && i < field->choice_count; i++)
            if (str_eq(field->choices[i].code, code->text))
                add_named(trial, field->choices[i].units, units);
}

enum status effect_look_up(struct trial *trial, const struct value *args)
{
    struct value *units = value_list(trial->ctx->arena);
    names_each (name, value_find_c(args, "by"))
        add_entries(trial, name->text, units);
    struct str into = value_find_text(args, "field");
    const struct regime_field *field = procedure_find_field(trial->engine->procedure, into);
    bool one = field != NULL && !field->many; /* the first-named, where there is room for one */
    if (units->count > 0)
        trial_set_field(trial, into, one ? units->first : units);
    return ST_OK;
}

/* ---- cite ---- */

/* The rows that are being gathered, and for which clauses. */
struct citing {
    struct arena *arena;
    const struct value *args;
    struct value *rows;
};

static bool rests_on(const struct citing *citing, struct str clauses)
{
    for (struct str one; str_next(&clauses, ' ', &one);)
        if (names_have(value_find_c(citing->args, "clauses"), one))
            return true;
    return false;
}

/* `of` and `name` give the row's name, `above` and `words` what people call it. */
static void add_row(struct citing *citing, struct str of, struct str name, struct words above,
                    struct words words)
{
    struct arena *arena = citing->arena;
    struct value *row = value_append_map(arena, citing->rows);
    value_put(row, value_find_text(citing->args, "row"),
              value_text(arena, str_is_empty(name)
                                    ? of
                                    : str_printf(arena, "%.*s.%.*s", STR_ARG(of), STR_ARG(name))));
    value_put(row, value_find_text(citing->args, "words"),
              value_text(arena, str_is_empty(above.zh)
                                    ? words.zh
                                    : str_printf(arena, "%.*s · %.*s", STR_ARG(above.zh),
                                                 STR_ARG(words.zh))));
}

static bool guards_rest(const struct citing *citing, const struct regime_guard *guards, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rests_on(citing, guards[i].clause))
            return true;
    return false;
}

static bool effects_rest(const struct citing *citing, const struct regime_effect *effects,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rests_on(citing, effects[i].clause))
            return true;
    return false;
}

static bool fields_rest(const struct citing *citing, const struct regime_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rests_on(citing, fields[i].clause))
            return true;
    return false;
}

/* A command rests on a clause by itself, its form, its guards or its effects. */
static void cite_procedure(struct citing *citing, const struct regime_procedure *procedure)
{
    if (rests_on(citing, procedure->clause) ||
        guards_rest(citing, procedure->create_needs, procedure->create_need_count) ||
        effects_rest(citing, procedure->create_then, procedure->create_then_count) ||
        fields_rest(citing, procedure->fields, procedure->field_count))
        add_row(citing, procedure->name, (struct str){0}, (struct words){0}, procedure->words);
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (rests_on(citing, row->clause) || fields_rest(citing, row->asks, row->ask_count) ||
            guards_rest(citing, row->needs, row->need_count) ||
            effects_rest(citing, row->then, row->then_count))
            add_row(citing, procedure->name, row->name, procedure->words, row->words);
    }
    for (size_t i = 0; i < procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &procedure->deadlines[i];
        if (rests_on(citing, deadline->clause) ||
            effects_rest(citing, deadline->on_lapse, deadline->lapse_count))
            add_row(citing, procedure->name, deadline->name, procedure->words, deadline->words);
    }
}

/* Items of sections, and the rules that stand as lists inside them. */
static void cite_items(struct citing *citing, struct str section, const struct value *items)
{
    value_each (item, items) {
        if (item->kind != VALUE_MAP)
            continue;
        struct str name = value_find_text(item, "id");
        if (str_is_empty(name))
            name = value_find_text(item, "step");
        struct words words = {value_find_text(item, "zh"), value_find_text(item, "en")};
        if (rests_on(citing, value_find_text(item, "clause")))
            add_row(citing, section, name, (struct words){0},
                    str_is_empty(words.zh) ? (struct words){name, name} : words);
        value_each (member, item)
            if (member->kind == VALUE_LIST)
                cite_items(citing, section, member);
    }
}

enum status effect_cite(struct trial *trial, const struct value *args)
{
    const struct regime *regime = trial->engine->regime;
    struct citing citing = {trial->ctx->arena, args, value_list(trial->ctx->arena)};
    for (size_t i = 0; i < regime->procedure_count; i++)
        cite_procedure(&citing, &regime->procedures[i]);
    for (size_t i = 0; i < regime->section_count; i++)
        cite_items(&citing, regime->sections[i].name, regime->sections[i].items);
    trial_set_field(trial, value_find_text(args, "list"), citing.rows);
    return ST_OK;
}

/* ---- units by their printed names ---- */

static enum status unknown_name(const struct trial *trial, struct str list, struct str name)
{
    struct reason reason = reason_make("form.unknown_unit_name", ARGS(arg_text("name", name)));
    reason.field = list;
    reason.clause = trial->clause;
    reason.code = "unknown_unit";
    return fail_reason(trial->ctx, ST_INVALID, reason);
}

/* Cuts the first name off; false: none is left. The marks stand in no name. */
static bool next_name(struct str *cell, struct str *out)
{
    static const struct str marks[] = {STR_INIT("\xe3\x80\x81"), STR_INIT("\xef\xbc\x9b"),
                                       STR_INIT(";")}; /* 、 ； ; */
    size_t at = cell->len;
    size_t length = 0;
    if (cell->len == 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        size_t found = str_find(*cell, marks[i]);
        if (found < at) {
            at = found;
            length = marks[i].len;
        }
    }
    *out = str_trim(str_part(*cell, 0, at));
    *cell = str_from(*cell, at + length);
    return true;
}

/* The units of one cell. */
static enum status match_cell(const struct trial *trial, struct str list, struct str cell,
                              struct value *units)
{
    const struct engine_world *world = &trial->engine->world;
    struct arena *arena = trial->ctx->arena;
    for (struct str name; next_name(&cell, &name);) {
        if (str_is_empty(name))
            continue;
        const struct unit_facts *unit =
            world->find_unit_named(world->self, name, trial->engine->campaign.region);
        if (unit == NULL)
            return unknown_name(trial, list, name);
        value_append(units, value_text(arena, str_printf(arena, "%lld", (long long)unit->id.v)));
    }
    return ST_OK;
}

/* Whether a cell of the column holds several values. */
static bool holds_many(const struct trial *trial, struct str list, struct str column)
{
    const struct regime_field *field = procedure_find_field(trial->engine->procedure, list);
    for (size_t i = 0; field != NULL && i < field->column_count; i++)
        if (str_eq(field->columns[i].name, column))
            return field->columns[i].many;
    return false;
}

enum status effect_match_units(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct str list = value_find_text(args, "list");
    struct str names = value_find_text(args, "names");
    struct str into = value_find_text(args, "into");
    bool many = holds_many(trial, list, into);
    const struct value *before = trial_value(trial, list);
    if (before == NULL)
        return ST_OK;
    struct value *rows = value_copy(arena, before);
    for (struct value *row = rows->first; row != NULL; row = row->next) {
        struct value *units = value_list(arena);
        const struct value *cell = value_find(row, names);
        TRY(match_cell(trial, list, cell == NULL ? S("") : cell->text, units));
        if (units->count > 1 && !many)
            return unknown_name(trial, list, cell->text);
        if (units->count > 0)
            value_put(row, into, many ? units : value_text(arena, units->first->text));
    }
    trial_set_field(trial, list, rows);
    return ST_OK;
}
