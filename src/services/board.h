#pragma once
/*
 * Boards of a campaign (regime/board.h): what lasts from a day to a day on a line of time, and per region
 * what was made in each region while it lasted. Only what the actor may see is shown and counted.
 */
#include "services/reader.h"
#include "services/world.h"

/* Names of the query, as they stand in addresses; may be absent. */
#define BOARD_QUERY "campaign"

/*
 * {campaigns: [{id, label, url, here}], campaign, campaign_label,
 *  items: [{id, title, clause, columns_n, has_columns,
 *           columns: [{number, label, from, to, state, state_label, url, is_now, x, width, middle}],
 *           ticks: [{x, label}], now_x (absent outside the line),
 *           matrices: [{procedure, title, rows_n,
 *                       rows: [{region, label, url, count, open, cells: [{count, open, heat, url}]}],
 *                       totals: [{count}]}]}]}
 *
 * x and width are thousandths of the line, which goes from the first day of any column to the last. What
 * was made before the first column, after the last, or between two, is counted in none. heat: 0 to 5,
 * against the greatest cell. Without a campaign the first whose pack has boards; where there is none,
 * campaigns and items are empty.
 *
 *   actor   null: everything (the program itself)
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; those of world_load_pack and of the store
 */
MUST_USE enum status board_document(struct ctx *ctx, struct db_conn *conn,
                                    const struct world *world, const struct reader *reader,
                                    const struct actor *actor, struct str campaign,
                                    struct value **out);
