#include "services/campaign_walk.h"

enum status campaign_walk(struct ctx *ctx, const struct home *home, const struct world *world,
                          campaign_visit_fn *visit, void *self)
{
    size_t count;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    const struct world_campaign *campaigns = world_list_campaigns(world, &count);
    for (size_t i = 0; i < count; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        if (!str_eq_c(campaigns[i].state, "open"))
            continue;
        if (conn == NULL)
            TRY(home_conn_open(ctx, home, &conn));
        TRY(visit(self, ctx, conn, &campaigns[i]));
        arena_return(ctx->arena, mark);
    }
    return ST_OK;
}
