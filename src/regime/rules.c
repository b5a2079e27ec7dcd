/*
 * `needs:`, `then:`, `on_lapse:` and `if:`: items that are maps of vocabulary words with, beside them,
 * a condition, a clause and (guards) the pack's own words for the refusal. An item with several words
 * is several rules under the same condition.
 */
#include "regime/load_int.h"

/* The keys beside the words. */
struct beside {
    const struct regime_condition *when;
    struct str clause;
    struct words says;
};

static const char *const BESIDE_KEYS[] = {"if", "clause", "says"};

static bool is_beside(struct str key)
{
    for (size_t i = 0; i < COUNT_OF(BESIDE_KEYS); i++) {
        if (str_eq_c(key, BESIDE_KEYS[i]))
            return true;
    }
    return false;
}

static const struct bind_key SAYS_KEYS[] = {
    {.key = "zh", .kind = BIND_WORD, .needed = true, .offset = offsetof(struct words, zh)},
    {.key = "en", .kind = BIND_WORD, .needed = true, .offset = offsetof(struct words, en)},
};

static struct beside bind_beside(struct loader *l, const struct yaml_node *item)
{
    struct beside beside = {0};
    const struct yaml_node *node = yaml_find(item, "if");
    if (node != NULL)
        beside.when = bind_condition(l, node);
    node = yaml_find(item, "clause");
    if (node != NULL)
        (void)bind_clause(l, node, &beside.clause);
    node = yaml_find(item, "says");
    if (node != NULL)
        (void)bind_map(l, node, SAYS_KEYS, COUNT_OF(SAYS_KEYS), false, &beside.says);
    return beside;
}

static void unknown_word(struct loader *l, const struct yaml_node *node,
                         const struct vocabulary_word *table, size_t count, const char *key)
{
    struct guess guess = guess_begin(node->key);
    for (size_t i = 0; i < count; i++)
        guess_try(&guess, table[i].word);
    for (size_t i = 0; i < COUNT_OF(BESIDE_KEYS); i++)
        guess_try(&guess, str_of(BESIDE_KEYS[i]));
    fault_unknown(l, FAULT_UNKNOWN_NAME, key_place(node), key, "pack.hint.vocabulary", &guess);
}

/* A map with at least one word, or a fault. */
static bool want_rule(struct loader *l, const struct yaml_node *item)
{
    if (item->kind != YAML_MAP) {
        fault_type(l, item, "pack.want.rule");
        return false;
    }
    yaml_each (child, item) {
        if (!is_beside(child->key))
            return true;
    }
    fault(l, FAULT_MISSING_KEY, node_place(item), "pack.missing.rule", "pack.hint.vocabulary",
          NO_ARGS);
    return false;
}

/* `choice` and `field` compare with literals of a field. */
static void check_comparison(struct loader *l, const struct yaml_node *args)
{
    const struct yaml_node *field = yaml_find(args, "field");
    if (field == NULL)
        return;
    check_literals(l, field, yaml_find(args, "in"));
    check_literals(l, field, yaml_find(args, "is"));
    check_literals(l, field, yaml_find(args, "to"));
}

static void check_setting_literal(struct loader *l, const struct yaml_node *args)
{
    const struct yaml_node *name = yaml_find(args, "setting");
    const struct yaml_node *is = yaml_find(args, "is");
    if (name == NULL || is == NULL)
        return;
    const struct regime_setting *setting = regime_find_setting(l->regime, name->text);
    if (setting != NULL && bind_any(l, is)->kind != setting->value->kind)
        fault_type(l, is, "pack.want.setting_kind");
}

static struct regime_condition *bind_members(struct loader *l, const struct yaml_node *list,
                                             size_t *count)
{
    VEC(struct regime_condition) members = {0};
    items_each (item, list) {
        const struct regime_condition *member = bind_condition(l, item);
        if (member != NULL)
            vec_add(l->arena, &members, *member);
    }
    *count = members.len;
    if (members.len == 0)
        fault_type(l, list, "pack.want.some");
    return members.at;
}

static void bind_condition_word(struct loader *l, const struct yaml_node *word,
                                struct regime_condition *condition)
{
    condition->place = key_place(word);
    if (condition->kind == CONDITION_ALL || condition->kind == CONDITION_ANY ||
        condition->kind == CONDITION_NOT) {
        condition->all = bind_members(l, word, &condition->count);
        return;
    }
    condition->args = shape_bind(l, vocabulary_conditions[condition->kind].shape, word);
    if (condition->kind == CONDITION_FIELD)
        check_comparison(l, word);
    if (condition->kind == CONDITION_STANDING)
        elsewhere_add(l, condition->args, condition->place);
    if (condition->kind == CONDITION_SETTING)
        check_setting_literal(l, word);
}

const struct regime_condition *bind_condition(struct loader *l, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP || node->count != 1) {
        fault_type(l, node, "pack.want.condition");
        return NULL;
    }
    struct regime_condition *condition = arena_new_of(l->arena, struct regime_condition);
    size_t kind;
    if (!vocabulary_find(vocabulary_conditions, CONDITION_KIND_COUNT, node->first->key, &kind)) {
        unknown_word(l, node->first, vocabulary_conditions, CONDITION_KIND_COUNT,
                     "pack.unknown.condition");
        return NULL;
    }
    condition->kind = (enum condition_kind)kind;
    bool raising = l->scope != NULL && l->scope->raising;
    if (l->scope != NULL)
        l->scope->raising = false;
    bind_condition_word(l, node->first, condition);
    if (l->scope != NULL)
        l->scope->raising = raising;
    return condition;
}

/* `form: id`: a filled-in form is evidence of a kind of its own. */
static const struct value *bind_form(struct loader *l, const struct yaml_node *word)
{
    struct str id;
    struct value *args = value_map(l->arena);
    if (!bind_id(l, word, &id))
        return args;
    value_put(args, id, value_int(l->arena, 1));
    coin(l, id, node_place(word));
    struct regime_procedure *procedure = l->scope->procedure;
    for (size_t i = 0; i < procedure->evidence_kind_count; i++) {
        if (str_eq(procedure->evidence_kinds[i], id))
            return args;
    }
    VEC(struct str) kinds = {0};
    for (size_t i = 0; i < procedure->evidence_kind_count; i++)
        vec_add(l->arena, &kinds, procedure->evidence_kinds[i]);
    vec_add(l->arena, &kinds, id);
    procedure->evidence_kinds = kinds.at;
    procedure->evidence_kind_count = kinds.len;
    return args;
}

static bool bind_guard_word(struct loader *l, const struct yaml_node *word,
                            struct regime_guard *guard)
{
    if (str_eq(word->key, S("form"))) {
        guard->kind = GUARD_EVIDENCE;
        guard->args = bind_form(l, word);
        return true;
    }
    size_t kind;
    if (!vocabulary_find(vocabulary_guards, GUARD_KIND_COUNT, word->key, &kind)) {
        unknown_word(l, word, vocabulary_guards, GUARD_KIND_COUNT, "pack.unknown.guard");
        return false;
    }
    guard->kind = (enum guard_kind)kind;
    guard->args = shape_bind(l, vocabulary_guards[kind].shape, word);
    if (kind == GUARD_CHOICE)
        check_comparison(l, word);
    return true;
}

void bind_guards(struct loader *l, const struct yaml_node *list, const struct regime_guard **out,
                 size_t *count)
{
    VEC(struct regime_guard) guards = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list) {
        if (!want_rule(l, item))
            continue;
        struct beside beside = bind_beside(l, item);
        yaml_each (word, item) {
            struct regime_guard guard = {.when = beside.when,
                                         .clause = beside.clause,
                                         .says = beside.says,
                                         .place = key_place(word)};
            if (!is_beside(word->key) && bind_guard_word(l, word, &guard))
                vec_add(l->arena, &guards, guard);
        }
    }
    *out = guards.at;
    *count = guards.len;
}

/* What an effect brings about, for the checks that need the whole procedure. */
static void note_effect(struct loader *l, const struct yaml_node *word, enum effect_kind kind,
                        const struct value *args)
{
    if (kind == EFFECT_START)
        mention_add(l, &l->scope->started, args->text, node_place(word));
    if (kind == EFFECT_ASSIGN)
        mention_add(l, &l->scope->filled, value_find_text(args, "role"), node_place(word));
    if (kind == EFFECT_COLLECT || kind == EFFECT_IN_FORCE || kind == EFFECT_GATHER)
        elsewhere_add(l, args, key_place(word));
    if (kind == EFFECT_SET)
        check_comparison(l, word);
}

static bool bind_effect_word(struct loader *l, const struct yaml_node *word,
                             struct regime_effect *effect)
{
    size_t kind;
    if (!vocabulary_find(vocabulary_effects, EFFECT_KIND_COUNT, word->key, &kind)) {
        unknown_word(l, word, vocabulary_effects, EFFECT_KIND_COUNT, "pack.unknown.effect");
        return false;
    }
    effect->kind = (enum effect_kind)kind;
    l->scope->raising = kind != EFFECT_UNFLAG;
    effect->args = shape_bind(l, vocabulary_effects[kind].shape, word);
    l->scope->raising = false;
    note_effect(l, word, effect->kind, effect->args);
    return true;
}

void bind_effects(struct loader *l, const struct yaml_node *list, const struct regime_effect **out,
                  size_t *count)
{
    VEC(struct regime_effect) effects = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list) {
        if (!want_rule(l, item))
            continue;
        struct beside beside = bind_beside(l, item);
        if (!str_is_empty(beside.says.zh))
            fault(l, FAULT_UNKNOWN_NAME, key_place(yaml_find(item, "says")), "pack.unknown.says",
                  NULL, NO_ARGS);
        yaml_each (word, item) {
            struct regime_effect effect = {
                .when = beside.when, .clause = beside.clause, .place = key_place(word)};
            if (!is_beside(word->key) && bind_effect_word(l, word, &effect))
                vec_add(l->arena, &effects, effect);
        }
    }
    *out = effects.at;
    *count = effects.len;
}
