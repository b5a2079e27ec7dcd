/*
 * Running numbers. A statement that writes and returns makes SQLite keep a journal of its own and
 * FTS5 write out what it has gathered, a fifth of the time of an import; raising and reading one
 * after the other needs neither.
 */
#include "store/counter_rows.h"

#include "store/sql_gen.h"

enum status counter_next(struct ctx *ctx, struct db_conn *conn, struct str scope, int64_t *out)
{
    int64_t raised = 0;
    if (db_conn_engine(conn) == DB_SQLITE)
        TRY(db_run(ctx, conn, &SQL_COUNTER_RAISE, DB_ARGS(db_text(scope)), &raised));
    return db_get_i64(ctx, conn, raised == 1 ? &SQL_COUNTER_LAST : &SQL_COUNTER_NEXT,
                      DB_ARGS(db_text(scope)), out);
}
