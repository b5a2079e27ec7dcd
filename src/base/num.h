#pragma once
/*
 * Numbers out of text, with their range. Nothing may stand before or after the number.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Decimal, optional '-', no '+', no blanks; false when malformed or outside min..max. */
bool num_parse_i64(struct str text, int64_t min, int64_t max, int64_t *out);

/*
 * Decimal fraction to an integer scaled by 10^places: "116.3912" with places 7 gives
 * 1163912000. false when malformed, over-long or outside min..max (of the scaled value).
 */
bool num_parse_scaled(struct str text, int places, int64_t min, int64_t max, int64_t *out);

/* The reverse of num_parse_scaled, without trailing zeros. */
struct str num_format_scaled(struct arena *arena, int64_t value, int places);
