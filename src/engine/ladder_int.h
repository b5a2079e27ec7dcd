#pragma once
/*
 * What proposing and taking steps share.
 */
#include "engine/decide_int.h"
#include "engine/ladder.h"

/* A look at one case. */
struct look {
    struct ctx *ctx;
    const struct engine *engine;
    const struct casefile *casefile;
    struct instant now;
};

/* Nothing is pressed for any more. */
bool look_has_ended(const struct look *look);
/* The step was proposed on the ground of this key, or another instead of it. */
bool look_is_used(const struct look *look, const struct regime_step *step, struct str key);
/* "2026-06" */
struct str look_month(struct arena *arena, struct instant at);
