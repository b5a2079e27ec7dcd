#pragma once
/*
 * `lantian report bodies`: what the bodies of a campaign (`bodies:` of its pack) prove day by day. In
 * each region that coverage asks for, was there a body at work on every day; and of those who may
 * sit in one body of a season alone (`once:`), was everybody in exactly one, or is listed as in none?
 *
 * A body is at work while its case stands in one of the states that its own `apart:` rule names, within
 * its first and last day. All is read from the ledger; nothing of it is kept.
 *
 * Clause: S1-1.1.3 S1-1.4.1 S1-1.4.6.
 */
#include "services/reader.h"
#include "services/world.h"

/*
 * {campaign, campaign_label, first, last, ok,
 *  items: [{id, title, clause, bodies_n, regions_n, days_n, covered_n, gaps_n,
 *           rows: [{region, label, bodies, covered, gaps: [{from, to}]}]}],
 *  seasons: [{body, rule, title, clause, from, to, people_n, once_n, listed_n, excepted_n, running_n,
 *             open_n, rows: [{id, label, times, excepted, state, cases}]}]}
 *
 * days_n and covered_n count days of regions. A row of a season for everybody who was not in exactly
 * one: listed (in none, and so recorded), excepted (in several, each further one by a recorded
 * exception), running (in none, and the list of the season has not been drawn up), open (neither).
 * ok: no gap, none open.
 *
 *   first, last   DAY_NONE: of the campaign; its last day is today's at most
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}; those of world_load_pack and of the store
 */
MUST_USE enum status body_report_document(struct ctx *ctx, struct db_conn *conn,
                                          const struct world *world, const struct reader *reader,
                                          struct str campaign, struct day first, struct day last,
                                          struct value **out);
