/*
 * One list; its page is the list of cases by due day.
 */
#include "api/deadline_api.h"

#include "api/office.h"
#include "services/deadline_list.h"

static enum status list_deadlines(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return deadline_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                                  office_query(call), &call->document);
}

static const struct api_route routes[] = {
    {.name = "deadline_list", .method = HTTP_GET, .path = "/deadlines", .handler = list_deadlines,
     .access = API_SIGNED_IN, .flags = API_ONLY, .query = DEADLINE_LIST_QUERY},
};

const struct api_table deadline_api = {routes, COUNT_OF(routes)};
