#pragma once
/*
 * JSON (RFC 8259) to `struct value` and back. Reading is strict, because what comes in is hashed,
 * stored and shown again; printing is ours. Any thread.
 */
#include "base/buf.h"
#include "base/ctx.h"
#include "base/value.h"

enum {
    JSON_DEPTH_MAX = 32,     /* lists and maps inside each other */
    JSON_MEMBERS_MAX = 1024, /* of one map: looking a member up walks them */
};

enum json_flags {
    JSON_STRICT = 0,
    JSON_DECIMALS_AS_TEXT = 1, /* 1.21 and 1e3 become texts, spelled as they came */
};

/*
 * Reads one JSON text, any value at its top.
 *
 *   text         untouched; the tree does not borrow from it
 *   limit_bytes  the most that `text` may have; the tree takes up to 80 times as much
 *   out          the tree, in ctx->arena, members in the order they came
 *
 * Whole numbers lie within ±(2^53-1) (RFC 7493 §2.2); a name stands once in a map; texts hold no
 * U+0000. Lines and columns count from 1, columns in characters.
 *
 * Errors: ST_LIMIT      json.too_large {size} {limit}; json.members {limit}
 *         ST_MALFORMED  json.not_text (not UTF-8, or a NUL byte); json.syntax {line} {column}
 *                       {detail}; json.depth {line} {column} {limit}
 *         ST_INVALID    json.not_whole, json.number_range {line} {column} {number}
 */
MUST_USE enum status json_parse(struct ctx *ctx, struct str text, size_t limit_bytes,
                                enum json_flags flags, struct value **out);

/* Without blanks, members in order. Texts are valid UTF-8. */
void json_print(struct buf *out, const struct value *value);

/*
 * The one spelling of a value that hashes are made over: RFC 8785 for trees of whole numbers.
 * Members sorted by UTF-16 code units, members that are null left out, no blanks.
 */
void json_print_canonical(struct buf *out, const struct value *value);
