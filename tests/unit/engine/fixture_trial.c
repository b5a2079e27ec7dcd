#include "fixture_trial.h"

struct trial trial_of_system(struct ctx *ctx, const struct engine *engine,
                             struct casefile *casefile, struct event_list *events, struct day day)
{
    static const struct actor SYSTEM = {.is_system = true};
    return (struct trial){.ctx = ctx,
                          .engine = engine,
                          .actor = &SYSTEM,
                          .casefile = casefile,
                          .before = casefile,
                          .happened_at = day_start(day),
                          .events = events};
}
