/*
 * Spans are cut to the whole, put in order and swept once; what was covered already is not covered
 * again.
 */
#include "engine/span.h"

#include <stdlib.h>

static struct span cut(struct span span, struct span whole)
{
    if (instant_is_none(span.to) || span.to.ms > whole.to.ms)
        span.to = whole.to;
    if (span.from.ms < whole.from.ms)
        span.from = whole.from;
    return span;
}

static int by_from(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->from.ms > y->from.ms) - (x->from.ms < y->from.ms);
}

int64_t span_free_share(struct arena *arena, struct span whole, const struct span *spans,
                        size_t count)
{
    struct span *cuts = arena_alloc_array(arena, count + 1, sizeof *cuts);
    int64_t length = whole.to.ms - whole.from.ms;
    int64_t covered = 0;
    struct instant until = whole.from; /* covered up to here, or left free for good */
    if (length <= 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        cuts[i] = cut(spans[i], whole);
    if (count > 0)
        qsort(cuts, count, sizeof *cuts, by_from);
    for (size_t i = 0; i < count; i++) {
        struct instant from = cuts[i].from.ms > until.ms ? cuts[i].from : until;
        if (cuts[i].to.ms <= from.ms)
            continue;
        covered += cuts[i].to.ms - from.ms;
        until = cuts[i].to;
    }
    return (length - covered) * SPAN_WHOLE / length;
}
