#pragma once
/*
 * What is released to the public (`disclosures:` of a pack). A release is a case: drawn up, redacted and
 * approved like any other; standing in one of `states` its list is public as it stands. These states are
 * ends, so what was released stays as it was, and a correction is another case that names this one.
 */
#include "regime/regime.h"

enum { DISCLOSURE_STATES_MAX = 4 };

struct regime_disclosure {
    struct str id;
    struct words words;
    const struct regime_procedure *procedure;
    const struct regime_field *list;  /* its rows are the public table, its columns those of the table */
    struct str title;                 /* field that holds the caption */
    struct str redact;                /* command whose form takes the list as people have redacted it */
    struct str corrects;              /* field of kind case: the release that this one corrects; or absent */
    struct str digest;                /* field that holds the hash of the list; or absent */
    struct str note;                  /* field: what was corrected and why; or absent */
    struct str states[DISCLOSURE_STATES_MAX];
    size_t state_count;
    struct str clause;
    struct pack_place place;
};

/* That of a procedure; null: its cases release nothing. */
const struct regime_disclosure *regime_find_disclosure(const struct regime *regime,
                                                       struct str procedure);
bool disclosure_is_public_in(const struct regime_disclosure *disclosure, struct str state);
