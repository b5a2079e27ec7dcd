/*
 * Counting and proving walk much of the database, so both run beside the threads that serve.
 */
#include "api/audit_api.h"

#include "api/list_page.h"
#include "api/office.h"
#include "services/case_list.h"
#include "base/num.h"
#include "services/audit.h"
#include "services/checkpoint.h"
#include "services/session.h"

enum { CHECKPOINTS_SHOWN = 5, LIMIT_USUAL = 50, FORM_BYTES = 4 * 1024 };

static enum status take_filter(struct api_call *call, struct audit_filter *out)
{
    int64_t limit = LIMIT_USUAL;
    enum record_kind kind;
    struct str given = api_query(call, "limit");
    *out = (struct audit_filter){.kind = api_query(call, "kind"),
                                 .command = api_query(call, "command"),
                                 .cursor = api_query(call, "cursor")};
    if (!str_is_empty(given) && !num_parse_i64(given, 1, AUDIT_LIST_MAX, &limit))
        return fail(call->ctx, ST_MALFORMED, "list.wrong_value",
                    ARGS(arg_c("field", "limit"), arg_text("given", given)));
    if (!str_is_empty(out->kind) && !record_kind_parse(out->kind, &kind))
        return fail(call->ctx, ST_MALFORMED, "list.wrong_value",
                    ARGS(arg_c("field", "kind"), arg_text("given", out->kind)));
    out->limit = (size_t)limit;
    return ST_OK;
}

static void put_filters(struct api_call *call, struct str chosen)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    struct value *filter =
        value_append_map(arena, value_put_list(arena, call->document, "filters"));
    value_put_text(arena, filter, "name", S("kind"));
    value_put_text(arena, filter, "kind", S("choice"));
    value_put_text(arena, filter, "label",
                   reader_sentence(arena, &reader, "web.audit.kind", NO_ARGS));
    value_put_text(arena, filter, "value", chosen);
    struct value *options = value_put_list(arena, filter, "options");
    for (int i = 0; i < RECORD_KIND_COUNT; i++) {
        struct str name = str_of(record_kind_name((enum record_kind)i));
        const char *key = str_c(arena, str_concat(arena, S("record_kind."), name));
        struct value *option = value_append_map(arena, options);
        value_put_text(arena, option, "value", name);
        value_put_text(arena, option, "label", reader_sentence(arena, &reader, key, NO_ARGS));
        value_put_bool(arena, option, "selected", str_eq(name, chosen));
    }
}

static enum status show_audit(struct api_call *call)
{
    struct audit_filter filter;
    const struct world *world;
    struct value *ledger, *checkpoints;
    const struct reader reader = office_reader(call);
    struct arena *arena = call->ctx->arena;
    TRY(caller_need(call->ctx, call->session.caller, ACT_AUDIT_READ));
    TRY(take_filter(call, &filter));
    TRY(office_world(call, &world));
    TRY(audit_document(call->ctx, office_conn(call), world, &reader, &filter, &call->document));
    TRY(audit_ledger_document(call->ctx, office_conn(call), &reader, &ledger));
    value_put(call->document, S("ledger"), ledger);
    TRY(checkpoint_list_document(call->ctx, office_home(call), office_conn(call), INT64_MAX,
                                 CHECKPOINTS_SHOWN, &checkpoints));
    value_put(call->document, S("checkpoints"),
              value_copy(arena, value_find_c(checkpoints, "items")));
    value_put_bool(arena, call->document, "may_verify",
                   platform_may(call->session.caller->platform, ACT_LEDGER_VERIFY));
    if (!call->is_page)
        return ST_OK;
    put_filters(call, filter.kind);
    struct str next = value_find_text(call->document, "next");
    struct value *query = office_query(call);
    value_put_text(arena, query, "cursor", next);
    if (!str_is_empty(next))
        value_put_text(arena, call->document, "next_url",
                       case_list_url(arena, "/audit", query, NULL));
    return ST_OK;
}

static enum status verify(struct api_call *call)
{
    struct ledger_verdict verdict;
    const struct reader reader = office_reader(call);
    TRY(caller_need(call->ctx, call->session.caller, ACT_LEDGER_VERIFY));
    TRY(audit_verify(call->ctx, office_home(call), office_conn(call),
                     caller_actor(call->ctx->arena, call->session.caller), &verdict));
    call->document = audit_verdict_document(call->ctx->arena, &reader, &verdict);
    call->status = 200;
    call->flash = verdict.whole ? "flash.ledger_whole" : "flash.ledger_broken";
    if (call->is_page)
        call->location = S("/audit");
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "audit", .method = HTTP_GET, .path = "/audit", .handler = show_audit,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_SLOW, .page = "audit",
     .query = "kind command limit cursor"},
    {.name = "audit_verify", .method = HTTP_POST, .path = "/audit/verify", .handler = verify,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW,
     .page = "audit", .body_limit = FORM_BYTES},
};

const struct api_table audit_api = {routes, COUNT_OF(routes)};
