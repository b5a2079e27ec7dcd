#pragma once
/*
 * Points of units as people read them, and what time makes of them: a crossed threshold opens its
 * case exactly once, and a case that has not taken effect yet is stopped where its points were taken
 * back (A2-12). Everything is folded from the charges when it is asked for (engine/score.h).
 */
#include "services/casework.h"
#include "services/home.h"
#include "services/reader.h"
#include "services/world.h"

/* Names of the queries, as they stand in addresses. */
#define SCORE_LIST_QUERY "campaign period"
#define SCORE_READ_QUERY "without"

/*
 * Opens and stops what the campaigns' thresholds say; a part of timers_run.
 *
 *   out_done   cases opened or stopped
 */
MUST_USE enum status scores_tick(struct ctx *ctx, const struct home *home,
                                 const struct world *world, int64_t *out_done);

/*
 * The table of one campaign: {campaigns, campaign, measure_label, periods, period, items: [tally],
 * has_items}. A tally: {unit, unit_label, period, group_label, points, url, next: {at, left,
 * opens_label, clause} or absent, crossings: [{at, state, state_label, opens_label, clause, url}]}.
 * A unit sees its own; units that hold a role of the campaign see all.
 *
 *   query   campaign: the first whose pack has scores where none is named; period: all where none is
 *
 * Errors: ST_NOT_FOUND campaign.unknown; those of the database
 */
MUST_USE enum status score_list_document(struct ctx *ctx, struct db_conn *conn,
                                         const struct world *world, const struct reader *reader,
                                         const struct actor *actor, const struct value *query,
                                         struct value **out);

/*
 * One unit: {…, tallies: [tally with lines]}. A line: {rule_label, points, state, state_label, clause,
 * subject, case, url, number, finding, happened_text, what_if_url}; where the query names one line
 * (`without`: case reference, a dot, sequence) its tally has `what_if`: {points, next, crossings}.
 *
 * Errors: as above; ST_NOT_FOUND score.unknown_unit: no such unit, or not theirs to see
 */
MUST_USE enum status score_read_document(struct ctx *ctx, struct db_conn *conn,
                                         const struct world *world, const struct reader *reader,
                                         const struct actor *actor, struct str campaign,
                                         struct str unit, const struct value *query,
                                         struct value **out);
