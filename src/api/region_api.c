/*
 * A list like that of the cases, whose region stands in its address.
 */
#include "api/region_api.h"

#include "api/office.h"
#include "services/region_file.h"

/* The next page keeps what narrows this one. */
static void put_next(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    struct str next = value_find_text(call->document, "next");
    struct value *query = value_map(arena);
    if (str_is_empty(next))
        return;
    value_each (member, office_query(call))
        value_put_text(arena, query, str_c(arena, member->key), member->text);
    value_put_text(arena, query, "cursor", next);
    struct str path = str_concat(arena, S("/regions/"), api_capture(call, "code"));
    value_put_text(arena, call->document, "next_url",
                   case_list_url(arena, str_c(arena, path), query, NULL));
}

static enum status show_file(struct api_call *call)
{
    const struct world *world;
    const struct reader reader = office_reader(call);
    TRY(office_world(call, &world));
    TRY(region_file_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                             api_capture(call, "code"), office_query(call), &call->document));
    put_next(call);
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "region_file", .method = HTTP_GET, .path = "/regions/{code}", .handler = show_file,
     .access = API_SIGNED_IN, .page = "region", .query = REGION_FILE_QUERY},
};

const struct api_table region_api = {routes, COUNT_OF(routes)};
