/*
 * The section `reports`: its shape has been checked by section_table.h; here the states that its
 * figures count, and the times that they measure, are held against the procedure they mean.
 */
#include "regime/load_int.h"

static void check_states(struct loader *l, const struct regime_procedure *of,
                         const struct yaml_node *list)
{
    items_each (node, list)
        (void)need_state_of(l, of, node);
}

static const struct regime_field *find_field(struct loader *l, const struct regime_procedure *of,
                                             struct str name, struct pack_place place)
{
    const struct regime_field *field = procedure_find_field(of, name);
    struct guess guess = guess_begin(name);
    for (size_t i = 0; i < of->field_count; i++)
        guess_try(&guess, of->fields[i].name);
    if (field == NULL)
        fault_unknown(l, FAULT_UNDECLARED_INPUT, place, "pack.unknown.field", "pack.hint.field",
                      &guess);
    return field;
}

static void check_time(struct loader *l, const struct regime_procedure *of,
                       const struct yaml_node *node)
{
    const struct regime_field *field =
        node == NULL ? NULL : find_field(l, of, node->text, node_place(node));
    if (field != NULL && field->kind != FIELD_TIME)
        fault_type(l, node, "pack.want.moment_field");
}

static void check_figure(struct loader *l, const struct regime_procedure *of,
                         const struct yaml_node *figure)
{
    static const char *const states[] = {"in", "not_in"};
    const struct yaml_node *free_time = yaml_find(figure, "free_time");
    if (yaml_find(figure, "count") == NULL && free_time == NULL)
        fault(l, FAULT_MISSING_KEY, node_place(figure), "pack.missing.key", NULL,
              ARGS(arg_c("name", "count")));
    for (size_t i = 0; i < COUNT_OF(states) && of != NULL; i++)
        if (yaml_find(figure, states[i]) != NULL)
            check_states(l, of, yaml_find(figure, states[i]));
    if (free_time == NULL || of == NULL)
        return;
    check_time(l, of, yaml_find(free_time, "from"));
    check_time(l, of, yaml_find(free_time, "to"));
    yaml_each (field, yaml_find(free_time, "where"))
        (void)find_field(l, of, field->key, key_place(field));
}

/* Fields and the command that a daily notice reads. */
void check_notices(struct loader *l, const struct yaml_node *list)
{
    static const char *const fields[] = {"at", "channel", "type", "key", "verdict", "completion"};
    items_each (item, list) {
        const struct yaml_node *of = yaml_find(item, "of");
        const struct yaml_node *dispatched = yaml_find(item, "dispatched");
        const struct regime_procedure *procedure =
            of == NULL ? NULL : regime_find_procedure(l->regime, of->text);
        for (size_t i = 0; procedure != NULL && i < COUNT_OF(fields); i++) {
            const struct yaml_node *field = yaml_find(item, fields[i]);
            if (field != NULL)
                (void)find_field(l, procedure, field->text, node_place(field));
        }
        bool known = dispatched == NULL || procedure == NULL;
        for (size_t i = 0; !known && i < procedure->transition_count; i++)
            known = str_eq(procedure->transitions[i].name, dispatched->text);
        if (!known)
            fault(l, FAULT_UNKNOWN_NAME, node_place(dispatched), "pack.unknown.command", NULL,
                  ARGS(arg_text("name", dispatched->text)));
    }
}

void check_reports(struct loader *l, const struct yaml_node *list)
{
    items_each (item, list) {
        const struct yaml_node *of = yaml_find(item, "of");
        const struct yaml_node *figures = yaml_find(item, "figures");
        const struct regime_procedure *procedure =
            of == NULL ? NULL : regime_find_procedure(l->regime, of->text);
        if (figures == NULL)
            continue;
        items_each (figure, figures)
            check_figure(l, procedure, figure);
    }
}
