/*
 * A field that is sealed holds a mark wherever a rule or a list looks. What would need the answer itself, or
 * would keep it in the clear, is a fault: the title of a case, what makes it unique, a received table, a proposal of a form.
 */
#include "regime/load_int.h"

static bool is_sealed(const struct regime_procedure *procedure, struct str name)
{
    const struct regime_field *field = procedure_find_field(procedure, name);
    return field != NULL && field->sealed;
}

static void refuse_use(struct loader *l, const struct regime_procedure *procedure,
                       const struct yaml_node *node)
{
    if (node != NULL && node->kind == YAML_TEXT && is_sealed(procedure, node->text))
        fault(l, FAULT_WRONG_TYPE, node_place(node), "pack.sealed_used", "pack.hint.sealed_used",
              ARGS(arg_text("name", node->text)));
}

static bool has_sealed(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->field_count; i++)
        if (procedure->fields[i].sealed)
            return true;
    return false;
}

/* What is told to one command only is kept with its event; and a form does not unseal what the case seals. */
static void check_asks(struct loader *l, const struct regime_procedure *procedure,
                       const struct regime_transition *transition)
{
    for (size_t i = 0; i < transition->ask_count; i++) {
        const struct regime_field *ask = &transition->asks[i];
        if (ask->sealed != is_sealed(procedure, ask->name))
            fault(l, FAULT_WRONG_TYPE, ask->place, "pack.sealed_ask", "pack.hint.sealed_ask",
                  ARGS(arg_text("name", ask->name)));
        if (is_sealed(procedure, ask->shows))
            fault(l, FAULT_WRONG_TYPE, ask->place, "pack.sealed_used", "pack.hint.sealed_used",
                  ARGS(arg_text("name", ask->shows)));
    }
}

/* Named posts: a unit as a whole opens nothing. */
static void check_openers(struct loader *l, const struct regime_procedure *procedure,
                          const struct yaml_node *node)
{
    const struct yaml_node *by = yaml_find(node, "unsealed_by");
    bool seals = has_sealed(procedure);
    if (seals && by == NULL)
        fault(l, FAULT_NOBODY_MAY_FIRE, procedure->place, "pack.sealed_for_ever",
              "pack.hint.unsealed_by", ARGS(arg_text("name", procedure->name)));
    if (!seals && by != NULL)
        fault(l, FAULT_UNDECLARED_INPUT, key_place(by), "pack.nothing_sealed",
              "pack.hint.nothing_sealed", ARGS(arg_text("name", procedure->name)));
    for (size_t i = 0; i < procedure->unsealed_by_count; i++) {
        const struct regime_actor *actor = &procedure->unsealed_by[i];
        if (str_is_empty(actor->post))
            fault(l, FAULT_WRONG_TYPE, actor->place, "pack.want.sealed_post",
                  "pack.hint.unsealed_by", ARGS(arg_text("name", actor->role)));
    }
}

void check_sealed(struct loader *l, const struct yaml_node *node)
{
    const struct regime_procedure *procedure = l->scope->procedure;
    const struct yaml_node *unique = yaml_find(node, "unique");
    const struct yaml_node *imports = yaml_find(node, "import");
    check_openers(l, procedure, node);
    refuse_use(l, procedure, yaml_find(node, "subject"));
    items_each (item, unique)
        refuse_use(l, procedure, item);
    if (imports != NULL && imports->kind == YAML_MAP)
        yaml_each (child, imports)
            refuse_use(l, procedure, child);
    for (size_t i = 0; i < procedure->transition_count; i++)
        check_asks(l, procedure, &procedure->transitions[i]);
}
