/*
 * What stands beside a case: the standard in force on a day, a circular of the year, the pairings of a
 * city. `where` compares a field there with a value here; several values on either side agree where
 * they have one in common; what is empty on either side agrees with nothing.
 */
#include "engine/standing.h"

static bool shares(const struct value *there, const struct value *wanted)
{
    names_each (one, there)
        names_each (other, wanted)
            if (value_eq(one, other))
                return true;
    return false;
}

/* here: the case there is of this region or of one it lies in; below: of this one or of one inside it. */
static bool region_agrees(const struct trial *trial, const struct casefile *there, struct str how)
{
    const struct engine_world *world = &trial->engine->world;
    struct str own = trial->casefile->region;
    if (str_eq(how, S("here")))
        return world->region_is_within(world->self, own, there->region);
    if (str_eq(how, S("below")))
        return world->region_is_within(world->self, there->region, own);
    return str_eq(there->region, own);
}

/* A field for cases holds the number or the reference, as it was given. */
static const struct value *names_of(struct arena *arena, const struct casefile *there)
{
    struct value *names = value_list(arena);
    value_append(names, value_text(arena, there->number));
    value_append(names, value_text(arena, casefile_ref_format(arena, there->prefecture, there->id)));
    return names;
}

static bool cell_agrees(const struct trial *trial, const struct casefile *there,
                        const struct value *cell)
{
    if (str_eq(cell->key, S("region")) && cell->kind == VALUE_TEXT)
        return region_agrees(trial, there, cell->text);
    const struct value *has = str_eq(cell->key, S("number"))
                                  ? names_of(trial->ctx->arena, there)
                                  : standing_cell(trial->ctx->arena, there, cell->key);
    const struct value *wanted = row_value(trial, cell, NULL);
    return !value_is_empty(has) && !value_is_empty(wanted) && shares(has, wanted);
}

static bool agrees(const struct trial *trial, const struct casefile *there,
                   const struct value *where)
{
    value_each (cell, where)
        if (!cell_agrees(trial, there, cell))
            return false;
    return true;
}

static enum engine_place place_of(struct str how)
{
    return str_eq(how, S("here"))    ? PLACE_HERE
           : str_eq(how, S("below")) ? PLACE_BELOW
                                     : PLACE_SAME;
}

/* What `where` asks, so that no more need be read; false: nothing can agree with it. */
static bool narrow(const struct trial *trial, const struct value *where,
                   struct engine_standing *asked)
{
    struct arena *arena = trial->ctx->arena;
    struct value *fields = value_map(arena), *names = value_list(arena);
    value_each (cell, where) {
        if (str_eq(cell->key, S("region")) && cell->kind == VALUE_TEXT) {
            asked->place = place_of(cell->text);
            asked->region = trial->casefile->region;
            continue;
        }
        const struct value *wanted = row_value(trial, cell, NULL);
        if (value_is_empty(wanted))
            return false;
        if (str_eq(cell->key, S("number"))) {
            names_each (name, wanted)
                value_append(names, value_copy(arena, name));
            asked->names = names;
        } else if (!str_eq(cell->key, S("state")) && !str_eq(cell->key, S("flag"))) {
            value_put(fields, cell->key, value_copy(arena, wanted));
        }
    }
    asked->fields = fields;
    return true;
}

static bool is_itself(const struct trial *trial, const struct casefile *there)
{
    return str_eq(there->procedure, trial->engine->procedure->name) &&
           str_eq(there->number, trial->casefile->number);
}

static struct value *flags_of(struct arena *arena, const struct casefile *from)
{
    struct value *flags = value_list(arena);
    for (size_t i = 0; i < from->flags.len; i++)
        value_append(flags, value_text(arena, from->flags.at[i]));
    return flags;
}

struct value *standing_cell(struct arena *arena, const struct casefile *from, struct str what)
{
    if (str_eq(what, S("number")))
        return value_text(arena, from->number);
    if (str_eq(what, S("received_number"))) /* as people outside know it */
        return value_text(arena, str_is_empty(from->received_number) ? from->number
                                                                     : from->received_number);
    if (str_eq(what, S("region")))
        return value_text(arena, from->region);
    if (str_eq(what, S("state")))
        return value_text(arena, from->state);
    if (str_eq(what, S("flag")))
        return flags_of(arena, from);
    const struct value *field = value_find(from->fields, what);
    return value_is_empty(field) ? NULL : value_copy(arena, field);
}

enum status standing_list(const struct trial *trial, const struct value *args,
                          struct engine_case_list *out)
{
    const struct engine_world *world = &trial->engine->world;
    const struct value *where = value_find_c(args, "where");
    struct engine_case_list found = {0};
    struct engine_standing asked = {.procedure = value_find_text(args, "procedure"),
                                    .states = value_find_c(args, "states")};
    *out = (struct engine_case_list){0};
    if (!narrow(trial, where, &asked))
        return ST_OK;
    TRY(world->list_cases(world->self, trial->ctx, &asked, &found));
    for (size_t i = 0; i < found.len; i++)
        if (!is_itself(trial, found.at[i]) && agrees(trial, found.at[i], where))
            vec_add(trial->ctx->arena, out, found.at[i]);
    return ST_OK;
}

bool standing_holds(const struct trial *trial, const struct value *args)
{
    struct engine_case_list found;
    if (standing_list(trial, args, &found) != ST_OK)
        return false;
    return (int64_t)found.len >= trial_number(trial, value_find_c(args, "min"), 1);
}

bool standing_needs_form(const struct trial *trial, const struct value *args)
{
    value_each (cell, value_find_c(args, "where"))
        if (cell->kind == VALUE_TEXT && trial_form_has(trial, cell->text))
            return true;
    return false;
}
