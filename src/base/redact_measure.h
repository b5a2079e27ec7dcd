#pragma once
/*
 * How well redact_find does on sentences in which people marked what must go: `村民[[name:张伟]]反映`.
 * Lines that are empty or begin with # say nothing.
 */
#include "base/redact.h"

struct redact_tally {
    int marked; /* by people */
    int hidden; /* of these, wholly inside what was found, of whichever kind */
    int found;
    int right; /* of these, touching something that people marked */
};

struct redact_measure {
    struct redact_tally kinds[REDACT_KIND_COUNT]; /* marked, hidden: by the people's kind; else by ours */
    struct redact_tally all;
    int lines;
};

/* One more line. false: its marks cannot be read. Scratch in the arena. */
bool redact_measure_line(struct arena *arena, struct str line, struct redact_measure *io);

/* Permille; 1000 where there was nothing to find, or nothing was found. */
int redact_recall(const struct redact_tally *tally);
int redact_precision(const struct redact_tally *tally);
