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

/* A pack as somebody brings it. */
struct pack_file {
    struct str bytes;
    struct str clauses; /* the list beside it (<id>.clauses.tsv); absent: it cites known ones only */
};

/*
 * Checks a pack and keeps its bytes; not yet in force. Its list of clauses is asked now and never
 * again, so it is not kept.
 *
 *   actor    who brings it: caller_actor, or "system"
 *   faults   all that is wrong with it, where it is refused
 *   out      the pack, in ctx->arena; its hash names it from now on
 *
 * Errors: ST_INVALID pack.faulty {n}, pack.clauses_header
 */
MUST_USE enum status pack_register(struct ctx *ctx, const struct home *home,
                                   const struct pack_file *file, struct str actor,
                                   struct pack_faults *faults, const struct regime **out);

/*
 * Puts a registered pack in force. One that is in force already stays, and nothing is recorded.
 *
 * Errors: ST_NOT_FOUND pack.unknown {hash}
 *         ST_INVALID   pack.faulty {n}: today's checker refuses it
 */
MUST_USE enum status pack_activate(struct ctx *ctx, const struct home *home, struct str hash,
                                   struct str actor);
