#pragma once
/*
 * What-if: all cases of a campaign run again under another pack (engine/replay.h), and what comes
 * out otherwise is listed. Nothing is written: the replay lives in memory, a case at a time.
 */
#include "regime/fault.h"
#include "services/home.h"

struct replay_terms {
    struct str campaign; /* absent: the oldest of the pack's regime */
    struct str bytes;    /* the other pack, as read from its file */
    enum lang lang;      /* of labels and refusals */
};

/*
 * Takes as long as reading all events takes: not on a thread that serves sockets.
 *
 *   faults   all that is wrong with the pack, where it is refused
 *   out      {campaign, regime, from, to, until, replayed, changed, refused, listed,
 *            cases: [{id, number, procedure, lacks?, state, state_label, state_new?, state_new_label?,
 *              deadlines: [{name, label, due, due_text, due_new, due_new_text, state, state_new}],
 *              flags: {gained, lost}, measures: {gained, lost}, of these each: [{name, label}],
 *              refused: [{sequence, command, label, at, clause?, why}]}],
 *            scores: as replay_scores_put writes them}
 *            measures: those that a look each day would have proposed under either pack.
 *            Only what differs; at most REPLAY_CASES_LISTED cases, `changed` counts them all.
 *            lacks: the procedure that the other pack does not have
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; ST_INVALID pack.faulty {n}
 *         ST_CONFLICT  migrate.other_regime {name}: the pack is another regime's
 */
enum { REPLAY_CASES_LISTED = 1000 };
MUST_USE enum status replay_campaign(struct ctx *ctx, const struct home *home,
                                     const struct replay_terms *terms, struct pack_faults *faults,
                                     struct value **out);
