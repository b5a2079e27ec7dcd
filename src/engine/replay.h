#pragma once
/*
 * What a case would have become under other rules: the commands that people gave are decided again,
 * in their order and at their times, by another pack; what time itself asks for (lapses) follows
 * from the other pack and is not taken over. Pure as everything here: nothing is written anywhere.
 *
 * What a case opened stays as it was opened: each case is replayed for itself. The directory is
 * that of today.
 */
#include "engine/engine.h"

/* A command that the other pack would not have taken. What it would have done is left out. */
struct replay_refusal {
    int64_t sequence; /* of its first event in the ledger */
    struct str command;
    struct instant at;
    struct reason reason;
};

/* Where people are found; `arena` outlives the replay. */
struct replay_people {
    void *self;
    /* Who an event's actor ("<person>/<post>") was on that day; without posts where unknown. */
    struct actor (*find)(void *self, struct arena *arena, struct str actor, struct day day);
};

/* When the rules are asked what to propose. */
enum replay_looks {
    REPLAY_LOOKS_RECORDED, /* at the looks that the ledger tells of */
    REPLAY_LOOKS_DAILY,    /* as each day begins, as by a program that never stood still */
};

struct replay {
    struct casefile *casefile; /* version 0: it could not have been made */
    struct event_list events;  /* as they would stand, numbered from 1 */
    VEC(struct replay_refusal) refusals;
};

/*
 *   engine   of the other pack; its procedure is that of the case
 *   events   all of the case, in order
 *   until    the time at which both are compared; lapses up to then are said
 *
 * Errors: those of the calendar (ST_INVALID); a refused command is no error
 */
MUST_USE enum status engine_replay(struct ctx *ctx, const struct engine *engine,
                                   const struct replay_people *people, const struct event *events,
                                   size_t count, struct instant until, enum replay_looks looks,
                                   struct replay *out);
