/*
 * A form's field is filled when the program writes it (the timer that opens the duty, an effect of the
 * making), shown when the form offers what is known already, else people fill it in. Known is what
 * the opened case holds, and what a form before it has asked.
 */
#include "regime/burden.h"

#include "base/vec.h"

static bool writes(const struct regime_effect *effects, size_t count, struct str name, bool surely)
{
    for (size_t i = 0; i < count; i++)
        if ((!surely || effects[i].when == NULL) &&
            (str_eq(value_find_text(effects[i].args, "field"), name) ||
             str_eq(value_find_text(effects[i].args, "list"), name)))
            return true;
    return false;
}

static bool comes_later(const struct regime_procedure *procedure, struct str name)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (transition_find_ask(row, name) != NULL ||
            writes(row->then, row->then_count, name, false))
            return true;
    }
    return false;
}

bool burden_asks_at_first(const struct regime_procedure *procedure,
                          const struct regime_field *field)
{
    return field->required ||
           (!comes_later(procedure, field->name) &&
            !writes(procedure->create_then, procedure->create_then_count, field->name, true));
}

/* ---- forms ---- */

struct gathering {
    struct arena *arena;
    const struct regime_obligation *item;
    const struct regime_procedure *procedure;
    struct burden_list *list;
};

static struct burden_form *add_form(const struct gathering *g, const struct regime_transition *row,
                                    size_t field_count)
{
    struct burden_form *form = vec_push(g->arena, g->list);
    *form = (struct burden_form){
        .item = g->item,
        .procedure = g->procedure,
        .transition = row,
        .asked = arena_alloc_array(g->arena, field_count + 1, sizeof *form->asked),
    };
    return form;
}

static void add_field(struct burden_form *form, const struct regime_field *field, bool known)
{
    if (known || !str_is_empty(field->shows) || field->otherwise != NULL)
        form->prefilled++;
    else
        form->asked[form->fields - form->prefilled] = field;
    form->fields++;
}

/* What the timer fills in when it opens the duty, and what the making writes besides. */
static bool is_filled(const struct gathering *g, const struct regime_field *field)
{
    const struct regime_procedure *procedure = g->procedure;
    bool opened = procedure == g->item->procedure;
    return (opened && value_find(g->item->fields, field->name) != NULL) ||
           writes(procedure->create_then, procedure->create_then_count, field->name, true);
}

static void add_opening(const struct gathering *g)
{
    struct burden_form *form = add_form(g, NULL, g->procedure->field_count);
    form->by_program = true;
    for (size_t i = 0; i < g->procedure->field_count; i++)
        if (is_filled(g, &g->procedure->fields[i]))
            add_field(form, &g->procedure->fields[i], true);
}

static void add_making(const struct gathering *g)
{
    const struct regime_procedure *procedure = g->procedure;
    struct burden_form *form = add_form(g, NULL, procedure->field_count);
    for (size_t i = 0; i < procedure->field_count; i++) {
        bool filled = is_filled(g, &procedure->fields[i]);
        if (filled || burden_asks_at_first(procedure, &procedure->fields[i]))
            add_field(form, &procedure->fields[i], filled);
    }
}

/* Whether a command before this one in the pack has asked for the case's field. */
static bool was_asked(const struct gathering *g, const struct regime_transition *row,
                      struct str name)
{
    const struct regime_procedure *procedure = g->procedure;
    const struct regime_field *field = procedure_find_field(procedure, name);
    if (field == NULL)
        return false; /* of its form alone */
    if (procedure != g->item->procedure && burden_asks_at_first(procedure, field))
        return true;
    for (const struct regime_transition *one = procedure->transitions; one != row; one++)
        if (transition_find_ask(one, name) != NULL)
            return true;
    return false;
}

static bool is_by_people(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->by_count; i++)
        if (!str_eq_c(row->by[i].role, "system"))
            return true;
    return false;
}

static void add_command(const struct gathering *g, const struct regime_transition *row)
{
    struct burden_form *form;
    if (!is_by_people(row) || row->ask_count == 0)
        return;
    form = add_form(g, row, row->ask_count);
    for (size_t i = 0; i < row->ask_count; i++) {
        const struct regime_field *own = procedure_find_field(g->procedure, row->asks[i].name);
        bool known = (own != NULL && is_filled(g, own)) || was_asked(g, row, row->asks[i].name);
        add_field(form, &row->asks[i], known);
    }
}

/* Rows of a list that fulfil the duty are added by these commands. */
static bool adds_entries(const struct regime_transition *row, struct str list)
{
    for (size_t i = 0; i < row->then_count; i++)
        if (str_eq(value_find_text(row->then[i].args, "list"), list))
            return true;
    return false;
}

static void add_fulfilment(const struct gathering *g, const struct regime_fulfilment *fulfilment)
{
    if (str_is_empty(fulfilment->entries)) {
        add_making(g);
        return;
    }
    for (size_t i = 0; i < g->procedure->transition_count; i++)
        if (adds_entries(&g->procedure->transitions[i], fulfilment->entries))
            add_command(g, &g->procedure->transitions[i]);
}

void burden_list_forms(struct arena *arena, const struct regime *regime, struct burden_list *out)
{
    *out = (struct burden_list){0};
    for (size_t i = 0; i < regime->obligation_count; i++) {
        const struct regime_obligation *item = &regime->obligations[i];
        struct gathering g = {arena, item, item->procedure, out};
        add_opening(&g);
        for (size_t j = 0; j < item->procedure->transition_count; j++)
            add_command(&g, &item->procedure->transitions[j]);
        if (item->fulfilment == NULL || item->fulfilment->procedure == item->procedure)
            continue;
        g.procedure = item->fulfilment->procedure;
        add_fulfilment(&g, item->fulfilment);
    }
}
