/*
 * Migrations: forward only, one transaction each, remembered with the checksum of their script.
 * The list of what was applied must be a beginning of the list that the program carries.
 */
#include "kit/db.h"

static const char *const ledger_table = "CREATE TABLE IF NOT EXISTS schema_migration ("
                                        " number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
                                        " checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/* Two programs that start at once create the table one after the other. */
static const struct db_query lock_query = {
    "migration_lock", "SELECT 1", "SELECT 1 FROM (SELECT pg_advisory_xact_lock(7233183901)) AS l",
    0};
static const char list_text[] = "SELECT number, checksum FROM schema_migration ORDER BY number";
static const struct db_query list_query = {"migration_list", list_text, list_text, 0};
static const char insert_text[] =
    "INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)";
static const struct db_query insert_query = {"migration_insert", insert_text, insert_text, 4};

/* How many of the list stand in the database already. */
static enum status count_applied(struct ctx *ctx, struct db_conn *conn,
                                 const struct db_migration *list, size_t count, size_t *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    size_t applied = 0;
    TRY(db_rows_open(ctx, conn, &list_query, DB_NO_ARGS, &rows));
    for (; db_rows_next(ctx, &rows); applied++) {
        int64_t number = db_col_i64(&rows, 0);
        if (applied >= count || number != list[applied].number)
            return fail(ctx, ST_INVALID, "db.newer", ARGS(arg_int("number", number)));
        if (!str_eq_c(db_col_text(&rows, 1), list[applied].checksum))
            return fail(ctx, ST_BROKEN, "db.migration_changed",
                        ARGS(arg_c("name", list[applied].name)));
    }
    TRY(db_rows_status(&rows));
    *out = applied;
    return ST_OK;
}

/* One step under the lock; *out_done when nothing is left. */
static enum status apply_next(struct ctx *ctx, struct db_conn *conn,
                              const struct db_migration *list, size_t count, bool *out_done)
{
    struct tx tx AUTO(tx_end) = {0};
    int64_t one;
    size_t applied = 0;
    TRY(tx_begin(ctx, conn, &tx));
    TRY(db_get_i64(ctx, conn, &lock_query, DB_NO_ARGS, &one));
    TRY(db_script(ctx, conn, ledger_table));
    TRY(count_applied(ctx, conn, list, count, &applied));
    *out_done = applied == count;
    if (!*out_done) {
        const struct db_migration *next = &list[applied];
        must(next->number == (int)applied + 1);
        TRY(db_script(ctx, conn, next->sql));
        TRY(db_run(ctx, conn, &insert_query,
                   DB_ARGS(db_i64(next->number), db_text_c(next->name), db_text_c(next->checksum),
                           db_instant(ctx->now)),
                   NULL));
    }
    return tx_commit(ctx, &tx);
}

enum status db_migrate(struct ctx *ctx, struct db_conn *conn, const struct db_migration *list,
                       size_t count, int *out_applied)
{
    int applied = 0;
    for (bool done = false; !done; applied++)
        TRY(apply_next(ctx, conn, list, count, &done));
    if (out_applied != NULL)
        *out_applied = applied - 1;
    return ST_OK;
}
