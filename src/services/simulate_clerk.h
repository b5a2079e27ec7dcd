#pragma once
/*
 * Shared by the parts of a clerk: simulate_clerk.c (what is done with one case), simulate_clerk_candidates.c (who could do
 * it), simulate_clerk_choices.c (what could be done).
 */
#include "services/simulate_int.h"

enum { CANDIDATES_MAX = 24, ROWS_TRIED = 64 };

/* ---- who ---- */

struct candidates {
    const struct world_person *at[CANDIDATES_MAX];
    size_t len;
};

/* Who may give the command, by what its row says of posts and roles; the engine is asked later. */
void candidates_find(const struct play *play, const struct casefile *casefile,
                     const struct regime_actor *by, size_t count, struct dice *dice,
                     struct candidates *out);
/* Units that have given their opinion give none again. */
void candidates_leave_out_heard(const struct casefile *casefile,
                                const struct regime_transition *row, struct candidates *all);
/* One of them, who is then no longer among them; null when there is nobody left. */
const struct world_person *candidates_draw(const struct play *play, struct candidates *all,
                                           struct str post, struct dice *dice);
/* Those of the unit, from any of them on, until there are so many. */
void candidates_add_staff(const struct play *play, int64_t unit, struct str post, size_t limit,
                          struct candidates *all);
void candidates_add_anyone(const struct play *play, const struct casefile *casefile,
                           struct dice *dice, struct candidates *all);
/* The post that has to sign; empty where none has. */
struct str transition_signing_post(const struct regime_transition *row);
bool transition_gives_opinion(const struct regime_transition *row);

/* ---- what ---- */

/* A case as a clerk has it before them. */
struct scene {
    const struct play *play;
    struct ctx *ctx;
    struct arena *keeps; /* of the turn: what the visit remembers for its next attempt */
    struct visit *visit;
    struct engine engine;
    struct world_view view;
    struct casefile casefile;
};

struct choices {
    const struct regime_transition *rows[ROWS_TRIED];
    uint64_t weights[ROWS_TRIED];
    bool only_missing[ROWS_TRIED]; /* said often enough, unless something is missing without it */
    size_t len;
};

MUST_USE enum status scene_open(const struct play *play, struct ctx *ctx, struct db_conn *conn,
                                const struct known *known, struct scene *out);
/* What the refusal names is remembered: commands that bring it come first. */
void scene_note_missing(const struct scene *scene, const struct failure *failure);
/* Nobody holds the roles that may give the command: likewise for commands that name somebody for them. */
void scene_note_nobody(const struct scene *scene, const struct regime_transition *row);
/* The commands that a clerk thinks of here, and how much each is worth. */
void choices_find(const struct scene *scene, struct choices *out);
/* One of them, which is then no longer among them; null when there is none left. */
const struct regime_transition *choices_draw(struct visit *visit, struct choices *choices);
