#pragma once
/*
 * Queries and urlencoded forms (WHATWG URL §5), read strictly: what no browser sends is refused,
 * because two readers of one address must not see two things. Any thread.
 */
#include "base/ctx.h"
#include "kit/pairs.h"

enum { FORM_PAIRS_MAX = 2000, FORM_NAME_BYTES_MAX = 200 };

/*
 * Percent-decoding of one piece.
 *
 *   plus_is_blank  in queries and forms, not in paths
 *
 * false: a broken %XX, or the result is not UTF-8 or holds NUL.
 */
bool form_decode(struct arena *arena, struct str text, bool plus_is_blank, struct str *out);

/* A query says each name once; a form says it once for each box that is checked. */
enum form_names { FORM_NAMES_ONCE, FORM_NAMES_REPEAT };

/*
 * Appends the pairs of `text` ("a=1&b=2") to `out`, decoded. An empty piece between two & is
 * passed over, a piece without = has the value "".
 *
 * Errors: ST_MALFORMED  broken %XX, not UTF-8, NUL, an empty or over-long name, a name twice
 *         ST_LIMIT      more than FORM_PAIRS_MAX pairs
 */
MUST_USE enum status form_parse(struct ctx *ctx, struct str text, enum form_names names,
                                struct pairs *out);

/* Adds one pair under the same rules; for other sources of form fields. */
MUST_USE enum status form_add(struct ctx *ctx, struct pairs *out, enum form_names names,
                              struct str name, struct str value);
