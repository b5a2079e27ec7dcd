#include "api/batch_api.h"

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
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return batch_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                          api_capture(call, "campaign"), api_capture(call, "number"),
                          &call->document);
}

static const struct api_route routes[] = {
    {.name = "batch_list", .method = HTTP_GET, .path = "/batches", .handler = list_batches,
     .access = API_SIGNED_IN, .page = "batches", .query = "cursor"},
    {.name = "batch_read", .method = HTTP_GET, .path = "/batches/{campaign}/{number}",
     .handler = read_batch, .access = API_SIGNED_IN, .page = "batch"},
};

const struct api_table batch_api = {routes, COUNT_OF(routes)};
