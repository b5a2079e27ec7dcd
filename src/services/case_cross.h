#pragma once
/*
 * Tables of counts: one thing by another, by one of three rules that are never mixed. Every cell has
 * the address of the rows behind it.
 */
#include "services/case_figures.h"

/* Names of the query beside those of the list. */
#define CASE_CROSS_QUERY CASE_LIST_QUERY " rows columns rule"

/*
 *   cases        what came in: each case once in each cell that it belongs to
 *   dispatched   of these, what was handed over: from `handed_over` of the axis of states on
 *   problems     each case once for each of its types: it tells of as many problems
 *
 * A case of two types stands in two cells and once in the sum of its row: sums by the first two rules
 * are counted like cells, not added up. Sums by the third are the sums of their cells over types.
 */
enum case_rule { CASE_RULE_CASES, CASE_RULE_DISPATCHED, CASE_RULE_PROBLEMS, CASE_RULE_COUNT };

/*
 * {rule, rule_label, rule_note, rows_by, rows_label, columns_by, columns_label,
 *  rules: [{id, label, url, here}], kinds: [{label, url, here}],
 *  row_choices, column_choices: [{id, label, url, here}],
 *  campaign, campaign_label, procedure, procedure_label, n, url,
 *  columns: [{value, label, n, url}],
 *  rows: [{value, label, n, url, cells: [{column_label, n, url}]}]} for `GET /stats/table`.
 *
 * One kind of case, the query's or that with most cases; where there is none at all, rows and columns
 * are empty, n is 0 and `campaign` absent. By the first two rules the list at a cell's url has n cases; by
 * the third n is the sum of the counts at its url (`/stats?by=type…`), or its list where the cell is
 * of one type. A row or column of cases that have no value is left out, not so from the sums.
 *
 *   query   the filter, in the words of the list, and rows, columns (a group of case_figures_add),
 *           rule; region, type and cases where absent
 *
 * Errors: ST_MALFORMED list.unknown_filter, list.wrong_value
 */
MUST_USE enum status case_cross_document(struct ctx *ctx, struct db_conn *conn,
                                         const struct world *world, const struct reader *reader,
                                         const struct actor *actor, const struct value *query,
                                         struct value **out);
