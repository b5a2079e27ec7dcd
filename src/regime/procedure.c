/*
 * One procedure: its head, states, number, import. Names of commands and deadlines are gathered
 * first, because rules name them before their bodies come.
 */
#include "regime/load_int.h"

static void bind_like(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_state *state = into;
    if (!bind_name(l, node, &state->like))
        return;
    struct guess guess = guess_begin(state->like);
    for (size_t i = 0; i < superset_state_count; i++) {
        if (str_eq(superset_states[i], state->like))
            return;
        guess_try(&guess, superset_states[i]);
    }
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.like", "pack.hint.like",
                  &guess);
}

static void bind_end(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_state *state = into;
    if (!bind_bool(l, node, &state->end))
        l->scope->flow_broken = true;
}

#define STATE_KEY(word, kind_, member)                                                             \
    {                                                                                              \
        .key = word, .kind = kind_, .offset = offsetof(struct regime_state, member)                \
    }

static const struct bind_key STATE_KEYS[] = {
    {.key = "zh",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_state, words.zh)},
    {.key = "en",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_state, words.en)},
    {.key = "like", .kind = BIND_BY, .by = bind_like},
    STATE_KEY("start", BIND_BOOL, start),
    STATE_KEY("rests", BIND_BOOL, rests),
    {.key = "end", .kind = BIND_BY, .by = bind_end},
    STATE_KEY("clause", BIND_CLAUSE, clause),
};

static bool is_superset_state(struct str name)
{
    for (size_t i = 0; i < superset_state_count; i++) {
        if (str_eq(superset_states[i], name))
            return true;
    }
    return false;
}

static void bind_state(struct loader *l, const struct yaml_node *node, struct regime_state *state)
{
    *state = (struct regime_state){.name = node->key, .place = key_place(node)};
    if (!is_name(node->key))
        fault(l, FAULT_WRONG_TYPE, state->place, "pack.want.name_key", NULL,
              ARGS(arg_text("name", node->key)));
    (void)bind_map(l, node, STATE_KEYS, COUNT_OF(STATE_KEYS), false, state);
    if (!str_is_empty(state->like))
        return;
    if (!is_superset_state(state->name))
        fault(l, FAULT_MISSING_KEY, state->place, "pack.missing.like", "pack.hint.like",
              ARGS(arg_text("name", state->name)));
    state->like = state->name;
}

static void bind_states(struct loader *l, void *into, const struct yaml_node *map)
{
    struct regime_procedure *procedure = into;
    VEC(struct regime_state) states = {0};
    size_t starts = 0;
    if (map->kind != YAML_MAP || map->count == 0 || map->count > PACK_ITEMS_MAX) {
        fault_type(l, map, "pack.want.states");
        return;
    }
    yaml_each (child, map) {
        struct regime_state *state = vec_push(l->arena, &states);
        bind_state(l, child, state);
        starts += state->start;
        if (state->start && starts > 1)
            fault(l, FAULT_DUPLICATE_NAME, state->place, "pack.duplicate_start", NULL,
                  ARGS(arg_text("name", state->name)));
    }
    if (starts == 0)
        states.at[0].start = true;
    procedure->states = states.at;
    procedure->state_count = states.len;
}

static void bind_procedure_fields(struct loader *l, void *into, const struct yaml_node *list)
{
    struct regime_procedure *procedure = into;
    bind_fields(l, list, &procedure->fields, &procedure->field_count);
}

/* The program has words for these. */
static const struct str DEFAULT_EVIDENCE_KINDS[] = {STR_INIT("before"), STR_INIT("during"),
                                                    STR_INIT("after"), STR_INIT("document"),
                                                    STR_INIT("rebound")};

static bool is_default_evidence_kind(struct str kind)
{
    for (size_t i = 0; i < COUNT_OF(DEFAULT_EVIDENCE_KINDS); i++) {
        if (str_eq(DEFAULT_EVIDENCE_KINDS[i], kind))
            return true;
    }
    return false;
}

static void bind_evidence_kinds(struct loader *l, void *into, const struct yaml_node *list)
{
    struct regime_procedure *procedure = into;
    VEC(struct str) kinds = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list) {
        struct str kind;
        if (!bind_id(l, item, &kind))
            continue;
        for (size_t i = 0; i < kinds.len; i++) {
            if (str_eq(kinds.at[i], kind))
                fault(l, FAULT_DUPLICATE_NAME, node_place(item), "pack.duplicate", NULL,
                      ARGS(arg_text("name", kind)));
        }
        if (!is_default_evidence_kind(kind))
            coin(l, kind, node_place(item));
        vec_add(l->arena, &kinds, kind);
    }
    procedure->evidence_kinds = kinds.at;
    procedure->evidence_kind_count = kinds.len;
}

static void bind_created_by(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_procedure *procedure = into;
    bind_actors(l, node, &procedure->created_by, &procedure->created_by_count);
}

static void bind_unsealed_by(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_procedure *procedure = into;
    bind_actors(l, node, &procedure->unsealed_by, &procedure->unsealed_by_count);
}

static void bind_create_needs(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_procedure *procedure = into;
    bind_guards(l, node, &procedure->create_needs, &procedure->create_need_count);
}

static void bind_create_then(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_procedure *procedure = into;
    bind_effects(l, node, &procedure->create_then, &procedure->create_then_count);
}

static void bind_subject(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_procedure *procedure = into;
    if (need_field(l, node) != NULL)
        procedure->subject = node->text;
}

static void bind_unique(struct loader *l, void *into, const struct yaml_node *list)
{
    struct regime_procedure *procedure = into;
    VEC(struct str) names = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list)
        if (str_eq(item->text, S("region")) || need_field(l, item) != NULL)
            vec_add(l->arena, &names, item->text);
    procedure->unique = names.at;
    procedure->unique_count = names.len;
}

/* Roles that a case of this procedure leaves empty, though its region or a standing case has holders. */
static void bind_closed_to(struct loader *l, void *into, const struct yaml_node *list)
{
    struct regime_procedure *procedure = into;
    VEC(struct str) names = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list)
        if (need_role(l, item, item->text, 0))
            vec_add(l->arena, &names, item->text);
    procedure->closed_to = names.at;
    procedure->closed_count = names.len;
}

/* Places of a number: {region} {year} {month} {day} {batch} {seq} {seq:04}, and {mark} of a document's. */
static bool is_number_place(struct str place, bool of_document)
{
    static const struct str plain[] = {STR_INIT("region"), STR_INIT("year"),  STR_INIT("month"),
                                       STR_INIT("day"),    STR_INIT("batch"), STR_INIT("seq")};
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        if (str_eq(place, plain[i]))
            return true;
    }
    if (of_document && str_eq(place, S("mark")))
        return true;
    return place.len == 6 && str_starts(place, S("seq:0")) && place.at[5] >= '1' &&
           place.at[5] <= '9';
}

bool bind_number(struct loader *l, const struct yaml_node *node, bool of_document, struct str *out)
{
    if (!bind_text(l, node, out))
        return false;
    struct str text = *out;
    bool counts = false;
    for (size_t at = 0; at < text.len;) {
        size_t open = str_find_char(str_from(text, at), '{');
        if (open == SIZE_MAX)
            break;
        open += at;
        size_t len = str_find_char(str_from(text, open), '}');
        struct str place = str_part(text, open + 1, len == SIZE_MAX ? text.len : len - 1);
        counts = counts || str_starts(place, S("seq"));
        if (len == SIZE_MAX || !is_number_place(place, of_document))
            fault(l, FAULT_UNKNOWN_NAME, text_place(node, open), "pack.unknown.number_place",
                  of_document ? "pack.hint.document_number_place" : "pack.hint.number_place",
                  ARGS(arg_text("name", place)));
        at = len == SIZE_MAX ? text.len : open + len + 1;
    }
    if (!counts)
        fault_type(l, node, "pack.want.number_seq");
    return counts;
}

static void bind_case_number(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_procedure *procedure = into;
    (void)bind_number(l, node, false, &procedure->number);
}

static const struct str IMPORT_COLUMNS[] = {
    STR_INIT("seq"),        STR_INIT("batch"),          STR_INIT("number"), STR_INIT("channel"),
    STR_INIT("date"),       STR_INIT("description"),    STR_INIT("place"),  STR_INIT("type"),
    STR_INIT("finding"),    STR_INIT("substantiation"), STR_INIT("goal"),   STR_INIT("measures"),
    STR_INIT("completion"), STR_INIT("accountability"), STR_INIT("unit"),   STR_INIT("key_case"),
    STR_INIT("repeat_of"),  STR_INIT("reference"),
};

static void check_import_column(struct loader *l, const struct yaml_node *node)
{
    struct guess guess = guess_begin(node->key);
    for (size_t i = 0; i < COUNT_OF(IMPORT_COLUMNS); i++) {
        if (str_eq(IMPORT_COLUMNS[i], node->key))
            return;
        guess_try(&guess, IMPORT_COLUMNS[i]);
    }
    fault_unknown(l, FAULT_UNKNOWN_NAME, key_place(node), "pack.unknown.import", NULL, &guess);
}

static void bind_imports(struct loader *l, void *into, const struct yaml_node *map)
{
    struct regime_procedure *procedure = into;
    VEC(struct regime_import) imports = {0};
    if (map->kind != YAML_MAP) {
        fault_type(l, map, "pack.want.map");
        return;
    }
    yaml_each (child, map) {
        check_import_column(l, child);
        bool is_role = regime_find_role(l->regime, child->text) != NULL;
        if (is_role)
            mention_add(l, &l->scope->filled, child->text, node_place(child));
        if (is_role || need_field(l, child) != NULL)
            vec_add(l->arena, &imports, ((struct regime_import){child->key, child->text}));
    }
    procedure->imports = imports.at;
    procedure->import_count = imports.len;
}

static void bind_transitions_key(struct loader *l, void *into, const struct yaml_node *list)
{
    (void)into;
    bind_transitions(l, list);
}

static void bind_deadlines_key(struct loader *l, void *into, const struct yaml_node *map)
{
    (void)into;
    bind_deadlines(l, map);
}

#define PROCEDURE_KEY(word, kind_, member)                                                         \
    {                                                                                              \
        .key = word, .kind = kind_, .offset = offsetof(struct regime_procedure, member)            \
    }

/* In this order: what later keys refer to comes first. */
static const struct bind_key PROCEDURE_KEYS[] = {
    {.key = "zh",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_procedure, words.zh)},
    {.key = "en",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_procedure, words.en)},
    PROCEDURE_KEY("clause", BIND_CLAUSE, clause),
    {.key = "number", .kind = BIND_BY, .by = bind_case_number},
    {.key = "evidence_kinds", .kind = BIND_BY, .by = bind_evidence_kinds},
    {.key = "fields", .kind = BIND_BY, .by = bind_procedure_fields},
    {.key = "subject", .kind = BIND_BY, .by = bind_subject},
    {.key = "unique", .kind = BIND_BY, .by = bind_unique},
    {.key = "closed_to", .kind = BIND_BY, .by = bind_closed_to},
    {.key = "import", .kind = BIND_BY, .by = bind_imports},
    {.key = "states", .kind = BIND_BY, .needed = true, .by = bind_states},
    {.key = "created_by", .kind = BIND_BY, .needed = true, .by = bind_created_by},
    {.key = "unsealed_by", .kind = BIND_BY, .by = bind_unsealed_by},
    {.key = "create_needs", .kind = BIND_BY, .by = bind_create_needs},
    {.key = "create_then", .kind = BIND_BY, .by = bind_create_then},
    {.key = "transitions", .kind = BIND_BY, .needed = true, .by = bind_transitions_key},
    {.key = "deadlines", .kind = BIND_BY, .by = bind_deadlines_key},
};

static void gather_names(struct loader *l, struct scope *scope, const struct yaml_node *node)
{
    const struct yaml_node *transitions = yaml_find(node, "transitions");
    items_each (item, transitions) {
        const struct yaml_node *name = yaml_find(item, "do");
        if (name != NULL && name->kind == YAML_TEXT)
            mention_add(l, &scope->commands, name->text, node_place(name));
    }
    const struct yaml_node *deadlines = yaml_find(node, "deadlines");
    if (deadlines == NULL || deadlines->kind != YAML_MAP)
        return;
    yaml_each (clock, deadlines)
        mention_add(l, &scope->clocks, clock->key, key_place(clock));
}

static void bind_procedure(struct loader *l, const struct yaml_node *node,
                           struct regime_procedure *procedure)
{
    struct scope scope = {.procedure = procedure};
    *procedure = (struct regime_procedure){
        .name = node->key,
        .place = key_place(node),
        .evidence_kinds = DEFAULT_EVIDENCE_KINDS,
        .evidence_kind_count = COUNT_OF(DEFAULT_EVIDENCE_KINDS),
    };
    if (!is_name(node->key))
        fault(l, FAULT_WRONG_TYPE, key_place(node), "pack.want.name_key", NULL,
              ARGS(arg_text("name", node->key)));
    gather_names(l, &scope, node);
    l->scope = &scope;
    if (bind_map(l, node, PROCEDURE_KEYS, COUNT_OF(PROCEDURE_KEYS), false, procedure)) {
        bind_steps(l);
        bind_prohibitions_here(l);
        check_procedure(l, node);
        check_sealed(l, node);
    }
    for (size_t i = 0; i < scope.filled.len; i++)
        mention_add(l, &l->roles_filled, scope.filled.at[i].name, scope.filled.at[i].place);
    l->scope = NULL;
}

void bind_procedures(struct loader *l, const struct yaml_node *map)
{
    VEC(struct regime_procedure) procedures = {0};
    if (map->kind != YAML_MAP || map->count == 0 || map->count > PACK_ITEMS_MAX) {
        fault_type(l, map, "pack.want.procedures");
        return;
    }
    yaml_each (child, map)
        mention_add(l, &l->procedures, child->key, key_place(child));
    yaml_each (child, map)
        bind_procedure(l, child, vec_push(l->arena, &procedures));
    l->regime->procedures = procedures.at;
    l->regime->procedure_count = procedures.len;
}
