#pragma once
/*
 * What the parts of a piece of work share: a command and what it does in other cases (casework.c), and
 * what goes from campaign to campaign (casework_hand_on.c). All of it runs inside one job of the
 * writer: it is committed together or not at all.
 */
#include "regime/arrival.h"
#include "services/casework.h"

/* A case at work: each stands on the one whose command led to it. */
struct work {
    struct ledger_tx *ledger;
    const struct world *world;
    const struct engine *engine;
    struct casefile *casefile;
    const struct actor *actor; /* who gave the first command; null: the system */
    const struct work *above;
};

/* Of a case that is being written further up, what is held here would be out of date. */
bool work_has(const struct work *work, struct casefile_id id);

/* An engine with the snapshot's eyes on today and the connection's on the cases; in the arena. */
MUST_USE enum status work_engine(struct ctx *ctx, const struct world *world, struct db_conn *conn,
                                 struct str campaign, struct str procedure, struct str pack,
                                 struct engine *out);
/* Of a command that another case gives: marks of sealed answers are handed on as they are. */
void work_hands_on(const struct engine *engine);
MUST_USE enum status work_load(struct ctx *ctx, struct db_conn *conn, struct case_ref ref,
                               struct casefile *out);
/* The case of the engine's campaign that there is to be once, where it is there; id 0: none. */
MUST_USE enum status work_find_same(struct ctx *ctx, const struct work *work,
                                    const struct engine *engine, struct str region,
                                    const struct value *fields, struct case_ref *out);
/* Records what was decided in the case at work; documents among it get number and paper, sealed answers their table. */
MUST_USE enum status work_record(struct ctx *ctx, const struct work *work,
                                 struct event_list *io_events);
/* work->casefile becomes the new case. */
MUST_USE enum status work_make(struct ctx *ctx, const struct work *work,
                               const struct command *command);
/* `down` on the upper case, `up` on the lower; what stands already is not said again. */
MUST_USE enum status work_link_as(struct ctx *ctx, const struct work *upper,
                                  const struct work *lower, struct str command,
                                  const struct casefile_link *down, const struct casefile_link *up);
/* What the events of the case at work do in other cases. */
MUST_USE enum status work_follow_up(struct ctx *ctx, const struct work *work,
                                    const struct event_list *events);

/* ---- from campaign to campaign (casework_hand_on.c) ---- */

/*
 * The open campaign that takes what is called so at the place: of several that hold it the one of the smallest region, of equals
 * the one begun last.
 *
 *   but   a campaign that is not asked, or empty
 *   out_campaign   null where nobody takes it
 *
 * Errors: those of loading a pack
 */
MUST_USE enum status work_find_taker(struct ctx *ctx, const struct world *world, struct str as,
                                     struct str region, struct str but,
                                     const struct world_campaign **out_campaign,
                                     const struct regime_arrival **out_arrival);
/*
 * Hands the matter on as the wish says: {as, link, fields, region?, answer?, shows?}.
 *
 * Errors: ST_CONFLICT case.nobody_takes {what, region}: no open campaign of the place takes such things;
 *         those of making the case there, which are refusals of the command here
 */
MUST_USE enum status work_hand_on(struct ctx *ctx, const struct work *work,
                                  const struct value *wish);
/*
 * Where the case has just ended, tells those that handed it on. One that can take no
 * command any more keeps the answer as a note; nothing there holds up the end here.
 */
MUST_USE enum status work_answer(struct ctx *ctx, const struct work *work,
                                 const struct event_list *events);
/* Whether the actor sees a case that this one was handed on to, and may so read where it came from. */
MUST_USE enum status work_shows(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                const struct casefile *casefile, const struct actor *actor,
                                bool *out);
