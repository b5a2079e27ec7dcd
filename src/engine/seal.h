#pragma once
/*
 * What stands in an event instead of a sealed answer: `sealed:` and 64 hex digits, a digest salted with
 * what only the sealed bytes hold. Two equal answers have different marks, so nobody learns who complained twice.
 */
#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

enum { SEAL_DIGEST_HEX = 64 };

/* `hex`: SEAL_DIGEST_HEX lower-case digits. */
struct str seal_mark_format(struct arena *arena, struct str hex);
/* What stands where answers are not kept: packs tried without a database. */
struct str seal_mark_of_nothing(void);
bool seal_is_mark(struct str text);
