/*
 * A printed date is a row of digit groups with signs between them. Blanks are dropped first (they
 * stand inside years as often as around them), then the number of groups tells the form; where signs
 * were lost, all cuts of the digits are tried and exactly one must give a day.
 */
#include "services/intake_date.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "services/intake_text.h"

enum { YEAR_MIN = 1949, YEAR_MAX = 2100, GROUP_MAX = 4, DIGITS_MAX = 8 };

/* One run of digits; `sign` is what follows it: Y M D, '/' for any other separator, 0 for the end. */
struct group {
    char digits[DIGITS_MAX + 1];
    size_t len;
    char sign;
};

struct groups {
    struct group at[GROUP_MAX];
    size_t count;
    bool wrong; /* something that belongs to no date */
};

static char sign_of(uint32_t code)
{
    switch (code) {
    case 0x5E74: return 'Y'; /* 年 */
    case 0x6708: return 'M'; /* 月 */
    case 0x65E5:
    case 0x53F7: return 'D'; /* 日 号 */
    case '/':
    case '-':
    case '.':
    case 0x2014:
    case 0x2013:
    case 0x3002:
    case 0xB7: return '/';
    }
    return 0;
}

static void put_digits(struct groups *groups, const char *digits, size_t len)
{
    if (groups->count == 0 || groups->at[groups->count - 1].sign != 0) {
        if (groups->count == GROUP_MAX) {
            groups->wrong = true;
            return;
        }
        groups->count++;
    }
    struct group *group = &groups->at[groups->count - 1];
    if (group->len + len > DIGITS_MAX) {
        groups->wrong = true;
        return;
    }
    memcpy(group->digits + group->len, digits, len);
    group->len += len;
}

/* A Chinese numeral as digits: 二〇二四 2024, 十一 11, 六 6. */
static bool put_han(struct groups *groups, struct str text, size_t *at)
{
    size_t from = *at, count = 0;
    int number;
    char digits[12];
    if (!numeral_next(text, at, &number))
        return false;
    for (size_t i = from; i < *at; count++)
        (void)utf8_next(text, &i);
    struct buf out;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    buf_init(&out, arena, sizeof digits);
    buf_printf(&out, "%d", number);
    /* 〇六: a leading zero that was printed is kept */
    if (count == 2 && number < 10 && han_digit(utf8_next(text, &from)) == 0)
        put_digits(groups, "0", 1);
    put_digits(groups, out.at, out.len);
    return true;
}

static struct groups split(struct str text)
{
    struct groups groups = {0};
    for (size_t at = 0; at < text.len && !groups.wrong;) {
        char c = text.at[at];
        size_t next = at;
        uint32_t code = utf8_next(text, &next);
        if (c >= '0' && c <= '9') {
            put_digits(&groups, &c, 1);
        } else if (sign_of(code) != 0) {
            if (groups.count == 0)
                groups.wrong = true;
            else if (groups.at[groups.count - 1].sign == 0 ||
                     groups.at[groups.count - 1].sign == '/')
                groups.at[groups.count - 1].sign = sign_of(code);
        } else if (put_han(&groups, text, &at)) {
            continue;
        } else {
            groups.wrong = true;
        }
        at = next;
    }
    return groups;
}

static int number_of(const char *digits, size_t len)
{
    int n = 0;
    for (size_t i = 0; i < len; i++)
        n = n * 10 + (digits[i] - '0');
    return n;
}

static bool is_year(const struct group *group)
{
    int year = number_of(group->digits, group->len);
    return group->len == 4 && year >= YEAR_MIN && year <= YEAR_MAX;
}

static enum printed_date make(int year, int month, int day, enum printed_date kind, struct day *out)
{
    if (year < YEAR_MIN || year > YEAR_MAX)
        return PRINTED_WRONG;
    return day_from_civil(year, month, day, out) ? kind : PRINTED_WRONG;
}

/* "68", "109", "1231": month and day without a sign between them. */
static enum printed_date cut(int year, const char *digits, size_t len, enum printed_date kind,
                             struct day *out)
{
    size_t found = 0;
    struct day day;
    for (size_t i = 1; i <= 2 && i < len; i++) {
        size_t rest = len - i;
        bool padded_month = digits[0] == '0', padded_day = digits[i] == '0';
        if (rest > 2 || (padded_month && i == 1) || (padded_day && rest == 1) ||
            (padded_day && i == 1))
            continue;
        if (day_from_civil(year, number_of(digits, i), number_of(digits + i, rest), &day)) {
            found++;
            *out = day;
        }
    }
    if (found == 1)
        return kind;
    *out = DAY_NONE;
    return found == 0 ? PRINTED_WRONG : PRINTED_AMBIGUOUS;
}

static enum printed_date from_one(const struct group *g, struct day *out)
{
    struct group year = {.len = 4};
    if (g->len < 6)
        return PRINTED_NONE;
    memcpy(year.digits, g->digits, 4);
    if (!is_year(&year) || g->sign == 'Y' || g->sign == 'M')
        return PRINTED_NONE;
    int y = number_of(g->digits, 4);
    if (g->len == 8)
        return make(y, number_of(g->digits + 4, 2), number_of(g->digits + 6, 2), PRINTED_DAY, out);
    return cut(y, g->digits + 4, g->len - 4, PRINTED_MENDED, out);
}

static enum printed_date from_two(const struct groups *groups, int year, struct day *out)
{
    const struct group *a = &groups->at[0], *b = &groups->at[1];
    int second = number_of(b->digits, b->len);
    if (is_year(a) && b->sign == 'M')
        return second >= 1 && second <= 12 ? PRINTED_NO_DAY : PRINTED_WRONG;
    if (is_year(a) && b->len <= 2 && b->sign == 0 && a->sign != 0)
        return second >= 1 && second <= 12 ? PRINTED_NO_DAY : PRINTED_NONE;
    if (is_year(a))
        return b->len >= 2 && b->len <= 4 && a->sign == 'Y'
                   ? cut(number_of(a->digits, 4), b->digits, b->len, PRINTED_MENDED, out)
                   : PRINTED_NONE;
    if ((a->len == 5 || a->len == 6) && a->sign == 'M' && b->len <= 2)
        return make(number_of(a->digits, 4), number_of(a->digits + 4, a->len - 4), second,
                    PRINTED_MENDED, out);
    if (a->len > 2 || b->len > 2 || a->sign != 'M')
        return PRINTED_NONE;
    int month = number_of(a->digits, a->len);
    struct day any;
    if (year == 0)
        return day_from_civil(2024, month, second, &any) ? PRINTED_NO_YEAR : PRINTED_WRONG;
    return make(year, month, second, PRINTED_NO_YEAR, out);
}

static enum printed_date from_three(const struct groups *groups, struct day *out)
{
    const struct group *y = &groups->at[0], *m = &groups->at[1], *d = &groups->at[2];
    int year = number_of(y->digits, y->len);
    bool short_year = y->len == 2 && y->sign == 'Y';
    if (m->len > 2 || d->len > 2 || (y->len != 4 && !short_year))
        return PRINTED_NONE;
    return make(short_year ? 2000 + year : year, number_of(m->digits, m->len),
                number_of(d->digits, d->len), PRINTED_DAY, out);
}

static enum printed_date from_groups(const struct groups *groups, int year, struct day *out)
{
    *out = DAY_NONE;
    if (groups->wrong)
        return PRINTED_NONE;
    switch (groups->count) {
    case 1: return from_one(&groups->at[0], out);
    case 2: return from_two(groups, year, out);
    case 3: return from_three(groups, out);
    }
    return PRINTED_NONE;
}

/* What stands behind a date and says nothing about the day: a time, a weekday. */
static struct str without_tail(struct str text)
{
    static const char *const marks[] = {"T",    "星期", "周", "礼拜", "上午",
                                        "下午", "(",    "（", "时",   "点"};
    size_t colon = str_find_char(text, ':');
    if (colon != SIZE_MAX && colon > 0) {
        size_t at = colon;
        while (at > 0 && text.at[at - 1] >= '0' && text.at[at - 1] <= '9')
            at--;
        if (at > 0)
            text = str_part(text, 0, at);
    }
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        size_t at = str_find(text, str_of(marks[i]));
        if (at != SIZE_MAX && at >= 6)
            text = str_part(text, 0, at);
    }
    return str_trim(text);
}

/* "2024 6 3": blanks are the only signs. */
static struct str with_signs(struct arena *arena, struct str text)
{
    struct str copy = str_copy(arena, text), rest = copy, piece;
    size_t pieces = 0;
    bool digits = true;
    while (str_next(&rest, ' ', &piece)) {
        if (piece.len == 0)
            continue;
        pieces++;
        digits = digits && piece.len <= (pieces == 1 ? 4u : 2u) && (pieces > 1 || piece.len == 4);
        for (size_t i = 0; i < piece.len; i++)
            digits = digits && piece.at[i] >= '0' && piece.at[i] <= '9';
    }
    if (pieces != 3 || !digits)
        return text;
    struct buf out;
    buf_init(&out, arena, text.len + 1);
    for (size_t i = 0; i < copy.len; i++)
        if (copy.at[i] != ' ')
            buf_char(&out, copy.at[i]);
        else if (out.len > 0 && out.at[out.len - 1] != '-')
            buf_char(&out, '-');
    return buf_str(&out);
}

enum printed_date printed_date_parse(struct arena *arena, struct str text, int year,
                                     struct day *out)
{
    *out = DAY_NONE;
    if (text.len > 200)
        return PRINTED_NONE;
    struct str core = with_signs(arena, without_tail(str_trim(text)));
    struct groups groups = split(fold_text(arena, core));
    return from_groups(&groups, year, out);
}

/* --- batches --------------------------------------------------------------------------------- */

#define DI S("第")
#define PI S("批")

struct batch_match {
    struct str label;
    size_t end;
    bool bracketed;
    bool mended;
};

static void skip_blanks(struct str text, size_t *at)
{
    while (*at < text.len) {
        size_t next = *at;
        uint32_t code = utf8_next(text, &next);
        if (code != ' ' && code != 0x3000 && code != 0xA0 && code != '\n' && code != '\r' &&
            code != '\t')
            return;
        *at = next;
    }
}

/* What parts two numerals of one label; 0: nothing does. */
static const char *separator_at(struct str text, size_t *at)
{
    static const struct {
        const char *printed, *label;
    } known[] = {{"、", "、"}, {"，", "、"}, {",", "、"}, {"及", "、"}, {"和", "、"},
                 {"-", "-"},   {"—", "-"},   {"－", "-"}, {"至", "至"}, {"~", "至"}};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_starts(str_from(text, *at), str_of(known[i].printed))) {
            *at += strlen(known[i].printed);
            return known[i].label;
        }
    return NULL;
}

/* Numerals from *at on as a label; moves behind the last one. */
static bool label_at(struct str text, size_t *at, struct buf *label)
{
    int number;
    skip_blanks(text, at);
    if (!numeral_next(text, at, &number))
        return false;
    buf_printf(label, "%d", number);
    for (;;) {
        size_t ahead = *at;
        skip_blanks(text, &ahead);
        const char *sign = separator_at(text, &ahead);
        skip_blanks(text, &ahead);
        if (str_starts(str_from(text, ahead), DI))
            ahead += DI.len;
        if (sign == NULL || !numeral_next(text, &ahead, &number))
            return true;
        buf_printf(label, "%s%d", sign, number);
        *at = ahead;
    }
}

/* 第 22 202468日: the number behind 第 is no part of a date, blanks or not. */
static struct str without_ordinals(struct arena *arena, struct str text)
{
    struct buf out, label;
    buf_init(&out, arena, text.len + 1);
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        (void)utf8_next(text, &at);
        buf_bytes(&out, text.at + from, at - from);
        if (!str_starts(str_from(text, from), DI))
            continue;
        buf_init(&label, arena, 64);
        (void)label_at(text, &at, &label);
    }
    return buf_str(&out);
}

static bool belongs_to_date(struct str text, size_t at, size_t *next)
{
    *next = at;
    uint32_t code = utf8_next(text, next);
    int number;
    size_t end = at;
    return sign_of(code) != 0 || numeral_next(text, &end, &number);
}

enum printed_date printed_date_find(struct arena *arena, struct str text, int year, struct day *out)
{
    struct str folded = fold_text(arena, without_ordinals(arena, text));
    enum printed_date best = PRINTED_NONE;
    *out = DAY_NONE;
    for (size_t at = 0; at < folded.len;) {
        size_t from = at, next = at;
        while (at < folded.len && belongs_to_date(folded, at, &next))
            at = next;
        struct groups groups = split(str_part(folded, from, at - from));
        struct day day;
        enum printed_date kind = from_groups(&groups, year, &day);
        bool whole = kind == PRINTED_DAY || kind == PRINTED_MENDED;
        bool had_whole = best == PRINTED_DAY || best == PRINTED_MENDED;
        if (kind != PRINTED_NONE && (whole || !had_whole)) {
            best = kind;
            *out = day;
        }
        if (at == from)
            (void)utf8_next(folded, &at);
    }
    return best;
}

static bool is_open_bracket(uint32_t c)
{
    return c == '(' || c == 0xFF08 || c == 0x3010 || c == 0x3014 || c == '[';
}

static bool is_closing_bracket(uint32_t c)
{
    return c == ')' || c == 0xFF09 || c == 0x3011 || c == 0x3015 || c == ']';
}

/* One 第 at `at`: a batch, a batch whose 批 was lost, or something else. */
static bool match_at(struct arena *arena, struct str text, size_t at, bool bracketed,
                     struct batch_match *out)
{
    struct buf label;
    buf_init(&label, arena, 64);
    at += DI.len;
    if (!label_at(text, &at, &label) || buf_status(&label) != ST_OK)
        return false;
    size_t after_number = at;
    skip_blanks(text, &at);
    *out = (struct batch_match){.label = buf_str(&label), .bracketed = bracketed};
    struct str rest = str_from(text, at);
    if (str_starts(rest, PI)) {
        at += PI.len;
        if (str_starts(str_from(text, at), S("次")))
            at += S("次").len;
        out->end = at;
        return !str_starts(str_from(text, at), DI);
    }
    out->mended = true;
    size_t next = at;
    uint32_t code = at < text.len ? utf8_next(text, &next) : ')';
    bool date = at > after_number && code >= '0' && code <= '9';
    return bracketed && (date || is_closing_bracket(code));
}

/* Whether `next` wins over what was found before: brackets first, whole before mended. */
static bool wins(const struct batch_match *found, const struct batch_match *next)
{
    if (found->mended != next->mended)
        return found->mended;
    return next->bracketed && !found->bracketed;
}

enum printed_batch printed_batch_find(struct arena *arena, struct str text, struct str *out,
                                      size_t *end)
{
    struct batch_match found = {0};
    bool any = false, several = false, bracketed = false;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        struct batch_match match;
        uint32_t code = utf8_next(text, &at);
        if (is_open_bracket(code) || is_closing_bracket(code))
            bracketed = is_open_bracket(code);
        if (!str_starts(str_from(text, from), DI) ||
            !match_at(arena, text, from, bracketed, &match))
            continue;
        if (!any || wins(&found, &match)) {
            several = false;
            found = match;
        } else if (!wins(&match, &found) && !str_eq(match.label, found.label)) {
            several = true;
        }
        any = true;
    }
    if (!any || several)
        return any ? BATCH_SEVERAL : BATCH_NONE;
    *out = found.label;
    if (end != NULL)
        *end = found.end;
    return found.mended ? BATCH_MENDED : BATCH_FOUND;
}

enum printed_batch printed_batch_parse(struct arena *arena, struct str text, struct str *out)
{
    struct str folded = fold_text(arena, text);
    enum printed_batch kind = printed_batch_find(arena, folded, out, NULL);
    if (kind != BATCH_NONE)
        return kind;
    struct buf label;
    buf_init(&label, arena, 64);
    size_t at = str_starts(folded, DI) ? DI.len : 0;
    if (!label_at(folded, &at, &label) || buf_status(&label) != ST_OK)
        return BATCH_NONE;
    struct str rest = str_from(folded, at);
    if (rest.len > 0 && !str_eq(rest, PI) && !str_eq(rest, S("批次")))
        return BATCH_NONE;
    *out = buf_str(&label);
    return BATCH_FOUND;
}
