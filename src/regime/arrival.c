/*
 * The section `arrivals`: its shape has been checked by section_table.h; here its names are held against
 * the procedure that takes over.
 */
#include "regime/arrival.h"

#include "base/vec.h"
#include "regime/load_int.h"

static void need_field_there(struct loader *l, const struct regime_procedure *procedure,
                             struct str name, struct pack_place place)
{
    struct guess guess = guess_begin(name);
    for (size_t i = 0; i < procedure->field_count; i++)
        guess_try(&guess, procedure->fields[i].name);
    if (procedure_find_field(procedure, name) == NULL)
        fault_unknown(l, FAULT_UNDECLARED_INPUT, place, "pack.unknown.field_there", NULL, &guess);
}

/* Without what the procedure requires nothing could ever arrive. */
static void check_required(struct loader *l, const struct regime_procedure *procedure,
                           const struct yaml_node *fields)
{
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        if (field->required && yaml_find(fields, str_c(l->arena, field->name)) == NULL)
            fault(l, FAULT_MISSING_KEY, node_place(fields), "pack.missing.key", NULL,
                  ARGS(arg_text("name", field->name), arg_c("of", "fields")));
    }
}

static bool is_by_system(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->by_count; i++)
        if (str_eq(row->by[i].role, S("system")))
            return true;
    return false;
}

/* Nobody with a post says how satisfied others are. */
static void check_rated(struct loader *l, const struct regime_procedure *procedure,
                        const struct yaml_node *node)
{
    struct guess guess = guess_begin(node == NULL ? S("") : node->text);
    for (size_t i = 0; node != NULL && i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (is_by_system(row))
            guess_try(&guess, row->name);
        if (is_by_system(row) && str_eq(row->name, node->text))
            return;
    }
    if (node != NULL)
        fault_unknown(l, FAULT_UNDECLARED_INPUT, node_place(node), "pack.unknown.command_there", NULL, &guess);
}

static void check_names(struct loader *l, const struct regime_procedure *procedure,
                        const struct yaml_node *item)
{
    const struct yaml_node *fields = yaml_find(item, "fields");
    const struct yaml_node *tells = yaml_find(item, "tells");
    if (fields == NULL || fields->kind != YAML_MAP)
        return; /* told by the shape */
    yaml_each (field, fields)
        need_field_there(l, procedure, field->key, key_place(field));
    check_required(l, procedure, fields);
    check_rated(l, procedure, yaml_find(item, "rated"));
    if (tells == NULL || tells->kind != YAML_MAP)
        return;
    yaml_each (field, tells)
        need_field_there(l, procedure, field->text, node_place(field));
}

void bind_arrivals(struct loader *l, const struct yaml_node *list)
{
    VEC(struct regime_arrival) items = {0};
    yaml_each (item, list) {
        const struct regime_procedure *procedure =
            regime_find_procedure(l->regime, node_text(item, "procedure"));
        const struct yaml_node *fields = yaml_find(item, "fields");
        const struct yaml_node *tells = yaml_find(item, "tells");
        if (procedure == NULL || fields == NULL)
            continue;
        check_names(l, procedure, item);
        *vec_push(l->arena, &items) = (struct regime_arrival){
            .id = node_text(item, "id"),
            .words = {node_text(item, "zh"), node_text(item, "en")},
            .procedure = procedure,
            .source = node_text(item, "source"),
            .fields = bind_any(l, fields),
            .tells = tells == NULL ? NULL : bind_any(l, tells),
            .rated = node_text(item, "rated"),
            .clause = node_text(item, "clause"),
            .place = key_place(item),
        };
    }
    l->regime->arrivals = items.at;
    l->regime->arrival_count = items.len;
}

const struct regime_arrival *regime_find_arrival(const struct regime *regime, struct str id)
{
    for (size_t i = 0; i < regime->arrival_count; i++)
        if (str_eq(regime->arrivals[i].id, id))
            return &regime->arrivals[i];
    return NULL;
}
