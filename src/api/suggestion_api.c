/*
 * A suggestion is noted in the ledger on the record of the account that made it: durable, by whom,
 * and not to be made to disappear by whoever it is about.
 */
#include "api/suggestion_api.h"

#include "api/list_page.h"
#include "api/office.h"
#include "services/case_list.h"
#include "services/audit.h"
#include "services/session.h"

enum { TEXT_LENGTH_MAX = 2000, ABOUT_LENGTH_MAX = 200, FORM_BYTES = 16 * 1024, SHOWN = 50 };

#define COMMAND S("suggest")

struct noting {
    int64_t account;
    struct str actor;
    struct value *details;
};

static enum status note(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct noting *noting = arg;
    return record_note(ctx, ledger, noting->account, noting->actor, COMMAND, S("suggestion"),
                       noting->details);
}

static enum status put_made(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    const struct world *world;
    struct value *made;
    const struct audit_filter filter = {
        .command = COMMAND, .cursor = api_query(call, "cursor"), .limit = SHOWN};
    TRY(office_world(call, &world));
    TRY(audit_document(call->ctx, office_conn(call), world, &reader, &filter, &made));
    struct value *items = value_put_list(arena, call->document, "items");
    value_each (row, value_find_c(made, "items")) {
        const struct value *input = value_find_c(row, "input");
        struct value *item = value_append_map(arena, items);
        value_put_text(arena, item, "text", value_find_text(input, "text"));
        value_put_text(arena, item, "about", value_find_text(input, "about"));
        value_put_text(arena, item, "actor", value_find_text(row, "actor"));
        value_put_text(arena, item, "time", value_find_text(row, "time"));
        value_put_text(arena, item, "time_text", value_find_text(row, "time_text"));
    }
    struct str next = value_find_text(made, "next");
    if (str_is_empty(next))
        return ST_OK;
    struct value *query = value_map(arena);
    value_put_text(arena, query, "cursor", next);
    value_put_text(arena, call->document, "next", next);
    value_put_text(arena, call->document, "next_url",
                   case_list_url(arena, "/suggestions", query, NULL));
    return ST_OK;
}

static enum status show(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    call->document = value_map(arena);
    value_put_text(arena, call->document, "about", api_query(call, "about"));
    value_put_bool(arena, call->document, "sent", str_eq(api_query(call, "sent"), S("true")));
    return platform_may(call->session.caller->platform, ACT_SUGGESTION_READ) ? put_made(call)
                                                                            : ST_OK;
}

static enum status send(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    struct str text = str_trim(value_find_text(call->input, "text"));
    struct str about = value_find_text(call->input, "about");
    if (str_is_empty(text))
        return api_field_wrong(call, "text", "engine.missing", ARGS(arg_c("field", "text")));
    if (utf8_length(text) > TEXT_LENGTH_MAX)
        return api_field_wrong(call, "text", "suggestion.too_long",
                               ARGS(arg_int("limit", TEXT_LENGTH_MAX)));
    struct noting noting = {.account = call->session.account.v,
                            .actor = caller_actor(arena, call->session.caller),
                            .details = value_map(arena)};
    value_put_text(arena, noting.details, "text", text);
    value_put_text(arena, noting.details, "about", utf8_prefix(about, ABOUT_LENGTH_MAX));
    TRY(home_write(call->ctx, office_home(call), note, &noting));
    call->document = value_map(arena);
    value_put_bool(arena, call->document, "sent", true);
    call->status = call->is_page ? 200 : 201;
    if (call->is_page)
        call->location = S("/suggestions?sent=true");
    return ST_OK;
}

static enum status refused(struct api_call *call)
{
    call->document = value_map(call->ctx->arena);
    value_put_text(call->ctx->arena, call->document, "text",
                   value_find_text(call->input, "text"));
    value_put_text(call->ctx->arena, call->document, "about",
                   value_find_text(call->input, "about"));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

static const struct api_field send_fields[] = {{"text", API_TEXT, true, NULL},
                                               {"about", API_TEXT, false, NULL}};

static const struct api_route routes[] = {
    {.name = "suggestion_list", .method = HTTP_GET, .path = "/suggestions", .handler = show,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_SLOW, .page = "suggestion",
     .query = "about sent cursor"},
    {.name = "suggestion_send", .method = HTTP_POST, .path = "/suggestions", .handler = send,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW,
     .page = "suggestion", .body_limit = FORM_BYTES, .fields = send_fields,
     .field_count = COUNT_OF(send_fields), .refused = refused},
};

const struct api_table suggestion_api = {routes, COUNT_OF(routes)};
