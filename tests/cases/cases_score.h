#pragma once
/*
 * Points in examples: charges of other cases, and what all of them come to.
 *
 *   TIME charged UNIT RULE POINTS [SUBJECT]         a charge that another case made
 *   TIME held UNIT ROLE CASES FIRST                 a role that the unit held in so many cases
 *   expect score UNIT POINTS [period=…] [group=…]   the total; the year of the last line where none is named
 *   expect crossing UNIT AT STATE [PROCEDURE [FIELD=VALUE]] [period=…] [group=…]
 */
#include "cases_world.h"

/* A line `charged …` or `held …`; false where it is malformed. words[0] is the time. */
bool cases_score_line(struct arena *arena, struct cases_world *world, struct instant now,
                      const struct str *words, size_t count);

/* `expect score …` or `expect crossing …`; gives what is wrong, or an absent text. */
struct str cases_score_expect(struct arena *arena, const struct engine *engine,
                              const struct casefile *casefile, const struct score_row_list *others,
                              struct instant now, const struct str *words, size_t count);
