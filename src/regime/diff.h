#pragma once
/*
 * What a new version of a pack changes: for people who must decide whether running cases change over.
 * Things are matched by name; the place of a thing in its list does not count.
 */
#include "regime/regime.h"

enum regime_change_kind { REGIME_ADDED, REGIME_REMOVED, REGIME_CHANGED };

struct regime_change {
    enum regime_change_kind kind;
    const char *what; /* key of the pack: "states", "transitions", "deadlines", "settings" … */
    struct str procedure; /* absent: of the whole pack */
    struct str name;      /* of the state, command, deadline, setting … */
    struct str
        part; /* changed: the key that differs ("to", "needs", "within" …); rules one by one */
    struct str before; /* as the pack would write it; absent where it was not there */
    struct str after;
};

struct regime_changes {
    struct regime_change *at;
    size_t len;
    size_t cap;
};

void regime_diff(struct arena *arena, const struct regime *before, const struct regime *after,
                 struct regime_changes *out);
