#include "kit/rate.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/ctx.h"

enum { PLACES = 4096 };

/* What is left is told by the moment at which the bucket will be full again. */
struct rate {
    pthread_mutex_t lock;
    int64_t full_at[PLACES];
    int64_t room_ms, every_ms;
};

struct rate *rate_new(int burst, int64_t every_ms)
{
    struct rate *rate = calloc(1, sizeof *rate);
    must(rate != NULL && burst > 0 && every_ms > 0);
    must(pthread_mutex_init(&rate->lock, NULL) == 0);
    rate->every_ms = every_ms;
    rate->room_ms = burst * every_ms;
    return rate;
}

void rate_free(struct rate *rate)
{
    if (rate == NULL)
        return;
    must(pthread_mutex_destroy(&rate->lock) == 0);
    free(rate);
}

bool rate_take(struct rate *rate, struct str who, struct instant now, int64_t *out_wait_ms)
{
    int64_t *full_at = &rate->full_at[str_hash(who) % PLACES];
    pthread_mutex_lock(&rate->lock);
    /* A clock that was set back leaves nobody waiting for longer than a whole bucket takes. */
    if (*full_at > now.ms + rate->room_ms)
        *full_at = now.ms + rate->room_ms;
    int64_t from = *full_at > now.ms ? *full_at : now.ms;
    int64_t after = from + rate->every_ms;
    bool taken = after <= now.ms + rate->room_ms;
    if (taken)
        *full_at = after;
    *out_wait_ms = taken ? 0 : after - now.ms - rate->room_ms;
    pthread_mutex_unlock(&rate->lock);
    return taken;
}
