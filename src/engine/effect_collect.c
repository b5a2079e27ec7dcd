/*
 * A list of other cases, drawn up by the program and not by whoever would rather leave one out.
 */
#include "engine/engine_int.h"

/* A cell: the case's number, its region, or one of its fields. */
static struct value *cell_of(struct arena *arena, const struct casefile *from, struct str what)
{
    if (str_eq(what, S("number")))
        return value_text(arena, from->number);
    if (str_eq(what, S("region")))
        return value_text(arena, from->region);
    const struct value *field = value_find(from->fields, what);
    return value_is_empty(field) ? NULL : value_copy(arena, field);
}

static bool is_wanted(const struct casefile *from, struct str is)
{
    const struct value *field = value_find(from->fields, is);
    return str_is_empty(is) || (field != NULL && field->kind == VALUE_BOOL && field->flag);
}

enum status effect_collect(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    const struct engine_world *world = &trial->engine->world;
    struct engine_case_list cases = {0};
    struct value *rows = value_list(arena);
    TRY(world->list_cases(world->self, trial->ctx, value_find_text(args, "procedure"),
                          value_find_c(args, "states"), &cases));
    for (size_t i = 0; i < cases.len; i++) {
        if (!is_wanted(cases.at[i], value_find_text(args, "is")))
            continue;
        struct value *row = value_append_map(arena, rows);
        value_each (cell, value_find_c(args, "row")) {
            struct value *value = cell_of(arena, cases.at[i], cell->text);
            if (value != NULL)
                value_put(row, cell->key, value);
        }
    }
    trial_set_field(trial, value_find_text(args, "list"), rows);
    return ST_OK;
}
