#pragma once
/*
 * Making and showing checkpoints of the ledger (store/checkpoint.h). The signing key is the data
 * directory's: keys/checkpoint, 64 hex digits of an Ed25519 seed, 0600, made with the first
 * checkpoint. Its public half stands in every checkpoint. By command, and when so many minutes are
 * over (a setting, usually an hour) in which something happened.
 */
#include "services/home.h"
#include "store/checkpoint.h"
#include "store/checkpoint_verify.h"

/*
 * Signs what is committed now. Waits: not on a thread that serves sockets.
 *
 *   out        the latest, new or not; size 0: the ledger is empty
 *   out_made   how many were made: none where nothing was new
 *
 * Errors: those of key_file_take
 */
MUST_USE enum status checkpoint_sign(struct ctx *ctx, const struct home *home, int64_t *out_made,
                                     struct checkpoint *out);

/* Signs any text by the key of checkpoints. Errors as above. */
MUST_USE enum status checkpoint_sign_text(struct ctx *ctx, const struct home *home, struct str text,
                                          struct sign_public *out_key, struct signature *out);

enum { CHECKPOINT_MINUTES_MAX = 7 * 24 * 60 };

/* Minutes from one checkpoint to the next; what was set, else an hour. */
MUST_USE enum status checkpoint_find_interval(struct ctx *ctx, struct db_conn *conn,
                                              int64_t *out_minutes);
/*
 * Kept in the ledger as the setting checkpoint_minutes; holds from the next look of the timer on.
 *
 * Errors: ST_INVALID checkpoint.interval {limit}: not 1..CHECKPOINT_MINUTES_MAX
 */
MUST_USE enum status checkpoint_set_interval(struct ctx *ctx, const struct home *home,
                                             int64_t minutes, struct str actor);

/* For timers_table.h: where the interval is over and something is new. */
MUST_USE enum status checkpoint_tick(struct ctx *ctx, const struct home *home,
                                     const struct world *world, int64_t *out_done);

/* The public key of this directory; null where it has none yet. */
MUST_USE enum status checkpoint_find_key(struct ctx *ctx, const struct home *home,
                                         const struct sign_public **out);

/* Proves the whole ledger and its checkpoints, this directory's key among theirs. */
MUST_USE enum status checkpoint_prove_ledger(struct ctx *ctx, const struct home *home,
                                             struct db_conn *conn, ledger_progress progress,
                                             void *progress_arg, struct ledger_verdict *out);

/* {hash, size, root, made_at, made_at_ms, heads, public_key, signature}: all that a verifier needs */
struct value *checkpoint_document(struct arena *arena, enum crypto_hash hash,
                                  const struct checkpoint *checkpoint);
/* {items: [checkpoint …], next}: latest first; next is the size to go on before, or empty */
MUST_USE enum status checkpoint_list_document(struct ctx *ctx, const struct home *home,
                                              struct db_conn *conn, int64_t before, int64_t limit,
                                              struct value **out);
/*
 * {checkpoint | null, items: [{sequence, hash, leaf, path: [hex …]}], later}: inclusion proofs of a
 * case's events against the latest checkpoint; later: its events which that one does not cover yet.
 *
 *   sequence   only this event; 0: all
 *
 * Errors: ST_NOT_FOUND checkpoint.not_covered {sequence}
 */
MUST_USE enum status checkpoint_case_document(struct ctx *ctx, const struct home *home,
                                              struct db_conn *conn, struct prefecture prefecture,
                                              struct casefile_id id, int64_t sequence,
                                              struct value **out);
/*
 * {from: checkpoint, to: checkpoint, path: [hex …]}: that the later one only added to the earlier.
 *
 *   to   0: the latest
 *
 * Errors: ST_NOT_FOUND checkpoint.unknown {size}; ST_MALFORMED checkpoint.order
 */
MUST_USE enum status checkpoint_consistency_document(struct ctx *ctx, const struct home *home,
                                                     struct db_conn *conn, int64_t from, int64_t to,
                                                     struct value **out);
