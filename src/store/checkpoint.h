#pragma once
/*
 * Checkpoints (检查点) of the ledger: a Merkle tree over all events (kit/merkle.h), its root signed
 * with Ed25519. Who holds one can show later that nothing of what it covers was changed or cut off.
 *
 * A leaf's data is the event's hash in binary; H is the ledger's. Leaves are numbered once, from 0, in
 * order of recorded_at, writer, commit and position among the events not numbered yet. What is signed:
 *   "lantian-checkpoint-1\n" N(hash: sm3 or sha256) N(size) N(root) N(made_at, UTC ms) N(heads)
 * heads tells how far each writer's chain of commits had come, with which hash and last id given. Whole subtrees of
 * 256, 65536 … leaves are kept, so that a proof reads some hundred rows however long the ledger is.
 */
#include "kit/merkle.h"
#include "store/ledger.h"

struct checkpoint {
    int64_t size; /* leaves; 0: there is none */
    struct instant made_at;
    struct digest root;
    struct str heads; /* <writer>:<number>:<hash>:<last id> parted by ';', by writer */
    struct sign_public key;
    struct signature signature;
};

/* "sm3" or "sha256", as in the signed text. */
struct str checkpoint_hash_name(enum crypto_hash hash);
/* The bytes that are signed. */
struct str checkpoint_text(struct arena *arena, enum crypto_hash hash,
                           const struct checkpoint *checkpoint);

/*
 * Inside a writer's job: numbers committed events that have no leaf and signs the new root. Events of
 * the job's own group come next time. Two that do so at once: one is tried again and finds it done.
 *
 *   out_more   some events were left for another call, so that none holds the writer long
 *   out        the checkpoint made; size 0 where no event was new
 */
MUST_USE enum status checkpoint_make(struct ctx *ctx, struct ledger_tx *ledger,
                                     const struct sign_seed *seed, bool *out_more,
                                     struct checkpoint *out);

struct checkpoint_list {
    struct checkpoint *at;
    size_t len;
    size_t cap;
};

/* Each ST_BROKEN checkpoint.unreadable where a row is not as written. */
/* The latest; ST_NOT_FOUND with nothing stored. */
MUST_USE enum status checkpoint_find_last(struct ctx *ctx, struct db_conn *conn,
                                          struct checkpoint *out);
/* ST_NOT_FOUND with nothing stored. */
MUST_USE enum status checkpoint_find(struct ctx *ctx, struct db_conn *conn, int64_t size,
                                     struct checkpoint *out);
/* The first that is larger than `size`; ST_NOT_FOUND with nothing stored. */
MUST_USE enum status checkpoint_find_next(struct ctx *ctx, struct db_conn *conn, int64_t size,
                                          struct checkpoint *out);
/* Those smaller than `before`, latest first. */
MUST_USE enum status checkpoint_list(struct ctx *ctx, struct db_conn *conn, int64_t before,
                                     int64_t limit, struct checkpoint_list *out);

/* ---- proofs ---- */

struct merkle_path {
    struct digest *at;
    size_t len;
    size_t cap;
};

/* RFC 9162 §2.1.3.1: that leaf `number` (below `size`) is in the tree of `size` leaves. */
MUST_USE enum status checkpoint_prove_inclusion(struct ctx *ctx, struct db_conn *conn,
                                                enum crypto_hash hash, int64_t number, int64_t size,
                                                struct merkle_path *out);
/* RFC 9162 §2.1.4.1: that the tree of `from` leaves (1 … size) is the beginning of the later one. */
MUST_USE enum status checkpoint_prove_consistency(struct ctx *ctx, struct db_conn *conn,
                                                  enum crypto_hash hash, int64_t from, int64_t size,
                                                  struct merkle_path *out);

/* An event's place in the tree. */
struct leaf {
    int64_t number;
    int64_t sequence;
    struct str hash; /* of the event, hex */
};

struct leaf_list {
    struct leaf *at;
    size_t len;
    size_t cap;
};

/* Events of a case that stand in the tree of `size` leaves, by sequence. */
MUST_USE enum status checkpoint_list_case(struct ctx *ctx, struct db_conn *conn,
                                          struct prefecture prefecture, struct casefile_id id,
                                          int64_t size, struct leaf_list *out);
