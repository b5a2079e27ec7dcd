/*
 * Faults are gathered in whatever order the loader walks, and put into the order of the file last.
 */
#include "regime/fault.h"

#include <string.h>

#include "base/vec.h"

#define X(id, code) [id] = code,
static const char *const CODE_NAMES[PACK_FAULT_CODE_COUNT] = {PACK_FAULT_TABLE(X)};
#undef X

const char *pack_fault_code_name(enum pack_fault_code code)
{
    must(code < PACK_FAULT_CODE_COUNT);
    return CODE_NAMES[code];
}

void pack_fault_add(struct arena *arena, struct pack_faults *faults, struct pack_place place,
                    enum pack_fault_code code, struct reason reason)
{
    if (faults->len >= PACK_FAULT_MAX)
        return;
    reason.code = pack_fault_code_name(code);
    vec_add(arena, faults, ((struct pack_fault){.place = place, .code = code, .reason = reason}));
}

static int compare(const struct pack_fault *one, const struct pack_fault *other)
{
    if (one->place.line != other->place.line)
        return one->place.line < other->place.line ? -1 : 1;
    if (one->place.column != other->place.column)
        return one->place.column < other->place.column ? -1 : 1;
    return (int)one->code - (int)other->code;
}

/* A value that is wrong twice (for YAML and for us) is wrong once; several keys may be missing. */
static bool says_the_same(const struct pack_fault *one, const struct pack_fault *other)
{
    return compare(one, other) == 0 &&
           (one->code == FAULT_WRONG_TYPE || strcmp(one->reason.key, other->reason.key) == 0) &&
           one->code != FAULT_MISSING_KEY && one->code != FAULT_MISSING_WORD;
}

/* Insertion: PACK_FAULT_MAX is small, and what was found first stays first. */
void pack_faults_sort(struct pack_faults *faults)
{
    size_t kept = 0;
    for (size_t i = 0; i < faults->len; i++) {
        struct pack_fault fault = faults->at[i];
        size_t at = kept;
        while (at > 0 && compare(&faults->at[at - 1], &fault) > 0)
            at--;
        if (at > 0 && says_the_same(&faults->at[at - 1], &fault))
            continue;
        memmove(&faults->at[at + 1], &faults->at[at], (kept - at) * sizeof fault);
        faults->at[at] = fault;
        kept++;
    }
    faults->len = kept;
}
