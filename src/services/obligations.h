#pragma once
/*
 * What is owed again and again (regime/obligation.h), kept going: a timer opens a case for each
 * unit and period, exactly once, and closes it when what fulfils it is there.
 */
#include "services/home.h"

/*
 * Opens what is owed by ctx->now in every campaign that is open, since it began: missed periods too,
 * whatever was down meanwhile. Closes duties that are fulfilled. A look at which nothing can have
 * changed costs a few comparisons.
 *
 *   out_done   cases opened and closed
 */
MUST_USE enum status obligations_tick(struct ctx *ctx, const struct home *home,
                                      const struct world *world, int64_t *out_done);
