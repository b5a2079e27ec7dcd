#pragma once
/*
 * The time that cases leave free (`free_time:` of a report's figure): an outage, a closure or any
 * other stretch from one field of a case to another, over the period of the report.
 *
 * Clause: S0-02.5.
 */
#include "base/ctx.h"
#include "base/value.h"
#include "kit/db.h"

/*
 * The share of the time from `from` to `to` in which no case of the procedure ran, in 10,000ths; -1
 * where there is no time yet. All cases of the campaign count, whoever looks: the share tells nothing of
 * any one of them.
 *
 *   free_time   {from, to, where?: field → text}: names of time fields; a case without `from` has no
 *               stretch, one without `to` still runs
 *
 * Errors: those of the store
 */
MUST_USE enum status report_time_share(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                       struct str procedure, const struct value *free_time,
                                       struct instant from, struct instant to, int64_t *out);
