#pragma once
/*
 * Compiled reports: what a pack's section `reports` counts and lists, made from the rows of the
 * cases at the moment it is opened. A figure is
 *
 *   count: cases | batches      in: […]  not_in: […]  states of the procedure      listed: true
 *   free_time: {from, to, where}      share of the period that no case takes up (report_time.h)
 *
 * a table counts by one thing (case_figures.h), and every number links to its rows. A report that is
 * made `per` a period counts the cases that happened in it.
 */
#include "services/case_figures.h"

/*
 *   period   of a report that is made per period, as period_parse takes it; absent: today's
 *   out      {id, title, campaign, campaign_label, clause, at_text, period?, before_url?, after_url?,
 *             figures: [{id, label, n (of free_time: 10,000ths, -1 none), text, url, items?}], tables: [{id, label, by, rows}]}
 *
 * Errors: ST_NOT_FOUND campaign.unknown, report.unknown {id}; ST_MALFORMED report.no_period {period}
 */
MUST_USE enum status report_document(struct ctx *ctx, struct db_conn *conn,
                                     const struct world *world, const struct reader *reader,
                                     const struct actor *actor, struct str campaign, struct str id,
                                     struct str period, struct value **out);

/* {items: [{campaign, campaign_label, id, title, clause, url}]}: the reports of all packs at work. */
MUST_USE enum status report_list(struct ctx *ctx, const struct world *world,
                                 const struct reader *reader, struct value **out);
