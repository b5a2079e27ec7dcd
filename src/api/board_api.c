/*
 * Drawn when it is asked for; nothing of it is kept.
 */
#include "api/board_api.h"

#include "api/office.h"
#include "services/board.h"

static enum status show_boards(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    const struct value *query = office_query(call);
    TRY(office_world(call, &world));
    return board_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                           value_find_text(query, "campaign"), &call->document);
}

static const struct api_route routes[] = {
    {.name = "boards", .method = HTTP_GET, .path = "/boards", .handler = show_boards,
     .access = API_SIGNED_IN, .page = "boards", .query = BOARD_QUERY},
};

const struct api_table board_api = {routes, COUNT_OF(routes)};
