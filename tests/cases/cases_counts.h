#pragma once
/* What an example says of what recurs (engine/counts.h). */
#include "engine/counts.h"

/*
 * words: ITEM SIZE GROUP[/GROUP…] [PERIOD]: so many count in that line of the pack's item; 0 where there
 * is no such line. Gives what is wrong, or an absent text.
 */
struct str cases_counts_expect(struct arena *arena, const struct engine *engine,
                               const struct casefile *const *cases, size_t case_count,
                               const struct str *words, size_t count);
