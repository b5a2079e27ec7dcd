#pragma once
/*
 * Care for what is kept: rows folded from the ledger again, copies of the whole data directory.
 */
#include "services/home.h"
#include "store/rebuild.h"

/*
 * Folds the ledger again (store/rebuild.h): records, then cases.
 *
 *   progress   told the events folded so far; may be null
 *   out        of both steps together; table is the first that differs
 *
 * Errors: those of rebuild_records, rebuild_cases, world_engine
 */
MUST_USE enum status upkeep_rebuild(struct ctx *ctx, const struct home *home,
                                    enum rebuild_mode mode, rebuild_progress progress,
                                    void *progress_arg, struct rebuild_result *out);

/*
 * Derives the rows of all cases again as the directory has it now: what is due, and the regions they
 * lie in. A page of cases a commit, while others work; whoever was interrupted begins again.
 *
 * Errors: those of casework_read, casefile_rows_refresh
 */
MUST_USE enum status upkeep_refresh(struct ctx *ctx, const struct home *home);

struct backup_terms {
    const char *file;
    bool with_keys; /* signing keys too: whoever has the file can sign as this installation */
    void (*progress)(void *arg, int64_t permille); /* may be null */
    void *progress_arg;
};

/*
 * One archive of everything that cannot be made again: the database at one moment, kept files,
 * lantian.yaml, furniture of the installation. While others work; files that come in after that
 * moment may be in it too.
 *
 * Errors: those of db_dump and archive_write_close
 */
MUST_USE enum status upkeep_backup(struct ctx *ctx, const struct home *home,
                                   const struct backup_terms *terms, int64_t *out_files);

/*
 *   dir        of the new data directory: empty or not there
 *   database   PostgreSQL: the address of an empty database, absent: the one it had
 *
 * Errors: ST_CONFLICT home.not_empty; those of archive_unpack, db_undump
 */
MUST_USE enum status upkeep_restore(struct ctx *ctx, struct str dir, const char *file,
                                    struct str database, int64_t *out_files);
