#pragma once
/*
 * Pressing: steps of the ladder proposed on their grounds, confirmed or held back by a person. An
 * overlay: a measure never moves the case. Pure, as all of the engine.
 *
 * A step is proposed when one of its grounds holds, its guards would let it be taken, it was not
 * proposed on the same ground before (neither was a step that stands instead of it), and no other
 * proposal of the case waits for an answer: so the weakest sufficient step comes first, and the
 * next one only after somebody has answered. A proposal whose ground has gone is said to be gone.
 *
 * Built-in commands: propose (system, no input) writes what engine_propose gives;
 * confirm_measure and measure {step, answers of the step's form} take a step, upon a proposal or
 * without one; hold_measure {step, reason} answers a proposal with no.
 */
#include "engine/engine.h"

/* What the look at a case would write. */
struct proposals {
    const struct regime_step *step; /* to propose, or null */
    const struct value *why;        /* payload of measure_proposed */
    VEC(const struct casefile_measure *) gone; /* open ones whose ground has gone */
};

/*
 *   now   the instant that grounds are held against, usually ctx->now
 *
 * Errors: those of the calendar (deadline_find)
 */
MUST_USE enum status engine_propose(struct ctx *ctx, const struct engine *engine,
                                    const struct casefile *casefile, struct instant now,
                                    struct proposals *out);

/* A step as one reader sees it. */
struct step_view {
    const struct regime_step *step;
    const struct casefile_measure *open; /* its unanswered proposal, or null */
    bool may_take;                       /* confirm, or take without a proposal; the form aside */
    bool may_hold;
    struct reason why_not; /* where it may not be taken */
    bool is_who;           /* refused for who, not for state or guard */
};

struct step_list {
    struct step_view *at;
    size_t len;
    size_t cap;
};

/* All steps of the case's procedure, the weakest first. */
void engine_list_steps(struct ctx *ctx, const struct engine *engine,
                       const struct casefile *casefile, const struct actor *actor,
                       struct step_list *out);

/*
 * The form of one of the commands confirm_measure, hold_measure and measure, for whoever fills one by
 * hand: `step` with the steps that it can name now, then what the weakest of them asks. Labels of
 * `step` and `reason` are the face's (field.<name>). Null and 0 for any other command.
 */
const struct regime_field *ladder_form(struct arena *arena, const struct engine *engine,
                                       const struct casefile *casefile, struct str command,
                                       size_t *out_count);
