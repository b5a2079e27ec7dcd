#pragma once
/*
 * Arrivals (`arrivals:` of a pack): what its campaigns take over from others. Who hands on (the effect
 * `hand_on`) and who takes over share the name of the item and the names of what is told, and know
 * nothing else of each other; so either pack may change alone.
 */
#include "regime/regime.h"

struct regime_arrival {
    struct str id;
    struct words words;
    const struct regime_procedure *procedure; /* of the case that is made */
    struct str source;                        /* of it; or absent */
    const struct value *fields; /* map: field of it → name of what was told, or {value: literal} */
    const struct value *tells;  /* map: name of what the answer tells → field of it; or null */
    struct str rated; /* command, by the system, that takes how satisfied they are who brought it; or absent */
    struct str clause;
    struct pack_place place;
};

/* What anybody may bring by the public page is an arrival like any other, of this name (services/complaint.h). */
#define ARRIVAL_PUBLIC S("public-complaint")

/* Null where the pack takes no such thing. */
const struct regime_arrival *regime_find_arrival(const struct regime *regime, struct str id);
