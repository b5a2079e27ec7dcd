/*
 * What only a whole procedure shows: states that no case reaches or leaves, commands that race or that
 * nobody may give, marks asked for and never made. Tens of states and commands: plain loops.
 */
#include "regime/load_int.h"

static size_t state_index(const struct regime_procedure *procedure,
                          const struct regime_state *state)
{
    return (size_t)(state - procedure->states);
}

/* Spreads the mark over the states that marked ones lead to. */
static void spread(const struct regime_procedure *procedure, bool *seen)
{
    for (bool added = true; added;) {
        added = false;
        for (size_t i = 0; i < procedure->transition_count; i++) {
            const struct regime_transition *transition = &procedure->transitions[i];
            if (transition->to == NULL || seen[state_index(procedure, transition->to)])
                continue;
            for (size_t j = 0; j < transition->from_count && !added; j++)
                added = seen[state_index(procedure, transition->from[j])];
            seen[state_index(procedure, transition->to)] = added;
            if (added)
                break;
        }
    }
}

/* Spreads it backwards, to the states that lead to marked ones. */
static void spread_back(const struct regime_procedure *procedure, bool *seen)
{
    for (bool added = true; added;) {
        added = false;
        for (size_t i = 0; i < procedure->transition_count; i++) {
            const struct regime_transition *transition = &procedure->transitions[i];
            if (transition->to == NULL || !seen[state_index(procedure, transition->to)])
                continue;
            for (size_t j = 0; j < transition->from_count; j++) {
                bool *mark = &seen[state_index(procedure, transition->from[j])];
                added = added || !*mark;
                *mark = true;
            }
        }
    }
}

static void state_fault(struct loader *l, enum pack_fault_code code,
                        const struct regime_state *state, const char *key, const char *hint)
{
    fault(l, code, state->place, key, hint, ARGS(arg_text("name", state->name)));
}

static void check_reach(struct loader *l, const struct regime_procedure *procedure)
{
    bool *seen = arena_alloc_array(l->arena, procedure->state_count, sizeof *seen);
    for (size_t i = 0; i < procedure->state_count; i++)
        seen[i] = procedure->states[i].start;
    spread(procedure, seen);
    for (size_t i = 0; i < procedure->state_count; i++) {
        if (!seen[i])
            state_fault(l, FAULT_UNREACHABLE_STATE, &procedure->states[i], "pack.unreachable",
                        "pack.hint.unreachable");
    }
}

static bool has_exit(const struct regime_procedure *procedure, const struct regime_state *state)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *transition = &procedure->transitions[i];
        if (transition->to != NULL && transition->to != state &&
            transition_is_from(transition, state->name))
            return true;
    }
    return false;
}

static void check_exits(struct loader *l, const struct regime_procedure *procedure)
{
    bool *ends = arena_alloc_array(l->arena, procedure->state_count, sizeof *ends);
    bool any = false;
    for (size_t i = 0; i < procedure->state_count; i++) {
        ends[i] = procedure->states[i].end;
        any = any || ends[i];
    }
    spread_back(procedure, ends);
    for (size_t i = 0; i < procedure->state_count; i++) {
        const struct regime_state *state = &procedure->states[i];
        if (state->end)
            continue;
        if (!has_exit(procedure, state))
            state_fault(l, FAULT_STATE_WITHOUT_EXIT, state, "pack.no_exit", "pack.hint.no_exit");
        else if (any && !ends[i])
            state_fault(l, FAULT_STATE_WITHOUT_EXIT, state, "pack.no_end", "pack.hint.no_end");
    }
}

static void check_end(struct loader *l, const struct yaml_node *node,
                      const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->state_count; i++) {
        if (procedure->states[i].end)
            return;
    }
    const struct yaml_node *states = yaml_find(node, "states");
    if (states != NULL && procedure->state_count > 0)
        fault(l, FAULT_MISSING_KEY, key_place(states), "pack.missing.end", "pack.hint.end",
              ARGS(arg_text("name", procedure->name)));
}

static const struct regime_state *shared_state(const struct regime_transition *a,
                                               const struct regime_transition *b)
{
    for (size_t i = 0; i < a->from_count; i++) {
        for (size_t j = 0; j < b->from_count; j++) {
            if (a->from[i] == b->from[j])
                return b->from[j];
        }
    }
    return NULL;
}

static void check_races(struct loader *l, const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct regime_transition *first = &procedure->transitions[j];
            const struct regime_transition *second = &procedure->transitions[i];
            if (str_is_empty(first->name) || !str_eq(first->name, second->name))
                continue;
            const struct regime_state *state = shared_state(first, second);
            if (state == NULL)
                continue;
            fault(l, FAULT_AMBIGUOUS_TRANSITION, second->place, "pack.ambiguous",
                  "pack.hint.ambiguous",
                  ARGS(arg_text("name", second->name), arg_text("state", state->name),
                       arg_int("line", first->place.line)));
            break;
        }
    }
}

/* An effect `open`, or an obligation: both name a procedure and the roles handed on to its cases. */
static void gather_handed(struct loader *l, const struct yaml_node *open)
{
    bool hands_on = open->kind == YAML_MAP && yaml_find(open, "procedure") != NULL &&
                    yaml_find(open, "roles") != NULL;
    if (!hands_on)
        return;
    items_each (role, yaml_find(open, "roles")) {
        mention_add(l, &l->opened, yaml_find(open, "procedure")->text, node_place(open));
        mention_add(l, &l->given, role->text, node_place(role));
    }
}

void gather_opened(struct loader *l, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP && node->kind != YAML_LIST)
        return;
    const struct yaml_node *open = node->kind == YAML_MAP ? yaml_find(node, "open") : NULL;
    if (open != NULL)
        gather_handed(l, open);
    yaml_each (child, node) {
        if (str_eq(node->key, S("obligations")))
            gather_handed(l, child);
        gather_opened(l, child);
    }
}

/* Whether cases of the procedure at hand are opened with holders of the role. */
static bool is_handed_on(const struct loader *l, struct str role)
{
    for (size_t i = 0; i < l->opened.len; i++) {
        if (str_eq(l->opened.at[i].name, l->scope->procedure->name) &&
            str_eq(l->given.at[i].name, role))
            return true;
    }
    return false;
}

static bool may_be_held(const struct loader *l, struct str name)
{
    const struct regime_role *role = regime_find_role(l->regime, name);
    return role == NULL || is_handed_on(l, name) || role->of_campaign || role->from_region ||
           regime_role_is_taken_over(role, l->scope->procedure->name) ||
           (role->standing != NULL && role->standing->live) ||
           mention_find(&l->scope->filled, name) != NULL;
}

static void check_actor(struct loader *l, const struct regime_transition *transition)
{
    bool held = transition->by_count == 0;
    for (size_t j = 0; j < transition->by_count; j++)
        held = held || may_be_held(l, transition->by[j].role);
    if (!held)
        fault(l, FAULT_NOBODY_MAY_FIRE, transition->by[0].place, "pack.nobody_here",
              "pack.hint.fill_role",
              ARGS(arg_text("name", transition->name), arg_text("role", transition->by[0].role)));
}

/* A role that nothing fills anywhere is reported once, where it is declared (check_roles). */
static void check_actors(struct loader *l, const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->transition_count; i++)
        check_actor(l, &procedure->transitions[i]);
    for (size_t i = 0; i < procedure->step_count; i++)
        check_actor(l, &procedure->steps[i].row);
}

static void check_marks(struct loader *l, const struct mentions *asked, const struct mentions *made,
                        const char *key, const char *hint)
{
    for (size_t i = 0; i < asked->len; i++) {
        struct guess guess = guess_begin(asked->at[i].name);
        if (mention_find(made, asked->at[i].name) != NULL)
            continue;
        guess_mentions(&guess, made);
        fault_unknown(l, FAULT_UNDECLARED_INPUT, asked->at[i].place, key, hint, &guess);
    }
}

static void check_clocks(struct loader *l)
{
    const struct regime_procedure *procedure = l->scope->procedure;
    for (size_t i = 0; i < procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &procedure->deadlines[i];
        if (mention_find(&l->scope->started, deadline->name) == NULL)
            fault(l, FAULT_DEADLINE_NEVER_STARTED, deadline->place, "pack.never_started",
                  "pack.hint.starts_on", ARGS(arg_text("name", deadline->name)));
    }
}

void check_procedure(struct loader *l, const struct yaml_node *node)
{
    const struct scope *scope = l->scope;
    if (!scope->flow_broken) {
        check_reach(l, scope->procedure);
        check_exits(l, scope->procedure);
        check_end(l, node, scope->procedure);
    }
    check_races(l, scope->procedure);
    check_actors(l, scope->procedure);
    check_clocks(l);
    check_marks(l, &scope->asked, &scope->raised, "pack.unknown.flag", "pack.hint.flag");
    check_marks(l, &scope->wanted, &scope->made, "pack.unknown.confirmation",
                "pack.hint.confirmation");
}

void check_roles(struct loader *l)
{
    for (size_t i = 0; i < l->regime->role_count; i++) {
        const struct regime_role *role = &l->regime->roles[i];
        if (role->of_campaign || role->from_region ||
            (role->standing != NULL && !str_eq(role->standing->role, role->name)) ||
            mention_find(&l->roles_filled, role->name) != NULL)
            continue;
        fault(l, FAULT_NOBODY_MAY_FIRE, role->place, "pack.nobody_holds", "pack.hint.fill_role",
              ARGS(arg_text("role", role->name)));
    }
}

static void unknown_standing(struct loader *l, const struct regime_role *role, struct str name)
{
    fault(l, FAULT_UNKNOWN_NAME, role->place, "pack.unknown.there", NULL,
          ARGS(arg_text("name", name), arg_text("of", role->standing->procedure)));
}

/* Asked of people, who stand in few cases at a time; which of those count shows by their fields. */
static void check_live(struct loader *l, const struct regime_role *role,
                       const struct regime_procedure *procedure)
{
    if (role->standing->live && !role->of_people)
        fault(l, FAULT_WRONG_TYPE, role->place, "pack.want.live_people", NULL,
              ARGS(arg_text("name", role->name)));
    if (!role->standing->live && role->standing->where != NULL)
        fault(l, FAULT_WRONG_TYPE, role->place, "pack.want.live_where", NULL,
              ARGS(arg_text("name", role->name)));
    value_each (field, role->standing->where)
        if (procedure_find_field(procedure, field->key) == NULL)
            unknown_standing(l, role, field->key);
}

/* Roles are read before procedures: that theirs is one, with these states, shows at the end. */
void check_standing(struct loader *l)
{
    for (size_t i = 0; i < l->regime->role_count; i++) {
        const struct regime_role *role = &l->regime->roles[i];
        if (role->standing == NULL)
            continue;
        const struct regime_procedure *procedure =
            regime_find_procedure(l->regime, role->standing->procedure);
        const struct regime_role *from = regime_find_role(l->regime, role->standing->role);
        if (procedure == NULL) {
            struct guess guess = guess_begin(role->standing->procedure);
            guess_mentions(&guess, &l->procedures);
            fault_unknown(l, FAULT_UNKNOWN_NAME, role->place, "pack.unknown.procedure", NULL,
                          &guess);
            continue;
        }
        value_each (state, role->standing->states)
            if (procedure_find_state(procedure, state->text) == NULL)
                unknown_standing(l, role, state->text);
        if (from == NULL || from->of_people != role->of_people)
            unknown_standing(l, role, role->standing->role);
        check_live(l, role, procedure);
    }
}

/* Each once, where it is first used. */
void check_words(struct loader *l)
{
    struct mentions seen = {0};
    for (size_t i = 0; i < l->coined.len; i++) {
        struct mention coined = l->coined.at[i];
        if (mention_find(&seen, coined.name) != NULL)
            continue;
        mention_add(l, &seen, coined.name, coined.place);
        if (str_eq(regime_flag_words(l->regime, coined.name).zh, coined.name))
            fault(l, FAULT_MISSING_WORD, coined.place, "pack.missing.coined", "pack.hint.words",
                  ARGS(arg_text("name", coined.name)));
    }
}
