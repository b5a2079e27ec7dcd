/*
 * One list, by month.
 */
#include "api/duty_api.h"

#include "api/office.h"
#include "services/duty_list.h"

static enum status list_duties(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return duty_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                              office_query(call), &call->document);
}

static const struct api_route routes[] = {
    {.name = "obligation_list", .method = HTTP_GET, .path = "/obligations",
     .handler = list_duties, .access = API_SIGNED_IN, .page = "obligations",
     .query = DUTY_LIST_QUERY},
};

const struct api_table duty_api = {routes, COUNT_OF(routes)};
