/*
 * The section `bodies`: its shape has been checked by section_table.h; here its names are held
 * against the procedures they mean, so that no rule looks where nothing can stand and no exception
 * is asked for that could not be recorded.
 */
#include "regime/body.h"

#include "base/num.h"
#include "regime/load_int.h"

/* One item at hand. */
struct reading {
    struct loader *l;
    const struct yaml_node *item;
    struct regime_body *to;
};

static const char *const kind_names[] = {
    [BODY_COUNT] = "count", [BODY_RANK] = "rank", [BODY_FROM] = "from",   [BODY_HAS] = "has",
    [BODY_LACKS] = "lacks", [BODY_AWAY] = "away", [BODY_APART] = "apart", [BODY_ONCE] = "once",
};
_Static_assert(COUNT_OF(kind_names) == BODY_RULE_KIND_COUNT, "a key for each kind of rule");

const char *body_rule_kind_name(enum body_rule_kind kind)
{
    return kind_names[kind];
}

/* ---- names of fields ---- */

static const struct regime_field *find_among(const struct regime_field *fields, size_t count,
                                             struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}

/* The field or column that stands at the key, of this kind (a time tells its day); null after a fault,
   or where there is no such key. */
static const struct regime_field *read_named(struct reading *r, const struct yaml_node *map,
                                             const char *key, const struct regime_field *fields,
                                             size_t count, enum field_kind kind)
{
    const struct yaml_node *node = map == NULL ? NULL : yaml_find(map, key);
    if (node == NULL)
        return NULL;
    const struct regime_field *field = find_among(fields, count, node->text);
    if (field != NULL && (field->kind == kind || (kind == FIELD_DATE && field->kind == FIELD_TIME)))
        return field;
    fault(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.body.field", NULL,
          ARGS(arg_text("name", node->text), arg_c("kind", field_kind_name(kind))));
    return NULL;
}

static const struct regime_field *read_field(struct reading *r, const struct yaml_node *map,
                                             const char *key, enum field_kind kind)
{
    const struct regime_procedure *of = r->to->procedure;
    return read_named(r, map, key, of->fields, of->field_count, kind);
}

/* Of a member: a column of the list, or a field of the case where there is no list. */
static struct str read_end(struct reading *r, const char *key, enum field_kind kind)
{
    const struct regime_field *list = r->to->list;
    if (list == NULL)
        (void)read_field(r, r->item, key, kind);
    else
        (void)read_named(r, r->item, key, list->columns, list->column_count, kind);
    return node_text(r->item, key);
}

static void read_exceptions(struct reading *r)
{
    const struct yaml_node *map = yaml_find(r->item, "exceptions");
    const struct regime_field *list = map == NULL ? NULL : read_field(r, map, "list", FIELD_LIST);
    if (list == NULL)
        return;
    (void)read_named(r, map, "rule", list->columns, list->column_count, FIELD_CHOICE);
    (void)read_named(r, map, "person", list->columns, list->column_count, FIELD_PERSON);
    r->to->exceptions = list->name;
    r->to->exception_rule = node_text(map, "rule");
    r->to->exception_person = node_text(map, "person");
}

/* ---- rules ---- */

static void need_rank(struct reading *r, const struct yaml_node *node)
{
    if (node != NULL)
        (void)need_entry(r->l, node, "ranks", "pack.unknown.rank", node->text);
}

static void read_months(struct reading *r, const struct yaml_node *item,
                        struct regime_body_rule *to)
{
    const struct yaml_node *node = yaml_find(item, "months");
    int64_t first = 0, last = 0;
    if (node == NULL)
        return;
    bool ok = node->text.len == 6 && str_eq(str_part(node->text, 2, 2), S("..")) &&
              num_parse_i64(str_part(node->text, 0, 2), 1, 12, &first) &&
              num_parse_i64(str_part(node->text, 4, 2), 1, 12, &last);
    to->months = (struct month_window){(int)first, (int)last};
    if (!ok)
        fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.window", NULL,
              ARGS(arg_text("text", node->text)));
}

static void check_seats(struct reading *r, const struct yaml_node *list)
{
    const struct regime_body *to = r->to;
    const struct regime_field *fields = to->list == NULL ? to->procedure->fields
                                                         : to->list->columns;
    size_t count = to->list == NULL ? to->procedure->field_count : to->list->column_count;
    const struct regime_field *seat = find_among(fields, count, to->seat);
    items_each (node, list) {
        bool known = false;
        struct guess guess = guess_begin(node->text);
        for (size_t i = 0; seat != NULL && i < seat->choice_count; i++) {
            known = known || str_eq(seat->choices[i].code, node->text);
            guess_try(&guess, seat->choices[i].code);
        }
        if (!known)
            fault_unknown(r->l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.seat", NULL,
                          &guess);
    }
}

static void check_states(struct reading *r, const struct regime_procedure *procedure,
                         const struct yaml_node *list)
{
    items_each (node, list)
        (void)need_state_of(r->l, procedure, node);
}

static void check_fields(struct reading *r, const struct regime_procedure *procedure,
                         const struct yaml_node *list)
{
    items_each (node, list) {
        struct guess guess = guess_begin(node->text);
        if (procedure_find_field(procedure, node->text) != NULL)
            continue;
        for (size_t i = 0; i < procedure->field_count; i++)
            guess_try(&guess, procedure->fields[i].name);
        fault_unknown(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.field",
                      "pack.hint.field", &guess);
    }
}

/* Names below has, lacks, apart and once are those of the procedure that is looked at. */
static void check_look(struct reading *r, const struct yaml_node *map)
{
    static const char *const of_there[] = {"yes", "filled", "same"};
    static const char *const days[] = {"from", "to", "day"};
    const struct yaml_node *covers = yaml_find(map, "covers");
    const struct regime_procedure *there =
        regime_find_procedure(r->l->regime, node_text(map, "procedure"));
    if (there == NULL)
        return; /* told by the shape */
    if (yaml_find(map, "states") != NULL)
        check_states(r, there, yaml_find(map, "states"));
    for (size_t i = 0; i < COUNT_OF(of_there); i++)
        if (yaml_find(map, of_there[i]) != NULL)
            check_fields(r, there, yaml_find(map, of_there[i]));
    if (yaml_find(map, "same") != NULL)
        check_fields(r, r->to->procedure, yaml_find(map, "same"));
    for (size_t i = 0; i < COUNT_OF(days); i++)
        (void)read_named(r, map, days[i], there->fields, there->field_count, FIELD_DATE);
    (void)read_named(r, map, "person", there->fields, there->field_count, FIELD_PERSON);
    if (covers == NULL || covers->kind != YAML_MAP)
        return;
    if (yaml_find(covers, "field") != NULL)
        check_fields(r, r->to->procedure, yaml_find(covers, "field"));
    if (yaml_find(covers, "by") != NULL)
        check_fields(r, there, yaml_find(covers, "by"));
}

/* Months tell the season; a setting may say instead that all of the campaign counts. */
static void check_per(struct reading *r, const struct yaml_node *node,
                      const struct regime_body_rule *rule)
{
    const struct regime_setting *setting =
        node == NULL ? NULL : regime_find_setting(r->l->regime, node->text);
    struct str word = setting == NULL ? node == NULL ? S("season") : node->text
                                      : setting->value->text;
    if (!str_eq(word, S("season")) && !str_eq(word, S("campaign")))
        fault_type(r->l, node, "pack.body.per");
    if (rule->months.first == 0)
        fault(r->l, FAULT_MISSING_KEY, rule->place, "pack.body.months", NULL,
              ARGS(arg_text("name", rule->id)));
}

static void check_kind(struct reading *r, const struct yaml_node *item,
                       const struct regime_body_rule *rule)
{
    const struct yaml_node *node = yaml_find(item, kind_names[rule->kind]);
    switch (rule->kind) {
    case BODY_COUNT:
    case BODY_FROM:
        if (rule->args->count == 0)
            fault_type(r->l, node, "pack.want.some");
        return;
    case BODY_RANK: need_rank(r, node); return;
    case BODY_AWAY: check_levels(r->l, node); return;
    case BODY_ONCE: check_per(r, yaml_find(node, "per"), rule); check_look(r, node); return;
    case BODY_LACKS:
        if ((yaml_find(node, "role") == NULL) == (yaml_find(node, "person") == NULL))
            fault(r->l, FAULT_MISSING_KEY, rule->place, "pack.body.whose", NULL,
                  ARGS(arg_text("name", rule->id)));
        check_look(r, node);
        return;
    case BODY_HAS:
    case BODY_APART: check_look(r, node); return;
    case BODY_RULE_KIND_COUNT: return;
    }
}

/* Of eight keys exactly one says what is looked at. */
static bool read_kind(struct reading *r, const struct yaml_node *item, const struct value *value,
                      struct regime_body_rule *to)
{
    int named = 0;
    for (enum body_rule_kind kind = 0; kind < BODY_RULE_KIND_COUNT; kind++) {
        const struct value *args = value_find_c(value, kind_names[kind]);
        if (args == NULL)
            continue;
        named++;
        to->kind = kind;
        to->args = args;
    }
    if (named != 1)
        fault(r->l, FAULT_MISSING_KEY, key_place(item), "pack.body.one_rule", NULL,
              ARGS(arg_text("name", to->id)));
    return named == 1;
}

/* A rule that an exception may lift must stand among what an exception can name. */
static void check_exception(struct reading *r, const struct yaml_node *node, struct str rule)
{
    const struct regime_field *list = procedure_find_field(r->to->procedure, r->to->exceptions);
    const struct regime_field *column =
        list == NULL ? NULL
                     : find_among(list->columns, list->column_count, r->to->exception_rule);
    for (size_t i = 0; column != NULL && i < column->choice_count; i++)
        if (str_eq(column->choices[i].code, rule))
            return;
    fault(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.body.exception", NULL,
          ARGS(arg_text("name", rule)));
}

static void read_else(struct reading *r, const struct yaml_node *item, struct regime_body_rule *to)
{
    static const char *const words[] = {
        [BODY_REFUSE] = "refuse", [BODY_EXCEPTION] = "exception", [BODY_ASK_REASON] = "ask_reason"};
    const struct yaml_node *node = yaml_find(item, "else");
    if (node == NULL)
        return;
    struct guess guess = guess_begin(node->text);
    enum body_else found = BODY_ELSE_COUNT;
    for (enum body_else i = 0; i < BODY_ELSE_COUNT; i++) {
        guess_try(&guess, str_of(words[i]));
        if (str_eq_c(node->text, words[i]))
            found = i;
    }
    if (found == BODY_ELSE_COUNT) {
        fault_unknown(r->l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.else", NULL, &guess);
        return;
    }
    to->otherwise = found;
    if (found == BODY_EXCEPTION)
        check_exception(r, node, to->id);
    if (found == BODY_ASK_REASON && str_is_empty(r->to->reason))
        fault(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.body.reason", NULL,
              ARGS(arg_text("name", to->id)));
}

static void read_rule(struct reading *r, const struct yaml_node *item, const struct value *value,
                      struct regime_body_rule *to)
{
    *to = (struct regime_body_rule){
        .id = node_text(item, "id"),
        .words = {node_text(item, "zh"), node_text(item, "en")},
        .ever = value_find_bool(value, "ever"),
        .seats = value_find_c(value, "seats"),
        .of_rank = node_text(item, "of_rank"),
        .clause = node_text(item, "clause"),
        .place = key_place(item),
    };
    read_months(r, item, to);
    need_rank(r, yaml_find(item, "of_rank"));
    if (to->seats != NULL)
        check_seats(r, yaml_find(item, "seats"));
    if (read_kind(r, item, value, to))
        check_kind(r, item, to);
    read_else(r, item, to);
}

static void read_rules(struct reading *r, const struct value *item)
{
    VEC(struct regime_body_rule) rules = {0};
    const struct yaml_node *list = yaml_find(r->item, "rules");
    const struct value *values = value_find_c(item, "rules");
    const struct value *value = values == NULL ? NULL : values->first;
    if (list == NULL || list->kind != YAML_LIST)
        return;
    items_each (node, list) {
        if (value == NULL || node->kind != YAML_MAP)
            return; /* told by the shape */
        read_rule(r, node, value, vec_push(r->l->arena, &rules));
        value = value->next;
    }
    r->to->rules = rules.at;
    r->to->rule_count = rules.len;
}

/* ---- items ---- */

static void read_body(struct reading *r, const struct value *item)
{
    struct regime_body *to = r->to;
    to->list = read_field(r, r->item, "list", FIELD_LIST);
    if (to->list == NULL && yaml_find(r->item, "list") != NULL)
        return;
    to->person = read_end(r, "person", FIELD_PERSON);
    to->seat = read_end(r, "seat", FIELD_CHOICE);
    to->unit = read_end(r, "unit", FIELD_UNIT);
    (void)read_field(r, r->item, "from", FIELD_DATE);
    (void)read_field(r, r->item, "to", FIELD_DATE);
    (void)read_field(r, r->item, "day", FIELD_DATE);
    to->from = node_text(r->item, "from");
    to->to = node_text(r->item, "to");
    to->day = yaml_find(r->item, "day") == NULL ? to->from : node_text(r->item, "day");
    to->reason = node_text(r->item, "reason");
    if (yaml_find(r->item, "reason") != NULL)
        check_fields(r, to->procedure, yaml_find(r->item, "reason"));
    read_exceptions(r);
    read_rules(r, item);
}

void bind_bodies(struct loader *l, const struct yaml_node *list, const struct value *items)
{
    VEC(struct regime_body) bodies = {0};
    const struct value *value = items->first;
    items_each (item, list) {
        if (value == NULL || item->kind != YAML_MAP)
            break; /* told by the shape */
        struct regime_body *to = vec_push(l->arena, &bodies);
        struct reading r = {l, item, to};
        *to = (struct regime_body){
            .id = node_text(item, "id"),
            .words = {node_text(item, "zh"), node_text(item, "en")},
            .procedure = regime_find_procedure(l->regime, node_text(item, "of")),
            .clause = node_text(item, "clause"),
            .place = key_place(item),
        };
        if (to->procedure != NULL)
            read_body(&r, value);
        value = value->next;
    }
    l->regime->bodies = bodies.at;
    l->regime->body_count = bodies.len;
}

/* ---- who asks for them ---- */

static void check_only(struct loader *l, const struct regime_body *body,
                       const struct regime_guard *guard)
{
    const struct value *only =
        guard->args->kind == VALUE_MAP ? value_find_c(guard->args, "only") : NULL;
    value_each (name, only) {
        bool known = false;
        struct guess guess = guess_begin(name->text);
        for (size_t i = 0; i < body->rule_count; i++) {
            known = known || str_eq(body->rules[i].id, name->text);
            guess_try(&guess, body->rules[i].id);
        }
        if (!known)
            fault_unknown(l, FAULT_UNKNOWN_NAME, guard->place, "pack.unknown.body_rule", NULL,
                          &guess);
    }
}

/* Another list of members has the columns that the rules go by. */
static void check_other_list(struct loader *l, const struct regime_body *body,
                             const struct regime_guard *guard)
{
    struct str name = value_find_text(guard->args, "list");
    const struct regime_field *list = procedure_find_field(body->procedure, name);
    const struct str columns[] = {body->person, body->seat, body->unit};
    if (str_is_empty(name) || list == NULL)
        return; /* told by the shape */
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        if (!str_is_empty(columns[i]) &&
            (body->list == NULL || find_among(list->columns, list->column_count, columns[i]) == NULL))
            fault(l, FAULT_UNDECLARED_INPUT, guard->place, "pack.body.field", NULL,
                  ARGS(arg_text("name", columns[i]), arg_c("kind", "list")));
}

static void check_guards(struct loader *l, const struct regime_procedure *procedure,
                         const struct regime_guard *guards, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (guards[i].kind != GUARD_BODY)
            continue;
        struct str id = guards[i].args->kind == VALUE_MAP ? value_find_text(guards[i].args, "body")
                                                          : guards[i].args->text;
        const struct regime_body *body = regime_find_body(l->regime, id);
        struct guess guess = guess_begin(id);
        for (size_t j = 0; j < l->regime->body_count; j++)
            if (l->regime->bodies[j].procedure == procedure)
                guess_try(&guess, l->regime->bodies[j].id);
        if (body == NULL || body->procedure != procedure)
            fault_unknown(l, FAULT_UNKNOWN_NAME, guards[i].place, "pack.unknown.body",
                          "pack.hint.body", &guess);
        else {
            check_only(l, body, &guards[i]);
            check_other_list(l, body, &guards[i]);
        }
    }
}

/* `unseated` counts by a rule `once` of some body. */
static void check_effects(struct loader *l, const struct regime_effect *effects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct regime_body *body =
            effects[i].kind != EFFECT_UNSEATED
                ? NULL
                : regime_find_body(l->regime, value_find_text(effects[i].args, "body"));
        bool found = effects[i].kind != EFFECT_UNSEATED;
        for (size_t j = 0; body != NULL && j < body->rule_count; j++)
            found = found || (body->rules[j].kind == BODY_ONCE &&
                              str_eq(body->rules[j].id, value_find_text(effects[i].args, "rule")));
        if (!found)
            fault(l, FAULT_UNKNOWN_NAME, effects[i].place, "pack.body.once", NULL,
                  ARGS(arg_text("name", value_find_text(effects[i].args, "rule")),
                       arg_text("body", value_find_text(effects[i].args, "body"))));
    }
}

void check_bodies(struct loader *l)
{
    for (size_t i = 0; i < l->regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &l->regime->procedures[i];
        check_guards(l, procedure, procedure->create_needs, procedure->create_need_count);
        for (size_t j = 0; j < procedure->transition_count; j++)
            check_guards(l, procedure, procedure->transitions[j].needs,
                         procedure->transitions[j].need_count);
        for (size_t j = 0; j < procedure->transition_count; j++)
            check_effects(l, procedure->transitions[j].then, procedure->transitions[j].then_count);
        for (size_t j = 0; j < procedure->deadline_count; j++)
            check_effects(l, procedure->deadlines[j].on_lapse, procedure->deadlines[j].lapse_count);
        check_effects(l, procedure->create_then, procedure->create_then_count);
        for (size_t j = 0; j < procedure->step_count; j++)
            check_guards(l, procedure, procedure->steps[j].row.needs,
                         procedure->steps[j].row.need_count);
    }
}

/* ---- reading ---- */

const struct regime_body *regime_find_body(const struct regime *regime, struct str id)
{
    for (size_t i = 0; i < regime->body_count; i++)
        if (str_eq(regime->bodies[i].id, id))
            return &regime->bodies[i];
    return NULL;
}

size_t regime_rank_order(const struct regime *regime, struct str rank)
{
    for (size_t i = 0; i < regime->rank_count; i++)
        if (str_eq(regime->ranks[i].code, rank))
            return i;
    return SIZE_MAX;
}

struct words regime_rank_words(const struct regime *regime, struct str rank)
{
    size_t at = regime_rank_order(regime, rank);
    return at == SIZE_MAX ? (struct words){rank, rank} : regime->ranks[at].words;
}
