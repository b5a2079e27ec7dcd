#pragma once
/* Shared by redact.c, redact_number.c and redact_name.c. */
#include "base/redact.h"
#include "base/vec.h"

/* A character with its place; full-width forms folded to ASCII, dashes to '-', blanks to ' '. */
struct glyph {
    uint32_t code;
    size_t at;
};

struct scan {
    struct arena *arena;
    struct str text;
    const struct glyph *glyphs; /* count of them, and one behind the last: code 0 at the text's end */
    size_t count;
    bool *taken; /* of each glyph: stands in a mark already */
    struct redact_marks *marks;
};

/* Marks glyphs [from, to), unless one of them is taken. */
void scan_mark(struct scan *scan, size_t from, size_t to, enum redact_kind kind, int confidence);

static inline uint32_t scan_code(const struct scan *scan, size_t at)
{
    return at < scan->count ? scan->glyphs[at].code : 0;
}
struct str scan_part(const struct scan *scan, size_t from, size_t to);

/* Whether the text goes on so at this glyph. `word` in folded form. */
bool scan_is_at(const struct scan *scan, size_t at, const char *word);
/* Whether the text ends so before this glyph. */
bool scan_is_before(const struct scan *scan, size_t at, const char *word);
/* Length in glyphs of the first of the words (parted by blanks) that stands at, before the glyph; 0: none does. */
size_t scan_any_at(const struct scan *scan, size_t at, const char *words);
size_t scan_any_before(const struct scan *scan, size_t at, const char *words);

/* Whether a set, a text of characters, holds this one. */
bool scan_in(const char *set, uint32_t code);

bool code_is_digit(uint32_t code);
bool code_is_letter(uint32_t code); /* ASCII */
bool code_is_han(uint32_t code);

void redact_scan_numbers(struct scan *scan);
void redact_scan_houses(struct scan *scan);
void redact_scan_names(struct scan *scan);
