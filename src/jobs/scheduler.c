/*
 * A look a second costs one step into an index, which is less than keeping count of the next due
 * instant while commands, other programs and a moved clock change it.
 */
#include "jobs/scheduler.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "services/timers.h"

enum { LOOK_EVERY_S = 1 };

struct scheduler {
    const struct home *home;
    const struct clock *clock;
    struct arena *arena; /* of one round */
    pthread_t thread;
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t wake;
    bool ending;
    struct scheduler_figures figures;
};

static enum status run_round(struct ctx *ctx, const struct home *home,
                             struct timers_figures *out)
{
    struct world *world AUTO(world_cleanup) = NULL;
    TRY(home_world(ctx, home, &world));
    return timers_run(ctx, home, world, out);
}

static void note_round(struct scheduler *scheduler, const struct ctx *ctx, enum status status,
                       const struct timers_figures *done)
{
    if (status != ST_OK)
        log_line(LOG_WARN, "timers_failed", "status=%s key=%s", status_name(status),
                 ctx->failure.reason.key == NULL ? "-" : ctx->failure.reason.key);
    pthread_mutex_lock(&scheduler->lock);
    scheduler->figures.rounds += status == ST_OK;
    scheduler->figures.failures += status != ST_OK;
    scheduler->figures.lapsed += done->done[TIMER_LAPSES];
    pthread_mutex_unlock(&scheduler->lock);
}

/* Until the next look; false: it is time to end. */
static bool wait_for_next(struct scheduler *scheduler)
{
    struct timespec until;
    must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    until.tv_sec += LOOK_EVERY_S;
    int waited = 0;
    pthread_mutex_lock(&scheduler->lock);
    while (!scheduler->ending && waited == 0)
        waited = pthread_cond_timedwait(&scheduler->wake, &scheduler->lock, &until);
    bool goes_on = !scheduler->ending;
    pthread_mutex_unlock(&scheduler->lock);
    return goes_on;
}

static void *look_until_end(void *arg)
{
    struct scheduler *scheduler = arg;
    do {
        arena_reset(scheduler->arena);
        struct ctx ctx = {.arena = scheduler->arena, .now = clock_now(scheduler->clock)};
        struct timers_figures done = {0};
        enum status status = run_round(&ctx, scheduler->home, &done);
        note_round(scheduler, &ctx, status, &done);
    } while (wait_for_next(scheduler));
    return NULL;
}

struct scheduler *scheduler_new(const struct home *home, const struct clock *clock)
{
    pthread_condattr_t monotonic;
    struct scheduler *scheduler = calloc(1, sizeof *scheduler);
    must(scheduler != NULL);
    scheduler->home = home;
    scheduler->clock = clock;
    scheduler->arena = arena_new();
    must(pthread_mutex_init(&scheduler->lock, NULL) == 0);
    must(pthread_condattr_init(&monotonic) == 0);
    must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    must(pthread_cond_init(&scheduler->wake, &monotonic) == 0);
    must(pthread_condattr_destroy(&monotonic) == 0);
    must(pthread_create(&scheduler->thread, NULL, look_until_end, scheduler) == 0);
    return scheduler;
}

void scheduler_free(struct scheduler *scheduler)
{
    if (scheduler == NULL)
        return;
    pthread_mutex_lock(&scheduler->lock);
    scheduler->ending = true;
    pthread_cond_signal(&scheduler->wake);
    pthread_mutex_unlock(&scheduler->lock);
    must(pthread_join(scheduler->thread, NULL) == 0);
    must(pthread_cond_destroy(&scheduler->wake) == 0);
    must(pthread_mutex_destroy(&scheduler->lock) == 0);
    arena_free(scheduler->arena);
    free(scheduler);
}

struct scheduler_figures scheduler_figures(struct scheduler *scheduler)
{
    pthread_mutex_lock(&scheduler->lock);
    struct scheduler_figures figures = scheduler->figures;
    pthread_mutex_unlock(&scheduler->lock);
    return figures;
}
