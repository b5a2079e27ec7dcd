#pragma once
/*
 * Compiled reports: what a pack's section `reports` counts and lists, made from the rows of the
 * cases at the moment it is opened. A figure is
 *
 *   count: cases | batches      in: […]  not_in: […]  states of the procedure      listed: true
 *
 * and every figure links to its rows.
 */
#include "services/case_list.h"

/*
 * {id, title, campaign, campaign_label, clause, at_text, figures: [{id, label, n, url, items?}]}
 *
 * Errors: ST_NOT_FOUND campaign.unknown, report.unknown {id}
 */
MUST_USE enum status report_document(struct ctx *ctx, struct db_conn *conn,
                                     const struct world *world, const struct reader *reader,
                                     const struct actor *actor, struct str campaign, struct str id,
                                     struct value **out);

/* {items: [{campaign, campaign_label, id, title, clause, url}]}: the reports of all packs at work. */
MUST_USE enum status report_list(struct ctx *ctx, const struct world *world,
                                 const struct reader *reader, struct value **out);
