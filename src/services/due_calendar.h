#pragma once
/*
 * Everything that is due in a month, over all campaigns that the reader sees: each running clock on
 * its last day, duties among them (their cases carry clocks like any other). Derived each time.
 */
#include "services/deadline_list.h"

/* Names of the query, as they stand in addresses; all may be absent. */
#define DUE_CALENDAR_QUERY "month campaign view mine"

/*
 * {month, month_text, from, to, today, view, as_month, as_list, n, is_capped, mine,
 *  previous_url, next_url, today_url, ics_url, views: [{label, url, here}],
 *  campaigns: [{label, url, here}], of: [{label, url, here}],
 *  late_n, late: [entry], days: [{day, day_text, is_today, entries: [entry]}],
 *  coming_n, coming: [row of duty_list.h with campaign_label, url of the list]: duties of the month that have
 *  no case yet, of campaigns that the reader sees whole;
 *  weeks: [{days: [{day, number, in_month, is_today, off, busy, shown: [entry with place], more, more_url}]}]}
 *
 * An entry is an item of services/deadline_list.h; `days` has those days alone on which something ends.
 * late: what ended before the month and still runs, in the present month only. `view` is `month` or
 * `list`; `mine=true` leaves what waits for the reader or their units. `month` is this one where absent.
 *
 * Errors: ST_MALFORMED list.wrong_value {field, given}; those of deadline_list_document
 */
MUST_USE enum status due_calendar_document(struct ctx *ctx, struct db_conn *conn,
                                           const struct world *world, const struct reader *reader,
                                           const struct actor *actor, const struct value *query,
                                           struct value **out);

/* The same entries as a file for other programs (RFC 5545), `late` among them. */
MUST_USE enum status due_calendar_ics(struct ctx *ctx, struct db_conn *conn,
                                      const struct world *world, const struct reader *reader,
                                      const struct actor *actor, const struct value *query,
                                      struct str *out);
