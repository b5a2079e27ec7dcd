/*
 * A failure holds keys and values; here it gets its sentences.
 */
#include "api/problem.h"

struct writing {
    struct arena *arena;
    const struct words_book *book;
    enum lang lang;
};

static struct str code_of(const struct reason *reason)
{
    return str_of(reason->code != NULL ? reason->code : reason->key);
}

static void put_present(struct arena *arena, struct value *map, const char *key, struct str text)
{
    if (text.len > 0)
        value_put_text(arena, map, key, text);
}

static void put_reason(const struct writing *w, struct value *map, const struct reason *reason)
{
    value_put_text(w->arena, map, "detail", words_reason(w->arena, w->book, w->lang, reason));
    value_put_text(w->arena, map, "code", code_of(reason));
    put_present(w->arena, map, "clause", reason->clause);
    put_present(w->arena, map, "field", reason->field);
    put_present(w->arena, map, "rule", reason->rule);
    put_present(w->arena, map, "instead", reason->instead);
    put_present(w->arena, map, "needs", words_needs(w->arena, w->book, w->lang, reason));
}

static void put_all(const struct writing *w, struct value *map, const struct failure *failure)
{
    bool fields = failure->status == ST_INVALID && failure->reason.field.len > 0;
    if (!fields && failure->more_count == 0)
        return;
    struct value *list = value_put_list(w->arena, map, fields ? "errors" : "reasons");
    put_reason(w, value_append_map(w->arena, list), &failure->reason);
    for (size_t i = 0; i < failure->more_count; i++)
        put_reason(w, value_append_map(w->arena, list), &failure->more[i]);
}

static void put_body(const struct writing *w, struct value *map, const struct failure *failure,
                     int status)
{
    value_put_text(w->arena, map, "title",
                   words_format(w->arena, w->book, w->lang, str_of(status_key(failure->status)),
                                NO_ARGS));
    value_put_int(w->arena, map, "status", status);
    put_reason(w, map, &failure->reason);
    put_all(w, map, failure);
}

struct value *problem_of(const struct api_call *call, const struct words_book *book,
                         const struct failure *failure)
{
    const struct writing w = {call->ctx->arena, book, call->lang};
    struct value *map = value_map(w.arena);
    put_body(&w, map, failure, status_http(failure->status));
    return map;
}

struct value *problem_document(const struct api_call *call, const struct words_book *book)
{
    const struct failure *failure = &call->ctx->failure;
    struct arena *arena = call->ctx->arena;
    const struct writing w = {arena, book, call->lang};
    struct value *map = value_map(arena);
    must(failure->status != ST_OK);
    value_put_text(arena, map, "type",
                   str_printf(arena, "urn:lantian:problem:%s", status_name(failure->status)));
    put_body(&w, map, failure, http_refusal_status(call->http));
    value_put_text(arena, map, "instance",
                   str_printf(arena, "urn:lantian:request:%.*s", STR_ARG(call->ctx->request_id)));
    return map;
}
