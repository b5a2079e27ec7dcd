/*
 * One list; answers are given as commands of the case.
 */
#include "api/measure_api.h"

#include "api/office.h"
#include "services/measures.h"

static enum status list_measures(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return measure_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                                 office_query(call), &call->document);
}

static const struct api_route routes[] = {
    {.name = "measure_list", .method = HTTP_GET, .path = "/measures", .handler = list_measures,
     .access = API_SIGNED_IN, .page = "measures", .query = MEASURE_LIST_QUERY},
};

const struct api_table measure_api = {routes, COUNT_OF(routes)};
