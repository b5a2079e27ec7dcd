#pragma once
/*
 * A draw that anyone can repeat: from a list, the rules and a seed comes one sample and no other.
 * Pure; the hash is handed down. The algorithm, to the byte, is docs/draws.md; tests repeat it with
 * an implementation of their own.
 *
 *   the list is committed by its hash → the seed becomes known → the sample is taken
 *
 * Clause: S3-1.4 S3-3.3.1.
 */
#include "base/ctx.h"

enum {
    DRAW_DIGEST_BYTES = 32,
    DRAW_ROWS_MAX = 100000,
    DRAW_COLUMNS_MAX = 64,
    DRAW_STRATA_MAX = 1000,
    DRAW_SEED_MAX = 4096, /* bytes */
};

struct draw_digest {
    unsigned char bytes[DRAW_DIGEST_BYTES];
};

/* SHA-256 (FIPS 180-4), whatever the ledger hashes with: anyone has it. */
typedef struct draw_digest draw_hash_fn(struct str bytes);

/* What is drawn from, as it was printed: one row a thing, its cells in the order of the columns. */
struct draw_list {
    const struct str *columns;
    size_t column_count;
    const struct str *cells; /* row after row */
    size_t row_count;
};

struct draw_exclusion {
    struct str id;
    struct str reason;
};

struct draw_rules {
    struct str key;     /* column that names a thing; no two things share a name */
    struct str strata;  /* column by whose cells the list is parted, or empty: not at all */
    int64_t take;       /* so many things; 0: a percentage */
    int64_t percent;    /* of what is not excluded, rounded up, 1..100; 0: `take` says it */
    int64_t at_least;   /* with percent: never fewer, 0..; there may be fewer to take from */
    const struct draw_exclusion *excluded;
    size_t excluded_count;
};

/* One stratum, in the order in which the list first names it. */
struct draw_stratum {
    struct str name;
    size_t listed;   /* rows */
    size_t excluded; /* of them not drawn from */
    size_t take;     /* its share */
    size_t *drawn;   /* `take` rows, counted from 0, in the order drawn */
};

struct draw_result {
    struct draw_stratum *strata;
    size_t stratum_count;
    size_t drawn_count; /* of all strata */
};

/* 64 lower-case hex digits, in the arena. */
struct str draw_list_hash(struct arena *arena, draw_hash_fn *hash, const struct draw_list *list);
struct str draw_rules_hash(struct arena *arena, draw_hash_fn *hash, const struct draw_rules *rules);

/*
 * Whether list and rules can be drawn by.
 *
 * Errors: ST_INVALID  draw.no_rows; draw.no_column {name}; draw.no_key {row}; draw.key_twice {id}
 *                     {row}; draw.not_listed {id}; draw.no_reason {id}; draw.excluded_twice {id};
 *                     draw.take_or_percent; draw.too_many {take} {n}: fewer are left than are to be
 *                     taken; draw.too_few {take} {n}: more strata than things to take
 *         ST_LIMIT    draw.too_large {limit}; draw.too_many_strata {limit}
 */
MUST_USE enum status draw_check(struct ctx *ctx, const struct draw_list *list,
                                const struct draw_rules *rules);

/*
 * Takes the sample; everything in ctx->arena.
 *
 *   seed   any text that nobody knew when the list was committed; blanks count
 *
 * Errors: those of draw_check; ST_INVALID draw.no_seed; ST_LIMIT draw.seed_too_long {limit}
 */
MUST_USE enum status draw_sample(struct ctx *ctx, draw_hash_fn *hash, const struct draw_list *list,
                                 const struct draw_rules *rules, struct str seed,
                                 struct draw_result *out);

/* The cell of a row under a column; the column must be one of the list's. */
struct str draw_cell(const struct draw_list *list, size_t row, struct str column);

/* ---- the parts, for whoever proves them ---- */

/*
 * One of 0..n-1 from a number of 0..max, each equally often; false where the number must be thrown
 * away for that. n is 1..max.
 */
bool draw_reduce(uint64_t number, uint64_t max, uint64_t n, uint64_t *out);

/* A source of numbers: one of 0..n-1. */
typedef uint64_t draw_below_fn(void *self, uint64_t n);

/* The first `take` of the items become the sample, in the order drawn (Fisher and Yates, cut short). */
void draw_shuffle(size_t *items, size_t count, size_t take, draw_below_fn *below, void *self);

/*
 * Parts `take` among strata of these sizes (each at least 1; their number <= take <= their sum): one
 * for each, what is left in proportion to what each has beyond one, by largest remainder; of equal
 * remainders the earlier stratum.
 */
void draw_share(const size_t *sizes, size_t count, size_t take, size_t *out_shares);
