#pragma once
/*
 * Clocks that run, over many cases: what ends next, with its case. Same filter words and same scope
 * as lists of cases (services/case_list.h); due_before, due_after and overdue are held against each
 * clock's own end.
 */
#include "services/case_list.h"

/* Names of the filter, as they stand in addresses. */
#define DEADLINE_LIST_QUERY                                                                        \
    "campaign procedure state like region unit source type batch overdue open waits due_before "   \
    "due_after limit cursor"

/*
 * {items: [{case: row of the list, name, label, clause, unit, started, due, end, state, provisional,
 * class, why}], next}, the next to end first. Clocks that are paused have no end and are not in it; `unit`
 * is absent where a setting chooses it.
 *
 * Errors: those of case_list_parse and casefile_list_deadlines
 */
MUST_USE enum status deadline_list_document(struct ctx *ctx, struct db_conn *conn,
                                            const struct world *world, const struct reader *reader,
                                            const struct actor *actor, const struct value *query,
                                            struct value **out);

/* One of these items. */
MUST_USE enum status deadline_row_document(struct ctx *ctx, const struct world *world,
                                           const struct reader *reader,
                                           const struct casefile_deadline *clock,
                                           struct value *out);
