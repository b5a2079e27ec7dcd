/*
 * VACUUM INTO reads in one transaction and copies no free pages; pg_dump is PostgreSQL's own word
 * on what a copy is, so it is asked rather than imitated.
 */
#include "kit/db_dump.h"

#include <errno.h>
#include <spawn.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/db_int.h"

extern char **environ;

/* ---- SQLite ---- */

static enum status fail_dump(struct ctx *ctx, const char *program, const char *why)
{
    enum status status = fail(ctx, ST_IO, "db.dump_failed", ARGS(arg_c("program", program)));
    fail_note(ctx, str_of(why));
    return status;
}

static void close_lite(struct sqlite3 **lite)
{
    (void)sqlite3_close(*lite);
}

static void end_statement(struct sqlite3_stmt **statement)
{
    (void)sqlite3_finalize(*statement);
}

static enum status dump_lite(struct ctx *ctx, const struct db *db, const char *path)
{
    struct sqlite3 *lite AUTO(close_lite) = NULL;
    struct sqlite3_stmt *statement AUTO(end_statement) = NULL;
    int got =
        sqlite3_open_v2(db->address, &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (got == SQLITE_OK)
        got = sqlite3_busy_timeout(lite, 10000);
    if (got == SQLITE_OK)
        got = sqlite3_prepare_v2(lite, "VACUUM INTO $1", -1, &statement, NULL);
    if (got == SQLITE_OK)
        got = sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
    if (got == SQLITE_OK)
        got = sqlite3_step(statement);
    if (got == SQLITE_DONE)
        return ST_OK;
    return got == SQLITE_FULL ? fail(ctx, ST_IO, "db.full", NO_ARGS)
                              : fail_dump(ctx, "sqlite", sqlite3_errmsg(lite));
}

/* ---- PostgreSQL ---- */

/* What the program says goes to our stderr. */
static enum status run_program(struct ctx *ctx, const char *const *argv)
{
    pid_t child;
    int told;
    /* argv is not written to; posix_spawn's type predates const. */
    int error = posix_spawnp(&child, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ);
    if (error != 0)
        return fail(ctx, ST_UNAVAILABLE, "db.no_program", ARGS(arg_c("program", argv[0])));
    while (waitpid(child, &told, 0) < 0)
        must(errno == EINTR);
    return WIFEXITED(told) && WEXITSTATUS(told) == 0
               ? ST_OK
               : fail(ctx, ST_IO, "db.dump_failed", ARGS(arg_c("program", argv[0])));
}

enum status db_dump(struct ctx *ctx, const struct db *db, const char *path)
{
    const char *const argv[] = {"pg_dump",         "--format=custom", "--no-owner",
                                "--no-privileges", "--file",          path,
                                "--dbname",        db->address,       NULL};
    return db->engine == DB_SQLITE ? dump_lite(ctx, db, path) : run_program(ctx, argv);
}

enum status db_undump(struct ctx *ctx, const struct db *db, const char *path)
{
    const char *const argv[] = {"pg_restore",
                                "--single-transaction",
                                "--exit-on-error",
                                "--no-owner",
                                "--no-privileges",
                                "--dbname",
                                db->address,
                                path,
                                NULL};
    must(db->engine == DB_POSTGRES);
    return run_program(ctx, argv);
}
