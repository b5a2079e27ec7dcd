#pragma once
/*
 * The published file of a draw: list, rules, hashes, then seed and sample. Whoever has it can repeat
 * the draw with nothing else at hand; its members and the algorithm are docs/draws.md.
 *
 *   commit   list (and rules) with their hashes: to be published before anybody knows the seed
 *   run      seed and sample are added
 *   verify   everything is computed again
 */
#include "base/value.h"
#include "base/vec.h"
#include "engine/draw.h"

enum { DRAW_FILE_LIMIT = 64 * 1024 * 1024 };

struct draw_file {
    struct draw_list list;
    struct str list_hash;
    struct str committed_at; /* RFC 3339 */
    bool has_rules;
    struct str rules_fixed;  /* "commit" or "run": when the rules were fixed */
    struct draw_rules rules;
    struct str rules_hash;
    struct str seed;         /* absent: not drawn yet */
    struct str seed_source;  /* "random" or "given" */
    struct str drawn_at;
    const struct value *strata; /* as printed: [{stratum, listed, excluded, drawn: [ids]}] */
    const struct value *drawn;  /* [ids]: those of all strata in turn */
};

/* The hash that draws use, for engine_world and the functions of engine/draw.h. */
struct draw_digest draw_sha256(struct str bytes);

/*
 * A list out of a csv file: first line the columns, then a row a thing; empty lines are left out,
 * blanks around cells too.
 *
 * Errors: ST_MALFORMED draw.not_text; ST_INVALID draw.no_rows; draw.bad_row {row}: more cells than
 *         columns, or no end; draw.column_twice {name}; ST_LIMIT draw.too_large {limit}
 */
MUST_USE enum status draw_list_parse(struct ctx *ctx, struct str csv, struct draw_list *out);

/*
 * Exclusions out of a csv file with the columns `id` and `reason`.
 *
 * Errors: those of draw_list_parse; ST_INVALID draw.no_column {name}
 */
MUST_USE enum status draw_exclusions_parse(struct ctx *ctx, struct str csv,
                                           struct draw_rules *out);

/*
 * Commits a list; with rules, them too.
 *
 * Errors: those of draw_check
 */
MUST_USE enum status draw_file_commit(struct ctx *ctx, const struct draw_list *list,
                                      const struct draw_rules *rules, struct draw_file *out);

/*
 * Draws from a committed list.
 *
 *   list    the list once more, or null; another than the committed one is refused
 *   rules   where they were not committed, else null
 *   seed    absent: random bytes of this machine
 *
 * Errors: ST_CONFLICT draw.drawn_already; draw.other_list {committed} {found}: also where the file's
 *         own list is no longer the committed one; draw.rules_fixed; draw.no_rules
 *         those of draw_sample
 */
MUST_USE enum status draw_file_run(struct ctx *ctx, struct draw_file *io_file,
                                   const struct draw_list *list, const struct draw_rules *rules,
                                   struct str seed);

/* Writes strata and drawn from list, rules and seed. Errors: those of draw_sample. */
MUST_USE enum status draw_file_sample(struct ctx *ctx, struct draw_file *io_file);

struct draw_differences {
    struct reason *at; /* what the file says and what comes out, a sentence each */
    size_t len;
    size_t cap;
};

/*
 * Computes everything again. No difference: the file holds (a file not drawn yet: its commitment).
 *
 *   list   a list that the file should be of, or null
 *
 * Errors: none of a file that is merely wrong: that is a difference
 */
void draw_file_verify(struct ctx *ctx, const struct draw_file *file, const struct draw_list *list,
                      struct draw_differences *out);

/*
 * Errors: ST_LIMIT and ST_MALFORMED of json_parse; ST_INVALID draw.not_a_draw {member}: what is
 *         missing or of the wrong kind; draw.other_format {format}
 */
MUST_USE enum status draw_file_parse(struct ctx *ctx, struct str bytes, struct draw_file *out);
struct value *draw_file_value(struct arena *arena, const struct draw_file *file);
