/*
 * `prohibitions:` is read in three passes. What an item says by itself comes first, with the head of the
 * pack; what it says of fields and commands is bound with each procedure that it is about, as a step
 * of the ladder is; what only the whole pack shows (procedures, what stands open instead) comes last.
 */
#include "regime/prohibition.h"

#include "base/vec.h"
#include "regime/load_int.h"

/* Commands that every procedure has without saying so. */
static const struct str BUILT_IN[] = {STR_INIT("create"), STR_INIT("add_evidence"),
                                      STR_INIT("note"), STR_INIT("link"), STR_INIT("delegate")};

/* What may stand in `attempt: fields:` beside the names of fields. */
static const struct str TOLD[] = {STR_INIT("rule"),    STR_INIT("words"),  STR_INIT("clause"),
                                  STR_INIT("person"),  STR_INIT("unit"),   STR_INIT("case"),
                                  STR_INIT("command"), STR_INIT("today"),  STR_INIT("now")};

struct prohibition_item {
    const struct yaml_node *node;
    struct regime_prohibition whole; /* the part that is the same in every procedure */
    struct mentions met;             /* commands and fields that some procedure has */
};

static bool is_among(const struct str *list, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(list[i], name))
            return true;
    }
    return false;
}

static const struct yaml_node *act_of(const struct prohibition_item *item, const char *key)
{
    const struct yaml_node *act = yaml_find(item->node, "act");
    return act != NULL && act->kind == YAML_MAP ? yaml_find(act, key) : NULL;
}

/* ---- by itself ---- */

static void bind_parties(struct loader *l, const struct yaml_node *node,
                         struct regime_parties *parties)
{
    VEC(struct str) names = {0};
    const struct value *list = shape_bind(l, S("parties"), node);
    value_each (name, list) {
        parties->anybody = parties->anybody || str_eq(name->text, S("any"));
        vec_add(l->arena, &names, name->text);
    }
    parties->names = names.at;
    parties->count = names.len;
}

static void bind_who(struct loader *l, void *into, const struct yaml_node *node)
{
    bind_parties(l, node, &((struct regime_prohibition *)into)->who);
}

static void bind_except(struct loader *l, void *into, const struct yaml_node *node)
{
    bind_parties(l, node, &((struct regime_prohibition *)into)->except);
}

static const struct str EFFECTS[PROHIBITION_EFFECT_COUNT] = {
    [PROHIBITION_REFUSE] = STR_INIT("refuse"),
    [PROHIBITION_FLAG] = STR_INIT("flag"),
    [PROHIBITION_WARN] = STR_INIT("warn"),
};

static void bind_effect_kind(struct loader *l, void *into, const struct yaml_node *node)
{
    for (size_t i = 0; i < COUNT_OF(EFFECTS); i++) {
        if (!str_eq(EFFECTS[i], node->text))
            continue;
        ((struct regime_prohibition *)into)->effect = (enum prohibition_effect)i;
        return;
    }
    fault_type(l, node, "pack.want.prohibition_effect");
}

static void bind_to(struct loader *l, void *into, const struct yaml_node *node)
{
    bind_parties(l, node, &((struct regime_prohibition *)into)->to);
}

static const struct bind_key ACT_KEYS[] = {
    {.key = "of", .kind = BIND_BY, .needed = true},
    {.key = "do", .kind = BIND_BY},
    {.key = "gives", .kind = BIND_BY},
    {.key = "to", .kind = BIND_BY, .by = bind_to},
    {.key = "again", .kind = BIND_BY},
};

static void bind_act(struct loader *l, void *into, const struct yaml_node *node)
{
    (void)bind_map(l, node, ACT_KEYS, COUNT_OF(ACT_KEYS), false, into);
}

#define KEY(word, kind_, need, member)                                                             \
    {                                                                                              \
        .key = word, .kind = kind_, .needed = need,                                                \
        .offset = offsetof(struct regime_prohibition, member)                                      \
    }

static const struct bind_key ITEM_KEYS[] = {
    KEY("id", BIND_ID, true, id),
    KEY("zh", BIND_WORD, true, words.zh),
    KEY("en", BIND_WORD, true, words.en),
    {.key = "who", .kind = BIND_BY, .needed = true, .by = bind_who},
    {.key = "except", .kind = BIND_BY, .by = bind_except},
    {.key = "act", .kind = BIND_BY, .needed = true, .by = bind_act},
    {.key = "if", .kind = BIND_BY},
    {.key = "effect", .kind = BIND_BY, .needed = true, .by = bind_effect_kind},
    {.key = "flag", .kind = BIND_BY},
    {.key = "explain", .kind = BIND_BY},
    KEY("instead", BIND_ID, false, instead),
    {.key = "attempt", .kind = BIND_BY},
    KEY("hide", BIND_BOOL, false, hide),
    KEY("clause", BIND_CLAUSE, false, clause),
};

static void want_key(struct loader *l, const struct yaml_node *item, const char *key)
{
    if (yaml_find(item, key) == NULL)
        fault(l, FAULT_MISSING_KEY, key_place(item), "pack.missing.key", NULL,
              ARGS(arg_c("name", key), arg_c("of", "prohibitions")));
}

static void refuse_key(struct loader *l, const struct yaml_node *item, const char *key)
{
    const struct yaml_node *node = yaml_find(item, key);
    if (node != NULL)
        fault(l, FAULT_WRONG_TYPE, key_place(node), "pack.prohibition.without_effect",
              "pack.hint.prohibition_effect", ARGS(arg_c("name", key)));
}

/* A flag is raised by letting in, an attempt recorded by refusing; what is hidden cannot be asked. */
static void check_item(struct loader *l, const struct prohibition_item *item)
{
    const struct yaml_node *node = item->node;
    bool refuses = item->whole.effect == PROHIBITION_REFUSE;
    if (item->whole.effect == PROHIBITION_FLAG)
        want_key(l, node, "flag");
    else
        refuse_key(l, node, "flag");
    if (item->whole.effect != PROHIBITION_FLAG)
        refuse_key(l, node, "explain");
    if (!refuses)
        refuse_key(l, node, "attempt");
    if (!refuses || yaml_find(node, "if") != NULL ||
        act_of(item, "gives") != NULL || act_of(item, "to") != NULL || act_of(item, "again") != NULL)
        refuse_key(l, node, "hide");
}

void bind_prohibitions(struct loader *l, const struct yaml_node *list)
{
    struct mentions seen = {0};
    VEC(struct prohibition_item) items = {0};
    if (!want_list(l, list))
        return;
    items_each (node, list) {
        struct prohibition_item item = {.node = node, .whole = {.place = key_place(node)}};
        if (!bind_map(l, node, ITEM_KEYS, COUNT_OF(ITEM_KEYS), false, &item.whole))
            continue;
        const struct mention *first = mention_find(&seen, item.whole.id);
        if (first != NULL)
            fault(l, FAULT_DUPLICATE_NAME, key_place(node), "pack.duplicate_line", NULL,
                  ARGS(arg_text("name", item.whole.id), arg_int("line", first->place.line)));
        mention_add(l, &seen, item.whole.id, key_place(node));
        check_item(l, &item);
        vec_add(l->arena, &items, item);
    }
    l->prohibitions = items.at;
    l->prohibition_count = items.len;
}

/* ---- with a procedure ---- */

static bool is_about(const struct prohibition_item *item, const struct regime_procedure *procedure)
{
    const struct yaml_node *of = act_of(item, "of");
    items_each (name, of) {
        if (str_eq(name->text, procedure->name) || str_eq(name->text, S("any")))
            return true;
    }
    return false;
}

/* The forms of all commands that it is about, for rules that name their fields. */
static void open_forms(struct loader *l, const struct regime_prohibition *to)
{
    const struct regime_procedure *procedure = l->scope->procedure;
    VEC(struct regime_field) asks = {0};
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (to->command_count > 0 && !is_among(to->commands, to->command_count, row->name))
            continue;
        for (size_t j = 0; j < row->ask_count; j++)
            vec_add(l->arena, &asks, row->asks[j]);
    }
    l->scope->asks = asks.at;
    l->scope->ask_count = asks.len;
}

static void close_forms(struct loader *l)
{
    l->scope->asks = NULL;
    l->scope->ask_count = 0;
}

/* Those that the procedure has: others may be another's. false: it has none of those named. */
static bool bind_commands(struct loader *l, struct prohibition_item *item,
                          struct regime_prohibition *to)
{
    VEC(struct str) names = {0};
    const struct yaml_node *list = act_of(item, "do");
    items_each (node, list) {
        if (!is_among(BUILT_IN, COUNT_OF(BUILT_IN), node->text) &&
            mention_find(&l->scope->commands, node->text) == NULL)
            continue;
        mention_add(l, &item->met, node->text, node_place(node));
        vec_add(l->arena, &names, node->text);
    }
    to->commands = names.at;
    to->command_count = names.len;
    return list == NULL || names.len > 0;
}

static bool bind_gives(struct loader *l, struct prohibition_item *item,
                       struct regime_prohibition *to)
{
    VEC(struct str) names = {0};
    const struct yaml_node *list = act_of(item, "gives");
    items_each (node, list) {
        if (scope_find_field(l->scope, node->text) == NULL)
            continue;
        mention_add(l, &item->met, node->text, node_place(node));
        vec_add(l->arena, &names, node->text);
    }
    to->gives = names.at;
    to->give_count = names.len;
    return list == NULL || names.len > 0;
}

static void bind_same(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_again *again = into;
    VEC(struct str) names = {0};
    const struct value *fields = shape_bind(l, S("fields"), node);
    value_each (field, fields)
        vec_add(l->arena, &names, field->text);
    again->same = names.at;
    again->same_count = names.len;
}

static void bind_within(struct loader *l, void *into, const struct yaml_node *node)
{
    ((struct regime_again *)into)->within = shape_bind(l, S("int"), node);
}

static const struct bind_key AGAIN_KEYS[] = {
    {.key = "same", .kind = BIND_BY, .needed = true, .by = bind_same},
    {.key = "within", .kind = BIND_BY, .needed = true, .by = bind_within},
};

static void bind_explained(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_prohibition *to = into;
    VEC(struct str) names = {0};
    items_each (name, node) {
        if (need_command(l, name, name->text))
            vec_add(l->arena, &names, name->text);
    }
    to->explained = names.at;
    to->explained_count = names.len;
}

static void bind_explanation(struct loader *l, void *into, const struct yaml_node *node)
{
    const struct regime_field *field = need_field(l, node);
    if (field != NULL)
        ((struct regime_prohibition *)into)->explanation = field->name;
}

static const struct bind_key EXPLAIN_KEYS[] = {
    {.key = "field", .kind = BIND_BY, .needed = true, .by = bind_explanation},
    {.key = "before", .kind = BIND_BY, .needed = true, .by = bind_explained},
};

static void bind_explain(struct loader *l, const struct yaml_node *node,
                         struct regime_prohibition *to)
{
    const struct regime_procedure *procedure = l->scope->procedure;
    VEC(struct regime_field) asks = {0}; /* of any command: the explanation comes with a later one */
    for (size_t i = 0; i < procedure->transition_count; i++)
        for (size_t j = 0; j < procedure->transitions[i].ask_count; j++)
            vec_add(l->arena, &asks, procedure->transitions[i].asks[j]);
    l->scope->asks = asks.at;
    l->scope->ask_count = asks.len;
    (void)bind_map(l, node, EXPLAIN_KEYS, COUNT_OF(EXPLAIN_KEYS), false, to);
}

static void bind_attempt(struct loader *l, const struct yaml_node *node,
                         struct regime_prohibition *to)
{
    const struct yaml_node *fields = yaml_find(node, "fields");
    to->attempt = bind_any(l, node);
    if (fields == NULL || fields->kind != YAML_MAP)
        return;
    yaml_each (cell, fields) {
        if (cell->kind == YAML_TEXT && !is_among(TOLD, COUNT_OF(TOLD), cell->text))
            (void)need_field(l, cell);
    }
}

static void bind_here(struct loader *l, struct prohibition_item *item,
                      struct regime_prohibition *to)
{
    const struct yaml_node *node;
    if ((node = act_of(item, "again")) != NULL)
        (void)bind_map(l, node, AGAIN_KEYS, COUNT_OF(AGAIN_KEYS), false, &to->again);
    if ((node = yaml_find(item->node, "if")) != NULL)
        to->when = bind_condition(l, node);
    if ((node = yaml_find(item->node, "attempt")) != NULL)
        bind_attempt(l, node, to);
    if ((node = yaml_find(item->node, "flag")) != NULL) {
        l->scope->raising = true;
        to->flag = shape_bind(l, S("flag"), node)->text;
        l->scope->raising = false;
    }
    if ((node = yaml_find(item->node, "explain")) != NULL)
        bind_explain(l, node, to);
}

void bind_prohibitions_here(struct loader *l)
{
    VEC(struct regime_prohibition) bound = {0};
    struct regime_procedure *procedure = l->scope->procedure;
    for (size_t i = 0; i < l->prohibition_count; i++) {
        struct prohibition_item *item = &l->prohibitions[i];
        struct regime_prohibition to = item->whole;
        if (!is_about(item, procedure) || !bind_commands(l, item, &to))
            continue;
        open_forms(l, &to);
        if (bind_gives(l, item, &to)) {
            bind_here(l, item, &to);
            vec_add(l->arena, &bound, to);
        }
        close_forms(l);
    }
    procedure->prohibitions = bound.at;
    procedure->prohibition_count = bound.len;
}

/* ---- with the whole pack ---- */

static void check_met(struct loader *l, const struct prohibition_item *item, const char *key,
                      const char *unknown)
{
    const struct yaml_node *list = act_of(item, key);
    items_each (node, list) {
        const struct guess guess = guess_begin(node->text);
        if (mention_find(&item->met, node->text) == NULL)
            fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), unknown, NULL, &guess);
    }
}

static void check_of(struct loader *l, const struct prohibition_item *item)
{
    static const char *const of_one[] = {"if", "explain", "flag"};
    const struct yaml_node *of = act_of(item, "of");
    bool of_any = false;
    items_each (node, of) {
        bool any = str_eq(node->text, S("any"));
        of_any = of_any || any;
        if (!any)
            (void)need_procedure(l, node);
    }
    for (size_t i = 0; i < COUNT_OF(of_one) && of_any; i++) {
        const struct yaml_node *node = yaml_find(item->node, of_one[i]);
        if (node != NULL)
            fault(l, FAULT_WRONG_TYPE, key_place(node), "pack.prohibition.of_any", NULL,
                  ARGS(arg_c("name", of_one[i])));
    }
}

/* The program makes the record: the procedure lets it, and has the fields. */
static void check_attempt(struct loader *l, const struct yaml_node *attempt)
{
    const struct yaml_node *name = attempt == NULL ? NULL : yaml_find(attempt, "procedure");
    const struct yaml_node *fields = attempt == NULL ? NULL : yaml_find(attempt, "fields");
    if (attempt == NULL)
        return;
    if (name == NULL || fields == NULL || fields->kind != YAML_MAP) {
        fault_type(l, attempt, "pack.want.attempt");
        return;
    }
    const struct regime_procedure *procedure = regime_find_procedure(l->regime, name->text);
    if (!need_procedure(l, name) || procedure == NULL)
        return;
    if (!made_by_system(procedure))
        fault(l, FAULT_NOBODY_MAY_FIRE, node_place(name), "pack.prohibition.not_by_system", NULL,
              ARGS(arg_text("name", name->text)));
    yaml_each (field, fields) {
        if (procedure_find_field(procedure, field->key) == NULL)
            fault(l, FAULT_UNDECLARED_INPUT, key_place(field), "pack.unknown.field_there", NULL,
                  ARGS(arg_text("name", field->key)));
    }
}

void check_prohibitions(struct loader *l)
{
    for (size_t i = 0; i < l->prohibition_count; i++) {
        const struct prohibition_item *item = &l->prohibitions[i];
        const struct yaml_node *instead = yaml_find(item->node, "instead");
        check_of(l, item);
        check_met(l, item, "do", "pack.unknown.command");
        check_met(l, item, "gives", "pack.unknown.field");
        check_attempt(l, yaml_find(item->node, "attempt"));
        if (instead != NULL && mention_find(&l->procedures, instead->text) == NULL)
            mention_add(l, &l->coined, instead->text, node_place(instead));
    }
}

/* ---- looking up ---- */

const struct regime_prohibition *
procedure_find_prohibition(const struct regime_procedure *procedure, struct str id)
{
    for (size_t i = 0; i < procedure->prohibition_count; i++) {
        if (str_eq(procedure->prohibitions[i].id, id))
            return &procedure->prohibitions[i];
    }
    return NULL;
}

struct words regime_instead_words(const struct regime *regime, struct str instead)
{
    const struct regime_procedure *procedure = regime_find_procedure(regime, instead);
    return procedure == NULL ? regime_flag_words(regime, instead) : procedure->words;
}

const char *prohibition_effect_name(enum prohibition_effect effect)
{
    return EFFECTS[effect].at;
}
