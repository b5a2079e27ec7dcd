/*
 * What a draw needs of its procedure: fields of the kinds it writes, one commitment to draw from, a
 * number or a percentage; and what a list gathered from other cases needs of theirs. Looked at when
 * all procedures are bound.
 */
#include "regime/load_int.h"

static bool is_text(const struct regime_field *field)
{
    return field->kind == FIELD_TEXT || field->kind == FIELD_LONGTEXT;
}

static bool is_list(const struct regime_field *field)
{
    return field->kind == FIELD_LIST;
}

static bool is_names(const struct regime_field *field)
{
    return field->kind == FIELD_CASE || is_text(field);
}

/* An unknown name has been said already, when the effect was read. */
static void want_field(struct loader *l, const struct regime_procedure *procedure,
                       const struct regime_effect *effect, const char *key,
                       bool (*fits)(const struct regime_field *field))
{
    struct str name = value_find_text(effect->args, key);
    const struct regime_field *field = procedure_find_field(procedure, name);
    if (!str_is_empty(name) && (field == NULL || !fits(field)))
        fault(l, FAULT_WRONG_TYPE, effect->place, "pack.want.draw_field", NULL,
              ARGS(arg_text("name", name), arg_c("key", key)));
}

static void check_commitment(struct loader *l, const struct regime_procedure *procedure,
                             const struct regime_effect *effect)
{
    bool take = value_find_c(effect->args, "take") != NULL;
    bool percent = value_find_c(effect->args, "percent") != NULL;
    want_field(l, procedure, effect, "list", is_list);
    want_field(l, procedure, effect, "hash", is_text);
    want_field(l, procedure, effect, "rules", is_text);
    if (take == percent)
        fault(l, FAULT_MISSING_KEY, effect->place, "pack.missing.take", NULL, NO_ARGS);
}

static bool commits(const struct regime_effect *effects, size_t count, struct str hash)
{
    for (size_t i = 0; i < count; i++)
        if (effects[i].kind == EFFECT_COMMIT_LIST &&
            str_eq(value_find_text(effects[i].args, "hash"), hash))
            return true;
    return false;
}

static void check_draw(struct loader *l, const struct regime_procedure *procedure,
                       const struct regime_effect *effect)
{
    struct str hash = value_find_text(effect->args, "hash");
    bool found = commits(procedure->create_then, procedure->create_then_count, hash);
    for (size_t i = 0; i < procedure->transition_count && !found; i++)
        found = commits(procedure->transitions[i].then, procedure->transitions[i].then_count, hash);
    if (!found)
        fault(l, FAULT_UNDECLARED_INPUT, effect->place, "pack.unknown.commitment",
              "pack.hint.commitment", ARGS(arg_text("name", hash)));
    want_field(l, procedure, effect, "seed", is_text);
    want_field(l, procedure, effect, "into", is_list);
    want_field(l, procedure, effect, "keys", is_names);
}

static void unknown_there(struct loader *l, const struct regime_effect *effect, struct str name,
                          const struct regime_procedure *other)
{
    fault(l, FAULT_UNDECLARED_INPUT, effect->place, "pack.unknown.there", NULL,
          ARGS(arg_text("name", name), arg_text("of", other->name)));
}

/* Columns of the list on one side, fields of the other procedure on the other. */
static void check_collect(struct loader *l, const struct regime_procedure *procedure,
                          const struct regime_effect *effect)
{
    const struct regime_procedure *other =
        regime_find_procedure(l->regime, value_find_text(effect->args, "procedure"));
    const struct regime_field *list =
        procedure_find_field(procedure, value_find_text(effect->args, "list"));
    struct str is = value_find_text(effect->args, "is");
    want_field(l, procedure, effect, "list", is_list);
    if (other == NULL || list == NULL)
        return; /* told already */
    const struct regime_field *truth = procedure_find_field(other, is);
    if (!str_is_empty(is) && (truth == NULL || truth->kind != FIELD_BOOL))
        unknown_there(l, effect, is, other);
    value_each (cell, value_find_c(effect->args, "row")) {
        bool is_column = false;
        for (size_t i = 0; i < list->column_count; i++)
            is_column = is_column || str_eq(list->columns[i].name, cell->key);
        if (!is_column)
            unknown_there(l, effect, cell->key, procedure);
        if (!str_eq(cell->text, S("number")) && !str_eq(cell->text, S("region")) &&
            !str_eq(cell->text, S("received_number")) && procedure_find_field(other, cell->text) == NULL)
            unknown_there(l, effect, cell->text, other);
    }
}

static void check_effects(struct loader *l, const struct regime_procedure *procedure,
                          const struct regime_effect *effects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (effects[i].kind == EFFECT_COMMIT_LIST)
            check_commitment(l, procedure, &effects[i]);
        if (effects[i].kind == EFFECT_COLLECT)
            check_collect(l, procedure, &effects[i]);
        if (effects[i].kind == EFFECT_DRAW)
            check_draw(l, procedure, &effects[i]);
    }
}

void check_draws(struct loader *l)
{
    for (size_t i = 0; i < l->regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &l->regime->procedures[i];
        check_effects(l, procedure, procedure->create_then, procedure->create_then_count);
        for (size_t j = 0; j < procedure->transition_count; j++)
            check_effects(l, procedure, procedure->transitions[j].then,
                          procedure->transitions[j].then_count);
        for (size_t j = 0; j < procedure->deadline_count; j++)
            check_effects(l, procedure, procedure->deadlines[j].on_lapse,
                          procedure->deadlines[j].lapse_count);
    }
}
