/*
 * A root says nothing of what was recorded, and whoever keeps one can hold us to it: so everybody may
 * read roots and how they follow each other. Which event stands where is told to who may read the case.
 */
#include "api/checkpoint_api.h"

#include "api/office.h"
#include "base/num.h"
#include "services/account.h"
#include "services/casework.h"
#include "services/checkpoint.h"

enum { LIMIT_USUAL = 50, LIMIT_MAX = 500, FORM_BYTES = 4 * 1024 };

/* A query parameter that is a number; `usual` where it is absent. */
static enum status take_number(struct api_call *call, const char *name, int64_t min, int64_t max,
                               int64_t usual, int64_t *out)
{
    struct str given = api_query(call, name);
    *out = usual;
    if (str_is_empty(given) ? usual >= min : num_parse_i64(given, min, max, out))
        return ST_OK;
    return fail(call->ctx, ST_MALFORMED, "list.wrong_value",
                ARGS(arg_c("field", name), arg_text("given", given)));
}

static enum status list_checkpoints(struct api_call *call)
{
    int64_t limit, cursor;
    TRY(take_number(call, "limit", 1, LIMIT_MAX, LIMIT_USUAL, &limit));
    TRY(take_number(call, "cursor", 1, INT64_MAX, INT64_MAX, &cursor));
    return checkpoint_list_document(call->ctx, office_home(call), office_conn(call), cursor, limit,
                                    &call->document);
}

static enum status show_consistency(struct api_call *call)
{
    int64_t from, to;
    TRY(take_number(call, "from", 1, INT64_MAX, 0, &from));
    TRY(take_number(call, "to", 1, INT64_MAX, INT64_MAX, &to));
    return checkpoint_consistency_document(call->ctx, office_home(call), office_conn(call), from,
                                           to == INT64_MAX ? 0 : to, &call->document);
}

static enum status sign(struct api_call *call)
{
    struct checkpoint last;
    int64_t made;
    TRY(caller_need(call->ctx, call->session.caller, ACT_LEDGER_VERIFY));
    TRY(checkpoint_sign(call->ctx, office_home(call), &made, &last));
    call->document = checkpoint_document(call->ctx->arena, office_home(call)->store->hash, &last);
    call->status = 200;
    call->flash = made > 0 ? "flash.checkpoint_made" : "flash.checkpoint_stands";
    if (call->is_page)
        call->location = S("/audit");
    return ST_OK;
}

static enum status show_proof(struct api_call *call)
{
    struct case_ref ref;
    const struct world *world;
    struct case_reading reading;
    int64_t sequence;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    TRY(take_number(call, "sequence", 1, INT64_MAX, INT64_MAX, &sequence));
    TRY(checkpoint_case_document(call->ctx, office_home(call), office_conn(call), ref.prefecture,
                                 ref.id, sequence == INT64_MAX ? 0 : sequence, &call->document));
    struct arena *arena = call->ctx->arena;
    value_put_text(arena, call->document, "number", reading.casefile->number);
    if (call->is_page)
        value_put_text(arena, call->document, "case_url",
                       str_concat(arena, S("/cases/"),
                                  casefile_ref_format(arena, ref.prefecture, ref.id)));
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "checkpoint_list", .method = HTTP_GET, .path = "/checkpoints",
     .handler = list_checkpoints, .access = API_PUBLIC, .flags = API_ONLY,
     .query = "limit cursor"},
    {.name = "checkpoint_sign", .method = HTTP_POST, .path = "/checkpoints", .handler = sign,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW,
     .page = "audit", .body_limit = FORM_BYTES},
    {.name = "checkpoint_consistency", .method = HTTP_GET, .path = "/checkpoints/consistency",
     .handler = show_consistency, .access = API_PUBLIC, .flags = API_ONLY | HTTP_ROUTE_SLOW,
     .query = "from to"},
    {.name = "case_proof", .method = HTTP_GET, .path = "/cases/{id}/proof", .handler = show_proof,
     .access = API_SIGNED_IN, .flags = HTTP_ROUTE_SLOW, .page = "proof", .query = "sequence"},
};

const struct api_table checkpoint_api = {routes, COUNT_OF(routes)};
