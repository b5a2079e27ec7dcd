/*
 * The rows say which measures there are; what a reader sees of one is told from its case, which is
 * read for it. Pages of measures are short, so that costs less than to keep it all twice.
 */
#include "services/measures.h"

#include "base/num.h"
#include "engine/ladder.h"
#include "services/case_list.h"
#include "store/measure_rows.h"

enum { LIMIT_USUAL = 50, LIMIT_MAX = 200, RECORDS_MAX = 20 };

struct telling {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
};

static enum status wrong(struct ctx *ctx, const char *field, struct str value)
{
    struct reason reason = reason_make(
        "list.wrong_value", ARGS(arg_c("field", field), arg_text("given", value)));
    reason.field = str_of(field);
    return fail_reason(ctx, ST_MALFORMED, reason);
}

/* Open where none is named; `all`: any. */
static enum status read_state(struct ctx *ctx, const struct value *query, struct str *out)
{
    struct str text = value_find_text(query, "state");
    *out = S("");
    if (str_eq(text, S("all")))
        return ST_OK;
    for (int i = 0; i < MEASURE_STATE_COUNT; i++)
        if (str_is_empty(text) || str_eq(text, measure_state_name((enum measure_state)i))) {
            *out = measure_state_name((enum measure_state)i);
            return ST_OK;
        }
    return wrong(ctx, "state", text);
}

static enum status read_filter(struct ctx *ctx, const struct value *query,
                               struct measure_filter *out, int64_t *out_limit)
{
    struct str limit = value_find_text(query, "limit");
    *out = (struct measure_filter){.campaign = value_find_text(query, "campaign"),
                                   .step = value_find_text(query, "step"),
                                   .unit = value_find_text(query, "unit")};
    *out_limit = LIMIT_USUAL;
    if (!str_is_empty(limit) && !num_parse_i64(limit, 1, LIMIT_MAX, out_limit))
        return wrong(ctx, "limit", limit);
    return read_state(ctx, query, &out->state);
}

/* ---- forms ---- */

/* The newest cases that the step's guard would take as the record, for choosing. */
static enum status list_records(const struct telling *t, const struct case_view *view,
                                const struct regime_step *step, struct casefile_list *out)
{
    struct str procedures[16];
    size_t count = 0;
    *out = (struct casefile_list){0};
    for (size_t i = 0; i < step->row.need_count; i++) {
        if (step->row.needs[i].kind != GUARD_RECORD)
            continue;
        value_each (name, step->row.needs[i].args)
            if (count < COUNT_OF(procedures))
                procedures[count++] = name->text;
    }
    if (count == 0)
        return ST_OK;
    const struct casefile_filter filter = {.campaigns = {&view->casefile->campaign, 1},
                                           .procedures = {procedures, count},
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = case_scope(t->ctx->arena, t->world, t->actor)};
    const struct casefile_page page = {.descending = true, .limit = RECORDS_MAX};
    return casefile_list(t->ctx, t->conn, &filter, &page, out);
}

static void put_record_choices(struct arena *arena, const struct casefile_list *records,
                               struct value *field)
{
    struct value *choices = value_list(arena);
    for (size_t i = 0; i < records->rows.len; i++) {
        const struct casefile_row *row = &records->rows.at[i];
        struct value *choice = value_append_map(arena, choices);
        value_put_text(arena, choice, "value", row->number);
        value_put_text(arena, choice, "label",
                       str_printf(arena, "%.*s %.*s", STR_ARG(row->number), STR_ARG(row->title)));
        value_put_bool(arena, choice, "selected", i == 0);
    }
    value_put(field, S("choices"), choices);
}

static enum status put_form(const struct telling *t, const struct case_view *view,
                            const struct regime_step *step, struct value *action)
{
    struct arena *arena = t->ctx->arena;
    struct casefile_list records;
    size_t count;
    const struct regime_field *fields = form_fields(arena, &step->row, &count);
    struct value *form = value_put_map(arena, action, "form");
    struct value *rows = form_document(arena, view, fields, count, view->casefile->fields);
    TRY(list_records(t, view, step, &records));
    for (struct value *row = rows->first; row != NULL; row = row->next)
        if (str_eq(value_find_text(row, "name"), S("record")))
            put_record_choices(arena, &records, row);
    value_put(form, S("fields"), rows);
    return ST_OK;
}

static struct value *add_action(struct arena *arena, const struct case_view *view,
                                const struct casefile_measure *measure, const char *command,
                                struct value *actions)
{
    struct value *action = value_append_map(arena, actions);
    struct str id = casefile_ref_format(arena, view->casefile->prefecture, view->casefile->id);
    struct str key = str_printf(arena, "command.%s", command); /* i18n: command.* */
    value_put_text(arena, action, "command", str_of(command));
    value_put_text(arena, action, "label",
                   reader_sentence(arena, &view->reader, key.at, NO_ARGS));
    value_put_text(arena, action, "step", measure->step);
    value_put_int(arena, action, "version", view->casefile->version);
    value_put_text(arena, action, "url",
                   str_printf(arena, "/cases/%.*s/commands/%s", STR_ARG(id), command));
    value_put_text(arena, action, "form_id",
                   str_printf(arena, "%s-%.*s-%lld", command, STR_ARG(id),
                              (long long)measure->seq));
    return action;
}

/* Confirming and holding back, where the proposal waits for the reader. */
static enum status put_actions(const struct telling *t, const struct case_view *view,
                               const struct casefile_measure *measure, struct value *row)
{
    static const struct regime_field reason = {
        .name = STR_INIT("reason"), .kind = FIELD_LONGTEXT, .required = true};
    struct arena *arena = t->ctx->arena;
    struct value *actions = value_put_list(arena, row, "open_actions");
    struct step_list steps = {0};
    engine_list_steps(t->ctx, view->engine, view->casefile, t->actor, &steps);
    for (size_t i = 0; i < steps.len; i++) {
        const struct step_view *step = &steps.at[i];
        if (step->open != measure)
            continue;
        if (step->may_take)
            TRY(put_form(t, view, step->step,
                         add_action(arena, view, measure, "confirm_measure", actions)));
        if (!step->may_hold)
            continue;
        struct value *hold = add_action(arena, view, measure, "hold_measure", actions);
        value_put(value_put_map(arena, hold, "form"), S("fields"),
                  form_document(arena, view, &reason, 1, NULL));
    }
    return ST_OK;
}

/* ---- rows ---- */

static void put_case(struct arena *arena, const struct case_view *view, struct value *row)
{
    const struct casefile *casefile = view->casefile;
    const struct value *subject = value_find(casefile->fields, view->engine->procedure->subject);
    struct value *out = value_put_map(arena, row, "case");
    struct str id = casefile_ref_format(arena, casefile->prefecture, casefile->id);
    value_put_text(arena, out, "id", id);
    value_put_text(arena, out, "url", str_concat(arena, S("/cases/"), id));
    value_put_text(arena, out, "number", casefile->number);
    value_put_text(arena, out, "title",
                   subject != NULL && subject->kind == VALUE_TEXT
                       ? utf8_prefix(subject->text, LIMIT_USUAL)
                       : S(""));
    value_put_text(arena, out, "state", casefile->state);
    value_put_text(arena, out, "state_label",
                   words_label(view->reader.lang,
                               engine_state_words(view->engine, casefile->state)));
    value_put_int(arena, out, "version", casefile->version);
    value_put_text(arena, out, "campaign", casefile->campaign);
}

/* Where the cases that came of it stand. */
static enum status put_follow_states(const struct telling *t, struct value *row)
{
    struct arena *arena = t->ctx->arena;
    struct value *follow = row->first;
    while (follow != NULL && !str_eq_c(follow->key, "follow"))
        follow = follow->next;
    for (struct value *one = follow == NULL ? NULL : follow->first; one != NULL; one = one->next) {
        struct case_ref ref;
        struct casefile_row found;
        const struct regime *regime;
        if (!casefile_ref_parse(value_find_text(one, "id"), &ref.prefecture, &ref.id))
            continue;
        TRY(casefile_rows_find(t->ctx, t->conn, ref.prefecture, ref.id, &found));
        TRY(world_load_pack(t->ctx, t->world, found.pack, &regime));
        const struct regime_procedure *procedure = regime_find_procedure(regime, found.procedure);
        const struct regime_state *state =
            procedure == NULL ? NULL : procedure_find_state(procedure, found.state);
        value_put_text(arena, one, "number", found.number);
        value_put_bool(arena, one, "ended", found.ended);
        value_put_text(arena, one, "state_label",
                       state == NULL ? found.state
                                     : words_label(t->reader->lang, state->words));
    }
    return ST_OK;
}

static const struct casefile_measure *find_measure(const struct casefile *casefile, int64_t seq)
{
    for (size_t i = 0; i < casefile->measures.len; i++)
        if (casefile->measures.at[i].seq == seq)
            return &casefile->measures.at[i];
    return NULL;
}

/* Cases that the reader may not see are passed over. */
static enum status put_row(const struct telling *t, const struct measure_row *found,
                           struct value *items)
{
    struct arena *arena = t->ctx->arena;
    struct case_reading reading;
    const struct case_ref ref = {found->prefecture, found->casefile};
    enum status status = casework_read(t->ctx, t->conn, t->world, ref, t->actor, &reading);
    if (status == ST_NOT_FOUND) {
        fail_clear(t->ctx);
        return ST_OK;
    }
    TRY(status);
    const struct casefile_measure *measure = find_measure(reading.casefile, found->seq);
    if (measure == NULL)
        return ST_OK;
    const struct case_view view = {.reader = *t->reader,
                                   .world = t->world,
                                   .engine = &reading.engine,
                                   .casefile = reading.casefile,
                                   .events = &reading.events,
                                   .actor = t->actor};
    struct value *row = value_append_map(arena, items);
    put_case(arena, &view, row);
    put_measure(arena, &view, measure, row);
    TRY(put_follow_states(t, row));
    return measure->state == MEASURE_OPEN ? put_actions(t, &view, measure, row) : ST_OK;
}

/* i18n: measure.state.* */
static void put_states(const struct telling *t, const struct value *query, struct str state,
                       struct value *doc)
{
    struct arena *arena = t->ctx->arena;
    struct value *states = value_put_list(arena, doc, "states");
    for (int i = 0; i <= MEASURE_STATE_COUNT; i++) {
        bool all = i == MEASURE_STATE_COUNT;
        struct str name = all ? S("all") : measure_state_name((enum measure_state)i);
        struct str key = str_concat(arena, S("measure.state."), name);
        struct value *row = value_append_map(arena, states);
        struct value *asked = value_copy(arena, query);
        value_put_text(arena, asked, "state", name);
        value_put_text(arena, row, "state", name);
        value_put_text(arena, row, "label",
                       reader_sentence(arena, t->reader, str_c(arena, key), NO_ARGS));
        value_put_bool(arena, row, "selected",
                       str_eq(name, str_is_empty(state) ? S("all") : state));
        value_put_text(arena, row, "url", case_list_url(arena, "/measures", asked, NULL));
    }
}

enum status measure_list_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                  const struct reader *reader, const struct actor *actor,
                                  const struct value *query, struct value **out)
{
    const struct telling t = {ctx, conn, world, reader, actor};
    struct measure_filter filter;
    struct measure_row_list rows;
    int64_t limit;
    TRY(read_filter(ctx, query, &filter, &limit));
    TRY(measure_rows_list(ctx, conn, &filter, limit, &rows));
    struct value *doc = value_map(ctx->arena);
    struct value *items = value_put_list(ctx->arena, doc, "items");
    for (size_t i = 0; i < rows.len; i++)
        TRY(put_row(&t, &rows.at[i], items));
    value_put_text(ctx->arena, doc, "state", str_is_empty(filter.state) ? S("all") : filter.state);
    put_states(&t, query, filter.state, doc);
    *out = doc;
    return ST_OK;
}
