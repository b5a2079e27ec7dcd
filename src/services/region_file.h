#pragma once
/*
 * The file of a region: all that a campaign's cases record about it, across procedures, with words to
 * search and one procedure to narrow it to. Whoever a pack names as reader (`files:`) reads all of what
 * lies in it, whoever made it and whenever; everybody else reads of it what they stand in.
 */
#include "services/case_figures.h"

/* Names of the query, as they stand in addresses; all may be absent. */
#define REGION_FILE_QUERY "campaign procedure q cursor limit"

/*
 * {campaigns: [{id, label, url, here}], campaign, campaign_label, region, region_label,
 *  above: [{region, label, url}], from the nation down; whole: all of `files` is shown; files: [{id,
 *  label, clause}] that the actor reads; procedure (absent: all), q,
 *  procedures: [{procedure, label, count, ended, open, overdue, url, here}], all_url,
 *  beside: [{procedure, label, count, ended, open, overdue, any, late, url, overdue_url, rows}]: what the pack wants
 *  side by side, rows of case_list.h, at most five, none where the page is narrowed; items, next?, count, count_is_capped,
 *  count_text}: items are rows of case_list.h, the latest first.
 *
 * Errors: ST_NOT_FOUND region.unknown {code}, campaign.unknown {name}; ST_MALFORMED
 *         list.unknown_filter, list.wrong_value; those of world_load_pack and of the store
 */
MUST_USE enum status region_file_document(struct ctx *ctx, struct db_conn *conn,
                                          const struct world *world, const struct reader *reader,
                                          const struct actor *actor, struct str region,
                                          const struct value *query, struct value **out);
