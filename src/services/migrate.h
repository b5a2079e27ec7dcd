#pragma once
/*
 * Changing a running campaign over to another version of its pack. Until then its cases keep the
 * version that they began with; changing over is an event of each of them (pack_changed) and of the
 * campaign. A case moves where it stands: its state and its running clocks must be known to the new
 * pack. One that does not fit is left with its pack, and goes on under it.
 *
 * Clocks that run keep the length they began with; the plan tells which would come out otherwise.
 */
#include "services/home.h"

struct migrate_terms {
    struct str campaign;
    struct str pack;  /* hash of a registered pack of the same regime (pack_register) */
    struct str actor; /* caller_actor, or "system" */
    bool preview;     /* look, change nothing */
};

/*
 * Waits for the commits: not on a thread that serves sockets. Interrupted, it goes on where it was
 * when it is called again.
 *
 *   out   {campaign, from, to, preview, moved, left, cases: [{id, number, state, fits, why?,
 *         clocks: [{name, due, due_new}]}]}; why: procedure, state or clock (what the new pack
 *         lacks); cases that have ended stay as they are and are not in it
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; pack.unknown {hash}
 *         ST_CONFLICT  migrate.other_regime {name}: the pack is another regime's
 */
MUST_USE enum status migrate_campaign(struct ctx *ctx, const struct home *home,
                                      const struct migrate_terms *terms, struct value **out);
