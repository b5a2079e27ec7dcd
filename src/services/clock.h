#pragma once
/*
 * The clock of one program: where it starts and that it runs on from there. Everybody who begins a
 * request asks it once, for ctx->now; nothing above the floor `base` reads the machine's clock
 * otherwise. Any thread.
 */
#include "base/ctx.h"

struct clock;

/* start: INSTANT_NONE for the machine's own time. */
struct clock *clock_new(struct instant start);
void clock_free(struct clock *clock);     /* takes null */
void clock_cleanup(struct clock **clock); /* for AUTO */

struct instant clock_now(const struct clock *clock);

/*
 * Moves it forward; a sandbox only, which the caller has asked. What falls due in between is run by
 * whoever moves it (timers_run), before answering.
 *
 * Errors: ST_CONFLICT clock.backwards {now}
 */
MUST_USE enum status clock_move(struct ctx *ctx, struct clock *clock, struct instant to);
