#pragma once
/*
 * A command of the system under trial, for tests of one rule or effect alone.
 */
#include "engine/engine_int.h"

/* All borrowed; the case is before and copy in one, so that what an effect sets can be read from it. */
struct trial trial_of_system(struct ctx *ctx, const struct engine *engine,
                             struct casefile *casefile, struct event_list *events, struct day day);
