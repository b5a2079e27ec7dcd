/*
 * Effects that reach beyond the case: others are made, or a command is given in them. The engine
 * writes into the closing note what is wished, to the last field; the services do it in the same
 * transaction and link both ways.
 */
#include "base/num.h"
#include "engine/standing.h"

enum { GATHER_MAX = 2000 };

/* The row of a list that a field counts out, from 1 as people do; null where there is none. */
static const struct value *counted_row(const struct trial *trial, const struct value *cell)
{
    const struct value *rows = trial_value(trial, value_find_text(cell, "list"));
    const struct value *item = trial_value(trial, value_find_text(cell, "item"));
    int64_t at = item == NULL || item->kind != VALUE_INT ? 0 : item->number;
    if (rows == NULL || rows->kind != VALUE_LIST || at < 1 || at > (int64_t)rows->count)
        return NULL;
    const struct value *row = rows->first;
    while (--at > 0)
        row = row->next;
    return row;
}

const struct value *row_value(const struct trial *trial, const struct value *cell,
                              const struct value *each)
{
    struct arena *arena = trial->ctx->arena;
    if (cell->kind == VALUE_MAP && value_find_c(cell, "role") != NULL)
        return trial_holders_of(trial, value_find_text(cell, "role"));
    if (cell->kind == VALUE_MAP && value_find_c(cell, "list") != NULL)
        return value_find(counted_row(trial, cell), value_find_text(cell, "column"));
    if (cell->kind == VALUE_MAP)
        return value_find_c(cell, "value");
    if (cell->kind != VALUE_TEXT)
        return cell;
    if (str_eq(cell->text, S("each")))
        return each;
    if (str_eq(cell->text, S("actor")))
        return trial->post == NULL ? NULL : id_text(arena, trial->post->unit.v);
    if (str_eq(cell->text, S("giver")))
        return trial->actor->is_system ? NULL : id_text(arena, trial->actor->person.v);
    if (str_eq(cell->text, S("today")))
        return value_text(arena, day_format(arena, day_of_instant(trial->happened_at)));
    if (str_eq(cell->text, S("now")))
        return value_text(arena, instant_format(arena, trial->happened_at));
    return trial_value(trial, cell->text);
}

static void add_once(struct arena *arena, struct value *ids, int64_t id)
{
    struct value *text = id_text(arena, id);
    if (!names_have(ids, text->text))
        value_append(ids, text);
}

/* Who holds the role, units or people, in the cases that stand elsewhere, in the order of these. */
static enum status gather_holders(const struct trial *trial, const struct value *args,
                                  struct value *holders)
{
    struct engine_case_list cases;
    if (value_find_c(args, "procedure") == NULL)
        return ST_OK;
    TRY(standing_list(trial, args, &cases));
    for (size_t i = 0; i < cases.len; i++) {
        const struct casefile_role *role =
            casefile_find_role(cases.at[i], value_find_text(args, "role"));
        for (size_t j = 0; role != NULL && j < role->units.len; j++)
            add_once(trial->ctx->arena, holders, role->units.at[j]);
        for (size_t j = 0; role != NULL && j < role->people.len; j++)
            add_once(trial->ctx->arena, holders, role->people.at[j]);
    }
    return ST_OK;
}

enum status effect_gather(struct trial *trial, const struct value *args)
{
    const struct engine_world *world = &trial->engine->world;
    struct arena *arena = trial->ctx->arena;
    struct value *units = value_list(arena);
    const struct unit_facts **found = arena_alloc_array(arena, GATHER_MAX, sizeof *found);
    names_each (kind, value_find_c(args, "kinds")) {
        size_t count = world->units_below(world->self, kind->text, trial->casefile->region, found,
                                          GATHER_MAX);
        for (size_t i = 0; i < count; i++)
            value_append(units, id_text(arena, found[i]->id.v));
    }
    TRY(gather_holders(trial, args, units));
    trial_set_field(trial, value_find_text(args, "field"), units);
    return ST_OK;
}

/* Who holds these roles here holds them in the new case; the campaign's are its own anyway. */
static void pass_roles(struct trial *trial, const struct value *names, struct value *wish)
{
    struct arena *arena = trial->ctx->arena;
    struct value *roles = value_map(arena);
    names_each (name, names) {
        const struct regime_role *role = regime_find_role(trial->engine->regime, name->text);
        struct value *holders = trial_holders(trial, name->text, false);
        if (role != NULL && !role->of_campaign && holders->count > 0)
            value_put(roles, name->text, holders);
    }
    if (roles->count > 0)
        value_put(wish, S("roles"), roles);
}

/* "assessment/2026": the procedure and the value of which there is to be one case. */
static struct str key_of(const struct trial *trial, const struct value *args,
                         const struct value *value)
{
    struct str procedure = value_find_text(args, "procedure");
    struct str text = value == NULL || value->kind == VALUE_TEXT
                          ? (value == NULL ? S("") : value->text)
                          : str_printf(trial->ctx->arena, "%lld", (long long)value->number);
    return str_printf(trial->ctx->arena, "%.*s/%.*s", STR_ARG(procedure), STR_ARG(text));
}

/* A wish for one case; `each` is the unit or row that it is for, or null. */
static struct value *add_wish(struct trial *trial, const struct value *args,
                              const struct value *each)
{
    struct arena *arena = trial->ctx->arena;
    struct value *wish = value_append_map(arena, value_list_at(arena, trial_note(trial), "open"));
    value_put_text(arena, wish, "procedure", value_find_text(args, "procedure"));
    value_put_text(arena, wish, "link", value_find_text(args, "link"));
    struct str source = value_find_text(args, "source");
    if (!str_is_empty(source))
        value_put_text(arena, wish, "source", source);
    pass_roles(trial, value_find_c(args, "roles"), wish);
    struct str once = value_find_text(args, "once");
    if (!str_is_empty(once))
        value_put_text(arena, wish, "key", key_of(trial, args, trial_value(trial, once)));
    struct value *fields = value_put_map(arena, wish, "fields");
    const struct regime_procedure *other = regime_find_procedure(
        trial->engine->regime, value_find_text(args, "procedure"));
    if (each != NULL && each->kind == VALUE_MAP)
        value_each (column, each)
            if (!str_eq(column->key, value_find_text(args, "region")) &&
                (other == NULL || procedure_find_field(other, column->key) != NULL))
                value_put(fields, column->key, value_copy(arena, column));
    value_each (field, value_find_c(args, "fields")) {
        const struct value *from = row_value(trial, field, each);
        if (!value_is_empty(from))
            value_put(fields, field->key, value_copy(arena, from));
    }
    return wish;
}

static void open_for_unit(struct trial *trial, const struct value *args, const struct value *unit)
{
    const struct engine_world *world = &trial->engine->world;
    struct unit_id id;
    const struct unit_facts *facts = num_parse_i64(unit->text, 1, INT64_MAX, &id.v)
                                         ? world->find_unit(world->self, id)
                                         : NULL;
    struct value *wish = add_wish(trial, args, unit);
    if (facts != NULL && !str_eq(value_find_text(args, "region"), S("same")))
        value_put_text(trial->ctx->arena, wish, "region", facts->region);
}

static void open_for_row(struct trial *trial, const struct value *args, const struct value *row)
{
    struct value *wish = add_wish(trial, args, row);
    const struct value *region = value_find(row, value_find_text(args, "region"));
    if (!value_is_empty(region))
        value_put_text(trial->ctx->arena, wish, "region", region->text);
}

const struct value *units_of_holders(const struct trial *trial, const struct value *holders)
{
    struct value *units = value_list(trial->ctx->arena);
    names_each (holder, holders) {
        const struct value *of_one = trial_holders_of(trial, holder->text);
        value_each (unit, of_one)
            if (!names_have(units, unit->text))
                value_append(units, value_text(trial->ctx->arena, unit->text));
    }
    return units;
}

/* What is copied from a counted row needs that row. */
static enum status check_rows(struct trial *trial, const struct value *args)
{
    value_each (cell, value_find_c(args, "fields")) {
        if (value_find_c(cell, "list") == NULL || counted_row(trial, cell) != NULL)
            continue;
        const struct value *item = trial_value(trial, value_find_text(cell, "item"));
        struct reason reason = reason_make(
            "form.no_such_row", ARGS(arg_int("row", item == NULL ? 0 : item->number)));
        reason.field = value_find_text(cell, "item");
        reason.clause = trial->clause;
        reason.code = "no_such_row";
        return fail_reason(trial->ctx, ST_INVALID, reason);
    }
    return ST_OK;
}

enum status effect_open(struct trial *trial, const struct value *args)
{
    TRY(check_rows(trial, args));
    const struct value *holders = value_find_c(args, "per_role");
    const struct value *each = holders == NULL ? trial_value(trial, value_find_text(args, "per"))
                                               : units_of_holders(trial, holders);
    if (holders == NULL && value_find_c(args, "per") == NULL) {
        (void)add_wish(trial, args, NULL);
        return ST_OK;
    }
    names_each (one, each) {
        if (one->kind == VALUE_MAP)
            open_for_row(trial, args, one);
        else
            open_for_unit(trial, args, one);
    }
    return ST_OK;
}

/* `fields:` of the effect as the other case's form will read them. */
static void put_fields(const struct trial *trial, const struct value *args, struct value *wish)
{
    struct arena *arena = trial->ctx->arena;
    struct value *fields = value_put_map(arena, wish, "fields");
    value_each (field, value_find_c(args, "fields")) {
        const struct value *from = row_value(trial, field, NULL);
        if (!value_is_empty(from))
            value_put(fields, field->key, value_copy(arena, from));
    }
}

/* What was handed on is no longer here to be handed on, whatever became of it there. */
static enum status refuse_again(const struct trial *trial, struct str link)
{
    struct reason reason = reason_make("engine.handed_on", NO_ARGS);
    reason.clause = trial->clause;
    reason.code = "handed_on";
    for (size_t i = 0; i < trial->casefile->links.len; i++)
        if (str_eq(trial->casefile->links.at[i].kind, link))
            return fail_reason(trial->ctx, ST_CONFLICT, reason);
    return ST_OK;
}

enum status effect_hand_on(struct trial *trial, const struct value *args)
{
    static const char *const copied[] = {"as", "link", "answer"};
    struct arena *arena = trial->ctx->arena;
    const struct value *region = trial_value(trial, value_find_text(args, "region"));
    TRY(refuse_again(trial, value_find_text(args, "link")));
    struct value *wish = value_append_map(arena, value_list_at(arena, trial_note(trial), "hand_on"));
    for (size_t i = 0; i < COUNT_OF(copied); i++)
        if (value_find_c(args, copied[i]) != NULL)
            value_put_text(arena, wish, copied[i], value_find_text(args, copied[i]));
    if (value_find_bool(args, "shows"))
        value_put_bool(arena, wish, "shows", true);
    if (!value_is_empty(region))
        value_put_text(arena, wish, "region", region->text);
    put_fields(trial, args, wish);
    return ST_OK;
}

static void wish_command(struct trial *trial, const struct value *args, struct str to)
{
    struct arena *arena = trial->ctx->arena;
    struct value *wish = value_append_map(arena, value_list_at(arena, trial_note(trial), "give"));
    value_put_text(arena, wish, "case", to);
    value_put_text(arena, wish, "procedure", value_find_text(args, "procedure"));
    value_put_text(arena, wish, "command", value_find_text(args, "command"));
    if (!str_is_empty(value_find_text(args, "to")))
        value_put_text(arena, wish, "field", value_find_text(args, "to"));
    if (!str_is_empty(value_find_text(args, "link")))
        value_put_text(arena, wish, "link", value_find_text(args, "link"));
    put_fields(trial, args, wish);
}

enum status effect_give(struct trial *trial, const struct value *args)
{
    const struct casefile *casefile = trial->casefile;
    struct str linked = value_find_text(args, "linked");
    const struct value *named = trial_value(trial, value_find_text(args, "to"));
    for (size_t i = 0; !str_is_empty(linked) && i < casefile->links.len; i++) {
        const struct casefile_link *link = &casefile->links.at[i];
        if (str_eq(link->kind, linked))
            wish_command(trial, args,
                         casefile_ref_format(trial->ctx->arena, link->prefecture, link->id));
    }
    names_each (one, named)
        wish_command(trial, args, one->text);
    return ST_OK;
}
