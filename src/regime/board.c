/*
 * The section `boards`: its shape has been checked by section_table.h; here its names are held
 * against the procedures they mean.
 */
#include "regime/board.h"

#include "base/vec.h"
#include "regime/load_int.h"

static const struct regime_field *date_field(struct loader *l, const struct yaml_node *map,
                                             const char *key,
                                             const struct regime_procedure *procedure)
{
    const struct yaml_node *node = yaml_find(map, key);
    if (node == NULL || procedure == NULL)
        return NULL; /* told by the shape */
    const struct regime_field *field = procedure_find_field(procedure, node->text);
    struct guess guess = guess_begin(node->text);
    for (size_t i = 0; i < procedure->field_count; i++)
        guess_try(&guess, procedure->fields[i].name);
    if (field == NULL)
        fault_unknown(l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.field",
                      "pack.hint.field", &guess);
    else if (field->kind != FIELD_DATE)
        fault_type(l, node, "pack.want.date_field");
    return field;
}

static void read_columns(struct loader *l, const struct yaml_node *map, struct regime_board *to)
{
    if (map == NULL || map->kind != YAML_MAP)
        return;
    to->columns = regime_find_procedure(l->regime, node_text(map, "procedure"));
    to->from = date_field(l, map, "from", to->columns);
    to->to = date_field(l, map, "to", to->columns);
}

static void read_rows(struct loader *l, const struct yaml_node *map, struct regime_board *to)
{
    VEC(struct str) states = {0};
    if (map == NULL || map->kind != YAML_MAP)
        return;
    to->rows = regime_find_procedure(l->regime, node_text(map, "procedure"));
    const struct yaml_node *list = yaml_find(map, "states");
    if (to->rows == NULL || list == NULL)
        return;
    items_each (node, list) {
        (void)need_state_of(l, to->rows, node);
        vec_add(l->arena, &states, node->text);
    }
    to->row_states = states.at;
    to->row_state_count = states.len;
}

static void read_cells(struct loader *l, const struct yaml_node *list, struct regime_board *to)
{
    if (list == NULL || list->kind != YAML_LIST)
        return;
    if (to->rows == NULL)
        fault(l, FAULT_MISSING_KEY, node_place(list), "pack.missing.key", NULL,
              ARGS(arg_c("name", "rows")));
    if (items_count(list) > BOARD_CELLS_MAX)
        fault(l, FAULT_WRONG_TYPE, node_place(list), "pack.want.shorter", NULL,
              ARGS(arg_c("name", "cells"), arg_int("max", BOARD_CELLS_MAX)));
    items_each (item, list)
        if (to->cell_count < BOARD_CELLS_MAX)
            to->cells[to->cell_count++] = (struct regime_board_cell){
                {node_text(item, "zh"), node_text(item, "en")},
                regime_find_procedure(l->regime, node_text(item, "procedure"))};
}

void bind_boards(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_board) items = {0};
    items_each (item, list) {
        struct regime_board *to = vec_push(l->arena, &items);
        *to = (struct regime_board){
            .id = node_text(item, "id"),
            .words = {node_text(item, "zh"), node_text(item, "en")},
            .clause = node_text(item, "clause"),
            .place = key_place(item),
        };
        read_columns(l, yaml_find(item, "columns"), to);
        read_rows(l, yaml_find(item, "rows"), to);
        read_cells(l, yaml_find(item, "cells"), to);
    }
    l->regime->boards = items.at;
    l->regime->board_count = items.len;
}
