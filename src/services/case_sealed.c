/*
 * What is sealed in a case, for its readers: that it is, who may open it, who did and why.
 */
#include "services/case_document.h"

static void put_openings(struct arena *arena, const struct case_view *view, struct value *doc)
{
    struct value *list = value_put_list(arena, doc, "openings");
    for (size_t i = view->events == NULL ? 0 : view->events->len; i > 0; i--) {
        const struct event *event = &view->events->at[i - 1].event;
        if (!str_eq(event->command, S("open_sealed")))
            continue;
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "name", actor_name(arena, view, event->actor));
        value_put_text(arena, row, "time_text",
                       reader_time(arena, &view->reader, event->recorded_at));
        value_put_text(arena, row, "reason", value_find_text(event->payload, "reason"));
    }
}

static void put_labels(struct arena *arena, const struct case_view *view, struct value *doc)
{
    const struct regime_procedure *procedure = view->engine->procedure;
    struct value *labels = value_put_list(arena, doc, "labels");
    for (size_t i = 0; i < procedure->field_count; i++)
        if (procedure->fields[i].sealed &&
            !value_is_empty(value_find(view->casefile->fields, procedure->fields[i].name)))
            value_append(labels,
                         value_text(arena, words_label(view->reader.lang, procedure->fields[i].words)));
}

void put_sealed(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct arena *arena = ctx->arena;
    struct ctx own = {.arena = arena, .now = ctx->now};
    const struct actor_post *post;
    if (view->engine->procedure->unsealed_by_count == 0)
        return;
    enum status status =
        engine_may(&own, view->engine, view->casefile, S("open_sealed"), view->actor, &post);
    if (status == ST_CONFLICT) /* nothing is sealed here */
        return;
    const struct reason *why = &own.failure.reason;
    struct value *sealed = value_put_map(arena, doc, "sealed");
    value_put_text(arena, sealed, "url",
                   str_printf(arena, "/cases/%.*s/sealed",
                              STR_ARG(casefile_ref_format(arena, view->casefile->prefecture,
                                                          view->casefile->id))));
    value_put_bool(arena, sealed, "allowed", status == ST_OK);
    if (status != ST_OK) {
        value_put_text(arena, sealed, "why_not",
                       words_reason(arena, view->reader.words, view->reader.lang, why));
        value_put_text(arena, sealed, "needs",
                       words_needs(arena, view->reader.words, view->reader.lang, why));
        value_put_text(arena, sealed, "why_clause", why->clause);
    }
    put_labels(arena, view, sealed);
    put_openings(arena, view, sealed);
}
