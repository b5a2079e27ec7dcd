#pragma once
/*
 * Packs in the database: kept by hash, one of each regime in force. A running campaign is pinned to
 * the pack it began with; what is in force counts for campaigns that begin.
 *
 * All that write wait for the commit: not on a thread that serves sockets.
 */
#include "regime/fault.h"
#include "services/home.h"
#include "store/pack_rows.h"

/*
 * Checks a pack's bytes and keeps them; not yet in force.
 *
 *   actor    who brings it: caller_actor, or "system"
 *   faults   all that is wrong with it, where it is refused
 *   out      the pack, in ctx->arena; its hash names it from now on
 *
 * Errors: ST_INVALID pack.faulty {n}
 */
MUST_USE enum status pack_register(struct ctx *ctx, const struct home *home, struct str bytes,
                                   struct str actor, struct pack_faults *faults,
                                   const struct regime **out);

/*
 * Puts a registered pack in force. One that is in force already stays, and nothing is recorded.
 *
 * Errors: ST_NOT_FOUND pack.unknown {hash}
 *         ST_INVALID   pack.faulty {n}: today's checker refuses it
 */
MUST_USE enum status pack_activate(struct ctx *ctx, const struct home *home, struct str hash,
                                   struct str actor);
