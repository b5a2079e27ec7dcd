/*
 * `transitions:` — one command each: where from and to, by whom, its form and its rules.
 */
#include "regime/load_int.h"

void bind_actors(struct loader *l, const struct yaml_node *node, const struct regime_actor **out,
                 size_t *count)
{
    VEC(struct regime_actor) actors = {0};
    items_each (item, node) {
        struct regime_actor actor;
        if (bind_actor(l, item, &actor))
            vec_add(l->arena, &actors, actor);
    }
    if (items_count(node) == 0)
        fault(l, FAULT_NOBODY_MAY_FIRE, node_place(node), "pack.nobody", "pack.hint.by", NO_ARGS);
    *out = actors.at;
    *count = actors.len;
}

static void bind_from(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_transition *transition = into;
    const struct regime_procedure *procedure = l->scope->procedure;
    VEC(const struct regime_state *) from = {0};
    if (str_eq(node->text, S("any"))) {
        for (size_t i = 0; i < procedure->state_count; i++) {
            if (!procedure->states[i].end)
                vec_add(l->arena, &from, &procedure->states[i]);
        }
    } else {
        struct mentions seen = {0};
        items_each (item, node) {
            const struct regime_state *state = need_state(l, item);
            l->scope->flow_broken = l->scope->flow_broken || state == NULL;
            if (state == NULL)
                continue;
            if (mention_find(&seen, state->name) != NULL) {
                fault(l, FAULT_DUPLICATE_NAME, node_place(item), "pack.duplicate", NULL,
                      ARGS(arg_text("name", state->name)));
                continue;
            }
            mention_add(l, &seen, state->name, node_place(item));
            vec_add(l->arena, &from, state);
        }
        if (items_count(node) == 0)
            fault_type(l, node, "pack.want.some");
    }
    transition->from = from.at;
    transition->from_count = from.len;
}

static void bind_to(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_transition *transition = into;
    transition->to = need_state(l, node);
    l->scope->flow_broken = l->scope->flow_broken || transition->to == NULL;
}

void bind_row_by(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_transition *transition = into;
    bind_actors(l, node, &transition->by, &transition->by_count);
}

void bind_row_asks(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_transition *transition = into;
    bind_asks(l, transition, node);
    l->scope->asks = transition->asks;
    l->scope->ask_count = transition->ask_count;
}

void bind_row_needs(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_transition *transition = into;
    bind_guards(l, node, &transition->needs, &transition->need_count);
}

void bind_row_then(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_transition *transition = into;
    bind_effects(l, node, &transition->then, &transition->then_count);
}

/* `starts: clock` beside a command is the same as `starts_on: [command]` at the clock. */
static void bind_starts(struct loader *l, void *into, const struct yaml_node *node)
{
    const struct regime_transition *transition = into;
    items_each (item, node) {
        if (!need_clock(l, item))
            continue;
        mention_add(l, &l->scope->started, item->text, node_place(item));
        mention_add(l, &l->scope->starts, item->text, node_place(item));
        mention_add(l, &l->scope->starters, transition->name, node_place(item));
    }
}

static void bind_stops(struct loader *l, void *into, const struct yaml_node *node)
{
    const struct regime_transition *transition = into;
    items_each (item, node) {
        if (!need_clock(l, item))
            continue;
        mention_add(l, &l->scope->stops, item->text, node_place(item));
        mention_add(l, &l->scope->stoppers, transition->name, node_place(item));
    }
}

#define TRANSITION_KEY(word, kind_, member)                                                        \
    {                                                                                              \
        .key = word, .kind = kind_, .offset = offsetof(struct regime_transition, member)           \
    }

static const struct bind_key TRANSITION_KEYS[] = {
    {.key = "do",
     .kind = BIND_NAME,
     .needed = true,
     .offset = offsetof(struct regime_transition, name)},
    {.key = "zh",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_transition, words.zh)},
    {.key = "en",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_transition, words.en)},
    {.key = "from", .kind = BIND_BY, .needed = true, .by = bind_from},
    {.key = "to", .kind = BIND_BY, .by = bind_to},
    {.key = "by", .kind = BIND_BY, .by = bind_row_by},
    {.key = "asks", .kind = BIND_BY, .by = bind_row_asks},
    {.key = "needs", .kind = BIND_BY, .by = bind_row_needs},
    {.key = "then", .kind = BIND_BY, .by = bind_row_then},
    {.key = "starts", .kind = BIND_BY, .by = bind_starts},
    {.key = "stops", .kind = BIND_BY, .by = bind_stops},
    TRANSITION_KEY("bulk", BIND_BOOL, bulk),
    TRANSITION_KEY("danger", BIND_BOOL, danger),
    TRANSITION_KEY("clause", BIND_CLAUSE, clause),
};

void bind_transitions(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_transition) transitions = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list) {
        const struct yaml_node *name = yaml_find(item, "do");
        struct regime_transition transition = {.place = name == NULL ? node_place(item)
                                                                     : node_place(name)};
        l->scope->asks = NULL;
        l->scope->ask_count = 0;
        if (!bind_map(l, item, TRANSITION_KEYS, COUNT_OF(TRANSITION_KEYS), false, &transition))
            continue;
        if (regime_owns_command(transition.name))
            fault(l, FAULT_DUPLICATE_NAME, transition.place, "pack.owned_command",
                  "pack.hint.owned_command", ARGS(arg_text("name", transition.name)));
        if (yaml_find(item, "by") == NULL)
            fault(l, FAULT_NOBODY_MAY_FIRE, transition.place, "pack.nobody", "pack.hint.by",
                  NO_ARGS);
        vec_add(l->arena, &transitions, transition);
    }
    l->scope->asks = NULL;
    l->scope->ask_count = 0;
    l->scope->procedure->transitions = transitions.at;
    l->scope->procedure->transition_count = transitions.len;
}
