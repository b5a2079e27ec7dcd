/*
 * The vocabulary's rows as data, and the axis of states on which all regimes are counted.
 */
#include "regime/vocabulary.h"

#define X(id, word, shape) {STR_INIT(word), STR_INIT(shape)},
const struct vocabulary_word vocabulary_guards[GUARD_KIND_COUNT] = {GUARD_TABLE(X)};
const struct vocabulary_word vocabulary_effects[EFFECT_KIND_COUNT] = {EFFECT_TABLE(X)};
const struct vocabulary_word vocabulary_conditions[CONDITION_KIND_COUNT] = {CONDITION_TABLE(X)};
#undef X

/* In the order in which a case passes them; side ends last. */
const struct str superset_states[] = {
    STR_INIT("draft"),
    STR_INIT("reported"),
    STR_INIT("under_review"),
    STR_INIT("recognised"),
    STR_INIT("awaiting_confirmation"),
    STR_INIT("under_appeal"),
    STR_INIT("confirmed"),
    STR_INIT("handed_over"),
    STR_INIT("received"),
    STR_INIT("planning"),
    STR_INIT("plan_review"),
    STR_INIT("rectifying"),
    STR_INIT("completion_claimed"),
    STR_INIT("accepting"),
    STR_INIT("signing"),
    STR_INIT("feedback_sent"),
    STR_INIT("superior_acceptance"),
    STR_INIT("written_off"),
    STR_INIT("filed"),
    STR_INIT("returned"),
    STR_INIT("rejected"),
    STR_INIT("withdrawn"),
};
const size_t superset_state_count = COUNT_OF(superset_states);

bool superset_state_is_dispatched(struct str state)
{
    static const struct str from = STR_INIT("handed_over"), until = STR_INIT("rejected");
    bool dispatched = false;
    for (size_t i = 0; i < superset_state_count; i++) {
        dispatched = (dispatched || str_eq(superset_states[i], from)) &&
                     !str_eq(superset_states[i], until);
        if (str_eq(superset_states[i], state))
            return dispatched;
    }
    return false;
}

bool vocabulary_find(const struct vocabulary_word *table, size_t count, struct str word,
                     size_t *out)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(table[i].word, word)) {
            *out = i;
            return true;
        }
    }
    return false;
}
