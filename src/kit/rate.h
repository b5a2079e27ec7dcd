#pragma once
/*
 * How often somebody may come: a bucket of so many acts for each, filled again at a steady pace. In memory and
 * bounded: of two whose names fall into one place the later one takes it over with what is left there, so a flood
 * of names slows itself and grows nothing. Any thread.
 */
#include <stdbool.h>

#include "base/day.h"
#include "base/str.h"

struct rate;

/*
 *   burst     acts at once
 *   every_ms  one more after so many milliseconds
 */
struct rate *rate_new(int burst, int64_t every_ms);
void rate_free(struct rate *rate); /* takes null */
/* Takes one act from the bucket of `who`; false: it is empty, and is not for `out_wait_ms`. */
bool rate_take(struct rate *rate, struct str who, struct instant now, int64_t *out_wait_ms);
