#pragma once
/*
 * What is owed, by month: the cases that services/obligations opened, with what their packs say of
 * them. Whoever has a unit with a role in the campaign sees all, others what their own units owe.
 */
#include "services/reader.h"
#include "services/world.h"

/* Names of the query, as they stand in addresses; all may be absent. */
#define DUTY_LIST_QUERY "campaign unit period state"

/*
 * {campaign?, campaign_label?, owed_n, late_n, has_late,
 *  filters: [{name, kind, label, value, options: [{value, label, selected}]}],
 *  items: [{month,
 *           rows: [{item, title, clause, unit, unit_label, period, due, due_text, state, state_label,
 *                   is_late, number, url}]}]}
 *
 * By due day. state: owed, late (past its day and not done), done, done_late (done, or explained,
 * after its day), coming (begins within 100 days; no number and address, the next three of an item, to who
 * sees all). The query's state: `open` is owed, late and coming, and what is shown without one; `all`.
 * Without a campaign the first whose pack has obligations; where there is none, items are empty.
 * owed_n and late_n count before filtering by state.
 *
 *   actor   null: everything (the program itself)
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; ST_MALFORMED list.wrong_value {field, given};
 *         those of world_load_pack and of the store
 */
MUST_USE enum status duty_list_document(struct ctx *ctx, struct db_conn *conn,
                                        const struct world *world, const struct reader *reader,
                                        const struct actor *actor, const struct value *query,
                                        struct value **out);

/*
 * Appends to `rows` those of the campaign that are coming, as above; nothing is read from the store.
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; those of world_load_pack and world_engine
 */
MUST_USE enum status duty_list_coming(struct ctx *ctx, const struct world *world,
                                      const struct reader *reader, struct str campaign,
                                      struct value *rows);
