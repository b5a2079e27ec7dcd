/*
 * The section `desks`: its shape has been checked by section_table.h; here the names of its queues are
 * held against the procedures that they list.
 */
#include "regime/desk.h"

#include "base/vec.h"
#include "regime/load_int.h"

static bool flag_of(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_find(map, key);
    return node != NULL && node->kind == YAML_BOOL && node->flag;
}

/* A state of some procedure that the queue lists. */
static void check_states(struct loader *l, const struct yaml_node *queue)
{
    const struct yaml_node *of = yaml_find(queue, "of"), *states = yaml_find(queue, "states");
    items_each (state, states) {
        struct guess guess = guess_begin(state->text);
        bool known = false;
        items_each (name, of) {
            const struct regime_procedure *procedure = regime_find_procedure(l->regime, name->text);
            for (size_t i = 0; procedure != NULL && i < procedure->state_count; i++)
                guess_try(&guess, procedure->states[i].name);
            known = known || (procedure != NULL && procedure_find_state(procedure, state->text));
        }
        if (!known)
            fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(state), "pack.unknown.state", NULL,
                          &guess);
    }
}

/* Only what lists can be narrowed by. */
static void check_where(struct loader *l, const struct yaml_node *queue)
{
    const struct yaml_node *of = yaml_find(queue, "of"), *where = yaml_find(queue, "where");
    if (where == NULL || where->kind != YAML_MAP)
        return;
    yaml_each (cell, where) {
        items_each (name, of) {
            const struct regime_procedure *procedure = regime_find_procedure(l->regime, name->text);
            const struct regime_field *field =
                procedure == NULL ? NULL : procedure_find_field(procedure, cell->key);
            if (procedure != NULL && (field == NULL || !field->filter))
                fault(l, FAULT_UNDECLARED_INPUT, key_place(cell), "pack.desk.filter", NULL,
                      ARGS(arg_text("name", cell->key), arg_text("of", procedure->name)));
        }
    }
}

static struct value *list_at(struct loader *l, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_find(map, key);
    struct value *list = value_list(l->arena);
    if (node == NULL)
        return NULL;
    items_each (item, node)
        value_append(list, value_text(l->arena, item->text));
    return list;
}

static struct regime_queue read_queue(struct loader *l, const struct yaml_node *node)
{
    check_states(l, node);
    check_where(l, node);
    return (struct regime_queue){
        .id = node_text(node, "id"),
        .words = {node_text(node, "zh"), node_text(node, "en")},
        .of = list_at(l, node, "of"),
        .states = list_at(l, node, "states"),
        .where = yaml_find(node, "where") == NULL ? NULL : bind_any(l, yaml_find(node, "where")),
        .mine = flag_of(node, "mine"),
        .late = flag_of(node, "late"),
        .clause = node_text(node, "clause"),
    };
}

/* Who reads by standing in a case of today must do so by a role that is asked live. */
static void check_reads(struct loader *l, const struct yaml_node *desk)
{
    const struct regime_role *role = regime_find_role(l->regime, node_text(desk, "role"));
    bool live = role != NULL && role->standing != NULL && role->standing->live;
    if (role != NULL && flag_of(desk, "reads") && !live)
        fault(l, FAULT_WRONG_TYPE, key_place(yaml_find(desk, "reads")), "pack.desk.reads", NULL,
              ARGS(arg_text("role", role->name)));
}

void bind_desks(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_desk) desks = {0};
    items_each (item, list) {
        VEC(struct regime_queue) queues = {0};
        const struct yaml_node *of = yaml_find(item, "queues");
        if (item->kind != YAML_MAP || of == NULL)
            continue;
        check_reads(l, item);
        items_each (node, of)
            if (node->kind == YAML_MAP)
                vec_add(l->arena, &queues, read_queue(l, node));
        vec_add(l->arena, &desks,
                ((struct regime_desk){.id = node_text(item, "id"),
                                      .words = {node_text(item, "zh"), node_text(item, "en")},
                                      .role = node_text(item, "role"),
                                      .reads = flag_of(item, "reads"),
                                      .queues = queues.at,
                                      .queue_count = queues.len,
                                      .clause = node_text(item, "clause"),
                                      .place = key_place(item)}));
    }
    l->regime->desks = desks.at;
    l->regime->desk_count = desks.len;
}
