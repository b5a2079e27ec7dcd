/*
 * bench_scan DIR WORD…: how many rows SQLite walks through without an index while it searches for
 * each word, as it counts them itself (SQLITE_STMTSTATUS_FULLSCAN_STEP), and how many cases are found.
 * Prints {"words","found","scanned"}.
 */
#include <sqlite3.h>
#include <stdio.h>

#include "kit/db_int.h"
#include "services/home.h"
#include "store/casefile_list.h"

static int64_t scanned_rows(const struct db_conn *conn)
{
    int64_t rows = 0;
    for (sqlite3_stmt *statement = NULL;
         (statement = sqlite3_next_stmt(conn->lite, statement)) != NULL;)
        rows += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
    return rows;
}

static enum status search(struct ctx *ctx, struct db_conn *conn, const char *word,
                          int64_t *io_found)
{
    const struct casefile_filter filter = {.q = str_of(word),
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    const struct casefile_page page = {
        .sort = CASEFILE_SORT_CREATED, .descending = true, .limit = 50, .wants_count = true};
    struct casefile_list list;
    TRY(casefile_list(ctx, conn, &filter, &page, &list));
    *io_found += list.count;
    return ST_OK;
}

int main(int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct home *home AUTO(home_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    int64_t found = 0;
    if (argc < 3)
        return 2;
    enum status status =
        home_open(&ctx, str_of(argv[1]), furniture_files, furniture_file_count, &home);
    if (status == ST_OK)
        status = home_conn_open(&ctx, home, &conn);
    for (int i = 2; i < argc && status == ST_OK; i++)
        status = search(&ctx, conn, argv[i], &found);
    if (status != ST_OK) {
        fprintf(stderr, "bench_scan: %s\n", ctx.failure.reason.key);
        return status_exit(status);
    }
    printf("{\"words\":%d,\"found\":%lld,\"scanned\":%lld}\n", argc - 2, (long long)found,
           (long long)scanned_rows(conn));
    return 0;
}
