#pragma once
/*
 * Merkle trees as RFC 9162 §2.1 has them (RFC 6962's): a leaf is H(0x00 data), a node H(0x01 left
 * right), a tree of n leaves splits at the largest power of two below n. A tree only grows: what
 * is whole (2^k leaves beginning at a multiple of 2^k) never changes again. Any thread.
 */
#include "kit/crypto.h"

enum { MERKLE_LEVELS = 48 };

struct digest merkle_leaf(enum crypto_hash hash, struct str data);
struct digest merkle_node(enum crypto_hash hash, const struct digest *left,
                          const struct digest *right);

/* Root of a whole tree: `count` hashes, a power of two, folded in place. */
struct digest merkle_fold(enum crypto_hash hash, struct digest *hashes, size_t count);

/* The largest power of two below `size`, which is at least 2: where such a tree splits. */
int64_t merkle_split(int64_t size);

/* A tree that grows leaf by leaf: the roots of its whole parts, largest first. Zero: empty. */
struct merkle_edge {
    int64_t size; /* leaves */
    int depth;    /* roots held */
    struct digest at[MERKLE_LEVELS];
};

/*
 * Adds a leaf.
 *
 *   made   the nodes that became whole by it: made[0] the leaf, made[k] the one of 2^k leaves
 *
 * Returns how many there are.
 */
int merkle_grow(enum crypto_hash hash, struct merkle_edge *edge, struct digest leaf,
                struct digest made[MERKLE_LEVELS]);

/* Root of what is there; of an empty tree the hash of nothing. */
struct digest merkle_root(enum crypto_hash hash, const struct merkle_edge *edge);
