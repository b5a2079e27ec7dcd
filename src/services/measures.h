#pragma once
/*
 * Pressing, over many cases: the look of the morning that proposes, and the list of what is proposed
 * and taken. The rules are engine/ladder.h's.
 */
#include "services/case_document.h"
#include "services/casework.h"
#include "services/home.h"

/* Names of the filter, as they stand in addresses. */
#define MEASURE_LIST_QUERY "campaign step unit state limit"

/*
 * Once a campaign and day looks at the cases whose clocks run or whose proposals wait, and gives the
 * command `propose` where the engine has something to say; a part of timers_run. However many
 * programs look, the engine refuses the second identical proposal.
 *
 *   out_done   commands that did something
 */
MUST_USE enum status measures_tick(struct ctx *ctx, const struct home *home,
                                   const struct world *world, int64_t *out_done);

/*
 * {items, states, state}. An item is a measure (put_measure) with `case`: {id, url, number, title,
 * state_label, version}, and, where it waits for the reader's answer, `open_actions`: confirm and
 * hold back, each with its form. Of cases that the reader may see.
 *
 *   query   state: open where none is named, `all` for any
 *
 * Errors: ST_MALFORMED list.wrong_value {field}; those of the database
 */
MUST_USE enum status measure_list_document(struct ctx *ctx, struct db_conn *conn,
                                           const struct world *world, const struct reader *reader,
                                           const struct actor *actor, const struct value *query,
                                           struct value **out);
