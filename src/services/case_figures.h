#pragma once
/*
 * Counts of cases by one thing, over the list's own filter, each with the address of its rows.
 */
#include "services/case_list.h"

/*
 *   query   the filter, in the words of the list (CASE_LIST_QUERY)
 *   by      a group of casefile_list.h, `tier`: the tier of the sources, or `field.<name>`: a field
 *           that its pack marks by `filter: true`
 *   rows    a list; gets {value, label, count, overdue, ended, open, share, heat, url, open_url, overdue_url, ended_url}. share: the
 *           count in hundredths of the greatest one; heat: the same in steps, 0 to 5. The list at url
 *           has as many cases as count says; url is empty where nothing can be asked for (value empty)
 *
 * Errors: ST_MALFORMED list.unknown_filter, list.wrong_value
 */
MUST_USE enum status case_figures_add(struct ctx *ctx, struct db_conn *conn,
                                      const struct world *world, const struct reader *reader,
                                      const struct actor *actor, const struct value *query,
                                      struct str by, struct value *rows);

/* A copy of the query with one member more, or another value of it. */
struct value *case_figures_with(struct arena *arena, const struct value *query, const char *name,
                                struct str text);
/* The query of the list behind one row of case_figures_add: `value` of the group `by`. */
struct value *case_figures_narrow(struct arena *arena, const struct value *query, struct str by,
                                  struct str value);

/*
 * The kinds of case that there are: {campaign, campaign_label, procedure, procedure_label, count}
 * appended to `kinds`.
 */
MUST_USE enum status case_figures_kinds(struct ctx *ctx, struct db_conn *conn,
                                        const struct world *world, const struct reader *reader,
                                        const struct actor *actor, const struct value *query,
                                        struct value *kinds);
/* The query narrowed to one of them. */
const struct value *case_figures_of_kind(struct arena *arena, const struct value *query,
                                         const struct value *kind);

/*
 * {by, by_label, is_map, groups: [{campaign, campaign_label, procedure, procedure_label, rows}], rows} for
 * `GET /stats?by=…`. A group is one kind of case, a procedure of a campaign: letters, cases handed over and
 * problems are counted by rules of their own, so nothing is added up across kinds, and what is handed from
 * one campaign to another is a case in each. `rows` are those of all groups, each with `campaign` and
 * `procedure`.
 */
MUST_USE enum status case_figures_document(struct ctx *ctx, struct db_conn *conn,
                                           const struct world *world, const struct reader *reader,
                                           const struct actor *actor, const struct value *query,
                                           struct str by, struct value **out);
