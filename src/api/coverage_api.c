/*
 * Found when it is asked for; nothing of it is kept.
 */
#include "api/coverage_api.h"

#include "api/office.h"
#include "services/coverage.h"

static enum status show_coverage(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    const struct value *query = office_query(call);
    TRY(office_world(call, &world));
    return coverage_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                             value_find_text(query, "campaign"), value_find_text(query, "level"),
                             &call->document);
}

static const struct api_route routes[] = {
    {.name = "coverage", .method = HTTP_GET, .path = "/coverage", .handler = show_coverage,
     .access = API_SIGNED_IN, .page = "coverage", .query = COVERAGE_QUERY},
};

const struct api_table coverage_api = {routes, COUNT_OF(routes)};
