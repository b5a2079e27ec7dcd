/*
 * What one procedure asks of another: the fields it fills in a case it opens, the command it gives.
 * Looked at when all procedures are bound, since they may name each other.
 */
#include "regime/load_int.h"

/* The rules being looked at: of which procedure, and which form stands beside them. */
struct asking {
    const struct regime_procedure *procedure;
    const struct regime_transition *transition; /* or null */
};

static void unknown_field(struct loader *l, const struct regime_effect *effect, struct str name,
                          const struct regime_field *fields, size_t count)
{
    struct guess guess = guess_begin(name);
    for (size_t i = 0; i < count; i++)
        guess_try(&guess, fields[i].name);
    fault_unknown(l, FAULT_UNDECLARED_INPUT, effect->place, "pack.unknown.field_there", NULL, &guess);
}

static void check_keys(struct loader *l, const struct regime_effect *effect,
                       const struct regime_field *fields, size_t count)
{
    value_each (key, value_find_c(effect->args, "fields")) {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++)
            known = str_eq(fields[i].name, key->key);
        if (!known)
            unknown_field(l, effect, key->key, fields, count);
    }
}

/* The first row of the command; only rows that the system may give count. */
static const struct regime_transition *find_command(const struct regime_procedure *procedure,
                                                    struct str command, bool by_system)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        bool fits = !by_system;
        for (size_t j = 0; j < row->by_count && !fits; j++)
            fits = str_eq_c(row->by[j].role, "system");
        if (fits && str_eq(row->name, command))
            return row;
    }
    return NULL;
}

const struct regime_transition *need_system_command(struct loader *l, struct pack_place place,
                                                    const struct regime_procedure *procedure,
                                                    struct str command)
{
    const struct regime_transition *row = find_command(procedure, command, true);
    if (row != NULL)
        return row;
    if (find_command(procedure, command, false) != NULL) {
        fault(l, FAULT_NOBODY_MAY_FIRE, place, "pack.not_by_system", "pack.hint.by_system",
              ARGS(arg_text("name", command)));
        return NULL;
    }
    struct guess guess = guess_begin(command);
    for (size_t i = 0; i < procedure->transition_count; i++)
        guess_try(&guess, procedure->transitions[i].name);
    fault_unknown(l, FAULT_UNKNOWN_NAME, place, "pack.unknown.command_there", NULL, &guess);
    return NULL;
}

static void check_command(struct loader *l, const struct regime_effect *effect,
                          const struct regime_procedure *other)
{
    const struct regime_transition *row = need_system_command(
        l, effect->place, other, value_find_text(effect->args, "command"));
    if (row != NULL)
        check_keys(l, effect, row->asks, row->ask_count);
}

/* The field that a rule means: of the command's form first, then of the case. */
static const struct regime_field *asked_field(const struct asking *asking, struct str name)
{
    const struct regime_field *asked =
        asking->transition == NULL ? NULL : transition_find_ask(asking->transition, name);
    return asked != NULL ? asked : procedure_find_field(asking->procedure, name);
}

/* One of `to` and `linked`; what `to` names holds cases of that procedure. */
static void check_target(struct loader *l, const struct asking *asking,
                         const struct regime_effect *effect, const struct regime_procedure *other)
{
    struct str to = value_find_text(effect->args, "to");
    const struct regime_field *field = asked_field(asking, to);
    if (str_is_empty(to) == str_is_empty(value_find_text(effect->args, "linked")))
        fault(l, FAULT_MISSING_KEY, effect->place, "pack.missing.target", NULL, NO_ARGS);
    else if (field != NULL &&
             (field->kind != FIELD_CASE || !str_eq(field->procedure, other->name)))
        fault(l, FAULT_WRONG_TYPE, effect->place, "pack.want.case_field", NULL,
              ARGS(arg_text("name", to), arg_text("of", other->name)));
}

/* `assign … of`: the field names a case, of a procedure that is known. */
static void check_source_case(struct loader *l, const struct asking *asking,
                              const struct regime_effect *effect)
{
    struct str of = value_find_text(effect->args, "of");
    const struct regime_field *field = asked_field(asking, of);
    if (!str_is_empty(of) && (field == NULL || field->kind != FIELD_CASE))
        fault(l, FAULT_WRONG_TYPE, effect->place, "pack.want.case_field", NULL,
              ARGS(arg_text("name", of), arg_c("of", "assign")));
}

/* `count … command`: one that the procedure has; its field holds a number. */
static void check_count(struct loader *l, const struct asking *asking,
                        const struct regime_effect *effect, const struct regime_procedure *other)
{
    struct str command = value_find_text(effect->args, "command");
    struct str name = value_find_text(effect->args, "field");
    const struct regime_field *field = procedure_find_field(asking->procedure, name);
    if (field != NULL && field->kind != FIELD_INTEGER)
        fault(l, FAULT_WRONG_TYPE, effect->place, "pack.obligation.kind", NULL,
              ARGS(arg_text("name", name), arg_c("kind", field_kind_name(FIELD_INTEGER))));
    if (str_is_empty(command) || find_command(other, command, false) != NULL)
        return;
    struct guess guess = guess_begin(command);
    for (size_t i = 0; i < other->transition_count; i++)
        guess_try(&guess, other->transitions[i].name);
    fault_unknown(l, FAULT_UNKNOWN_NAME, effect->place, "pack.unknown.command_there", NULL, &guess);
}

static void check_effects(struct loader *l, const struct asking *asking,
                          const struct regime_effect *effects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct regime_effect *effect = &effects[i];
        if (effect->kind == EFFECT_ASSIGN)
            check_source_case(l, asking, effect);
        struct str answer = value_find_text(effect->args, "answer");
        if (effect->kind == EFFECT_HAND_ON && !str_is_empty(answer))
            (void)need_system_command(l, effect->place, asking->procedure, answer);
        const struct regime_procedure *other =
            regime_find_procedure(l->regime, value_find_text(effect->args, "procedure"));
        if (other == NULL)
            continue;
        if (effect->kind == EFFECT_COUNT)
            check_count(l, asking, effect, other);
        if (effect->kind == EFFECT_OPEN)
            check_keys(l, effect, other->fields, other->field_count);
        if (effect->kind != EFFECT_GIVE)
            continue;
        check_target(l, asking, effect, other);
        check_command(l, effect, other);
    }
}

void check_given(struct loader *l)
{
    for (size_t i = 0; i < l->regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &l->regime->procedures[i];
        struct asking asking = {procedure, NULL};
        check_effects(l, &asking, procedure->create_then, procedure->create_then_count);
        for (size_t j = 0; j < procedure->deadline_count; j++)
            check_effects(l, &asking, procedure->deadlines[j].on_lapse,
                          procedure->deadlines[j].lapse_count);
        for (size_t j = 0; j < procedure->transition_count; j++) {
            asking.transition = &procedure->transitions[j];
            check_effects(l, &asking, asking.transition->then, asking.transition->then_count);
        }
    }
}
