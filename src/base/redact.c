/*
 * The text is spelled out once into folded characters; then numbers, houses and names are looked
 * for, the surer kinds first, since a glyph belongs to one mark only.
 */
#include "base/redact_int.h"

#include <stdlib.h>

#include "base/buf.h"

static const char *const kind_names[] = {
#define X(constant, name) name,
    REDACT_TABLE(X)
#undef X
};

const char *redact_kind_name(enum redact_kind kind)
{
    return kind_names[kind];
}

bool redact_kind_parse(struct str name, enum redact_kind *out)
{
    for (int kind = 0; kind < REDACT_KIND_COUNT; kind++)
        if (str_eq_c(name, kind_names[kind])) {
            *out = (enum redact_kind)kind;
            return true;
        }
    return false;
}

/* ---- characters ---- */

bool code_is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

bool code_is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

bool code_is_han(uint32_t code)
{
    return (code >= 0x3400 && code <= 0x9fff) || (code >= 0x20000 && code <= 0x323af);
}

static uint32_t fold(uint32_t code)
{
    if (code >= 0xff01 && code <= 0xff5e)
        return code - 0xfee0;
    if (code == 0x3000 || code == 0xa0 || code == '\t')
        return ' ';
    if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212 || code == 0x2500)
        return '-';
    return code;
}

bool scan_in(const char *set, uint32_t code)
{
    char bytes[5] = {0};
    size_t len = code == 0 ? 0 : utf8_encode(code, bytes);
    return len > 0 && strstr(set, bytes) != NULL;
}

/* ---- words ---- */

static size_t word_glyphs(struct str word)
{
    return utf8_length(word);
}

static bool word_is_at(const struct scan *scan, size_t at, struct str word)
{
    for (size_t offset = 0; offset < word.len; at++)
        if (utf8_next(word, &offset) != scan_code(scan, at))
            return false;
    return true;
}

bool scan_is_at(const struct scan *scan, size_t at, const char *word)
{
    return word_is_at(scan, at, str_of(word));
}

static bool word_is_before(const struct scan *scan, size_t at, struct str word)
{
    size_t len = word_glyphs(word);
    return len <= at && word_is_at(scan, at - len, word);
}

bool scan_is_before(const struct scan *scan, size_t at, const char *word)
{
    return word_is_before(scan, at, str_of(word));
}

size_t scan_any_at(const struct scan *scan, size_t at, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_next(&rest, ' ', &word))
        if (!str_is_empty(word) && word_is_at(scan, at, word))
            return word_glyphs(word);
    return 0;
}

size_t scan_any_before(const struct scan *scan, size_t at, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_next(&rest, ' ', &word))
        if (!str_is_empty(word) && word_is_before(scan, at, word))
            return word_glyphs(word);
    return 0;
}

struct str scan_part(const struct scan *scan, size_t from, size_t to)
{
    size_t start = scan->glyphs[from].at;
    return str_part(scan->text, start, scan->glyphs[to].at - start);
}

/* ---- marks ---- */

void scan_mark(struct scan *scan, size_t from, size_t to, enum redact_kind kind, int confidence)
{
    for (size_t i = from; i < to; i++)
        if (scan->taken[i])
            return;
    for (size_t i = from; i < to; i++)
        scan->taken[i] = true;
    struct str part = scan_part(scan, from, to);
    struct redact_mark *mark = vec_push(scan->arena, scan->marks);
    *mark = (struct redact_mark){
        .from = scan->glyphs[from].at,
        .len = part.len,
        .kind = kind,
        .confidence = confidence,
        .instead = redact_proposal(scan->arena, kind, part),
    };
}

/* Keeps the first `keep` characters that are digits or letters, and everything that is neither. */
static struct str mask(struct arena *arena, struct str part, int keep)
{
    struct buf buf;
    buf_init(&buf, arena, part.len + 1);
    for (size_t offset = 0; offset < part.len;) {
        size_t start = offset;
        uint32_t code = fold(utf8_next(part, &offset));
        bool hides = code_is_digit(code) || code_is_letter(code);
        if (hides && keep-- <= 0)
            buf_char(&buf, '*');
        else
            buf_text(&buf, str_part(part, start, offset - start));
    }
    return buf_str(&buf);
}

/* Numerals of a house, Chinese ones too, become *. */
static struct str mask_house(struct arena *arena, struct str part)
{
    struct buf buf;
    buf_init(&buf, arena, part.len + 1);
    for (size_t offset = 0; offset < part.len;) {
        size_t start = offset;
        uint32_t code = fold(utf8_next(part, &offset));
        if (code_is_digit(code) || scan_in("一二三四五六七八九十百零〇两", code))
            buf_char(&buf, '*');
        else
            buf_text(&buf, str_part(part, start, offset - start));
    }
    return buf_str(&buf);
}

static struct str mask_name(struct arena *arena, struct str part)
{
    size_t glyphs = utf8_length(part);
    size_t kept = glyphs >= 4 ? 2 : 1; /* 欧阳某某 */
    struct str surname = utf8_prefix(part, kept);
    return str_concat(arena, surname, glyphs - kept >= 2 ? S("某某") : S("某"));
}

struct str redact_proposal(struct arena *arena, enum redact_kind kind, struct str part)
{
    switch (kind) {
    case REDACT_NAME:
        return mask_name(arena, part);
    case REDACT_COMPLAINANT:
        return S("某");
    case REDACT_MOBILE:
        return mask(arena, part, 3);
    case REDACT_IDENTITY:
    case REDACT_LANDLINE:
    case REDACT_ACCOUNT:
    case REDACT_EMAIL:
        return mask(arena, part, 0);
    case REDACT_PLATE:
        return mask(arena, part, 1);
    case REDACT_HOUSE:
        return mask_house(arena, part);
    case REDACT_KIND_COUNT:
        break;
    }
    return S("*");
}

/* ---- the whole ---- */

static int by_place(const void *a, const void *b)
{
    const struct redact_mark *left = a, *right = b;
    return (left->from > right->from) - (left->from < right->from);
}

void redact_find(struct arena *arena, struct str text, struct redact_marks *out)
{
    struct glyph *glyphs = arena_alloc_array(arena, text.len + 1, sizeof *glyphs);
    struct scan scan = {.arena = arena, .text = text, .glyphs = glyphs, .marks = out};
    *out = (struct redact_marks){0};
    for (size_t offset = 0; offset < text.len; scan.count++) {
        glyphs[scan.count].at = offset;
        glyphs[scan.count].code = fold(utf8_next(text, &offset));
    }
    glyphs[scan.count] = (struct glyph){0, text.len};
    scan.taken = arena_alloc_array(arena, scan.count + 1, sizeof *scan.taken);
    memset(scan.taken, 0, (scan.count + 1) * sizeof *scan.taken);
    redact_scan_numbers(&scan);
    redact_scan_houses(&scan);
    redact_scan_names(&scan);
    if (out->len > 1)
        qsort(out->at, out->len, sizeof *out->at, by_place);
}

struct str redact_apply(struct arena *arena, struct str text, const struct redact_marks *marks)
{
    struct buf buf;
    size_t at = 0, longest = text.len;
    for (size_t i = 0; i < marks->len; i++)
        longest += marks->at[i].instead.len;
    buf_init(&buf, arena, longest + 1);
    for (size_t i = 0; i < marks->len; i++) {
        const struct redact_mark *mark = &marks->at[i];
        buf_text(&buf, str_part(text, at, mark->from - at));
        buf_text(&buf, mark->instead);
        at = mark->from + mark->len;
    }
    buf_text(&buf, str_from(text, at));
    return buf_str(&buf);
}

bool redact_is_certain(struct arena *arena, struct str text, struct redact_mark *out)
{
    struct redact_marks marks;
    redact_find(arena, text, &marks);
    for (size_t i = 0; i < marks.len; i++)
        if (marks.at[i].confidence >= REDACT_CERTAIN) {
            *out = marks.at[i];
            return true;
        }
    return false;
}
