#pragma once
/*
 * The named predicates and effects that packs are written with; see vocabulary_table.h.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "regime/vocabulary_table.h"

enum guard_kind {
#define X(id, word, shape) id,
    GUARD_TABLE(X)
#undef X
        GUARD_KIND_COUNT
};

enum effect_kind {
#define X(id, word, shape) id,
    EFFECT_TABLE(X)
#undef X
        EFFECT_KIND_COUNT
};

enum condition_kind {
#define X(id, word, shape) id,
    CONDITION_TABLE(X)
#undef X
        CONDITION_KIND_COUNT
};

struct vocabulary_word {
    struct str word;
    struct str shape;
};

/* Rows in the order of the enums. */
extern const struct vocabulary_word vocabulary_guards[GUARD_KIND_COUNT];
extern const struct vocabulary_word vocabulary_effects[EFFECT_KIND_COUNT];
extern const struct vocabulary_word vocabulary_conditions[CONDITION_KIND_COUNT];

/* false: no such word. */
bool vocabulary_find(const struct vocabulary_word *table, size_t count, struct str word,
                     size_t *out);

/* States of the superset axis (flows.md, "One engine, five regimes"). */
extern const struct str superset_states[];
extern const size_t superset_state_count;
/* Whether a case in such a state was handed over to somebody: from `handed_over` to before `rejected`. */
bool superset_state_is_dispatched(struct str state);
