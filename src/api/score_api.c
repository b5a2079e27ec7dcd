/*
 * Folded when they are read; nothing of it is kept.
 */
#include "api/score_api.h"

#include "api/office.h"
#include "services/scores.h"

static enum status list_scores(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return score_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                               office_query(call), &call->document);
}

static enum status read_scores(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    return score_read_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                               http_capture(call->http, "campaign"),
                               http_capture(call->http, "unit"), office_query(call),
                               &call->document);
}

static const struct api_route routes[] = {
    {.name = "score_list", .method = HTTP_GET, .path = "/scores", .handler = list_scores,
     .access = API_SIGNED_IN, .page = "scores", .query = SCORE_LIST_QUERY},
    {.name = "score_read", .method = HTTP_GET, .path = "/scores/{campaign}/{unit}",
     .handler = read_scores, .access = API_SIGNED_IN, .page = "score",
     .query = SCORE_READ_QUERY},
};

const struct api_table score_api = {routes, COUNT_OF(routes)};
