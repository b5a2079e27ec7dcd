/*
 * `fulfilled_by:` of an obligation: what counts towards it, and the command that closes it, held
 * against the two procedures that they are of.
 */
#include "regime/obligation_int.h"

static void read_on(struct reading *r, const struct yaml_node *map, struct regime_fulfilment *to)
{
    const struct yaml_node *node = yaml_find(map, "on");
    if (node == NULL)
        return;
    const struct regime_field *field = need_field(r->l, node);
    to->on = node->text;
    if (field != NULL && field->kind != FIELD_DATE)
        fault_type(r->l, node, "pack.want.date_field");
    if (yaml_find(map, "entry") != NULL)
        item_fault(r, node, FAULT_DUPLICATE_NAME, "pack.obligation.on_entry", NULL);
}

static void need_column(struct reading *r, const struct regime_field *list,
                        const struct yaml_node *node, enum field_kind kind)
{
    struct guess guess = guess_begin(node->text);
    for (size_t i = 0; i < list->column_count; i++) {
        guess_try(&guess, list->columns[i].name);
        if (!str_eq(list->columns[i].name, node->text))
            continue;
        if (list->columns[i].kind != kind)
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.kind", NULL,
                  ARGS(arg_text("name", node->text), arg_c("kind", field_kind_name(kind))));
        return;
    }
    fault_unknown(r->l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.column",
                  "pack.hint.column", &guess);
}

static void read_entry(struct reading *r, const struct yaml_node *map,
                       struct regime_fulfilment *to)
{
    const struct yaml_node *entry = yaml_find(map, "entry");
    const struct yaml_node *list = yaml_find(entry, "list"), *day = yaml_find(entry, "day");
    const struct yaml_node *unit = yaml_find(entry, "unit");
    to->entries = text_of(entry, "list");
    to->entry_day = text_of(entry, "day");
    to->entry_unit = text_of(entry, "unit");
    const struct regime_field *field = list == NULL ? NULL : need_field(r->l, list);
    if (field == NULL)
        return;
    if (field->kind != FIELD_LIST)
        fault(r->l, FAULT_WRONG_TYPE, node_place(list), "pack.obligation.kind", NULL,
              ARGS(arg_text("name", field->name), arg_c("kind", field_kind_name(FIELD_LIST))));
    else if (day != NULL)
        need_column(r, field, day, FIELD_DATE);
    if (field->kind == FIELD_LIST && unit != NULL)
        need_column(r, field, unit, FIELD_UNIT);
}

static void read_all(struct reading *r, const struct yaml_node *map, struct regime_fulfilment *to)
{
    const struct yaml_node *node = yaml_find(map, "all");
    if (node == NULL || !bind_bool(r->l, node, &to->all) || !to->all)
        return;
    if (to->entries.at == NULL)
        item_fault(r, node, FAULT_MISSING_KEY, "pack.obligation.all_entry", NULL);
    if (to->at_least != NULL)
        item_fault(r, node, FAULT_DUPLICATE_NAME, "pack.obligation.all_count", NULL);
    if (r->to->standing != NULL)
        item_fault(r, node, FAULT_DUPLICATE_NAME, "pack.obligation.all_standing", NULL);
}

/* The command closes the duty: the system's, with nothing that must be filled in. */
static void check_closing(struct reading *r, const struct yaml_node *map,
                          const struct regime_fulfilment *fulfilment)
{
    const struct yaml_node *node = yaml_find(map, "command");
    if (node == NULL)
        return;
    const struct regime_transition *row =
        need_system_command(r->l, node_place(node), r->to->procedure, fulfilment->command);
    for (size_t i = 0; row != NULL && i < row->ask_count; i++)
        if (row->asks[i].required)
            fault(r->l, FAULT_WRONG_TYPE, node_place(node), "pack.obligation.asks", NULL,
                  ARGS(arg_text("name", row->asks[i].name)));
}

static void read_parts(struct reading *r, const struct yaml_node *map,
                       struct regime_fulfilment *to)
{
    struct regime_procedure copy;
    struct scope scope = scope_of(to->procedure, &copy);
    const struct yaml_node *link = yaml_find(map, "link");
    r->l->scope = &scope;
    to->states = read_states(r, map, &to->state_count);
    read_on(r, map, to);
    read_entry(r, map, to);
    read_all(r, map, to);
    to->fields = read_wanted_fields(r, map);
    if (link != NULL && bind_id(r->l, link, &to->link))
        coin(r->l, to->link, node_place(link));
    r->l->scope = NULL;
}

static void read_at_least(struct reading *r, struct regime_fulfilment *to)
{
    const struct yaml_node *node = yaml_find(r->item, "at_least");
    if (node == NULL)
        return;
    const struct regime_setting *setting = regime_find_setting(r->l->regime, node->text);
    const struct value *least = setting == NULL ? bind_any(r->l, node) : setting->value;
    to->at_least = bind_any(r->l, node);
    if (least->kind == VALUE_INT && least->number < 1)
        fault_type(r->l, node, "pack.obligation.at_least");
}

void read_fulfilment(struct reading *r)
{
    const struct yaml_node *map = yaml_find(r->item, "fulfilled_by");
    const struct yaml_node *at_least = yaml_find(r->item, "at_least");
    if (map == NULL && at_least != NULL)
        item_fault(r, at_least, FAULT_MISSING_KEY, "pack.obligation.of_what", NULL);
    if (map == NULL)
        return;
    struct regime_fulfilment *to = arena_new_of(r->l->arena, struct regime_fulfilment);
    *to = (struct regime_fulfilment){
        .procedure = regime_find_procedure(r->l->regime, text_of(map, "procedure")),
        .command = text_of(map, "command"),
        .role = text_of(map, "role"),
    };
    r->to->fulfilment = to;
    const struct yaml_node *region = yaml_find(map, "region");
    if (region != NULL)
        (void)bind_bool(r->l, region, &to->in_region);
    read_at_least(r, to);
    if (to->procedure != NULL)
        read_parts(r, map, to);
    check_closing(r, map, to);
}
