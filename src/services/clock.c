/*
 * One number: how far ahead of the machine the clock is. Moving it is one atomic exchange, so that
 * two who move it at once never turn it back.
 */
#include "services/clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct clock {
    _Atomic int64_t ahead_ms;
};

static int64_t machine_ms(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_REALTIME, &now) == 0); /* advise: ok, this is the door */
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

struct clock *clock_new(struct instant start)
{
    struct clock *clock = calloc(1, sizeof *clock); /* advise: ok, lives as long as the program */
    must(clock != NULL);
    atomic_init(&clock->ahead_ms, instant_is_none(start) ? 0 : start.ms - machine_ms());
    return clock;
}

void clock_free(struct clock *clock)
{
    free(clock); /* advise: ok, lives as long as the program */
}

void clock_cleanup(struct clock **clock)
{
    clock_free(*clock);
}

struct instant clock_now(const struct clock *clock)
{
    return (struct instant){machine_ms() + atomic_load(&clock->ahead_ms)};
}

enum status clock_move(struct ctx *ctx, struct clock *clock, struct instant to)
{
    int64_t wanted = to.ms - machine_ms();
    int64_t ahead = atomic_load(&clock->ahead_ms);
    do
        if (wanted < ahead)
            return fail(ctx, ST_CONFLICT, "clock.backwards",
                        ARGS(arg_instant("now", clock_now(clock))));
    while (!atomic_compare_exchange_weak(&clock->ahead_ms, &ahead, wanted));
    return ST_OK;
}
