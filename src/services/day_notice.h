#pragma once
/*
 * Daily notices (`notices` of a pack): what was handed over in a day's window and in all, by channel, type,
 * region and state, as the ledger knew it at a moment. The same day and moment give the same numbers for ever:
 * cases are folded from the events that were recorded by then, never from today's state.
 *
 * Three counting rules stay apart: cases (each once), dispatched cases (once for each unit that got it),
 * problems (once for each type that it has).
 */
#include "services/reader.h"
#include "services/world.h"

struct day_notice {
    const struct world *world;
    const struct regime *regime;
    const struct value *item; /* of the section `notices` */
    struct str campaign;
    struct day day;
    struct instant as_of; /* what was recorded later is not looked at */
};

/* Null: the pack has none of that id. */
const struct value *day_notice_item(const struct regime *regime, struct str id);

/*
 * The notice that a document of the case tells: that of its item's `notice`, of the day in the case's field
 * `day`. false: it tells none.
 */
bool day_notice_of(const struct world *world, const struct engine *engine,
                   const struct casefile *casefile, const struct value *document,
                   struct instant as_of, struct day_notice *out);

/*
 * {day, day_text, from_text, to_text, today {received, key, dispatched, problems}, total {the same},
 *  channels_today, channels_total, types_today, types_total, regions_today, regions_total, completions_today, completions_total,
 *  verdicts_today, verdicts_total: [{label, n, last}]}; has_<list> of those that hold something. `last` ends a list.
 *
 * Errors: those of the store
 */
MUST_USE enum status day_notice_count(struct ctx *ctx, struct db_conn *conn,
                                      const struct day_notice *notice, struct value **out);

/*
 * What has become of the same day since: {late, gone, changed: [{number, title, url, received_text, recorded_text}], late_n, gone_n,
 * changed_n, progressed_n}. late: came into the ledger later, received in time for the notice; gone: withdrawn, or
 * received on another day now; changed: of another channel, type, region or weight now; progressed: only dispatched, found or
 * closed since, as it should be.
 */
MUST_USE enum status day_notice_compare(struct ctx *ctx, struct db_conn *conn,
                                        const struct day_notice *notice, struct instant now,
                                        const struct reader *reader, struct value **out);
