#pragma once
/*
 * Batches (批次) for readers: what came in together, how far it is, who has not confirmed yet, and the
 * clock that runs for all of it. Everything is counted when it is asked for, within what the reader may
 * see.
 */
#include "services/case_list.h"

enum { BATCH_LIST_MAX = 50, BATCH_ITEMS_MAX = 500 };

/*
 * {items: [{campaign, campaign_label, number, url, date, rows, handed_over, confirmed, answered, late}],
 * next}, newest first.
 *
 *   before   as `next` of the page before, or absent
 *
 * Errors: ST_MALFORMED list.bad_cursor
 */
MUST_USE enum status batch_list_document(struct ctx *ctx, struct db_conn *conn,
                                         const struct world *world, const struct reader *reader,
                                         const struct actor *actor, struct str before,
                                         struct value **out);

/*
 * {campaign, campaign_label, number, date, rows, by_state, by_type, by_region, by_channel, clock,
 * unconfirmed, items, url}. Rows and channels of the BATCH_ITEMS_MAX oldest cases.
 *
 * Errors: ST_NOT_FOUND batch.unknown {campaign, number}: none, or none of its cases is theirs to see
 */
MUST_USE enum status batch_document(struct ctx *ctx, struct db_conn *conn,
                                    const struct world *world, const struct reader *reader,
                                    const struct actor *actor, struct str campaign,
                                    struct str number, struct value **out);

/* "<campaign>/<number>", as lists filter by it. */
struct str batch_axis(struct arena *arena, struct str campaign, struct str number);
