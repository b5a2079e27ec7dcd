#pragma once
/*
 * Stretches of time, as an outage or a closure is one, and how much of a whole they leave. Pure.
 *
 * Clause: S0-02.5.
 */
#include "base/arena.h"
#include "base/day.h"

struct span {
    struct instant from, to; /* to is not in it any more; INSTANT_NONE: still running */
};

/* Parts of the whole in 10,000. */
enum { SPAN_WHOLE = 10000 };

/*
 * The share of `whole` that none of the spans touches, in 10,000ths, rounded down: overlapping ones
 * count once, what lies outside the whole does not count.
 *
 *   whole   both ends known; -1 where it has no length
 */
int64_t span_free_share(struct arena *arena, struct span whole, const struct span *spans,
                        size_t count);
