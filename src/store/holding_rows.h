#pragma once
/*
 * Who held which role when, read from the events that named them: a case's row only knows who holds a
 * role now.
 */
#include "engine/score.h"
#include "kit/db.h"

/*
 * Units that held one of the roles in a case of the campaign at some time of [from, to), by unit and role; a case that has ended counts until its end.
 *
 *   roles   names
 *   out     in ctx->arena
 *
 * Errors: ST_BROKEN ledger.unreadable; those of the database
 */
MUST_USE enum status holding_rows_list(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                       const struct value *roles, struct instant from,
                                       struct instant to, struct score_holding_list *out);
