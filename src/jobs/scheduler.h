#pragma once
/*
 * One thread that does what time asks for (services/timers.h). It looks every second, so what was
 * missed while no program ran is caught up within the first. Two programs may do so on one
 * database: everything is a command on a case, and the second one finds it done.
 */
#include "services/clock.h"
#include "services/home.h"

struct scheduler;

/* home and clock are borrowed until scheduler_free. */
struct scheduler *scheduler_new(const struct home *home, const struct clock *clock);
/* Finishes what it is at, then ends. Takes null. */
void scheduler_free(struct scheduler *scheduler);

/* For /metrics and tests. Any thread. */
struct scheduler_figures {
    int64_t rounds;   /* looks that ended well */
    int64_t failures; /* looks that did not; each is a line in the log */
    int64_t lapsed;   /* clocks that ran out by our hand */
};
struct scheduler_figures scheduler_figures(struct scheduler *scheduler);
