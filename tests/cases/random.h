#pragma once
/*
 * Commands nobody thought of: a seeded generator of forms. Same seed, same sequence, on any machine.
 */
#include "base/dice.h"
#include "cases_world.h"

/* What a form may name. */
struct random_stock {
    const struct unit_facts *const *units;
    size_t unit_count;
    const struct actor *const *actors; /* the system first */
    size_t actor_count;
    const struct regime *regime;
    struct instant now;
};

/*
 * A form for these fields: mostly what would do, sometimes gaps, wrong kinds, unknown members.
 * `yield` in percent is how often an optional field is filled in.
 */
struct value *random_form(struct arena *arena, struct dice *dice, const struct random_stock *stock,
                          const struct regime_field *fields, size_t count, int yield);
