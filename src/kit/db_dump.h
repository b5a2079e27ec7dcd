#pragma once
/*
 * A whole database as one file and back, while others go on writing. SQLite: another database file,
 * compact. PostgreSQL: an archive of pg_dump, which is looked for in PATH.
 */
#include "kit/db.h"

/*
 * The database as it stands at one moment.
 *
 *   path   of a file that does not exist
 *
 * Errors: ST_IO       db.dump_failed {program}; db.full
 *         ST_UNAVAILABLE db.no_program {program}: not installed
 *         those of db_conn_open
 */
MUST_USE enum status db_dump(struct ctx *ctx, const struct db *db, const char *path);

/*
 * Fills an empty PostgreSQL database from a dump, whole or not at all. (A dump of SQLite is the
 * database: put it in its place.)
 *
 * Errors: as db_dump
 */
MUST_USE enum status db_undump(struct ctx *ctx, const struct db *db, const char *path);
