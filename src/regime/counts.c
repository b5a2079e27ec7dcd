/*
 * The section `counts`: its shape has been checked by section_table.h; here its names are held
 * against the procedures they mean.
 */
#include "regime/counts.h"

#include "base/vec.h"
#include "regime/load_int.h"

const struct regime_field REGIME_COUNT_REGION = {.name = STR_INIT("region"), .kind = FIELD_REGION};

struct reading {
    struct loader *l;
    const struct yaml_node *item;
    struct regime_count *to;
};

static const struct regime_field *field_named(struct reading *r,
                                              const struct regime_procedure *procedure,
                                              const struct yaml_node *node)
{
    const struct regime_field *field = procedure_find_field(procedure, node->text);
    struct guess guess = guess_begin(node->text);
    for (size_t i = 0; i < procedure->field_count && field == NULL; i++)
        guess_try(&guess, procedure->fields[i].name);
    if (field == NULL)
        fault_unknown(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.field",
                      "pack.hint.field", &guess);
    return field;
}

static void read_groups(struct reading *r)
{
    const struct yaml_node *list = yaml_find(r->item, "group");
    if (list == NULL || r->to->of == NULL)
        return;
    items_each (node, list) {
        bool own = str_eq(node->text, REGIME_COUNT_REGION.name) &&
                   procedure_find_field(r->to->of, node->text) == NULL;
        const struct regime_field *field =
            own ? &REGIME_COUNT_REGION : field_named(r, r->to->of, node);
        if (field != NULL && r->to->group_count < COUNT_GROUPS_MAX)
            r->to->group[r->to->group_count++] = field;
    }
    if (items_count(list) > COUNT_GROUPS_MAX)
        fault(r->l, FAULT_WRONG_TYPE, node_place(list), "pack.want.shorter", NULL,
              ARGS(arg_c("name", "group"), arg_int("max", COUNT_GROUPS_MAX)));
}

static void read_period(struct reading *r)
{
    static const struct str kinds[] = {STR_INIT("year"), STR_INIT("half_year"), STR_INIT("quarter"),
                                       STR_INIT("month")};
    const struct yaml_node *per = yaml_find(r->item, "per");
    const struct yaml_node *day = yaml_find(r->item, "day");
    if (day != NULL && r->to->of != NULL) {
        const struct regime_field *field = field_named(r, r->to->of, day);
        if (field != NULL && field->kind != FIELD_DATE)
            fault_type(r->l, day, "pack.want.date_field");
        r->to->day = day->text;
    }
    if (per == NULL)
        return;
    struct guess guess = guess_begin(per->text);
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        known = known || str_eq(kinds[i], per->text);
        guess_try(&guess, kinds[i]);
    }
    if (!known)
        fault_unknown(r->l, FAULT_UNKNOWN_NAME, node_place(per), "pack.unknown.key", NULL, &guess);
    r->to->per = per->text;
}

static void read_states(struct reading *r)
{
    VEC(struct str) states = {0};
    const struct yaml_node *list = yaml_find(r->item, "without");
    if (list == NULL || r->to->of == NULL)
        return;
    items_each (node, list) {
        (void)need_state_of(r->l, r->to->of, node);
        vec_add(r->l->arena, &states, node->text);
    }
    r->to->without = states.at;
    r->to->without_count = states.len;
}

static bool is_of_line(const struct regime_count *count, struct str name)
{
    for (size_t i = 0; i < count->group_count; i++)
        if (str_eq(count->group[i]->name, name))
            return true;
    return str_eq_c(name, "units") || str_eq_c(name, "cases") || str_eq_c(name, "period");
}

/* What is proposed is opened with fields of its own, each from what the tally knows. */
static void read_proposal(struct reading *r)
{
    const struct yaml_node *fields = yaml_find(r->item, "fields");
    const struct yaml_node *propose = yaml_find(r->item, "propose");
    if ((propose == NULL) != (yaml_find(r->item, "threshold") == NULL))
        fault(r->l, FAULT_MISSING_KEY, key_place(r->item), "pack.counts.both", NULL, NO_ARGS);
    if (propose != NULL)
        r->to->propose = regime_find_procedure(r->l->regime, propose->text);
    if (fields == NULL || fields->kind != YAML_MAP || r->to->propose == NULL)
        return;
    yaml_each (field, fields) {
        struct guess guess = guess_begin(field->text);
        for (size_t i = 0; i < r->to->group_count; i++)
            guess_try(&guess, r->to->group[i]->name);
        if (procedure_find_field(r->to->propose, field->key) == NULL)
            fault(r->l, FAULT_UNDECLARED_INPUT, key_place(field), "pack.unknown.field_there", NULL,
                  ARGS(arg_text("name", field->key)));
        if (!is_of_line(r->to, field->text))
            fault_unknown(r->l, FAULT_UNDECLARED_INPUT, node_place(field), "pack.unknown.field",
                          NULL, &guess);
    }
    r->to->fields = bind_any(r->l, fields);
}

void bind_counts(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_count) items = {0};
    items_each (item, list) {
        struct regime_count *to = vec_push(l->arena, &items);
        struct reading r = {l, item, to};
        *to = (struct regime_count){
            .id = node_text(item, "id"),
            .words = {node_text(item, "zh"), node_text(item, "en")},
            .of = regime_find_procedure(l->regime, node_text(item, "of")),
            .units = node_text(item, "units"),
            .clause = node_text(item, "clause"),
            .place = key_place(item),
        };
        if (yaml_find(item, "threshold") != NULL)
            to->threshold = bind_any(l, yaml_find(item, "threshold"));
        read_groups(&r);
        read_period(&r);
        read_states(&r);
        read_proposal(&r);
    }
    l->regime->counts = items.at;
    l->regime->count_count = items.len;
}

const struct regime_count *regime_find_count(const struct regime *regime, struct str id)
{
    for (size_t i = 0; i < regime->count_count; i++)
        if (str_eq(regime->counts[i].id, id))
            return &regime->counts[i];
    return NULL;
}
