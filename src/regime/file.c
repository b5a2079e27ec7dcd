/*
 * The section `files`: its shape has been checked by section_table.h; here its names are held against
 * the procedures they mean.
 */
#include "regime/file.h"

#include "base/vec.h"
#include "regime/load_int.h"

static void too_many(struct loader *l, const struct yaml_node *list, const char *name, size_t max)
{
    if (items_count(list) > max)
        fault(l, FAULT_WRONG_TYPE, node_place(list), "pack.want.shorter", NULL,
              ARGS(arg_c("name", name), arg_int("max", (int64_t)max)));
}

/* Procedures of the list called `key`, at most `max`; how many. */
static size_t read_procedures(struct loader *l, const struct yaml_node *item, const char *key,
                              size_t max, const struct regime_procedure **out)
{
    const struct yaml_node *list = yaml_find(item, key);
    size_t count = 0;
    if (list == NULL)
        return 0;
    too_many(l, list, key, max);
    items_each (node, list) {
        const struct regime_procedure *procedure = regime_find_procedure(l->regime, node->text);
        if (procedure != NULL && count < max)
            out[count++] = procedure;
    }
    return count;
}

static struct value *names_of(struct loader *l, const struct yaml_node *list)
{
    struct value *names = value_list(l->arena);
    items_each (node, list)
        value_append(names, value_text(l->arena, node->text));
    return names;
}

static void read_readers(struct loader *l, const struct yaml_node *list, struct regime_file *to)
{
    if (list == NULL || list->kind != YAML_LIST)
        return; /* told by the shape */
    too_many(l, list, "to", FILE_READERS_MAX);
    items_each (node, list) {
        const struct yaml_node *states = yaml_find(node, "states");
        const struct yaml_node *roles = yaml_find(node, "roles");
        const struct regime_procedure *procedure =
            regime_find_procedure(l->regime, node_text(node, "procedure"));
        if (procedure == NULL || roles == NULL || to->reader_count == FILE_READERS_MAX)
            continue;
        if (states != NULL)
            items_each (state, states)
                (void)need_state_of(l, procedure, state);
        to->readers[to->reader_count++] = (struct regime_file_reader){
            procedure, states == NULL ? NULL : names_of(l, states), names_of(l, roles)};
    }
}

static void read_reach(struct loader *l, const struct yaml_node *node, struct regime_file *to)
{
    struct guess guess = guess_begin(node == NULL ? S("region") : node->text);
    guess_try(&guess, S("region"));
    guess_try(&guess, S("campaign"));
    to->everywhere = node != NULL && str_eq(node->text, S("campaign"));
    if (node != NULL && !to->everywhere && !str_eq(node->text, S("region")))
        fault_unknown(l, FAULT_UNKNOWN_NAME, node_place(node), "pack.unknown.key", NULL, &guess);
}

void bind_files(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_file) items = {0};
    items_each (item, list) {
        struct regime_file *to = vec_push(l->arena, &items);
        *to = (struct regime_file){
            .id = node_text(item, "id"),
            .words = {node_text(item, "zh"), node_text(item, "en")},
            .clause = node_text(item, "clause"),
            .place = key_place(item),
        };
        to->of_count = read_procedures(l, item, "of", FILE_PROCEDURES_MAX, to->of);
        to->beside_count = read_procedures(l, item, "beside", FILE_BESIDE_MAX, to->beside);
        read_readers(l, yaml_find(item, "to"), to);
        read_reach(l, yaml_find(item, "reach"), to);
    }
    l->regime->files = items.at;
    l->regime->file_count = items.len;
}
