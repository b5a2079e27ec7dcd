/*
 * Effects that count the rows of a list.
 */
#include "engine/engine_int.h"

/* The row of this value; a new one where it has not been met. */
static struct value *counted_row(struct arena *arena, struct value *counts, struct str column,
                                 const struct value *met)
{
    for (struct value *row = counts->first; row != NULL; row = row->next)
        if (value_eq(value_find(row, column), met))
            return row;
    struct value *row = value_append_map(arena, counts);
    value_put(row, column, value_copy(arena, met));
    return row;
}

enum status effect_tally(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct str column = value_find_text(args, "by");
    struct str total = value_find_text(args, "total");
    const struct value *rows = trial_value(trial, value_find_text(args, "list"));
    struct value *counts = value_list(arena);
    value_each (row, rows) {
        const struct value *met = value_find(row, column);
        if (value_is_empty(met))
            continue;
        struct value *count = counted_row(arena, counts, column, met);
        value_put_int(arena, count, "count", value_find_int(count, "count", 0) + 1);
    }
    trial_set_field(trial, value_find_text(args, "field"), counts);
    if (!str_is_empty(total))
        trial_set_field(trial, total,
                        value_int(arena, rows == NULL ? 0 : (int64_t)rows->count));
    return ST_OK;
}

/* Those named in a column of a list, of the rows that hold the values of `where`, each once. */
const struct value *trial_named_in_column(const struct trial *trial, const struct value *args)
{
    struct value *named = value_list(trial->ctx->arena);
    const struct value *rows = trial_value(trial, value_find_text(args, "list"));
    value_each (row, rows) {
        const struct value *one = value_find(row, value_find_text(args, "column"));
        bool wanted = !value_is_empty(one) && one->kind == VALUE_TEXT;
        value_each (cell, value_find_c(args, "where")) {
            const struct value *held = value_find(row, cell->key);
            const struct value *asked = row_value(trial, cell, NULL);
            wanted = wanted && held != NULL && asked != NULL && value_eq(held, asked);
        }
        if (wanted && !names_have(named, one->text))
            value_append(named, value_text(trial->ctx->arena, one->text));
    }
    return named;
}
