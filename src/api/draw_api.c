/*
 * What is answered is the published file itself: `lantian draw verify` takes it as it comes.
 */
#include "api/draw_api.h"

#include "api/office.h"
#include "services/draw_case.h"

static enum status show_draw(struct api_call *call)
{
    struct case_ref ref;
    const struct world *world;
    struct case_reading reading;
    struct draw_file file;
    TRY(office_case_ref(call, "id", &ref.prefecture, &ref.id));
    TRY(office_world(call, &world));
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    TRY(draw_case_file(call->ctx, &reading, &file));
    call->document = draw_file_value(call->ctx->arena, &file);
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "case_draw", .method = HTTP_GET, .path = "/cases/{id}/draw", .handler = show_draw,
     .access = API_SIGNED_IN, .flags = API_ONLY},
};

const struct api_table draw_api = {routes, COUNT_OF(routes)};
