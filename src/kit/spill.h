#pragma once
/*
 * Many texts kept by number, more than memory should hold: the first megabytes stay in memory, the
 * rest goes to an unlinked file. Texts are added in order and found in any order, at any time.
 */
#include "base/ctx.h"

struct spill {
    struct arena *arena;
    const char *tmp_dir;
    uint64_t *ends; /* end of each text in the whole */
    size_t count, cap;
    char *memory; /* the first so many bytes of the whole */
    size_t memory_cap;
    uint64_t total;
    int spill;        /* descriptor, -1: none */
    uint64_t spilled; /* bytes of the whole that stand in the file */
    char *pending;    /* not yet written */
    size_t pending_len;
};

enum { SPILL_TEXT_LIMIT = 8 * 1024 * 1024 };

void spill_init(struct spill *strings, struct arena *arena, struct str tmp_dir);
void spill_fini(struct spill *strings);

/* false: too many, or no room on disk. */
MUST_USE bool spill_add(struct spill *strings, struct str text);
/* The text, copied into `arena`; false: no such number, or the file cannot be read. */
MUST_USE bool spill_find(const struct spill *strings, struct arena *arena, uint64_t number,
                         struct str *out);
