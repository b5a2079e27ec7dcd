/*
 * The section `disclosures`: its shape has been checked by section_table.h; here its names are held
 * against the procedure that it means. A state that is no end is refused: what is public must not move.
 */
#include "regime/disclosure.h"

#include "base/vec.h"
#include "regime/load_int.h"

const struct regime_disclosure *regime_find_disclosure(const struct regime *regime,
                                                       struct str procedure)
{
    for (size_t i = 0; i < regime->disclosure_count; i++)
        if (regime->disclosures[i].procedure != NULL &&
            str_eq(regime->disclosures[i].procedure->name, procedure))
            return &regime->disclosures[i];
    return NULL;
}

bool disclosure_is_public_in(const struct regime_disclosure *disclosure, struct str state)
{
    for (size_t i = 0; i < disclosure->state_count; i++)
        if (str_eq(disclosure->states[i], state))
            return true;
    return false;
}

static void undeclared(struct loader *l, const struct yaml_node *node,
                       const struct regime_procedure *procedure)
{
    fault(l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.there", NULL,
          ARGS(arg_text("name", node->text), arg_text("of", procedure->name)));
}

/* A field that the item names; null where it names none, or the fault is told. */
static const struct regime_field *field_of(struct loader *l, const struct yaml_node *item,
                                           const char *key,
                                           const struct regime_procedure *procedure)
{
    const struct yaml_node *node = yaml_find(item, key);
    if (node == NULL || procedure == NULL)
        return NULL;
    const struct regime_field *field = procedure_find_field(procedure, node->text);
    if (field == NULL)
        undeclared(l, node, procedure);
    return field;
}

static void read_states(struct loader *l, const struct yaml_node *list,
                        struct regime_disclosure *to)
{
    if (list == NULL || to->procedure == NULL)
        return;
    items_each (node, list) {
        const struct regime_state *state = need_state_of(l, to->procedure, node);
        if (state != NULL && !state->end)
            fault(l, FAULT_WRONG_TYPE, node_place(node), "pack.disclosure.not_an_end", NULL,
                  ARGS(arg_text("state", node->text)));
        else if (state != NULL && to->state_count < DISCLOSURE_STATES_MAX)
            to->states[to->state_count++] = node->text;
    }
}

static bool takes_list(const struct regime_disclosure *item)
{
    for (size_t i = 0; i < item->procedure->transition_count; i++) {
        const struct regime_transition *row = &item->procedure->transitions[i];
        for (size_t j = 0; str_eq(row->name, item->redact) && j < row->ask_count; j++)
            if (str_eq(row->asks[j].name, item->list->name))
                return true;
    }
    return false;
}

void bind_disclosures(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_disclosure) items = {0};
    items_each (item, list) {
        struct regime_disclosure *to = vec_push(l->arena, &items);
        const struct yaml_node *redact = yaml_find(item, "redact");
        *to = (struct regime_disclosure){
            .id = node_text(item, "id"),
            .words = {node_text(item, "zh"), node_text(item, "en")},
            .procedure = regime_find_procedure(l->regime, node_text(item, "of")),
            .title = node_text(item, "title"),
            .redact = node_text(item, "redact"),
            .corrects = node_text(item, "corrects"),
            .digest = node_text(item, "digest"),
            .note = node_text(item, "note"),
            .clause = node_text(item, "clause"),
            .place = key_place(item),
        };
        to->list = field_of(l, item, "list", to->procedure);
        (void)field_of(l, item, "title", to->procedure);
        (void)field_of(l, item, "digest", to->procedure);
        (void)field_of(l, item, "corrects", to->procedure);
        (void)field_of(l, item, "note", to->procedure);
        read_states(l, yaml_find(item, "states"), to);
        if (to->list != NULL && to->list->kind != FIELD_LIST)
            undeclared(l, yaml_find(item, "list"), to->procedure);
        else if (to->list != NULL && redact != NULL && !takes_list(to))
            undeclared(l, redact, to->procedure);
    }
    l->regime->disclosures = items.at;
    l->regime->disclosure_count = items.len;
}
