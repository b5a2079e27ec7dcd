/*
 * A clock of a case, seen through the deadline count.
 */
#include "engine/engine.h"

struct deadline_terms engine_clock_terms(const struct casefile_clock *clock)
{
    return (struct deadline_terms){
        .start = clock->start,
        .length = clock->length,
        .fixed = clock->until,
        .roll = clock->roll,
        .pauses = clock->pauses.at,
        .pause_count = clock->pauses.len,
        .extensions = clock->extensions.at,
        .extension_count = clock->extensions.len,
    };
}

static enum clock_state state_of(const struct casefile_clock *clock,
                                 const struct deadline *deadline, struct instant now)
{
    bool stopped = !instant_is_none(clock->stopped);
    struct instant judged = stopped ? clock->stopped : now;
    if (deadline->open)
        return stopped ? CLOCK_MET : CLOCK_PAUSED;
    if (judged.ms >= deadline->end.ms)
        return CLOCK_LAPSED;
    return stopped ? CLOCK_MET : CLOCK_RUNNING;
}

enum status engine_clock_view(struct ctx *ctx, const struct calendar *calendar,
                              const struct casefile_clock *clock, struct instant now,
                              struct clock_view *out)
{
    struct clock_view view = {0};
    const struct deadline_terms terms = engine_clock_terms(clock);
    TRY(deadline_find(ctx, calendar, &terms, &view.deadline));
    view.left = deadline_find_left(calendar, &view.deadline, now);
    view.state = state_of(clock, &view.deadline, now);
    *out = view;
    return ST_OK;
}
