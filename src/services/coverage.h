#pragma once
/*
 * Coverage with its proof: who covers what by which case, and who is left out, made anew from the
 * directory of today and the cases as they stand (engine/coverage.h). Nothing of it is kept.
 *
 * Whoever has a unit with a role in the campaign sees all of it, others the rows of their own units'
 * regions. The pairs behind a row are always counted over all cases.
 */
#include "services/reader.h"
#include "services/world.h"

/* Names of the query, as they stand in addresses; both may be absent. */
#define COVERAGE_QUERY "campaign level"

/*
 * {campaigns: [{id, label, url, here}], campaign, campaign_label, at, at_text, level,
 *  levels: [{id, label, url, here}], gaps_n,
 *  gaps: [{item, title, clause, label, state, state_label, found, wanted}],
 *  items: [{id, title, clause, level_label, bound_text, rows_n, covered_n, gaps_n,
 *           rows: [{id, label, found, state, state_label,
 *                   partners: [{id, label, proof: [{number, url}]}]}],
 *           matrix: {columns: [{label}],
 *                    rows: [{label, is_gap, cells: [{on, number?, url?}]}]}}]}
 *
 * state: covered, gap, excess. The matrix is there where it fits a page (24 columns). Without a campaign
 * the first whose pack has coverage; where there is none, campaigns and items are empty.
 *
 *   actor   null: everything (the program itself)
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; those of world_load_pack and of the store
 */
MUST_USE enum status coverage_document(struct ctx *ctx, struct db_conn *conn,
                                       const struct world *world, const struct reader *reader,
                                       const struct actor *actor, struct str campaign,
                                       struct str level, struct value **out);
