/*
 * What other cases say: a list of them, drawn up by the program and not by whoever would rather leave
 * one out, and the one among them that was in force on a day.
 */
#include "engine/standing.h"

static bool is_wanted(const struct casefile *from, struct str is)
{
    const struct value *field = value_find(from->fields, is);
    return str_is_empty(is) || (field != NULL && field->kind == VALUE_BOOL && field->flag);
}

enum status effect_collect(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct engine_case_list cases;
    struct value *rows = value_list(arena);
    TRY(standing_list(trial, args, &cases));
    for (size_t i = 0; i < cases.len; i++) {
        if (!is_wanted(cases.at[i], value_find_text(args, "is")))
            continue;
        struct value *row = value_append_map(arena, rows);
        value_each (cell, value_find_c(args, "row")) {
            struct value *value = standing_cell(arena, cases.at[i], cell->text);
            if (value != NULL)
                value_put(row, cell->key, value);
        }
    }
    trial_set_field(trial, value_find_text(args, "list"), rows);
    return ST_OK;
}

/* ---- in_force ---- */

static bool date_of(const struct value *value, struct day *out)
{
    return value != NULL && value->kind == VALUE_TEXT &&
           day_parse(str_part(value->text, 0, 10), out);
}

/* The last to take effect by that day; of two of one day the one with the later number. */
static const struct casefile *latest(const struct engine_case_list *cases, struct str from,
                                     struct day on)
{
    const struct casefile *best = NULL;
    struct day since = DAY_NONE;
    for (size_t i = 0; i < cases->len; i++) {
        struct day day;
        if (!date_of(value_find(cases->at[i]->fields, from), &day) || day.v > on.v)
            continue;
        bool later = best == NULL || day.v > since.v ||
                     (day.v == since.v && str_compare(cases->at[i]->number, best->number) > 0);
        if (!later)
            continue;
        best = cases->at[i];
        since = day;
    }
    return best;
}

/* A field that has nothing to take is emptied: what was in force for another day is not. */
static void take(struct trial *trial, struct str field, const struct value *to)
{
    if (!value_is_empty(to))
        trial_set_field(trial, field, to);
    else if (!value_is_empty(value_find(trial->casefile->fields, field)))
        trial_clear_fields(trial, value_text(trial->ctx->arena, field));
}

enum status effect_in_force(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    struct engine_case_list cases;
    struct str on_field = value_find_text(args, "on");
    struct day on = day_of_instant(trial->happened_at);
    TRY(standing_list(trial, args, &cases));
    bool dated = str_is_empty(on_field) || date_of(trial_value(trial, on_field), &on);
    const struct casefile *found =
        dated ? latest(&cases, value_find_text(args, "from"), on) : NULL;
    take(trial, value_find_text(args, "field"),
         found == NULL ? NULL : value_text(arena, found->number));
    value_each (cell, value_find_c(args, "copy"))
        take(trial, cell->key,
             found == NULL ? NULL : standing_cell(arena, found, cell->text));
    return ST_OK;
}

/* ---- count ---- */

static struct day day_in(const struct trial *trial, struct str field)
{
    struct day day = DAY_NONE;
    const struct value *value = trial_value(trial, field);
    if (value != NULL && value->kind == VALUE_TEXT)
        (void)day_parse(str_part(value->text, 0, 10), &day); /* of a time, its day */
    return day;
}

enum status effect_count(struct trial *trial, const struct value *args)
{
    const struct engine_world *world = &trial->engine->world;
    struct engine_tally asked = {.procedure = value_find_text(args, "procedure"),
                                 .command = value_find_text(args, "command"),
                                 .region = trial->casefile->region,
                                 .since = day_in(trial, value_find_text(args, "since")),
                                 .until = day_in(trial, value_find_text(args, "until"))};
    int64_t count = 0;
    if (str_is_empty(asked.command))
        asked.command = S("create");
    TRY(world->count_cases(world->self, trial->ctx, &asked, &count));
    trial_set_field(trial, value_find_text(args, "field"),
                    value_int(trial->ctx->arena, count));
    return ST_OK;
}
