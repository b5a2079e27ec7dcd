#pragma once
/*
 * What recurs (`counts:` of a pack): cases of a procedure by what they have in common, a tally that
 * may propose a case of its own once enough units, or cases, share it. Read for the engine; tallies
 * are never written down.
 */
#include "regime/regime.h"

enum { COUNT_GROUPS_MAX = 4 };

/* What `group: [region]` means where the procedure has no field of that name: the case's own region. */
extern const struct regime_field REGIME_COUNT_REGION;

struct regime_count {
    struct str id;
    struct words words;
    const struct regime_procedure *of;
    const struct regime_field *group[COUNT_GROUPS_MAX]; /* a case of several values stands under each */
    size_t group_count;
    struct str per; /* year, half_year, quarter, month; absent: all time */
    struct str day; /* date field that tells the period; absent: the making of the case */
    struct str units; /* role whose different units count; absent: cases count */
    const struct str *without; /* cases in these states do not count */
    size_t without_count;
    const struct value *threshold; /* number or setting; null: nothing is proposed */
    const struct regime_procedure *propose; /* null: none */
    const struct value *fields; /* its field → group field, `units`, `cases` or `period`; or null */
    struct str clause;
    struct pack_place place;
};

/* Null where absent. */
const struct regime_count *regime_find_count(const struct regime *regime, struct str id);
