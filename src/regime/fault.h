#pragma once
/*
 * One thing wrong with a pack: where, what, and what would be right.
 */
#include "base/ctx.h"
#include "regime/fault_table.h"
#include "regime/regime.h"

enum pack_fault_code {
#define X(id, code) id,
    PACK_FAULT_TABLE(X)
#undef X
        PACK_FAULT_CODE_COUNT
};

/* reason.key is the message, reason.needs the hint (or null), both with the same values. */
struct pack_fault {
    struct pack_place place;
    enum pack_fault_code code;
    struct reason reason;
};

/* In the order of the file. */
struct pack_faults {
    struct pack_fault *at;
    size_t len;
    size_t cap;
};

enum { PACK_FAULT_MAX = 500 };

const char *pack_fault_code_name(enum pack_fault_code code);
/* Adds one, unless the list is full. Texts are borrowed. */
void pack_fault_add(struct arena *arena, struct pack_faults *faults, struct pack_place place,
                    enum pack_fault_code code, struct reason reason);
/* By place, then code; equal ones become one. */
void pack_faults_sort(struct pack_faults *faults);
