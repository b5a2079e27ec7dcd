/*
 * Views on text and the few questions asked of them. UTF-8 follows RFC 3629: no overlong forms,
 * no surrogates, nothing above U+10FFFF.
 */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *str_c(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.len + 1);
    if (s.len > 0)
        memcpy(copy, s.at, s.len);
    return copy;
}

struct str str_copy(struct arena *arena, struct str s)
{
    return s.at == NULL ? s : (struct str){str_c(arena, s), s.len};
}

struct str str_printf(struct arena *arena, const char *format, ...)
{
    char first[256]; /* enough for most, which are printed once only */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(first, sizeof first, format, args);
    va_end(args);
    must(len >= 0);
    if ((size_t)len < sizeof first)
        return (struct str){arena_copy(arena, first, (size_t)len + 1), (size_t)len};
    char *at = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(at, (size_t)len + 1, format, args);
    va_end(args);
    return (struct str){at, (size_t)len};
}

struct str str_concat(struct arena *arena, struct str a, struct str b)
{
    char *at = arena_alloc(arena, a.len + b.len + 1);
    if (a.len > 0)
        memcpy(at, a.at, a.len);
    if (b.len > 0)
        memcpy(at + a.len, b.at, b.len);
    return (struct str){at, a.len + b.len};
}

bool str_is_empty(struct str s)
{
    return s.len == 0;
}

static char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower(a.at[i]) != ascii_lower(b.at[i]))
            return false;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared > 0 ? memcmp(a.at, b.at, shared) : 0;
    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_part(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

bool str_has(struct str s, struct str part)
{
    return str_find(s, part) != SIZE_MAX;
}

size_t str_find(struct str s, struct str part)
{
    if (part.len == 0)
        return 0;
    if (s.len < part.len)
        return SIZE_MAX;
    const char *at = memmem(s.at, s.len, part.at, part.len);
    return at == NULL ? SIZE_MAX : (size_t)(at - s.at);
}

size_t str_find_char(struct str s, char c)
{
    const char *at = s.len == 0 ? NULL : memchr(s.at, c, s.len);
    return at == NULL ? SIZE_MAX : (size_t)(at - s.at);
}

struct str str_part(struct str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){s.at == NULL ? NULL : s.at + from, len};
}

struct str str_from(struct str s, size_t from)
{
    return str_part(s, from, s.len);
}

static bool is_blank(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0 || code == 0x3000 ||
           (code >= 0x2000 && code <= 0x200B) || code == 0xFEFF || code == 0x202F;
}

static size_t last_char_start(struct str s)
{
    size_t at = s.len - 1;
    while (at > 0 && ((unsigned char)s.at[at] & 0xC0) == 0x80)
        at--;
    return at;
}

struct str str_trim(struct str s)
{
    for (size_t next = 0; s.len > 0; next = 0) {
        if (!is_blank(utf8_next(s, &next)))
            break;
        s = str_from(s, next);
    }
    while (s.len > 0) {
        size_t start = last_char_start(s);
        size_t next = start;
        if (!is_blank(utf8_next(s, &next)))
            break;
        s.len = start;
    }
    return s;
}

bool str_next(struct str *s, char separator, struct str *head)
{
    if (s->at == NULL)
        return false;
    size_t cut = str_find_char(*s, separator);
    if (cut == SIZE_MAX) {
        *head = *s;
        *s = (struct str){0};
        return true;
    }
    *head = str_part(*s, 0, cut);
    *s = str_from(*s, cut + 1);
    return true;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 1469598103934665603ULL;
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.at[i]) * 1099511628211ULL;
    return hash;
}

/* Length of the sequence that begins at `at`, or 0 when it is broken; *code gets its value. */
static size_t decode(struct str s, size_t at, uint32_t *code)
{
    unsigned char lead = (unsigned char)s.at[at];
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    size_t len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || s.len - at < len)
        return 0;
    uint32_t value = lead & (0x7FU >> len);
    for (size_t i = 1; i < len; i++) {
        unsigned char byte = (unsigned char)s.at[at + i];
        if ((byte & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3FU);
    }
    bool overlong = (len == 3 && value < 0x800) || (len == 4 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return len;
}

bool utf8_is_valid(struct str s)
{
    uint32_t code;
    for (size_t at = 0; at < s.len;) {
        size_t len = decode(s, at, &code);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

size_t utf8_length(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return count;
}

uint32_t utf8_next(struct str s, size_t *offset)
{
    uint32_t code = 0xFFFD;
    size_t len = decode(s, *offset, &code);
    *offset += len == 0 ? 1 : len;
    return len == 0 ? 0xFFFD : code;
}

size_t utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00U >> len & 0xF0U) | code);
    return len;
}

struct str utf8_prefix(struct str s, size_t limit)
{
    size_t at = 0;
    for (size_t count = 0; count < limit && at < s.len; count++)
        (void)utf8_next(s, &at);
    return str_part(s, 0, at);
}

bool str_is_clean(struct str s)
{
    return str_find_char(s, '\0') == SIZE_MAX && utf8_is_valid(s);
}
