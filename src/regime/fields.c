/*
 * Fields of a case, columns of a list, inputs of a form. An input that names a field of the procedure
 * is that field, with what the form says differently; one with a `kind` of its own is read by the
 * command and kept with its event only.
 */
#include "base/num.h"
#include "regime/load_int.h"

static void bind_kind_key(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    struct str name;
    if (!bind_text(l, node, &name))
        return;
    struct guess guess = guess_begin(name);
    for (enum field_kind kind = 0; kind < FIELD_KIND_COUNT; kind++) {
        if (str_eq_c(name, field_kind_name(kind))) {
            field->kind = kind;
            return;
        }
        guess_try(&guess, str_of(field_kind_name(kind)));
    }
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.field_kind",
                  "pack.hint.field_kind", &guess);
}

static const struct bind_key CHOICE_KEYS[] = {
    {.key = "code",
     .kind = BIND_ID,
     .needed = true,
     .offset = offsetof(struct regime_choice, code)},
    {.key = "zh",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_choice, words.zh)},
    {.key = "en",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_choice, words.en)},
};

/* A bare code takes its words from the dictionary `choices`. */
static void bind_bare_choice(struct loader *l, const struct yaml_node *node,
                             struct regime_choice *choice)
{
    if (!bind_id(l, node, &choice->code))
        return;
    const struct pack_dictionary *words = pack_lists_find_dictionary(l->lists, S("choices"));
    const struct regime_choice *known = pack_dictionary_find(words, choice->code);
    if (known != NULL)
        *choice = *known;
    else
        fault(l, FAULT_MISSING_WORD, node_place(node), "pack.missing.choice_words",
              "pack.hint.choice_words", ARGS(arg_text("name", choice->code)));
}

void bind_choices(struct loader *l, const struct yaml_node *list,
                  const struct regime_choice **out, size_t *out_count)
{
    VEC(struct regime_choice) choices = {0};
    struct mentions seen = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list) {
        struct regime_choice choice = {0};
        if (item->kind == YAML_MAP)
            (void)bind_map(l, item, CHOICE_KEYS, COUNT_OF(CHOICE_KEYS), false, &choice);
        else
            bind_bare_choice(l, item, &choice);
        if (mention_find(&seen, choice.code) != NULL)
            fault(l, FAULT_DUPLICATE_NAME, node_place(item), "pack.duplicate", NULL,
                  ARGS(arg_text("name", choice.code)));
        mention_add(l, &seen, choice.code, node_place(item));
        vec_add(l->arena, &choices, choice);
    }
    if (choices.len == 0)
        fault_type(l, list, "pack.want.some");
    *out = choices.at;
    *out_count = choices.len;
}

static void bind_of(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    if (field->kind == FIELD_CASE) {
        if (need_procedure(l, node))
            field->procedure = node->text;
        return;
    }
    if (field->kind != FIELD_CHOICE) {
        fault(l, FAULT_WRONG_TYPE, key_place(node), "pack.want.choice_kind", NULL, NO_ARGS);
        return;
    }
    if (node->kind == YAML_LIST) {
        bind_choices(l, node, &field->choices, &field->choice_count);
        return;
    }
    if (!bind_id(l, node, &field->dictionary))
        return;
    const struct pack_dictionary *found = pack_lists_find_dictionary(l->lists, field->dictionary);
    if (found != NULL) {
        field->choices = found->choices;
        field->choice_count = found->count;
        return;
    }
    struct guess guess = guess_begin(field->dictionary);
    const struct strmap *known = pack_lists_names(l->lists, PACK_LIST_DICTIONARIES);
    for (size_t i = 0; i < known->len; i++)
        guess_try(&guess, known->entries[i].key);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.dictionary",
                  "pack.hint.dictionary", &guess);
}

static void bind_columns(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    if (field->kind != FIELD_LIST) {
        fault(l, FAULT_WRONG_TYPE, key_place(node), "pack.want.list_kind", NULL, NO_ARGS);
        return;
    }
    bind_fields(l, node, &field->columns, &field->column_count);
    for (size_t i = 0; i < field->column_count; i++) {
        if (field->columns[i].kind == FIELD_LIST)
            fault(l, FAULT_WRONG_TYPE, field->columns[i].place, "pack.want.flat_column", NULL,
                  ARGS(arg_text("name", field->columns[i].name)));
        if (field->columns[i].sealed) /* a list is sent whole: what nobody sees would be lost */
            fault(l, FAULT_WRONG_TYPE, field->columns[i].place, "pack.want.open_column", NULL,
                  ARGS(arg_text("name", field->columns[i].name)));
    }
}

/* min and max are written in the field's own unit: a decimal may have a fraction. */
static bool bind_bound(struct loader *l, const struct regime_field *field,
                       const struct yaml_node *node, int64_t *out)
{
    bool is_decimal = field->kind == FIELD_DECIMAL || field->kind == FIELD_MONEY;
    int places = field->kind == FIELD_MONEY ? 2 : 7;
    int64_t limit = INT64_C(9007199254740991);
    if (is_decimal && num_parse_scaled(node->text, places, -limit, limit, out))
        return true;
    if (!is_decimal)
        return bind_int(l, node, -limit, limit, out);
    fault_type(l, node, "pack.want.number");
    return false;
}

static void bind_min(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    field->has_min = bind_bound(l, field, node, &field->min);
}

static void bind_max(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    field->has_max = bind_bound(l, field, node, &field->max);
    if (field->has_min && field->has_max && field->min > field->max)
        fault_type(l, node, "pack.want.max_not_below_min");
}

static void bind_default(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    field->otherwise = bind_any(l, node);
}

/* A field of the procedure; those that stand further below are not known yet. */
static void bind_shown(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    if (bind_name(l, node, &field->shows))
        (void)need_field(l, node);
}

static void bind_filled_role(struct loader *l, void *into, const struct yaml_node *node)
{
    struct regime_field *field = into;
    if (!bind_name(l, node, &field->role) || !need_role(l, node, field->role, 0))
        return;
    const struct regime_role *role = regime_find_role(l->regime, field->role);
    enum field_kind wanted = role->of_people ? FIELD_PERSON : FIELD_UNIT;
    if (field->kind != wanted)
        fault_type(l, node, role->of_people ? "pack.want.person_field" : "pack.want.unit_field");
    if (l->scope != NULL)
        mention_add(l, &l->scope->filled, field->role, node_place(node));
}

#define FIELD_KEY(word, kind_, member)                                                             \
    {                                                                                              \
        .key = word, .kind = kind_, .offset = offsetof(struct regime_field, member)                \
    }

static const struct bind_key FIELD_KEYS[] = {
    {.key = "name",
     .kind = BIND_NAME,
     .needed = true,
     .offset = offsetof(struct regime_field, name)},
    {.key = "zh",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_field, words.zh)},
    {.key = "en",
     .kind = BIND_WORD,
     .needed = true,
     .offset = offsetof(struct regime_field, words.en)},
    {.key = "kind", .kind = BIND_BY, .by = bind_kind_key},
    {.key = "of", .kind = BIND_BY, .by = bind_of},
    {.key = "columns", .kind = BIND_BY, .by = bind_columns},
    {.key = "min", .kind = BIND_BY, .by = bind_min},
    {.key = "max", .kind = BIND_BY, .by = bind_max},
    {.key = "default", .kind = BIND_BY, .by = bind_default},
    {.key = "role", .kind = BIND_BY, .by = bind_filled_role},
    {.key = "shows", .kind = BIND_BY, .by = bind_shown},
    FIELD_KEY("many", BIND_BOOL, many),
    FIELD_KEY("required", BIND_BOOL, required),
    FIELD_KEY("yes", BIND_BOOL, yes),
    FIELD_KEY("filter", BIND_BOOL, filter),
    FIELD_KEY("sealed", BIND_BOOL, sealed),
    FIELD_KEY("clause", BIND_CLAUSE, clause),
};

static bool has_choice(const struct regime_field *field, struct str code)
{
    for (size_t i = 0; i < field->choice_count; i++) {
        if (str_eq(field->choices[i].code, code))
            return true;
    }
    return field->choice_count == 0;
}

static void check_literal(struct loader *l, const struct regime_field *field,
                          const struct yaml_node *literal)
{
    if (field->kind == FIELD_BOOL && literal->kind != YAML_BOOL)
        fault_type(l, literal, "pack.want.bool");
    if (field->kind == FIELD_INTEGER && literal->kind != YAML_INT)
        fault_type(l, literal, "pack.want.number");
    if (field->kind != FIELD_CHOICE || has_choice(field, literal->text))
        return;
    struct guess guess = guess_begin(literal->text);
    for (size_t i = 0; i < field->choice_count; i++)
        guess_try(&guess, field->choices[i].code);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(literal), "pack.unknown.choice", NULL, &guess);
}

/* `default:` must be an answer that the form would take. */
static void check_default(struct loader *l, const struct yaml_node *node,
                          const struct regime_field *field)
{
    const struct yaml_node *literals = yaml_find(node, "default");
    items_each (literal, literals)
        check_literal(l, field, literal);
}

/* What one kind needs and another has no use for. */
static void check_field(struct loader *l, const struct yaml_node *node,
                        const struct regime_field *field)
{
    bool needs_of = field->kind == FIELD_CASE ||
                    (field->kind == FIELD_CHOICE && field->choice_count == 0);
    if (needs_of && yaml_find(node, "of") == NULL)
        fault(l, FAULT_MISSING_KEY, key_place(node), "pack.missing.key", NULL,
              ARGS(arg_c("name", "of"), arg_text("of", field->name)));
    if (field->kind == FIELD_LIST && field->column_count == 0 && yaml_find(node, "columns") == NULL)
        fault(l, FAULT_MISSING_KEY, key_place(node), "pack.missing.key", NULL,
              ARGS(arg_c("name", "columns"), arg_text("of", field->name)));
    if (field->sealed && (field->many || (field->kind != FIELD_TEXT && field->kind != FIELD_LONGTEXT)))
        fault(l, FAULT_WRONG_TYPE, key_place(yaml_find(node, "sealed")), "pack.want.sealed_text", NULL,
              NO_ARGS);
    if (field->yes && field->kind != FIELD_BOOL)
        fault(l, FAULT_WRONG_TYPE, key_place(yaml_find(node, "yes")), "pack.want.bool_kind", NULL,
              NO_ARGS);
    check_default(l, node, field);
}

static struct pack_place name_place(const struct yaml_node *item)
{
    const struct yaml_node *name = yaml_find(item, "name");
    return name == NULL ? node_place(item) : node_place(name);
}

static void check_twice(struct loader *l, struct mentions *seen, struct str name,
                        struct pack_place place)
{
    const struct mention *first = mention_find(seen, name);
    if (first != NULL)
        fault(l, FAULT_DUPLICATE_NAME, place, "pack.duplicate_line", NULL,
              ARGS(arg_text("name", name), arg_int("line", first->place.line)));
    mention_add(l, seen, name, place);
}

void bind_fields(struct loader *l, const struct yaml_node *list, const struct regime_field **out,
                 size_t *count)
{
    VEC(struct regime_field) fields = {0};
    struct mentions seen = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list) {
        struct regime_field field = {.place = name_place(item)};
        if (!bind_map(l, item, FIELD_KEYS, COUNT_OF(FIELD_KEYS), false, &field))
            continue;
        check_field(l, item, &field);
        if (str_is_empty(field.name))
            continue;
        check_twice(l, &seen, field.name, field.place);
        vec_add(l->arena, &fields, field);
    }
    *out = fields.at;
    *count = fields.len;
}

/* A field of the procedure as this form asks for it. */
static void bind_reference(struct loader *l, const struct yaml_node *item,
                           const struct regime_field *declared, struct regime_field *ask)
{
    struct pack_place place = ask->place;
    *ask = *declared;
    ask->place = place;
    ask->required = false; /* required at the making of the case is another matter */
    if (item->kind == YAML_MAP)
        (void)bind_map(l, item, FIELD_KEYS, COUNT_OF(FIELD_KEYS), true, ask);
}

static bool bind_ask(struct loader *l, const struct yaml_node *item, struct regime_field *ask)
{
    bool is_bare = item->kind == YAML_TEXT;
    const struct yaml_node *name = is_bare ? item : yaml_find(item, "name");
    bool has_kind = !is_bare && yaml_find(item, "kind") != NULL;
    *ask = (struct regime_field){.place = is_bare ? node_place(item) : name_place(item)};
    if (is_bare && !bind_name(l, item, &ask->name))
        return false;
    const struct regime_field *declared =
        name == NULL ? NULL : procedure_find_field(l->scope->procedure, name->text);
    if (declared != NULL && has_kind)
        fault(l, FAULT_DUPLICATE_NAME, ask->place, "pack.duplicate_field", "pack.hint.bare_field",
              ARGS(arg_text("name", declared->name)));
    if (declared != NULL) {
        bind_reference(l, item, declared, ask);
        return true;
    }
    if (name != NULL && !has_kind) {
        struct guess guess = guess_begin(name->text);
        for (size_t i = 0; i < l->scope->procedure->field_count; i++)
            guess_try(&guess, l->scope->procedure->fields[i].name);
        fault_unknown(l, FAULT_UNDECLARED_INPUT, ask->place, "pack.unknown.field",
                      "pack.hint.ask_kind", &guess);
        return false;
    }
    if (!bind_map(l, item, FIELD_KEYS, COUNT_OF(FIELD_KEYS), false, ask))
        return false;
    check_field(l, item, ask);
    return !str_is_empty(ask->name);
}

void bind_asks(struct loader *l, struct regime_transition *transition, const struct yaml_node *list)
{
    VEC(struct regime_field) asks = {0};
    struct mentions seen = {0};
    if (!want_list(l, list))
        return;
    items_each (item, list) {
        struct regime_field ask;
        if (!bind_ask(l, item, &ask))
            continue;
        check_twice(l, &seen, ask.name, ask.place);
        vec_add(l->arena, &asks, ask);
    }
    transition->asks = asks.at;
    transition->ask_count = asks.len;
}

void check_literals(struct loader *l, const struct yaml_node *name,
                    const struct yaml_node *literals)
{
    const struct regime_field *field = scope_find_field(l->scope, name->text);
    if (field == NULL || literals == NULL)
        return;
    items_each (literal, literals)
        check_literal(l, field, literal);
}
