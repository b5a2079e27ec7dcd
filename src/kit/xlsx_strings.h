#pragma once
/*
 * The shared strings of a workbook: by number, in any order, as many as the file has. The first
 * megabytes stay in memory, the rest goes to an unlinked file.
 */
#include "base/ctx.h"

struct xlsx_strings {
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

enum { XLSX_STRING_LIMIT = 8 * 1024 * 1024 };

void xlsx_strings_init(struct xlsx_strings *strings, struct arena *arena, struct str tmp_dir);
void xlsx_strings_fini(struct xlsx_strings *strings);

/* false: too many, or no room on disk. */
MUST_USE bool xlsx_strings_add(struct xlsx_strings *strings, struct str text);
/* After the last add. */
MUST_USE bool xlsx_strings_finish(struct xlsx_strings *strings);

/* The text, copied into `arena`; false: no such number, or the file cannot be read. */
MUST_USE bool xlsx_strings_find(const struct xlsx_strings *strings, struct arena *arena,
                                uint64_t number, struct str *out);
