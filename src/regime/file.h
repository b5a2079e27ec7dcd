#pragma once
/*
 * Files (`files:` of a pack): what is recorded about a region, across procedures, and who may read all
 * of it because of where they stand today, without standing in each case. Read for the page and for the
 * door of a case; nothing of it is kept.
 */
#include "regime/regime.h"

enum { FILE_PROCEDURES_MAX = 16, FILE_READERS_MAX = 4, FILE_BESIDE_MAX = 8 };

/* Whoever holds one of the roles in a case of the procedure that stands in one of the states. */
struct regime_file_reader {
    const struct regime_procedure *procedure;
    const struct value *states; /* list of names; null: any */
    const struct value *roles;  /* list of names */
};

struct regime_file {
    struct str id;
    struct words words;
    const struct regime_procedure *of[FILE_PROCEDURES_MAX]; /* whose cases lie in it */
    size_t of_count;
    const struct regime_procedure *beside[FILE_BESIDE_MAX]; /* told side by side on the region's page */
    size_t beside_count;
    struct regime_file_reader readers[FILE_READERS_MAX];
    size_t reader_count;
    bool everywhere; /* read in every region; else in the region of the reader's case and below it */
    struct str clause;
    struct pack_place place;
};
