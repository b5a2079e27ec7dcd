#pragma once
/*
 * Borrowed text: UTF-8, checked at the door, not terminated. C strings exist only next to
 * foreign libraries (str_c). An absent text has at == NULL; an empty one has len == 0.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/status.h"

struct str {
    const char *at;
    size_t len;
};

/* A literal as a str, also in static tables. */
#define S(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* clang-format off */
#define STR_INIT(literal) {"" literal, sizeof(literal) - 1}
/* clang-format on */
/* For printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).len, (s).at == NULL ? "" : (s).at

/* The two languages a reader may have asked for; pack words come as such pairs. */
struct words {
    struct str zh;
    struct str en;
};

/* null gives an absent str */
static inline struct str str_of(const char *c_string)
{
    return c_string == NULL ? (struct str){0} : (struct str){c_string, strlen(c_string)};
}
const char *str_c(struct arena *arena, struct str s);
struct str str_copy(struct arena *arena, struct str s);
struct str str_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
struct str str_concat(struct arena *arena, struct str a, struct str b);

bool str_is_empty(struct str s);
/* Here, since most names differ in length and a document is looked through by name. */
static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
static inline bool str_eq_c(struct str a, const char *b)
{
    return str_eq(a, str_of(b));
}
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_compare(struct str a, struct str b);    /* byte order */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);

/* Offset of the first occurrence, or SIZE_MAX. */
size_t str_find(struct str s, struct str part);
size_t str_find_char(struct str s, char c);

struct str str_part(struct str s, size_t from, size_t len); /* clamped to s */
struct str str_from(struct str s, size_t from);             /* clamped to s */
struct str str_trim(struct str s); /* ASCII blanks, NBSP, U+3000, zero-width and BOM at both ends */

/*
 * Cuts s at the first `separator`: *head gets what stands before, the rest is returned through
 * *s. false when s is used up. "a," yields "a" and ""; an empty text yields one empty piece.
 */
bool str_next(struct str *s, char separator, struct str *head);

uint64_t str_hash(struct str s); /* FNV-1a, not for secrets or foreign tables */

/* UTF-8 (RFC 3629). */
bool utf8_is_valid(struct str s);
size_t utf8_length(struct str s); /* code points of a valid text */
/* Decodes one code point at *offset and moves on; U+FFFD (one byte) for a broken sequence. */
uint32_t utf8_next(struct str s, size_t *offset);
/* Encodes into out[4]; gives the number of bytes, 0 for what is no scalar value. */
size_t utf8_encode(uint32_t code, char out[4]);
/* The longest prefix of at most `limit` code points. */
struct str utf8_prefix(struct str s, size_t limit);
/* Valid UTF-8 without NUL: the only text that enters the store. */
bool str_is_clean(struct str s);
