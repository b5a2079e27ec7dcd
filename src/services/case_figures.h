#pragma once
/*
 * Counts of cases by one thing, over the list's own filter, each with the address of its rows.
 */
#include "services/case_list.h"

/*
 *   query   the filter, in the words of the list (CASE_LIST_QUERY)
 *   by      a group of casefile_list.h, or `tier`: the tier of the sources
 *   rows    a list; gets {value, label, count, overdue, ended, open, share, heat, url}. share: the
 *           count in hundredths of the greatest one; heat: the same in steps, 0 to 5
 *
 * Errors: ST_MALFORMED list.unknown_filter, list.wrong_value
 */
MUST_USE enum status case_figures_add(struct ctx *ctx, struct db_conn *conn,
                                      const struct world *world, const struct reader *reader,
                                      const struct actor *actor, const struct value *query,
                                      struct str by, struct value *rows);

/*
 * {by, is_map, groups: [{campaign, campaign_label, procedure, procedure_label, rows}], rows} for
 * `GET /stats?by=…`. A group is one kind of case, a procedure of a campaign: letters, cases handed over and
 * problems are counted by rules of their own, so nothing is added up across kinds, and what is handed from
 * one campaign to another is a case in each. `rows` are those of all groups, each with `campaign` and
 * `procedure`.
 */
MUST_USE enum status case_figures_document(struct ctx *ctx, struct db_conn *conn,
                                           const struct world *world, const struct reader *reader,
                                           const struct actor *actor, const struct value *query,
                                           struct str by, struct value **out);
