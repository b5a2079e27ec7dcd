#pragma once
/*
 * Two readers of one language: json_plain.c knows what our own printer writes and most others too;
 * what it does not know it leaves to json.c, whose jansson knows everything and says what is wrong.
 */
#include "kit/json.h"

/*
 * Reads a text of lists, maps, whole numbers of up to fifteen digits, and strings without escapes.
 *
 *   text   clean UTF-8
 *
 * false: something else stands in it, good or bad; nothing is said of it, and *out is untouched.
 */
bool json_read_plain(struct arena *arena, struct str text, struct value **out);
/* Whatever it is; the size and the characters were looked at. Errors: those of json_parse */
MUST_USE enum status json_read_any(struct ctx *ctx, struct str text, enum json_flags flags,
                                   struct value **out);
