#pragma once
/*
 * What recurs in a campaign (engine/counts.h): a timer proposes what a pack says, and a document
 * shows every tally with the cases behind it. Nothing of it is kept.
 */
#include "services/home.h"
#include "services/reader.h"

/*
 * Opens what the tallies of every open campaign propose, each once a period and group. A campaign is
 * looked at once a week, on the first look of it, and again where the directory moved: reading it
 * reads all its cases of the counted procedures.
 *
 *   out_done   cases opened
 */
MUST_USE enum status counts_tick(struct ctx *ctx, const struct home *home,
                                 const struct world *world, int64_t *out_done);

/* Names of the query, as they stand in addresses; may be absent. */
#define COUNTS_QUERY "campaign"

/*
 * {campaigns: [{id, label, url, here}], campaign, campaign_label,
 *  items: [{id, title, clause, threshold (empty: none), lines_n,
 *           lines: [{group_label, period, size, reached, units_label, cases_n,
 *                    cases: [{number, url}]}]}]}
 * Lines with the most first. Without a campaign the first whose pack counts something; where there is
 * none, campaigns and items are empty. Only cases that the actor may see are counted.
 *
 *   actor   null: everything (the program itself)
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; those of world_load_pack and of the store
 */
MUST_USE enum status counts_document(struct ctx *ctx, struct db_conn *conn,
                                     const struct world *world, const struct reader *reader,
                                     const struct actor *actor, struct str campaign,
                                     struct value **out);
