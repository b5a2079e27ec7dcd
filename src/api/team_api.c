/*
 * Teams are cases whose members are rows of a list and who work between two days (`bodies:` of a pack): so their
 * list is the list of cases, of those procedures.
 */
#include "api/team_api.h"

#include "api/office.h"
#include "base/buf.h"
#include "regime/body.h"
#include "services/case_list.h"

enum { NAMES_BYTES_MAX = 4096 };

static bool is_team(const struct regime_body *body)
{
    return body->list != NULL && !str_is_empty(body->from) && !str_is_empty(body->to);
}

/* Bodies of one procedure follow each other in a pack; a name twice does no harm. */
static void add_names(struct buf *names, const struct regime *regime)
{
    for (size_t i = 0; i < regime->body_count; i++)
        if (is_team(&regime->bodies[i])) {
            if (names->len > 0)
                buf_char(names, ',');
            buf_text(names, regime->bodies[i].procedure->name);
        }
}

static enum status team_procedures(struct api_call *call, const struct world *world,
                                   struct str campaign, struct str *out)
{
    size_t count;
    struct buf names;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    buf_init(&names, call->ctx->arena, NAMES_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        if (!str_is_empty(campaign) && !str_eq(all[i].name, campaign))
            continue;
        TRY(world_load_pack(call->ctx, world, all[i].pack, &regime));
        add_names(&names, regime);
    }
    *out = names.len == 0 ? S("none") : buf_str(&names);
    return buf_status(&names);
}

static enum status list_teams(struct api_call *call)
{
    const struct world *world;
    struct str procedures;
    const struct reader reader = office_reader(call);
    struct value *query = office_query(call);
    TRY(office_world(call, &world));
    TRY(team_procedures(call, world, value_find_text(query, "campaign"), &procedures));
    value_put_text(call->ctx->arena, query, "procedure", procedures);
    return case_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                              query, &call->document);
}

static const struct api_route routes[] = {
    {.name = "team_list", .method = HTTP_GET, .path = "/teams", .handler = list_teams,
     .access = API_SIGNED_IN, .flags = API_ONLY, .query = CASE_LIST_QUERY},
};

const struct api_table team_api = {routes, COUNT_OF(routes)};
