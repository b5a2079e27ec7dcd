#pragma once
/*
 * The database of one installation: where it is, how its ledger is hashed, whether it is a sandbox.
 * Profile and sandbox stand in the ledger's first event and never change.
 */
#include "kit/crypto.h"
#include "kit/db.h"
#include "store/writer.h"

/* Open to read; any thread once opened. */
struct store {
    struct db *db;
    enum crypto_hash hash; /* profile gm: SM3, intl: SHA-256 */
    bool sandbox;
};

/*
 * Makes an empty database into one of ours: tables, and the first event.
 *
 * Errors: ST_CONFLICT store.made_already; those of db_open, db_migrate
 */
MUST_USE enum status store_init(struct ctx *ctx, struct str uri, enum crypto_hash hash,
                                bool sandbox);

/*
 * Opens the database and brings its tables up to date.
 *
 * Errors: ST_NOT_FOUND store.not_made (no first event: `lantian init` comes before); those of
 *         db_open, db_migrate
 */
MUST_USE enum status store_open(struct ctx *ctx, struct str uri, struct store **out);
void store_close(struct store *store);    /* takes null; after all connections */
void store_cleanup(struct store **store); /* for AUTO */

/* All tables, for one connection that may write. */
MUST_USE enum status store_migrate(struct ctx *ctx, struct db_conn *conn);
