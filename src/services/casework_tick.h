#pragma once
/*
 * What time asks for: clocks that have ended lapse, by a command like any other.
 */
#include "services/casework.h"

/* Everything due by ctx->now lapses, once. Gives how many did. */
MUST_USE enum status casework_tick(struct ctx *ctx, const struct home *home,
                                   const struct world *world, int64_t *out_lapsed);
