/*
 * A part works in a context of its own: the first failure of a context wins, and the trouble of one
 * part must not pass for that of the next.
 */
#include "services/timers.h"

#include "base/log.h"
#include "services/casework_tick.h"
#include "services/checkpoint.h"
#include "services/counts.h"
#include "services/measures.h"
#include "services/obligations.h"
#include "services/scores.h"

/* A case that opens one that opens one … is bounded elsewhere; this only ends what never rests. */
enum { ROUNDS_MAX = 64 };

static const struct {
    const char *name;
    enum status (*run)(struct ctx *ctx, const struct home *home, const struct world *world,
                       int64_t *out_done);
} parts[TIMER_COUNT] = {
#define X(upper, name, run) {name, run},
    TIMER_PARTS(X)
#undef X
};

const char *timer_name(enum timer_part part)
{
    return parts[part].name;
}

struct look {
    const struct home *home;
    const struct world *world;
    struct failure failure; /* of the first part in trouble */
    bool troubled[TIMER_COUNT];
};

static void note_trouble(struct look *look, int part, struct ctx *own)
{
    /* advise: ok, the caller hears of the first one only */
    log_line(LOG_WARN, "timer_failed", "part=%s status=%s key=%s", parts[part].name,
             status_name(own->failure.status),
             own->failure.reason.key == NULL ? "-" : own->failure.reason.key);
    look->troubled[part] = true;
    if (look->failure.status != ST_OK)
        return;
    fail_keep(own);
    look->failure = own->failure;
}

/* Whether any part did something. */
static bool run_round(struct ctx *ctx, struct look *look, struct timers_figures *io_figures)
{
    bool moved = false;
    for (int i = 0; i < TIMER_COUNT; i++) {
        struct ctx own = {.arena = ctx->arena, .now = ctx->now, .request_id = ctx->request_id};
        int64_t done = 0;
        if (look->troubled[i])
            continue;
        if (parts[i].run(&own, look->home, look->world, &done) != ST_OK)
            note_trouble(look, i, &own);
        io_figures->done[i] += done;
        moved = moved || done > 0;
    }
    return moved;
}

enum status timers_run(struct ctx *ctx, const struct home *home, const struct world *world,
                       struct timers_figures *out)
{
    struct look look = {.home = home, .world = world};
    *out = (struct timers_figures){0};
    for (int round = 0; round < ROUNDS_MAX && run_round(ctx, &look, out); round++)
        ;
    if (look.failure.status == ST_OK)
        return ST_OK;
    return fail_reason(ctx, look.failure.status, look.failure.reason);
}
