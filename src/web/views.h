#pragma once
/*
 * The list of cases seen in other ways, as its address says: view=board in columns by state,
 * view=calendar by the day on which a case falls due; else as a table. The rows are those of the
 * list, no others.
 */
#include "base/arena.h"
#include "base/value.h"

/*
 * Adds view_urls {table, board, calendar}, one of as_table, as_board, as_calendar = true, and for
 * the latter two groups:[{key, label, n, items}]: states in the order of the state filter's
 * options, days from the first on, cases without a day last. Does nothing without columns.
 *
 *   path   the address asked for, with its query
 */
void views_prepare(struct arena *arena, struct value *document, struct str path);

/* The address with that parameter set (an empty value: removed) and from the first page on. */
struct str views_format_url(struct arena *arena, struct str path, const char *name,
                            struct str value);
