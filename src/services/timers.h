#pragma once
/*
 * Everything that time asks for, in one place: clocks that have ended lapse, and what the other
 * parts of timers_table.h do. Whoever moves the clock or follows it calls this and nothing else.
 */
#include "services/home.h"
#include "services/timers_table.h"

#define X(upper, name, run) TIMER_##upper,
enum timer_part { TIMER_PARTS(X) TIMER_COUNT };
#undef X

/* How much each part did: clocks lapsed, cases made, measures proposed … */
struct timers_figures {
    int64_t done[TIMER_COUNT];
};

/* In the log. */
const char *timer_name(enum timer_part part);

/*
 * Does what is due by ctx->now, over and over while a round did something that another part may
 * react to. Each part does its work by commands like any other, exactly once however many programs
 * look at one database. A part in trouble is told to the log and left alone for this call; the others
 * go on.
 *
 *   world  the snapshot of this look
 *   out    written in any case
 *
 * Errors: those of the first part in trouble, after all the others had their turn
 */
MUST_USE enum status timers_run(struct ctx *ctx, const struct home *home, const struct world *world,
                                struct timers_figures *out);
