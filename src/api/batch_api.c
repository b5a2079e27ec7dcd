#include "api/batch_api.h"

#include "api/list_page.h"
#include "api/office.h"
#include "services/batch.h"

static enum status list_batches(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    TRY(batch_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                            api_query(call, "cursor"), &call->document));
    struct str next = value_find_text(call->document, "next");
    if (!str_is_empty(next))
        value_put_text(call->ctx->arena, call->document, "next_url",
                       str_concat(call->ctx->arena, S("/batches?cursor="), next));
    return ST_OK;
}

static enum status read_batch(struct api_call *call)
{
    const struct world *world;
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    struct str campaign = api_capture(call, "campaign"), number = api_capture(call, "number");
    struct value *query = value_map(arena);
    TRY(office_world(call, &world));
    TRY(batch_document(call->ctx, office_conn(call), world, &reader, office_actor(call), campaign,
                       number, &call->document));
    value_put_text(arena, query, "campaign", campaign);
    value_put_text(arena, query, "batch", batch_axis(arena, campaign, number));
    list_page_put_tables(call, query);
    return list_page_put_bulk(call, world, world_find_campaign(world, campaign), S(""));
}

static const struct api_route routes[] = {
    {.name = "batch_list", .method = HTTP_GET, .path = "/batches", .handler = list_batches,
     .access = API_SIGNED_IN, .page = "batches", .query = "cursor"},
    {.name = "batch_read", .method = HTTP_GET, .path = "/batches/{campaign}/{number}",
     .handler = read_batch, .access = API_SIGNED_IN, .page = "batch"},
};

const struct api_table batch_api = {routes, COUNT_OF(routes)};
