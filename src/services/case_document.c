/*
 * One document a case. The order follows the eye: what it is, where it stands, who must act, what
 * is due, what is known, what has been shown, what may be done, how it came about.
 */
#include "services/case_document.h"

#include <inttypes.h>

#include "base/num.h"
#include "engine/drawing.h"
#include "engine/ladder.h"

struct str actor_name(struct arena *arena, const struct case_view *view, struct str actor)
{
    const struct world_person *person;
    const struct world_post *post;
    if (str_eq(actor, S("system")))
        return reader_sentence(arena, &view->reader, "actor.system", NO_ARGS);
    world_find_actor(view->world, actor, &person, &post);
    return person == NULL ? actor : person->name;
}

static void put_label(struct arena *arena, const struct case_view *view, struct value *doc,
                      const char *key, struct words words)
{
    value_put_text(arena, doc, key, words_label(view->reader.lang, words));
}

static struct str id_str(struct arena *arena, int64_t id)
{
    return str_printf(arena, "%" PRId64, id);
}

static void put_instant(struct arena *arena, const struct case_view *view, struct value *doc,
                        const char *key, struct instant at)
{
    if (instant_is_none(at))
        return;
    value_put_text(arena, doc, key, instant_format(arena, at));
    value_put_text(arena, doc, str_c(arena, str_printf(arena, "%s_text", key)),
                   reader_time(arena, &view->reader, at));
}

static struct str case_url(struct arena *arena, struct prefecture prefecture,
                           struct casefile_id id)
{
    return str_concat(arena, S("/cases/"), casefile_ref_format(arena, prefecture, id));
}

struct str case_title(const struct world *world, const struct regime_procedure *procedure,
                      enum lang lang, struct str held)
{
    const struct regime_field *subject = procedure_find_field(procedure, procedure->subject);
    const struct world_region *region = subject != NULL && subject->kind == FIELD_REGION
                                            ? world_find_region(world, held)
                                            : NULL;
    if (region != NULL)
        return region->name;
    for (size_t i = 0; subject != NULL && i < subject->choice_count; i++)
        if (str_eq(subject->choices[i].code, held))
            return words_label(lang, subject->choices[i].words);
    return held;
}

static struct str title_of(struct arena *arena, const struct case_view *view)
{
    const struct value *subject =
        value_find(view->casefile->fields, view->engine->procedure->subject);
    struct str held = subject != NULL && subject->kind == VALUE_TEXT ? subject->text : S("");
    struct str text = case_title(view->world, view->engine->procedure, view->reader.lang, held);
    struct str head = utf8_prefix(text, 120);
    return head.len < text.len ? str_concat(arena, head, S("…")) : head;
}

static void put_head(struct arena *arena, const struct case_view *view, struct value *doc)
{
    const struct casefile *casefile = view->casefile;
    const struct regime_state *state = procedure_find_state(view->engine->procedure, casefile->state);
    const struct regime_source *source = regime_find_source(view->engine->regime, casefile->source);
    const struct world_campaign *campaign = world_find_campaign(view->world, casefile->campaign);
    const struct world_region *region = world_find_region(view->world, casefile->region);
    value_put_text(arena, doc, "id", casefile_ref_format(arena, casefile->prefecture, casefile->id));
    value_put_text(arena, doc, "url", case_url(arena, casefile->prefecture, casefile->id));
    value_put_text(arena, doc, "number", casefile->number);
    value_put_text(arena, doc, "received_number", casefile->received_number);
    value_put_text(arena, doc, "campaign", casefile->campaign);
    value_put_text(arena, doc, "regime", view->engine->regime->id);
    if (campaign != NULL)
        put_label(arena, view, doc, "campaign_label", campaign->title);
    value_put_text(arena, doc, "procedure", casefile->procedure);
    put_label(arena, view, doc, "procedure_label", view->engine->procedure->words);
    value_put_text(arena, doc, "state", casefile->state);
    value_put_text(arena, doc, "state_label",
                   state == NULL ? reader_sentence(arena, &view->reader, "state.withdrawn", NO_ARGS)
                                 : words_label(view->reader.lang, state->words));
    value_put_text(arena, doc, "like", state == NULL ? casefile->state : state->like);
    value_put_bool(arena, doc, "ended", state == NULL || state->end);
    value_put_int(arena, doc, "version", casefile->version);
    value_put_text(arena, doc, "region", casefile->region);
    value_put_text(arena, doc, "region_label", region == NULL ? casefile->region : region->name);
    value_put_text(arena, doc, "title", title_of(arena, view));
    value_put_text(arena, doc, "source", casefile->source);
    if (source != NULL) {
        put_label(arena, view, doc, "source_label", source->words);
        value_put_text(arena, doc, "tier", source->tier);
    }
    value_put_text(arena, doc, "batch", casefile->batch);
    if (!str_is_empty(casefile->batch))
        value_put_text(arena, doc, "batch_url",
                       str_printf(arena, "/batches/%.*s/%.*s", STR_ARG(casefile->campaign),
                                  STR_ARG(casefile->batch)));
    value_put_text(arena, doc, "pressing", casefile->pressing);
    value_put_text(arena, doc, "pack", casefile->pack);
    put_instant(arena, view, doc, "created", casefile->created_at);
    put_instant(arena, view, doc, "updated", casefile->updated_at);
}

static struct value *holder(struct arena *arena, struct value *list, int64_t id, struct str name,
                            bool lead)
{
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "id", id_str(arena, id));
    value_put_text(arena, row, "name", name);
    value_put_bool(arena, row, "lead", lead);
    return row;
}

static struct value *holders(struct arena *arena, const struct case_view *view,
                             const struct casefile_role *role)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < role->units.len; i++) {
        const struct world_unit *unit =
            world_find_unit(view->world, (struct unit_id){role->units.at[i]});
        holder(arena, list, role->units.at[i],
               unit == NULL ? id_str(arena, role->units.at[i]) : unit->name,
               i == 0 && role->units.len > 1);
    }
    for (size_t i = 0; i < role->people.len; i++) {
        const struct world_person *person =
            world_find_person(view->world, (struct person_id){role->people.at[i]});
        holder(arena, list, role->people.at[i],
               person == NULL ? id_str(arena, role->people.at[i]) : person->name, false);
    }
    return list;
}

/*
 * Every case of a campaign is held by all who hold a role of the campaign; a reader of it is told of
 * those who have something to do in it.
 */
static bool has_part(const struct regime_procedure *procedure, const struct regime_role *role)
{
    if (!role->of_campaign)
        return true;
    for (size_t i = 0; i < procedure->transition_count; i++)
        for (size_t j = 0; j < procedure->transitions[i].by_count; j++)
            if (str_eq(procedure->transitions[i].by[j].role, role->name))
                return true;
    for (size_t i = 0; i < procedure->deadline_count; i++)
        if (str_eq(procedure->deadlines[i].charge, role->name))
            return true;
    return false;
}

static void put_roles(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *roles = value_put_map(arena, doc, "roles");
    struct value *shown = value_put_list(arena, doc, "roles_shown");
    for (size_t i = 0; i < view->engine->regime->role_count; i++) {
        const struct regime_role *role = &view->engine->regime->roles[i];
        const struct casefile_role *held = casefile_find_role(view->casefile, role->name);
        if (held == NULL || held->units.len + held->people.len == 0)
            continue;
        value_put(roles, role->name, holders(arena, view, held));
        if (!has_part(view->engine->procedure, role))
            continue;
        struct value *row = value_append_map(arena, shown);
        value_put_text(arena, row, "role", role->name);
        put_label(arena, view, row, "label", role->words);
        value_put(row, S("holders"), holders(arena, view, held));
    }
}

static void put_waits(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct str roles[16];
    struct value *waits = value_put_list(arena, doc, "waits");
    size_t count = engine_waits_for(view->engine, view->casefile, roles, COUNT_OF(roles));
    for (size_t i = 0; i < count; i++) {
        const struct regime_role *role = regime_find_role(view->engine->regime, roles[i]);
        const struct casefile_role *held = casefile_find_role(view->casefile, roles[i]);
        if (role == NULL)
            continue;
        struct value *row = value_append_map(arena, waits);
        value_put_text(arena, row, "role", role->name);
        put_label(arena, view, row, "label", role->words);
        if (held != NULL)
            value_put(row, S("holders"), holders(arena, view, held));
    }
}

static void put_flags(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *flags = value_put_list(arena, doc, "flags");
    for (size_t i = 0; i < view->casefile->flags.len; i++) {
        struct str flag = view->casefile->flags.at[i];
        struct value *row = value_append_map(arena, flags);
        value_put_text(arena, row, "flag", flag);
        put_label(arena, view, row, "label", regime_flag_words(view->engine->regime, flag));
    }
}

/* ---- fields ---- */

static void put_rows(struct arena *arena, const struct case_view *view,
                     const struct regime_field *field, const struct value *value,
                     struct value *out)
{
    struct value *columns = value_put_list(arena, out, "columns");
    for (size_t i = 0; i < field->column_count; i++)
        value_append(columns, value_text(arena, words_label(view->reader.lang,
                                                            field->columns[i].words)));
    struct value *rows = value_put_list(arena, out, "rows");
    value_each (row, value) {
        struct value *cells = value_put_list(arena, value_append_map(arena, rows), "cells");
        for (size_t i = 0; i < field->column_count; i++)
            value_append(cells,
                         value_text(arena, field_text(arena, view, &field->columns[i],
                                                      value_find(row, field->columns[i].name))));
    }
}

static void put_fields(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *raw = value_put_map(arena, doc, "fields");
    struct value *shown = value_put_list(arena, doc, "fields_shown");
    struct value *plan = value_put_map(arena, doc, "plan");
    for (size_t i = 0; i < view->engine->procedure->field_count; i++) {
        const struct regime_field *field = &view->engine->procedure->fields[i];
        const struct value *value = value_find(view->casefile->fields, field->name);
        struct value *row = value_append_map(arena, shown);
        value_put_text(arena, row, "name", field->name);
        put_label(arena, view, row, "label", field->words);
        value_put_text(arena, row, "kind", str_of(field_kind_name(field->kind)));
        value_put_bool(arena, row, "long", field->kind == FIELD_LONGTEXT || field->kind == FIELD_LIST);
        value_put_bool(arena, row, "empty", value_is_empty(value));
        if (value_is_empty(value))
            continue;
        value_put(raw, field->name, value_copy(arena, value));
        if (field->kind == FIELD_LIST) {
            put_rows(arena, view, field, value, row);
            value_put(plan, field->name, value_copy(arena, value));
        } else {
            value_put_text(arena, row, "text", field_text(arena, view, field, value));
            value_put_text(arena, row, "url", field_url(arena, view, field, value));
        }
    }
}

/* ---- deadlines ---- */

static void put_trace(struct ctx *ctx, const struct case_view *view,
                      const struct casefile_clock *clock, struct value *row)
{
    struct deadline_trace trace = {0};
    const struct deadline_terms terms = engine_clock_terms(clock);
    struct arena *arena = ctx->arena;
    struct value *list = value_put_list(arena, value_put_map(arena, row, "explain"), "trace");
    struct ctx own = {.arena = arena, .now = ctx->now};
    if (deadline_explain(&own, view->engine->calendar, &terms, &trace) != ST_OK)
        return;
    for (size_t i = 0; i < trace.len; i++) {
        const struct deadline_day *day = &trace.at[i];
        struct value *line = value_append_map(arena, list);
        value_put_text(arena, line, "day", day_format(arena, day->day));
        value_put_bool(arena, line, "counts", day->counts);
        value_put_bool(arena, line, "provisional", day->provisional);
        value_put_text(arena, line, "why",
                       reader_sentence(arena, &view->reader, deadline_why_key(day->why),
                                       ARGS(arg_text("name", day->name))));
        if (!str_is_empty(day->notice))
            value_put_text(arena, line, "notice", day->notice);
    }
}

static enum status put_deadline(struct ctx *ctx, const struct case_view *view,
                                const struct casefile_clock *clock, struct value *list)
{
    static const char *const states[] = {"running", "paused", "met", "lapsed"};
    static const char *const labels[] = {"clock.running", "clock.paused", "clock.met",
                                         "clock.lapsed"};
    struct arena *arena = ctx->arena;
    struct clock_view seen;
    TRY(engine_clock_view(ctx, view->engine->calendar, clock, view->reader.now, &seen));
    const struct regime_deadline *deadline =
        procedure_find_deadline(view->engine->procedure, clock->name);
    struct value *row = value_append_map(arena, list);
    bool fixed = !day_is_none(clock->until);
    value_put_text(arena, row, "name", clock->name);
    value_put_text(arena, row, "label",
                   deadline == NULL ? clock->name
                                    : words_label(view->reader.lang, deadline->words));
    value_put_text(arena, row, "clause", deadline == NULL ? S("") : deadline->clause);
    value_put_text(arena, row, "unit",
                   fixed ? S("until") : str_of(length_unit_name(clock->length.unit)));
    value_put_int(arena, row, "length", clock->length.count);
    put_instant(arena, view, row, "started", clock->start);
    if (!seen.deadline.open) {
        bool to_the_minute = seen.deadline.in_hours;
        value_put_text(arena, row, "due",
                       to_the_minute ? instant_format(arena, seen.deadline.due)
                                     : day_format(arena, seen.deadline.due_day));
        const struct arg day = arg_day("day", seen.deadline.due_day);
        value_put_text(arena, row, "due_text",
                       to_the_minute
                           ? reader_time(arena, &view->reader, seen.deadline.due)
                           : words_value(arena, view->reader.words, view->reader.lang, &day));
        value_put_text(arena, row, "end", instant_format(arena, seen.deadline.end));
    }
    value_put_text(arena, row, "state", str_of(states[seen.state]));
    value_put_text(arena, row, "state_label",
                   reader_sentence(arena, &view->reader, labels[seen.state], NO_ARGS));
    value_put_bool(arena, row, "provisional", seen.deadline.provisional);
    bool over = !instant_is_none(clock->stopped);
    value_put_bool(arena, row, "running", !over);
    value_put_text(arena, row, "class", over ? str_of(states[seen.state])
                                             : str_of(reader_left_class(&seen.left)));
    if (!over)
        value_put_text(arena, row, "left",
                       reader_left(arena, &view->reader, &seen.deadline, &seen.left,
                                   clock->length.unit == LENGTH_WORKDAYS));
    else
        put_instant(arena, view, row, "stopped", clock->stopped);
    if (deadline != NULL && !str_is_empty(deadline->charge))
        put_label(arena, view, row, "charge_label",
                  regime_find_role(view->engine->regime, deadline->charge)->words);
    put_trace(ctx, view, clock, row);
    return ST_OK;
}

static enum status put_deadlines(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct value *list = value_put_list(ctx->arena, doc, "deadlines");
    for (size_t i = 0; i < view->casefile->clocks.len; i++)
        TRY(put_deadline(ctx, view, &view->casefile->clocks.at[i], list));
    return ST_OK;
}

/* ---- evidence, links ---- */

/* The program's word, else what the pack calls it. */
static struct str kind_label(const struct case_view *view, struct str key, struct str kind)
{
    struct str found = words_find(view->reader.words, view->reader.lang, key);
    return !str_is_empty(found) ? found
                                : words_label(view->reader.lang,
                                              regime_flag_words(view->engine->regime, kind));
}

static struct str evidence_label(struct arena *arena, const struct case_view *view, struct str kind)
{
    struct str key = str_concat(arena, S("evidence_kind."), kind); /* i18n: evidence_kind.* */
    return kind_label(view, key, kind);
}

static void evidence_row(struct arena *arena, const struct case_view *view,
                         const struct casefile_evidence *evidence, struct value *row)
{
    struct str id = id_str(arena, evidence->id.v);
    bool image = str_starts(evidence->type, S("image/"));
    value_put_text(arena, row, "id", id);
    value_put_text(arena, row, "kind", evidence->kind);
    value_put_text(arena, row, "kind_label", evidence_label(arena, view, evidence->kind));
    value_put_text(arena, row, "name", evidence->name);
    value_put_text(arena, row, "type", evidence->type);
    value_put_int(arena, row, "bytes", evidence->bytes);
    const struct arg size = arg_bytes("size", evidence->bytes);
    value_put_text(arena, row, "bytes_text",
                   words_value(arena, view->reader.words, view->reader.lang, &size));
    value_put_text(arena, row, "sha256", evidence->sha256);
    put_instant(arena, view, row, "taken", evidence->taken_at);
    put_instant(arena, view, row, "added", evidence->added_at);
    value_put_text(arena, row, "by", actor_name(arena, view, evidence->actor));
    struct str url = str_concat(arena, S("/evidence/"), id);
    value_put_text(arena, row, "url", url);
    value_put_bool(arena, row, "is_image", image);
    value_put_bool(arena, row, "is_pdf", str_eq(evidence->type, S("application/pdf")));
    if (image)
        value_put_text(arena, row, "thumb_url", str_concat(arena, url, S("/thumb")));
}

static void put_evidence(struct arena *arena, const struct case_view *view, struct value *doc)
{
    const struct regime_procedure *procedure = view->engine->procedure;
    struct value *all = value_put_list(arena, doc, "evidence");
    struct value *groups = value_put_list(arena, doc, "evidence_groups");
    for (size_t i = 0; i < view->casefile->evidence.len; i++)
        evidence_row(arena, view, &view->casefile->evidence.at[i], value_append_map(arena, all));
    for (size_t k = 0; k < procedure->evidence_kind_count; k++) {
        struct value *group = value_append_map(arena, groups);
        value_put_text(arena, group, "kind", procedure->evidence_kinds[k]);
        value_put_text(arena, group, "kind_label",
                       evidence_label(arena, view, procedure->evidence_kinds[k]));
        struct value *items = value_put_list(arena, group, "items");
        for (size_t i = 0; i < view->casefile->evidence.len; i++)
            if (str_eq(view->casefile->evidence.at[i].kind, procedure->evidence_kinds[k]))
                evidence_row(arena, view, &view->casefile->evidence.at[i],
                             value_append_map(arena, items));
    }
}

static void put_passed(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *passed = value_put_list(arena, doc, "passed");
    for (size_t i = 0; i < view->casefile->entries.len; i++)
        value_append(passed, value_text(arena, view->casefile->entries.at[i].state));
}

static void put_links(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *links = value_put_list(arena, doc, "links");
    for (size_t i = 0; i < view->casefile->links.len; i++) {
        const struct casefile_link *link = &view->casefile->links.at[i];
        struct value *row = value_append_map(arena, links);
        struct str key = str_concat(arena, S("link_kind."), link->kind); /* i18n: link_kind.* */
        value_put_text(arena, row, "kind", link->kind);
        value_put_text(arena, row, "kind_label", kind_label(view, key, link->kind));
        value_put_text(arena, row, "id", casefile_ref_format(arena, link->prefecture, link->id));
        value_put_text(arena, row, "url", case_url(arena, link->prefecture, link->id));
    }
}

/* ---- actions ---- */

/* Without the fields that the reader may not fill at all. */
static const struct regime_field *offered(struct ctx *ctx, const struct case_view *view,
                                          struct str command, const struct regime_field *fields,
                                          size_t *io_count)
{
    size_t count = 0;
    struct regime_field *kept = arena_alloc_array(ctx->arena, *io_count, sizeof *kept);
    for (size_t i = 0; i < *io_count; i++)
        if (!engine_hides_field(ctx, view->engine, view->casefile, command, view->actor,
                                fields[i].name))
            kept[count++] = fields[i];
    *io_count = count;
    return kept;
}

static void put_form(struct ctx *ctx, const struct case_view *view, const struct action *action,
                     struct value *row)
{
    struct arena *arena = ctx->arena;
    struct value *form = value_put_map(arena, row, "form");
    size_t count = 0;
    const struct regime_field *fields =
        action->transition == NULL
            ? ladder_form(arena, view->engine, view->casefile, action->command, &count)
            : form_fields(arena, action->transition, &count);
    fields = offered(ctx, view, action->command, fields, &count);
    value_put(form, S("fields"),
              form_document(arena, view, fields, count, view->casefile->fields));
    if (action->allowed && str_eq(action->command, S("delegate")))
        value_put(form, S("holders"), role_choices(arena, view));
}

static struct str due_of(struct ctx *ctx, const struct case_view *view, struct str command)
{
    for (size_t i = 0; i < view->casefile->clocks.len; i++) {
        const struct casefile_clock *clock = &view->casefile->clocks.at[i];
        const struct regime_deadline *deadline =
            procedure_find_deadline(view->engine->procedure, clock->name);
        struct clock_view seen;
        if (deadline == NULL || !instant_is_none(clock->stopped))
            continue;
        for (size_t j = 0; j < deadline->stop_count; j++)
            if (str_eq(deadline->stops_on[j], command) &&
                engine_clock_view(ctx, view->engine->calendar, clock, view->reader.now, &seen) ==
                    ST_OK &&
                !seen.deadline.open)
                return instant_format(ctx->arena, seen.deadline.due);
    }
    return (struct str){0};
}

/* By which rule it is forbidden, and which way stands open; nothing where it is none that refuses. */
static void put_prohibition(struct arena *arena, const struct reason *why, struct value *row)
{
    if (!str_is_empty(why->rule))
        value_put_text(arena, row, "prohibition", why->rule);
    if (!str_is_empty(why->instead))
        value_put_text(arena, row, "instead", why->instead);
}

static void action_row(struct ctx *ctx, const struct case_view *view, const struct action *action,
                       struct value *row)
{
    struct arena *arena = ctx->arena;
    struct str id = casefile_ref_format(arena, view->casefile->prefecture, view->casefile->id);
    value_put_text(arena, row, "command", action->command);
    value_put_text(arena, row, "label",
                   action->key != NULL ? reader_sentence(arena, &view->reader, action->key, NO_ARGS)
                                       : words_label(view->reader.lang, action->label));
    value_put_text(arena, row, "clause", action->clause);
    value_put_bool(arena, row, "allowed", action->allowed);
    value_put_bool(arena, row, "danger", action->transition != NULL && action->transition->danger);
    if (!action->allowed) {
        value_put_text(arena, row, "why_not",
                       words_reason(arena, view->reader.words, view->reader.lang, &action->why_not));
        value_put_text(arena, row, "needs",
                       words_needs(arena, view->reader.words, view->reader.lang, &action->why_not));
        value_put_text(arena, row, "why_clause", action->why_not.clause);
        put_prohibition(arena, &action->why_not, row);
    }
    struct str due = due_of(ctx, view, action->command);
    if (!str_is_empty(due))
        value_put_text(arena, row, "due", due);
    value_put_text(arena, row, "url",
                   str_printf(arena, "/cases/%.*s/commands/%.*s", STR_ARG(id),
                              STR_ARG(action->command)));
    put_form(ctx, view, action, row);
}

/* What the page shows as closed: what the state or a guard forbids, not every stranger's act. */
static enum status put_actions(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct action_list actions = {0};
    struct arena *arena = ctx->arena;
    TRY(engine_list_actions(ctx, view->engine, view->casefile, view->actor, &actions));
    struct value *all = value_put_list(arena, doc, "actions");
    struct value *open = value_put_list(arena, doc, "open_actions");
    struct value *closed = value_put_list(arena, doc, "closed_actions");
    for (size_t i = 0; i < actions.len; i++) {
        const struct action *action = &actions.at[i];
        action_row(ctx, view, action, value_append_map(arena, all));
        if (action->allowed)
            action_row(ctx, view, action, value_append_map(arena, open));
        else if (action->transition != NULL && !action->is_who)
            action_row(ctx, view, action, value_append_map(arena, closed));
    }
    return ST_OK;
}

/* Where the case draws: the file with which anyone can repeat it. */
static void put_draw(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct engine_draw draw;
    struct arena *arena = ctx->arena;
    if (!engine_find_draw(ctx, view->engine, view->casefile, &draw))
        return;
    struct str id = casefile_ref_format(arena, view->casefile->prefecture, view->casefile->id);
    value_put_text(arena, doc, "draw_url",
                   str_printf(arena, "/api/v1/cases/%.*s/draw", STR_ARG(id)));
}

enum status case_document(struct ctx *ctx, const struct case_view *view, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct value *doc = value_map(arena);
    put_head(arena, view, doc);
    put_waits(arena, view, doc);
    put_roles(arena, view, doc);
    put_flags(arena, view, doc);
    TRY(put_deadlines(ctx, view, doc));
    put_fields(arena, view, doc);
    put_evidence(arena, view, doc);
    put_links(arena, view, doc);
    put_passed(arena, view, doc);
    put_draw(ctx, view, doc);
    TRY(put_composition(ctx, view, doc));
    TRY(put_actions(ctx, view, doc));
    put_measures(ctx, view, doc);
    put_documents(ctx->arena, view, doc);
    put_sealed(ctx, view, doc);
    put_timeline(ctx, view, doc);
    *out = doc;
    return ST_OK;
}
