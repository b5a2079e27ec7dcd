/*
 * What a rule asks of cases of another procedure: its states, the fields it compares, the date that
 * says since when one is in force, the fields that are copied. Noted where the rule is read, looked at
 * when all procedures are bound, since they may name each other.
 */
#include "regime/load_int.h"

void elsewhere_add(struct loader *l, const struct value *args, struct pack_place place)
{
    const struct regime_procedure *own = l->scope == NULL ? NULL : l->scope->procedure;
    vec_add(l->arena, &l->elsewhere,
            ((struct elsewhere){args, own == NULL ? (struct str){0} : own->name, place}));
}

static void unknown_there(struct loader *l, const struct elsewhere *rule, struct str name,
                          const struct regime_procedure *of)
{
    fault(l, FAULT_UNDECLARED_INPUT, rule->place, "pack.unknown.there", NULL,
          ARGS(arg_text("name", name), arg_text("of", of->name)));
}

static void need_field_of(struct loader *l, const struct elsewhere *rule, struct str name,
                          const struct regime_procedure *of)
{
    static const struct str always[] = {STR_INIT("number"), STR_INIT("region"), STR_INIT("state"),
                                        STR_INIT("flag")};
    for (size_t i = 0; i < COUNT_OF(always); i++)
        if (str_eq(name, always[i]))
            return;
    if (procedure_find_field(of, name) == NULL)
        unknown_there(l, rule, name, of);
}

/* `in_force`: into a field for cases of that procedure, by a date that stands there. */
static void check_in_force(struct loader *l, const struct elsewhere *rule,
                           const struct regime_procedure *own, const struct regime_procedure *other)
{
    struct str from = value_find_text(rule->args, "from");
    struct str name = value_find_text(rule->args, "field");
    const struct regime_field *date = procedure_find_field(other, from);
    const struct regime_field *field = procedure_find_field(own, name);
    if (str_is_empty(from))
        return; /* not this rule */
    if (date == NULL || date->kind != FIELD_DATE)
        unknown_there(l, rule, from, other);
    if (field != NULL && (field->kind != FIELD_CASE || !str_eq(field->procedure, other->name)))
        fault(l, FAULT_WRONG_TYPE, rule->place, "pack.want.case_field", NULL,
              ARGS(arg_text("name", name), arg_text("of", other->name)));
    value_each (cell, value_find_c(rule->args, "copy")) {
        if (procedure_find_field(own, cell->key) == NULL)
            unknown_there(l, rule, cell->key, own);
        need_field_of(l, rule, cell->text, other);
    }
}

void check_elsewhere(struct loader *l)
{
    for (size_t i = 0; i < l->elsewhere.len; i++) {
        const struct elsewhere *rule = &l->elsewhere.at[i];
        const struct regime_procedure *own = regime_find_procedure(l->regime, rule->own);
        const struct regime_procedure *other =
            regime_find_procedure(l->regime, value_find_text(rule->args, "procedure"));
        if (other == NULL || own == NULL) /* told already, or nothing is asked elsewhere */
            continue;
        value_each (state, value_find_c(rule->args, "states"))
            if (procedure_find_state(other, state->text) == NULL)
                unknown_there(l, rule, state->text, other);
        value_each (cell, value_find_c(rule->args, "where"))
            need_field_of(l, rule, cell->key, other);
        check_in_force(l, rule, own, other);
    }
}
