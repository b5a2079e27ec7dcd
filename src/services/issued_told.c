/*
 * Everything is told from the fold alone: no look into another case, no clock but the document's own, so
 * the same document says the same for ever.
 */
#include "services/issued_told.h"

#include "base/num.h"

static struct str day_text(struct arena *arena, struct day day)
{
    struct civil civil = day_civil(day);
    return str_printf(arena, "%d年%d月%d日", civil.year, civil.month, civil.day);
}

/* To the minute, with its year: what is filed is read years later. */
static struct str minute_text(struct arena *arena, struct instant at)
{
    struct str text = instant_format(arena, at); /* 2018-11-22T21:25… */
    return str_printf(arena, "%.*s%.*s时%.*s分", STR_ARG(day_text(arena, day_of_instant(at))),
                      STR_ARG(str_part(text, 11, 2)), STR_ARG(str_part(text, 14, 2)));
}

static struct str unit_name(const struct case_view *view, int64_t id)
{
    const struct world_unit *unit = world_find_unit(view->world, (struct unit_id){id});
    return unit == NULL ? S("") : unit->name;
}

static void put_name(struct arena *arena, struct str *all, struct str name)
{
    if (!str_is_empty(name))
        *all = str_printf(arena, "%.*s%s%.*s", STR_ARG(*all), all->len == 0 ? "" : "、",
                          STR_ARG(name));
}

static void put_roles(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *roles = value_put_map(arena, doc, "roles");
    for (size_t i = 0; i < view->casefile->roles.len; i++) {
        const struct casefile_role *role = &view->casefile->roles.at[i];
        struct str names = S("");
        for (size_t j = 0; j < role->units.len; j++)
            put_name(arena, &names, unit_name(view, role->units.at[j]));
        for (size_t j = 0; j < role->people.len; j++) {
            const struct world_person *person =
                world_find_person(view->world, (struct person_id){role->people.at[j]});
            put_name(arena, &names, person == NULL ? S("") : person->name);
        }
        value_put(roles, role->role, value_text(arena, names));
    }
}

static void put_rows(struct arena *arena, const struct case_view *view,
                     const struct regime_field *field, const struct value *rows,
                     struct value *lists)
{
    int64_t n = 0;
    struct value *list = value_list(arena);
    value_put(lists, field->name, list);
    value_each (row, rows) {
        struct value *line = value_append_map(arena, list);
        value_put_int(arena, line, "n", ++n);
        for (size_t i = 0; i < field->column_count; i++) {
            const struct regime_field *column = &field->columns[i];
            value_put(line, column->name,
                      value_text(arena, field_text(arena, view, column, value_find(row, column->name))));
        }
    }
}

/* The row that tells something under the number, of whatever list of the case has a column `number`. */
static const struct value *find_numbered(const struct case_view *view, struct str number,
                                         const struct regime_field **out_field)
{
    const struct regime_procedure *procedure = view->engine->procedure;
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        if (field->kind != FIELD_LIST)
            continue;
        value_each (row, value_find(view->casefile->fields, field->name)) {
            if (!str_eq(value_find_text(row, "number"), number))
                continue;
            *out_field = field;
            return row;
        }
    }
    return NULL;
}

/* Cases that the letter hands over, with what the case itself was told of them: another case is not looked into. */
static void put_cases(struct arena *arena, const struct case_view *view,
                      const struct regime_field *field, const struct value *numbers,
                      struct value *lists)
{
    int64_t n = 0;
    struct value *list = value_list(arena);
    value_put(lists, field->name, list);
    value_each (one, numbers) {
        const struct regime_field *told = NULL;
        struct value *line = value_append_map(arena, list);
        struct str number = field_text(arena, view, field, one);
        const struct value *row = find_numbered(view, number, &told);
        value_put_int(arena, line, "n", ++n);
        for (size_t i = 0; row != NULL && i < told->column_count; i++)
            value_put(line, told->columns[i].name,
                      value_text(arena, field_text(arena, view, &told->columns[i],
                                                   value_find(row, told->columns[i].name))));
        if (row == NULL)
            value_put_text(arena, line, "number", number);
    }
}

static void put_is(struct arena *arena, const struct regime_field *field, const struct value *held,
                   struct value *is)
{
    struct value *codes = value_map(arena);
    if (field->kind == FIELD_BOOL && held->flag)
        value_put_bool(arena, codes, "yes", true);
    if (field->kind == FIELD_CHOICE && held->kind == VALUE_TEXT)
        value_put(codes, held->text, value_bool(arena, true));
    if (field->kind == FIELD_CHOICE && held->kind == VALUE_LIST)
        value_each (one, held)
            value_put(codes, one->text, value_bool(arena, true));
    value_put(is, field->name, codes);
}

static void put_fields(struct arena *arena, const struct case_view *view, struct value *doc)
{
    const struct regime_procedure *procedure = view->engine->procedure;
    struct value *rows = value_put_map(arena, doc, "rows");
    struct value *is = value_put_map(arena, doc, "is");
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        const struct value *held = value_find(view->casefile->fields, field->name);
        if (value_is_empty(held))
            continue;
        if (field->kind == FIELD_LIST)
            put_rows(arena, view, field, held, rows);
        else if (field->kind == FIELD_CASE && held->kind == VALUE_LIST)
            put_cases(arena, view, field, held, rows);
        else if (field->kind == FIELD_CHOICE || field->kind == FIELD_BOOL)
            put_is(arena, field, held, is);
    }
}

static void put_marks(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *said = value_put_map(arena, doc, "said");
    struct value *told_at = value_put_map(arena, doc, "told_at");
    for (size_t i = 0; i < view->casefile->marks.len; i++) {
        const struct casefile_mark *mark = &view->casefile->marks.at[i];
        if (mark->type == EVENT_SIGNED)
            continue;
        value_put(told_at, mark->what, value_text(arena, minute_text(arena, mark->at)));
        if (!str_is_empty(mark->text))
            value_put(said, mark->what, value_text(arena, mark->text));
    }
}

/* A clock that the calendar cannot tell yet has no day on paper. */
static void put_due(struct ctx *ctx, const struct case_view *view, struct instant at,
                    struct value *doc)
{
    struct value *due = value_put_map(ctx->arena, doc, "due");
    for (size_t i = 0; i < view->casefile->clocks.len; i++) {
        struct clock_view clock;
        const struct casefile_clock *run = &view->casefile->clocks.at[i];
        if (engine_clock_view(ctx, view->engine->calendar, run, at, &clock) != ST_OK)
            fail_clear(ctx);
        else if (!day_is_none(clock.deadline.due_day))
            value_put(due, run->name,
                      value_text(ctx->arena, day_text(ctx->arena, clock.deadline.due_day)));
    }
}

static void put_pictures(struct arena *arena, const struct case_view *view, struct value *doc)
{
    int64_t n = 0;
    struct value *pictures = value_put_list(arena, doc, "pictures");
    for (size_t i = 0; i < view->casefile->evidence.len; i++) {
        const struct casefile_evidence *one = &view->casefile->evidence.at[i];
        if (!str_starts(one->type, S("image/")))
            continue;
        struct value *row = value_append_map(arena, pictures);
        struct str kind = reader_sentence(arena, &view->reader,
                                          str_c(arena, str_concat(arena, S("evidence_kind."), one->kind)),
                                          NO_ARGS); /* i18n: evidence_kind.* */
        value_put_int(arena, row, "n", ++n);
        value_put_text(arena, row, "sha256", one->sha256);
        value_put_text(arena, row, "kind", kind);
        value_put_text(arena, row, "name", one->name);
        value_put_text(arena, row, "at",
                       minute_text(arena, instant_is_none(one->taken_at) ? one->added_at : one->taken_at));
    }
}

/* The form of the command that issued it, beyond fields of the case: noted at the same moment. */
static void put_answers(struct arena *arena, const struct case_view *view,
                        const struct event *issued, struct value *doc)
{
    struct value *answers = value_put_map(arena, doc, "answers");
    const struct regime_procedure *procedure = view->engine->procedure;
    for (size_t i = 0; view->events != NULL && i < view->events->len; i++) {
        const struct event *event = &view->events->at[i].event;
        if (event->recorded_at.ms != issued->recorded_at.ms ||
            !str_eq(event->command, issued->command))
            continue;
        value_each (answer, value_find_c(event->payload, "input")) {
            const struct regime_field *ask = NULL;
            for (size_t t = 0; t < procedure->transition_count && ask == NULL; t++)
                if (str_eq(procedure->transitions[t].name, issued->command))
                    ask = transition_find_ask(&procedure->transitions[t], answer->key);
            if (ask != NULL)
                value_put(answers, answer->key, value_text(arena, field_text(arena, view, ask, answer)));
        }
    }
}

void issued_told_put(struct ctx *ctx, const struct case_view *view, const struct event *issued,
                     struct value *doc)
{
    struct instant at = issued->happened_at;
    struct arena *arena = ctx->arena;
    struct civil day = day_civil(day_of_instant(at));
    const struct world_region *region = world_find_region(view->world, view->casefile->region);
    value_put_int(arena, doc, "year", day.year);
    value_put_int(arena, doc, "month", day.month);
    value_put_int(arena, doc, "day", day.day);
    value_put_text(arena, doc, "region", region == NULL ? S("") : region->name);
    put_roles(arena, view, doc);
    put_fields(arena, view, doc);
    put_answers(arena, view, issued, doc);
    put_marks(arena, view, doc);
    put_due(ctx, view, at, doc);
    put_pictures(arena, view, doc);
}
