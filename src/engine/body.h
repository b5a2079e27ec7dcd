#pragma once
/*
 * Bodies: what a team, or the one person of a nomination, lacks by the rules of its item in `bodies:`
 * of the pack. All that is wrong is told at once, each with its own clause and what would satisfy it;
 * an exception that was recorded with its reason lifts those rules that allow one.
 *
 * Clause: S0-07.1 S0-07.2 S0-07.3 S0-07.4 S1-1.4.3 S1-1.4.4 S1-1.4.5 S1-1.4.6 S1-1.4.8 S1-1.4.9 S1-3.3.
 */
#include "engine/engine.h"
#include "regime/body.h"

/* Somebody in the body, with the posts by which they are judged. */
struct body_member {
    struct person_facts facts; /* id alone where nobody knows them */
    struct str seat;           /* or absent */
    struct unit_id unit;       /* where they come from; 0: unknown */
    struct str rank;           /* the highest they hold, or absent */
};

struct body_member_list {
    struct body_member *at;
    size_t len;
    size_t cap;
};

struct body_objection {
    const struct regime_body_rule *rule;
    const struct body_member *member; /* null: the body as a whole */
    int64_t found;                    /* BODY_COUNT: how many there are */
    bool lifted;                      /* by a reason or a recorded exception */
};

struct body_objection_list {
    struct body_objection *at;
    size_t len;
    size_t cap;
};

/* A body as it stands, in the arena. */
struct body_finding {
    const struct regime_body *body;
    struct body_member_list members; /* in the order of the list */
    struct body_objection_list objections; /* in the order of the rules; the lifted ones too */
    size_t open; /* objections that nothing lifts */
};

struct body_finding_list {
    struct body_finding *at;
    size_t len;
    size_t cap;
};

/*
 * What is to be said now of the bodies that some command of the procedure asks for: each item of
 * `bodies` whose guard's condition holds, once. A guard that names another list asks about a proposal
 * and does not count. None in a state that is the end.
 *
 * Errors: those of the look-ups of engine_world
 */
MUST_USE enum status engine_check_bodies(struct ctx *ctx, const struct engine *engine,
                                         const struct casefile *casefile,
                                         struct body_finding_list *out);

/* The objection as a refusal says it. */
struct reason body_reason(const struct engine *engine, const struct regime_body *body,
                          const struct body_objection *objection);
