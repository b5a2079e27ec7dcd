#pragma once
/*
 * Who may read a file of a region (engine/file.h): looked up in the cases in which an actor stands, at the
 * moment it is asked. It opens cases of which the actor is no part, so it is asked after everything else.
 *
 * Clause: S0-03.4.1 S0-02.6.2.
 */
#include "services/world.h"

/*
 * The files of the campaign that the actor reads in the region.
 *
 *   regime   the campaign's pack
 *   actor    with posts; the system reads all of them
 *   out      as they stand in the pack, in ctx->arena
 *
 * Errors: those of the store
 */
MUST_USE enum status file_right_list(struct ctx *ctx, struct db_conn *conn,
                                     const struct world *world, const struct regime *regime,
                                     struct str campaign, struct str region,
                                     const struct actor *actor,
                                     const struct regime_file ***out, size_t *out_count);

/* Whether one of them holds cases of the procedure. */
MUST_USE enum status file_right_opens(struct ctx *ctx, struct db_conn *conn,
                                      const struct world *world, const struct regime *regime,
                                      const struct casefile *casefile, const struct actor *actor,
                                      bool *out);
