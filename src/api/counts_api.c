/*
 * Tallied when it is asked for; nothing of it is kept.
 */
#include "api/counts_api.h"

#include "api/office.h"
#include "services/counts.h"

static enum status show_counts(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    const struct value *query = office_query(call);
    TRY(office_world(call, &world));
    return counts_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                           value_find_text(query, "campaign"), &call->document);
}

static const struct api_route routes[] = {
    {.name = "counts", .method = HTTP_GET, .path = "/counts", .handler = show_counts,
     .access = API_SIGNED_IN, .page = "counts", .query = COUNTS_QUERY},
};

const struct api_table counts_api = {routes, COUNT_OF(routes)};
