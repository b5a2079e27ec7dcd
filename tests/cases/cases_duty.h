#pragma once
/*
 * What is owed again and again, in examples. DAY is the day of the line unless it is written. UNIT is
 * a number, or - where nobody owes it by name. What is owed in standing cases is owed in the case at
 * hand (`owed`), or in the one before it (`owe`).
 *
 *   TIME owe ITEM UNIT [-> STATE]                     the case that the timer opens
 *   expect owed ITEM UNIT PERIOD [opens=DATE] [last=DATE] [due=DATE] [n=ORDINAL]
 *   expect no owed ITEM UNIT
 *   expect counts ITEM UNIT [DATE]                    the case at hand counts for the duty of that day
 *   expect missing ITEM UNIT [DATE]                   it must count and does not; both also with `no`
 *   expect least ITEM NUMBER                          how many must count
 *   expect fulfilled ITEM COMMAND [LINK]              what the timer gives, and how it links
 */
#include "engine/obligation.h"

struct cases_duty {
    struct arena *arena;
    const struct engine *engine;
    const struct casefile *casefile;
    const struct casefile *before; /* the one that `another` left last, or null */
    struct day begins, ends;       /* of the campaign; DAY_NONE: not said */
    struct instant now;
};

/* The input of `create`; null with *out_wrong where it is not owed or not understood. */
const struct value *cases_duty_input(const struct cases_duty *duty, const struct str *words,
                                     size_t count, struct str *out_wrong);

/* Whether the word behind `expect` or `expect no` is one of ours. */
bool cases_duty_knows(struct str word);
/* An expectation, `words` from `expect` on; gives what is wrong, or an absent text. */
struct str cases_duty_expect(const struct cases_duty *duty, const struct str *words, size_t count);
