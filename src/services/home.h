#pragma once
/*
 * The data directory, and all that is open while a program works on it: lantian.yaml, the database,
 * its writer, the kept files, the furniture with the directory's own on top, and what is
 * remembered (world.h).
 *
 *   lantian.yaml   database: sqlite | sqlite:PATH | postgresql://…   listen: ADDR:PORT
 *   lantian.db     where the database is `sqlite`
 *   blobs/ tmp/    kept files (kit/blob.h)
 *   keys/          0700; files in it 0600
 *   furniture/     files that win over the compiled-in ones; may be absent
 */
#include "kit/blob.h"
#include "kit/furniture.h"
#include "kit/words.h"
#include "services/daily.h"
#include "services/world.h"
#include "store/store.h"
#include "store/writer.h"

/* Open: free to read; everything in it is safe for any thread. */
struct home {
    struct arena *arena;
    struct str dir;
    struct str listen;
    struct str proxy; /* address of the proxy in front, or empty */
    struct store *store; /* db, hash profile, sandbox */
    struct writer *writer;
    struct blob_store *blobs;
    struct furniture *furniture;
    struct words_book *words;
    struct world_cache *worlds;
    struct daily *daily; /* which work of the morning is done */
    struct rate *callers; /* how often an address may complain or ask for a complaint without a login */
};

struct home_terms {
    struct str dir;
    struct str database;   /* as in lantian.yaml; absent: sqlite */
    struct str listen;     /* absent: 127.0.0.1:8080 */
    enum crypto_hash hash; /* profile gm: CRYPTO_SM3, intl: CRYPTO_SHA256 */
    bool sandbox;
};

/*
 * Makes a data directory: folders, lantian.yaml, database with its first event. See founding.h for
 * what is put into it.
 *
 * Errors: ST_CONFLICT home.not_empty {dir}; store.made_already: the database is used by another one
 *         ST_INVALID  home.secret_in_address: a password in the database address; db.bad_uri
 *         ST_IO       home.cannot_make {path}
 */
MUST_USE enum status home_init(struct ctx *ctx, const struct home_terms *terms);

/* What lantian.yaml says. */
struct home_config {
    struct str database;
    struct str listen;
    struct str proxy; /* who may tell by X-Forwarded-For who asks; absent: nobody */
};

/* Makes the folder and those above it. ST_CONFLICT home.not_empty {dir}; ST_IO home.cannot_make */
MUST_USE enum status home_prepare(struct ctx *ctx, struct str dir);
/* Reads `name` in the folder. ST_NOT_FOUND home.none {dir}; ST_INVALID home.config {line} */
MUST_USE enum status home_read_config(struct ctx *ctx, struct str dir, const char *name,
                                      struct home_config *out);
/* Writes lantian.yaml, which is not there yet. ST_IO home.cannot_make {path} */
MUST_USE enum status home_write_config(struct ctx *ctx, struct str dir,
                                       const struct home_config *config);

/*
 *   files   the compiled-in furniture
 *
 * Errors: ST_NOT_FOUND home.none {dir}: no lantian.yaml there
 *         ST_INVALID   home.config {line}: lantian.yaml cannot be read
 *         those of store_open, furniture_open, world_cache_new
 */
MUST_USE enum status home_open(struct ctx *ctx, struct str dir, const struct furniture_file *files,
                               size_t file_count, struct home **out);
void home_close(struct home *home); /* takes null; finishes what the writer has queued */
void home_cleanup(struct home **home); /* for AUTO */

/* A reading connection; the caller closes it. */
MUST_USE enum status home_conn_open(struct ctx *ctx, const struct home *home,
                                    struct db_conn **out);
/* Runs one piece of work to its durable end. Waits: not on a thread that serves sockets. */
MUST_USE enum status home_write(struct ctx *ctx, const struct home *home, writer_work run,
                                void *arg);
/* The present snapshot, asked for with a connection opened for it; for the command line. */
MUST_USE enum status home_world(struct ctx *ctx, const struct home *home, struct world **out);
/*
 * Hands a piece of work to the writer and does not wait; how it ends is not told. For what may be
 * lost in a crash: that a session was used. `arg` is copied, `size` bytes.
 */
void home_write_later(const struct home *home, struct instant now, writer_work run,
                      const void *arg, size_t size);
