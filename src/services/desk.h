#pragma once
/*
 * Workbenches (`desks:` of packs): which of them a person has, what their queues hold, and what they
 * may read by them. Counts are those of lists that the person could ask for; each opens as a list.
 */
#include "services/case_list.h"

/*
 * What a person may read by the desks of live roles: put into actor->grants, in ctx->arena. Asked once
 * a request, where the caller becomes known.
 */
MUST_USE enum status desk_take_grants(struct ctx *ctx, struct db_conn *conn,
                                      const struct world *world, struct actor *actor);

/*
 * [{id, label, role_label, campaign, campaign_label, clause, queues: [{id, label, n, url, class,
 * clause}]}] of every open campaign in which the actor holds the role of a desk.
 */
MUST_USE enum status desk_list_document(struct ctx *ctx, struct db_conn *conn,
                                        const struct world *world, const struct reader *reader,
                                        const struct actor *actor, struct value *out);
