/*
 * Running numbers.
 */
#include "store/counter_rows.h"

#include "store/sql_gen.h"

enum status counter_next(struct ctx *ctx, struct db_conn *conn, struct str scope, int64_t *out)
{
    return db_get_i64(ctx, conn, &SQL_COUNTER_NEXT, DB_ARGS(db_text(scope)), out);
}
