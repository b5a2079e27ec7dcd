#pragma once
/*
 * Cases that rules look up beside their own, kept folded. A fold is known by the hash of the case's last
 * event, so what is kept is never out of date; a case that has moved on is folded again. Bounded:
 * the oldest go first. Any thread.
 */
#include "store/ledger.h"

struct folds;

/* limit: how many are kept */
struct folds *folds_new(size_t limit);
/* From now on so many, at least as many as before. */
void folds_widen(struct folds *folds, size_t limit);
void folds_free(struct folds *folds); /* takes null; after all who borrowed from it are done */

/*
 * The case as its last event left it.
 *
 *   last_hash   of that event, as the row of the case has it
 *   out         read-only; lives until ctx->arena is reset, whatever is kept meanwhile
 *
 * Errors: those of ledger_load
 */
MUST_USE enum status folds_load(struct ctx *ctx, struct folds *folds, struct db_conn *conn,
                                struct prefecture prefecture, struct casefile_id id,
                                struct str last_hash, const struct casefile **out);

/* How many were taken from what was kept; for tests and measuring. */
size_t folds_hits(struct folds *folds);
