#pragma once
/*
 * The walk of what looks at every campaign that is open: one connection for all of them, and the
 * memory of each given back.
 */
#include "services/home.h"
#include "services/world.h"

typedef enum status campaign_visit_fn(void *self, struct ctx *ctx, struct db_conn *conn,
                                      const struct world_campaign *campaign);

/* The first trouble of a visit ends the walk. */
MUST_USE enum status campaign_walk(struct ctx *ctx, const struct home *home,
                                   const struct world *world, campaign_visit_fn *visit, void *self);
