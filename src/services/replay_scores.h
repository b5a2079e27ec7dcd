#pragma once
/*
 * What a replay makes of the points: the charges that stand in the ledger and those that the other pack
 * would have made, each folded under its own pack.
 */
#include "engine/score.h"
#include "kit/words.h"
#include "services/world.h"

enum replay_side { REPLAY_WAS, REPLAY_WOULD_BE, REPLAY_SIDE_COUNT };

struct replay_scores {
    struct arena *arena; /* of the answer; what is kept is copied there */
    struct score_row_list rows[REPLAY_SIDE_COUNT];
};

/* Takes what the event charges or takes back; any other event is passed over. */
void replay_scores_add(struct replay_scores *scores, const struct event *event,
                       enum replay_side side);

/* The packs of both sides and the campaign that reads them. */
struct replay_packs {
    const struct world *world; /* null: units are called by their numbers */
    const struct regime *regimes[REPLAY_SIDE_COUNT];
    const struct campaign_terms *campaign;
};

/*
 * Writes `scores` into the document: [{unit, unit_label, year, points, points_new, crossed: [at],
 * crossed_new: [at]}], only what differs; points as decimal texts, year: the period.
 */
void replay_scores_put(const struct replay_scores *scores, const struct replay_packs *packs,
                       struct value *doc);
