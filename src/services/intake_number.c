/*
 * A number is letters and digits; its shape is told by the letters and by how many digits follow,
 * which also says where its date stands. The table is the list of forms that were seen in print.
 */
#include "services/intake_number.h"

#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "services/intake_date.h"
#include "services/intake_text.h"

enum { NUMBER_LIMIT = 200, NO_DATE = -1, YEAR_MIN = 2010, YEAR_MAX = 2099 };

/*
 * letters: a pattern for what stands before the digits: D channel letter D or X, 9 a digit of the
 * round, A a capital letter, + repeats A, H Chinese characters that end in the word of a channel;
 * another capital stands for itself. digits: how many follow. date_at: where eight digits of a date
 * begin among them.
 */
struct shape {
    const char *letters;
    size_t digits;
    int date_at;
};

static const struct shape shapes[] = {
    {"D9AA+", 12, 0},  /* central rounds 2 and 3: D3HN202406020040 */
    {"D", 18, 6},      /* of 2018: X370000201811280030 */
    {"", 18, 6},       /* the same without its channel */
    {"D", 17, 6},      /* provincial, prefecture code: D53250020230620035 */
    {"D3600", 12, 1},  /* Jiangxi, team behind 3600: X3600220200711005 */
    {"D", 24, 12},     /* twelve digits of division code */
    {"D", 11, 0},      /* city: D20210314001 */
    {"H", 11, 0},      /* 万盛电20251211002, 信20170902235 */
    {"AA+", 10, 0},    /* city letters: BCD2022092601 */
    {"", 10, 0},       /* 2017043052 */
    {"A", 5, NO_DATE}, /* batch and serial: Z16008 */
};

struct parts {
    struct str letters; /* before the digits, Chinese or Latin, digits of a round included */
    struct str digits;
};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How far a pattern of letters reaches into text; SIZE_MAX: it does not fit. */
static size_t fit_letters(const char *pattern, struct str text)
{
    size_t at = 0;
    if (pattern[0] == 'H') {
        uint32_t code = 0;
        while (at < text.len && !is_digit(text.at[at]) && !is_capital(text.at[at]))
            code = utf8_next(text, &at);
        return code == 0x7535 || code == 0x4FE1 ? at : SIZE_MAX; /* 电 信 */
    }
    for (; *pattern != '\0'; pattern++) {
        char c = at < text.len ? text.at[at] : '\0';
        bool fits = *pattern == 'D'   ? c == 'D' || c == 'X'
                    : *pattern == '9' ? c >= '1' && c <= '9'
                    : *pattern == 'A' ? is_capital(c)
                    : *pattern == '+' ? true
                                      : c == *pattern;
        if (!fits)
            return SIZE_MAX;
        if (*pattern == '+')
            while (at < text.len && is_capital(text.at[at]))
                at++;
        else
            at++;
    }
    return at;
}

static size_t count_digits(struct str text, size_t at)
{
    size_t from = at;
    while (at < text.len && is_digit(text.at[at]))
        at++;
    return at - from;
}

static struct day date_of(struct str digits)
{
    struct day day;
    int64_t year, month, date;
    if (digits.len < 8 || !num_parse_i64(str_part(digits, 0, 4), YEAR_MIN, YEAR_MAX, &year) ||
        !num_parse_i64(str_part(digits, 4, 2), 1, 12, &month) ||
        !num_parse_i64(str_part(digits, 6, 2), 1, 31, &date) ||
        !day_from_civil((int)year, (int)month, (int)date, &day))
        return DAY_NONE;
    return day;
}

static enum printed_channel channel_of(struct str text, size_t letters)
{
    struct str before = str_part(text, 0, letters);
    if (str_ends(before, S("电")) || str_starts(text, S("D")))
        return CHANNEL_CALL;
    if (str_ends(before, S("信")) || str_starts(text, S("X")))
        return CHANNEL_LETTER;
    return CHANNEL_UNTOLD;
}

/* LN2021LD1109PJ01: province, year, channel, month and day, city, serial. */
static bool take_liaoning(struct printed_number *number)
{
    struct str t = number->text;
    if (t.len < 16 || !is_capital(t.at[0]) || !is_capital(t.at[1]) || count_digits(t, 2) != 4 ||
        t.at[6] != 'L' || (t.at[7] != 'D' && t.at[7] != 'X') || count_digits(t, 8) != 4 ||
        !is_capital(t.at[12]) || !is_capital(t.at[13]) || count_digits(t, 14) != t.len - 14)
        return false;
    char date[8];
    memcpy(date, t.at + 2, 4);
    memcpy(date + 4, t.at + 8, 4);
    number->intake = date_of((struct str){date, sizeof date});
    number->channel = t.at[7] == 'D' ? CHANNEL_CALL : CHANNEL_LETTER;
    return !day_is_none(number->intake);
}

/* 访受〔2021〕0517031号: year in brackets, then month, day, serial; or a document's number. */
static bool take_bracketed(struct printed_number *number)
{
    struct str t = number->text;
    size_t open = str_find(t, S("〔")), close = str_find(t, S("〕"));
    size_t inner = open == SIZE_MAX ? 0 : open + S("〔").len;
    if (open == SIZE_MAX || close == SIZE_MAX || close != inner + 4 || count_digits(t, inner) != 4)
        return false;
    size_t tail = close + S("〕").len;
    if (count_digits(t, tail) == 7) {
        char date[8];
        memcpy(date, t.at + inner, 4);
        memcpy(date + 4, t.at + tail, 4);
        number->intake = date_of((struct str){date, sizeof date});
    }
    return count_digits(t, tail) > 0;
}

static bool take_shape(struct printed_number *number, const struct shape *shape)
{
    struct str t = number->text;
    size_t letters = fit_letters(shape->letters, t);
    if (letters == SIZE_MAX || count_digits(t, letters) != shape->digits ||
        letters + shape->digits != t.len)
        return false;
    if (shape->date_at != NO_DATE) {
        number->intake = date_of(str_from(t, letters + (size_t)shape->date_at));
        if (day_is_none(number->intake))
            return false;
    }
    number->channel = channel_of(t, letters);
    return true;
}

/* 20200522-4 */
static bool take_hyphened(struct printed_number *number)
{
    struct str t = number->text;
    if (count_digits(t, 0) != 8 || t.len < 10 || t.at[8] != '-' || count_digits(t, 9) != t.len - 9)
        return false;
    number->intake = date_of(t);
    return !day_is_none(number->intake);
}

/* X2NM3, D3GS202300781: the letters of a central number with digits cut off. */
static bool take_short(struct printed_number *number)
{
    size_t letters = fit_letters("D9AA+", number->text);
    if (letters == SIZE_MAX || letters > 6 ||
        count_digits(number->text, letters) != number->text.len - letters ||
        number->text.len - letters >= 12)
        return false;
    number->is_short = true;
    number->channel = channel_of(number->text, 1);
    number->intake = date_of(str_from(number->text, letters));
    return true;
}

/* D*008 */
static bool take_masked(struct printed_number *number)
{
    struct str t = number->text;
    size_t star = str_find_char(t, '*');
    if (star == SIZE_MAX || (t.at[0] != 'D' && t.at[0] != 'X'))
        return false;
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] != '*' && !is_digit(t.at[i]) && !is_capital(t.at[i]))
            return false;
    if (!is_digit(t.at[t.len - 1]))
        return false;
    number->masked = true;
    number->channel = channel_of(t, 1);
    return true;
}

static bool recognise(struct printed_number *number)
{
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        if (take_shape(number, &shapes[i]))
            return true;
    return take_liaoning(number) || take_bracketed(number) || take_hyphened(number) ||
           take_masked(number) || take_short(number);
}

/* Whether a head of the text is a number of its own and the tail another. */
static bool is_glued(struct arena *arena, struct str text)
{
    struct str piece = text;
    for (size_t i = 6; i + 6 <= text.len; i++) {
        char c = text.at[i], before = text.at[i - 1];
        bool boundary = (c == 'D' || c == 'X') && is_digit(before);
        boundary = boundary || c == ',' || c == ';' || str_starts(str_from(text, i), S("、"));
        if (boundary) {
            struct printed_number head = {.text = str_part(piece, 0, i), .intake = DAY_NONE};
            if (recognise(&head))
                return true;
        }
    }
    /* Two of year and serial: 2025279 2025280. */
    bool digits = count_digits(text, 0) == text.len;
    (void)arena;
    return digits && text.len == 14 && memcmp(text.at, text.at + 7, 4) == 0 && text.at[0] == '2' &&
           text.at[1] == '0';
}

/* 受理编号为30号的信访问题, 编号:12 */
static struct str without_label(struct str text)
{
    static const char *const labels[] = {"受理编号", "信访编号", "问题编号", "案件编号", "编号"};
    static const char *const links[] = {"为", ":", "NO.", "№"};
    for (size_t i = 0; i < COUNT_OF(labels); i++)
        if (str_starts(text, str_of(labels[i]))) {
            text = str_from(text, strlen(labels[i]));
            break;
        }
    for (size_t i = 0; i < COUNT_OF(links); i++)
        if (str_starts(text, str_of(links[i])))
            text = str_from(text, strlen(links[i]));
    return text;
}

/* One mark of attention off either end; false: there is none. */
static bool drop_star(struct str *text)
{
    static const char *const stars[] = {"*", "★", "☆", "▲", "※"};
    for (size_t i = 0; i < COUNT_OF(stars); i++) {
        struct str star = str_of(stars[i]);
        bool behind = str_ends(*text, star);
        if (!behind && !str_starts(*text, star))
            continue;
        *text = behind ? str_part(*text, 0, text->len - star.len) : str_from(*text, star.len);
        return true;
    }
    return false;
}

static struct str without_marks(struct str text, struct printed_number *out)
{
    while (drop_star(&text))
        out->starred = true;
    bool document = str_has(text, S("〔")) || str_has(text, S("["));
    while (!document && str_ends(text, S("号"))) {
        text = str_part(text, 0, text.len - S("号").len);
        while (drop_star(&text))
            out->starred = true;
    }
    return text;
}

/* 1D2NM…: a serial of up to three digits before the letters of a number. */
static void take_seq(struct printed_number *out)
{
    size_t digits = count_digits(out->text, 0);
    if (digits == 0 || digits > 3 || digits == out->text.len)
        return;
    struct str rest = str_from(out->text, digits);
    if (fit_letters("D9AA+", rest) == SIZE_MAX &&
        !(fit_letters("D", rest) == 1 && count_digits(rest, 1) >= 17))
        return;
    out->seq = str_part(out->text, 0, digits);
    out->text = rest;
}

static struct str square_to_tortoise(struct arena *arena, struct str text)
{
    if (str_find_char(text, '[') == SIZE_MAX)
        return text;
    struct buf out;
    buf_init(&out, arena, text.len * 3);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '[')
            buf_c(&out, "〔");
        else if (text.at[i] == ']')
            buf_c(&out, "〕");
        else
            buf_char(&out, text.at[i]);
    return buf_str(&out);
}

bool printed_number_parse(struct arena *arena, struct str text, struct printed_number *out)
{
    *out = (struct printed_number){.intake = DAY_NONE};
    if (text.len == 0 || text.len > NUMBER_LIMIT)
        return false;
    struct str t = fold_text(arena, text);
    size_t end = 0;
    if (printed_batch_find(arena, t, &out->batch, &end) == BATCH_FOUND)
        t = str_from(t, end);
    t = without_marks(without_label(t), out);
    t = square_to_tortoise(arena, t);
    if (t.len == 0 || t.len > NUMBER_LIMIT)
        return false;
    out->text = t;
    take_seq(out);
    out->several = is_glued(arena, out->text);
    out->shaped = out->several || recognise(out);
    size_t digits = 0, sentence = 0;
    for (size_t at = 0; at < t.len;) {
        uint32_t code = utf8_next(t, &at);
        digits += code >= '0' && code <= '9';
        sentence += code == 0x3002 || code == 0xFF0C || code == ',';
    }
    return out->shaped || (digits > 0 && sentence == 0 && t.len <= 48);
}
