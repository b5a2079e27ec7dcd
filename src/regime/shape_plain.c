/*
 * The plain shapes, one function each, in one table: names are looked up where their shape says.
 */
#include "base/num.h"
#include "regime/load_int.h"

typedef struct value *shape_fn(struct loader *l, const struct yaml_node *node);

static struct value *text_value(struct loader *l, const struct yaml_node *node)
{
    return value_text(l->arena, node->text);
}

static bool is_scalar(const struct yaml_node *node)
{
    return node->kind == YAML_TEXT || node->kind == YAML_INT;
}

static struct value *read_text(struct loader *l, const struct yaml_node *node)
{
    struct str text = {0};
    (void)bind_text(l, node, &text);
    return text_value(l, node);
}

static struct value *read_word(struct loader *l, const struct yaml_node *node)
{
    struct str word;
    if (bind_id(l, node, &word))
        coin(l, word, node_place(node));
    return text_value(l, node);
}

static struct value *read_any(struct loader *l, const struct yaml_node *node)
{
    return bind_any(l, node);
}

static struct value *read_map(struct loader *l, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP)
        fault_type(l, node, "pack.want.map");
    return bind_any(l, node);
}

static struct value *read_list(struct loader *l, const struct yaml_node *node)
{
    if (want_list(l, node))
        return bind_any(l, node);
    return value_list(l->arena);
}

/* int and bool may be a setting's name. */
static struct value *read_setting_or(struct loader *l, const struct yaml_node *node,
                                     enum yaml_kind literal, enum value_kind wanted,
                                     const char *want)
{
    const struct regime_setting *setting = NULL;
    if (node->kind == literal)
        return bind_any(l, node);
    if (node->kind != YAML_TEXT)
        fault_type(l, node, want);
    else if (need_setting(l, node, &setting) && setting->value->kind != wanted)
        fault_type(l, node, want);
    return text_value(l, node);
}

static struct value *read_int(struct loader *l, const struct yaml_node *node)
{
    return read_setting_or(l, node, YAML_INT, VALUE_INT, "pack.want.number");
}

static struct value *read_bool(struct loader *l, const struct yaml_node *node)
{
    return read_setting_or(l, node, YAML_BOOL, VALUE_BOOL, "pack.want.bool");
}

static struct value *read_field(struct loader *l, const struct yaml_node *node)
{
    (void)need_field(l, node);
    return text_value(l, node);
}

/* A column of the list that the same map names. */
static void need_column(struct loader *l, struct str name, struct pack_place place)
{
    const struct regime_field *list = l->scope == NULL ? NULL : l->scope->list;
    struct guess guess = guess_begin(name);
    for (size_t i = 0; list != NULL && i < list->column_count; i++) {
        if (str_eq(list->columns[i].name, name))
            return;
        guess_try(&guess, list->columns[i].name);
    }
    if (list != NULL)
        fault_unknown(l, FAULT_UNDECLARED_INPUT, place, "pack.unknown.column", "pack.hint.column",
                      &guess);
}

static struct value *read_column(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (bind_name(l, node, &name))
        need_column(l, name, node_place(node));
    return text_value(l, node);
}

static struct value *read_role(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (bind_name(l, node, &name))
        (void)need_role(l, node, name, 0);
    return text_value(l, node);
}

static struct value *read_holder(struct loader *l, const struct yaml_node *node)
{
    struct str text;
    if (bind_text(l, node, &text)) {
        if (str_ends(text, S(".lead")))
            text.len -= 5;
        (void)need_role(l, node, text, 0);
    }
    return text_value(l, node);
}

static struct value *read_state(struct loader *l, const struct yaml_node *node)
{
    (void)need_state(l, node);
    return text_value(l, node);
}

static struct value *read_clock(struct loader *l, const struct yaml_node *node)
{
    (void)need_clock(l, node);
    return text_value(l, node);
}

static struct value *read_command(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (bind_name(l, node, &name))
        (void)need_command(l, node, name);
    return text_value(l, node);
}

static struct value *read_flag(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    struct scope *scope = l->scope;
    if (!bind_name(l, node, &name) || scope == NULL)
        return text_value(l, node);
    mention_add(l, scope->raising ? &scope->raised : &scope->asked, name, node_place(node));
    if (scope->raising)
        coin(l, name, node_place(node));
    return text_value(l, node);
}

static struct value *read_confirmation(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    struct scope *scope = l->scope;
    if (!bind_name(l, node, &name) || scope == NULL)
        return text_value(l, node);
    mention_add(l, scope->raising ? &scope->made : &scope->wanted, name, node_place(node));
    if (scope->raising)
        coin(l, name, node_place(node));
    return text_value(l, node);
}

static struct value *read_procedure(struct loader *l, const struct yaml_node *node)
{
    (void)need_procedure(l, node);
    return text_value(l, node);
}

static struct value *read_step(struct loader *l, const struct yaml_node *node)
{
    (void)need_step(l, node);
    return text_value(l, node);
}

static struct value *read_setting(struct loader *l, const struct yaml_node *node)
{
    const struct regime_setting *setting;
    (void)need_setting(l, node, &setting);
    return text_value(l, node);
}

/* Whether the section has it is looked at when all is bound (check_scores). */
static struct value *read_rule(struct loader *l, const struct yaml_node *node)
{
    struct str id;
    (void)bind_id(l, node, &id);
    return text_value(l, node);
}

static struct value *read_source(struct loader *l, const struct yaml_node *node)
{
    struct str id;
    if (!bind_id(l, node, &id) || regime_find_source(l->regime, id) != NULL)
        return text_value(l, node);
    struct guess guess = guess_begin(id);
    for (size_t i = 0; i < l->regime->source_count; i++)
        guess_try(&guess, l->regime->sources[i].id);
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.source", NULL, &guess);
    return text_value(l, node);
}

static struct value *read_entry(struct loader *l, const struct yaml_node *node,
                                const char *dictionary, const char *key)
{
    struct str code;
    if (bind_id(l, node, &code))
        (void)need_entry(l, node, dictionary, key, code);
    return text_value(l, node);
}

static struct value *read_tier(struct loader *l, const struct yaml_node *node)
{
    return read_entry(l, node, "source-tiers", "pack.unknown.tier");
}

static struct value *read_unit_kind(struct loader *l, const struct yaml_node *node)
{
    return read_entry(l, node, "unit-kinds", "pack.unknown.kind");
}

/* One of the words that the program knows, parted by blanks. */
static struct value *read_one_of(struct loader *l, const struct yaml_node *node, struct str words,
                                 const char *key)
{
    struct str text;
    struct guess guess;
    if (!bind_text(l, node, &text))
        return text_value(l, node);
    guess = guess_begin(text);
    for (struct str word; str_next(&words, ' ', &word);) {
        if (str_eq(word, text))
            return text_value(l, node);
        guess_try(&guess, word);
    }
    fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), key, NULL, &guess);
    return text_value(l, node);
}

static struct value *read_period(struct loader *l, const struct yaml_node *node)
{
    return read_one_of(l, node, S("year half_year quarter month"), "pack.unknown.period");
}

static struct value *read_grouping(struct loader *l, const struct yaml_node *node)
{
    return read_one_of(l, node, S("campaign procedure state region source tier type unit month batch"),
                       "pack.unknown.grouping");
}

/* A role, or a kind of unit, or anyone. */
static struct value *read_party(struct loader *l, const struct yaml_node *node)
{
    struct str name;
    if (!bind_name(l, node, &name) || str_eq(name, S("any")) ||
        regime_find_role(l->regime, name) != NULL)
        return text_value(l, node);
    return read_entry(l, node, "unit-kinds", "pack.unknown.party");
}

static struct value *read_post(struct loader *l, const struct yaml_node *node)
{
    struct str post;
    if (bind_name(l, node, &post) && !str_eq(post, S("self")))
        (void)need_post(l, node, post, 0);
    return text_value(l, node);
}

static struct value *read_clause(struct loader *l, const struct yaml_node *node)
{
    struct str clause;
    (void)bind_clause(l, node, &clause);
    return text_value(l, node);
}

/* The pattern of a document's number. */
static struct value *read_number(struct loader *l, const struct yaml_node *node)
{
    struct str number;
    (void)bind_number(l, node, true, &number);
    return text_value(l, node);
}

/* MM-DD. */
static struct value *read_day(struct loader *l, const struct yaml_node *node)
{
    int64_t month = 0;
    int64_t day = 0;
    bool ok = node->kind == YAML_TEXT && node->text.len == 5 && node->text.at[2] == '-' &&
              num_parse_i64(str_part(node->text, 0, 2), 1, 12, &month) &&
              num_parse_i64(str_part(node->text, 3, 2), 1, 31, &day);
    if (!ok || day > day_days_in_month(2000, (int)month))
        fault_type(l, node, "pack.want.monthday");
    return text_value(l, node);
}

static bool has_evidence_kind(const struct scope *scope, struct str kind)
{
    for (size_t i = 0; i < scope->procedure->evidence_kind_count; i++) {
        if (str_eq(scope->procedure->evidence_kinds[i], kind))
            return true;
    }
    return false;
}

static void need_evidence_kind(struct loader *l, const struct yaml_node *node)
{
    if (l->scope == NULL || has_evidence_kind(l->scope, node->key))
        return;
    struct guess guess = guess_begin(node->key);
    for (size_t i = 0; i < l->scope->procedure->evidence_kind_count; i++)
        guess_try(&guess, l->scope->procedure->evidence_kinds[i]);
    fault_unknown(l, FAULT_UNDECLARED_INPUT, key_place(node), "pack.unknown.evidence",
                  "pack.hint.evidence", &guess);
}

static struct value *read_evidence(struct loader *l, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP)
        return read_map(l, node);
    struct value *map = value_map(l->arena);
    yaml_each (child, node) {
        if (str_eq(child->key, S("since"))) {
            value_put(map, child->key, read_state(l, child));
            continue;
        }
        need_evidence_kind(l, child);
        value_put(map, child->key, read_int(l, child));
    }
    return map;
}

/* What a cell may say beside the name of a field. */
static bool is_said(const struct yaml_node *cell)
{
    static const struct str words[] = {STR_INIT("today"), STR_INIT("now"), STR_INIT("each"),
                                       STR_INIT("actor"), STR_INIT("giver")};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(cell->text, words[i]))
            return true;
    return cell->kind == YAML_MAP && cell->count == 1 && str_eq(cell->first->key, S("value"));
}

/* {list: …, item: …, column: …}: a cell of the row that the field `item` counts out. */
static void read_counted_row(struct loader *l, const struct yaml_node *cell)
{
    const struct yaml_node *column = yaml_find(cell, "column");
    const struct yaml_node *item = yaml_find(cell, "item");
    const struct regime_field *list = need_field(l, yaml_find(cell, "list"));
    const struct regime_field *outer = l->scope == NULL ? NULL : l->scope->list;
    if (item == NULL || column == NULL) {
        fault(l, FAULT_MISSING_KEY, node_place(cell), "pack.missing.key", NULL,
              ARGS(arg_text("name", item == NULL ? S("item") : S("column")),
                   arg_text("of", cell->key)));
        return;
    }
    (void)need_field(l, item);
    if (list == NULL || list->kind != FIELD_LIST || l->scope == NULL)
        return;
    l->scope->list = list;
    (void)read_column(l, column);
    l->scope->list = outer;
}

static struct value *read_row(struct loader *l, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP)
        return read_map(l, node);
    struct value *map = value_map(l->arena);
    yaml_each (child, node) {
        bool is_role =
            child->kind == YAML_MAP && child->count == 1 && str_eq(child->first->key, S("role"));
        need_column(l, child->key, key_place(child));
        if (is_role)
            (void)read_holder(l, child->first);
        else if (yaml_find(child, "list") != NULL)
            read_counted_row(l, child);
        bool is_read = is_role || is_said(child) || yaml_find(child, "list") != NULL;
        value_put(map, child->key, is_read ? bind_any(l, child) : read_field(l, child));
    }
    return map;
}

/* `where:` of what stands elsewhere; the names of its keys are looked at when all is bound. */
static struct value *read_match(struct loader *l, const struct yaml_node *node)
{
    if (node->kind != YAML_MAP)
        return read_map(l, node);
    struct value *map = value_map(l->arena);
    yaml_each (child, node) {
        bool is_role =
            child->kind == YAML_MAP && child->count == 1 && str_eq(child->first->key, S("role"));
        if (str_eq(child->key, S("region"))) {
            value_put(map, child->key,
                      read_one_of(l, child, S("here below same"), "pack.unknown.where"));
            continue;
        }
        if (is_role)
            (void)read_holder(l, child->first);
        value_put(map, child->key,
                  is_role || is_said(child) ? bind_any(l, child) : read_field(l, child));
    }
    return map;
}

static struct value *read_condition(struct loader *l, const struct yaml_node *node)
{
    (void)bind_condition(l, node);
    return bind_any(l, node);
}

static const struct {
    struct str shape;
    struct str plural; /* a list of the same, or absent */
    enum { TAKES_SCALAR, TAKES_SETTING, TAKES_INT, TAKES_BOOL, TAKES_MAP, TAKES_LIST, TAKES_ANY } takes;
    shape_fn *read;
} SHAPES[] = {
    {STR_INIT("field"), STR_INIT("fields"), TAKES_SCALAR, read_field},
    {STR_INIT("column"), STR_INIT("columns"), TAKES_SCALAR, read_column},
    {STR_INIT("role"), STR_INIT("roles"), TAKES_SCALAR, read_role},
    {STR_INIT("holder"), STR_INIT("holders"), TAKES_SCALAR, read_holder},
    {STR_INIT("state"), STR_INIT("states"), TAKES_SCALAR, read_state},
    {STR_INIT("clock"), STR_INIT("clocks"), TAKES_SCALAR, read_clock},
    {STR_INIT("command"), STR_INIT("commands"), TAKES_SCALAR, read_command},
    {STR_INIT("flag"), STR_INIT("flags"), TAKES_SCALAR, read_flag},
    {STR_INIT("confirmation"), STR_INIT("confirmations"), TAKES_SCALAR, read_confirmation},
    {STR_INIT("procedure"), STR_INIT("procedures"), TAKES_SCALAR, read_procedure},
    {STR_INIT("rule"), {0}, TAKES_SCALAR, read_rule},
    {STR_INIT("step"), STR_INIT("steps"), TAKES_SCALAR, read_step},
    {STR_INIT("setting"), {0}, TAKES_SETTING, read_setting},
    {STR_INIT("source"), STR_INIT("sources"), TAKES_SCALAR, read_source},
    {STR_INIT("tier"), STR_INIT("tiers"), TAKES_SCALAR, read_tier},
    {STR_INIT("kind"), STR_INIT("kinds"), TAKES_SCALAR, read_unit_kind},
    {STR_INIT("party"), STR_INIT("parties"), TAKES_SCALAR, read_party},
    {STR_INIT("post"), STR_INIT("posts"), TAKES_SCALAR, read_post},
    {STR_INIT("document"), STR_INIT("documents"), TAKES_SCALAR, read_word},
    {STR_INIT("word"), STR_INIT("words"), TAKES_SCALAR, read_word},
    {STR_INIT("clause"), {0}, TAKES_SCALAR, read_clause},
    {STR_INIT("day"), STR_INIT("days"), TAKES_SCALAR, read_day},
    {STR_INIT("period"), {0}, TAKES_SCALAR, read_period},
    {STR_INIT("grouping"), {0}, TAKES_SCALAR, read_grouping},
    {STR_INIT("text"), STR_INIT("texts"), TAKES_SCALAR, read_text},
    {STR_INIT("number"), {0}, TAKES_SCALAR, read_number},
    {STR_INIT("int"), {0}, TAKES_INT, read_int},
    {STR_INIT("bool"), {0}, TAKES_BOOL, read_bool},
    {STR_INIT("evidence"), {0}, TAKES_MAP, read_evidence},
    {STR_INIT("row"), {0}, TAKES_MAP, read_row},
    {STR_INIT("match"), {0}, TAKES_MAP, read_match},
    {STR_INIT("condition"), STR_INIT("conditions"), TAKES_MAP, read_condition},
    {STR_INIT("map"), {0}, TAKES_MAP, read_map},
    {STR_INIT("list"), {0}, TAKES_LIST, read_list},
    {STR_INIT("any"), {0}, TAKES_ANY, read_any},
};

static size_t find_shape(struct str shape, bool *plural)
{
    for (size_t i = 0; i < COUNT_OF(SHAPES); i++) {
        *plural = str_eq(SHAPES[i].plural, shape);
        if (*plural || str_eq(SHAPES[i].shape, shape))
            return i;
    }
    must(false);
}

bool shape_takes(const struct loader *l, struct str shape, const struct yaml_node *node)
{
    bool plural;
    size_t i = find_shape(shape, &plural);
    if (plural && node->kind == YAML_LIST)
        return true;
    switch (SHAPES[i].takes) {
    case TAKES_SCALAR: return is_scalar(node);
    case TAKES_SETTING: return regime_find_setting(l->regime, node->text) != NULL;
    case TAKES_INT:
        return node->kind == YAML_INT || regime_find_setting(l->regime, node->text) != NULL;
    case TAKES_BOOL: return node->kind == YAML_BOOL || is_scalar(node);
    case TAKES_MAP: return node->kind == YAML_MAP;
    case TAKES_LIST: return node->kind == YAML_LIST;
    case TAKES_ANY: return true;
    }
    must(false);
}

struct value *shape_read(struct loader *l, struct str shape, const struct yaml_node *node)
{
    bool plural;
    size_t i = find_shape(shape, &plural);
    if (!plural)
        return SHAPES[i].read(l, node);
    struct value *list = value_list(l->arena);
    items_each (item, node)
        value_append(list, SHAPES[i].read(l, item));
    if (items_count(node) == 0)
        fault_type(l, node, "pack.want.some");
    return list;
}
