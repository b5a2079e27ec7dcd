/*
 * Two hash maps, one a language. A sentence is checked when it is loaded (its places, its plural
 * forms), so that formatting only copies. The one thing that moves after the start is the counter
 * of missing words, an atomic.
 */
#include "kit/words.h"

#include <stdatomic.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/strmap.h"

enum plural { PLURAL_OTHER, PLURAL_ONE, PLURAL_COUNT };

/* The longest sentence with its values; a value may be a reader's own text. */
enum { SENTENCE_MAX_BYTES = 64 * 1024 };

struct sentence {
    struct str forms[PLURAL_COUNT]; /* absent where the language has no such form */
    bool counts;                    /* has plural forms */
    bool has_places;                /* some form has a brace or a backslash */
    int line;
};

struct words_book {
    struct arena *arena;
    struct strmap sentences[LANG_COUNT];
    _Atomic size_t *missing; /* apart, so that a const book can count */
};

/* One catalogue being read. */
struct reading {
    struct ctx *ctx;
    struct words_book *book;
    enum lang lang;
    struct str file;
    int line;
};

struct words_book *words_book_new(struct arena *arena)
{
    struct words_book *book = arena_new_of(arena, struct words_book);
    book->arena = arena;
    book->missing = arena_alloc(arena, sizeof *book->missing);
    for (size_t i = 0; i < LANG_COUNT; i++)
        strmap_init(&book->sentences[i], arena);
    return book;
}

#define REFUSE(reading, key, what)                                                                 \
    fail((reading)->ctx, ST_INVALID, (key),                                                        \
         ARGS(arg_text("file", (reading)->file), arg_int("line", (reading)->line),                 \
              arg_text("name", (what))))

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_key(struct str key)
{
    if (key.len == 0)
        return false;
    for (size_t i = 0; i < key.len; i++) {
        bool inner_dot = key.at[i] == '.' && i > 0 && i + 1 < key.len && key.at[i - 1] != '.';
        if (!is_name_char(key.at[i]) && !inner_dot)
            return false;
    }
    return true;
}

/* Length of the place {name} at `at` with its braces, or 0. */
static size_t place_length(struct str text, size_t at)
{
    size_t end = at + 1;
    while (end < text.len && is_name_char(text.at[end]))
        end++;
    return end > at + 1 && end < text.len && text.at[end] == '}' ? end + 1 - at : 0;
}

static bool is_doubled(struct str text, size_t at)
{
    return at + 1 < text.len && text.at[at + 1] == text.at[at];
}

static bool is_line_feed(struct str text, size_t at)
{
    return text.at[at] == '\\' && at + 1 < text.len && text.at[at + 1] == 'n';
}

/* Every brace is doubled or part of a place. */
static bool check_places(struct str text, bool *has_places)
{
    for (size_t at = 0; at < text.len; at++) {
        char c = text.at[at];
        if (c != '{' && c != '}' && !is_line_feed(text, at))
            continue;
        *has_places = true;
        size_t len = c == '{' ? place_length(text, at) : 0;
        if (len == 0 && !is_line_feed(text, at) && !is_doubled(text, at))
            return false;
        at += len == 0 ? 1 : len - 1;
    }
    return true;
}

/* Cuts "key[one]" into key and form. */
static bool split_form(struct str *key, enum plural *form, bool *counts)
{
    size_t bracket = str_find_char(*key, '[');
    *form = PLURAL_OTHER;
    *counts = bracket != SIZE_MAX;
    if (!*counts)
        return true;
    struct str name = str_from(*key, bracket);
    *key = str_part(*key, 0, bracket);
    *form = str_eq(name, S("[one]")) ? PLURAL_ONE : PLURAL_OTHER;
    return *form == PLURAL_ONE || str_eq(name, S("[other]"));
}

static enum status add_sentence(struct reading *r, struct str key, struct str text)
{
    enum plural form;
    bool counts;
    struct str whole = key;
    if (!split_form(&key, &form, &counts) || !is_key(key))
        return REFUSE(r, "words.key_wrong", whole);
    struct strmap *map = &r->book->sentences[r->lang];
    struct sentence *sentence = strmap_find(map, key);
    if (sentence == NULL) {
        sentence = arena_new_of(r->book->arena, struct sentence);
        sentence->counts = counts;
        sentence->line = r->line;
        (void)strmap_put(map, key, sentence);
    } else if (!counts || !sentence->counts || sentence->forms[form].at != NULL) {
        return REFUSE(r, "words.key_twice", whole);
    }
    if (!check_places(text, &sentence->has_places))
        return REFUSE(r, "words.place_wrong", whole);
    sentence->forms[form] = text;
    return ST_OK;
}

static enum status add_line(struct reading *r, struct str line)
{
    line = str_trim(line);
    if (line.len == 0 || line.at[0] == '#')
        return ST_OK;
    size_t equals = str_find_char(line, '=');
    if (equals == SIZE_MAX)
        return REFUSE(r, "words.line_wrong", line);
    struct str text = str_trim(str_from(line, equals + 1));
    if (text.len == 0)
        return REFUSE(r, "words.line_wrong", line);
    return add_sentence(r, str_trim(str_part(line, 0, equals)), text);
}

static enum status check_plurals(struct reading *r)
{
    const struct strmap *map = &r->book->sentences[r->lang];
    for (size_t i = 0; i < map->len; i++) {
        const struct sentence *sentence = map->entries[i].value;
        r->line = sentence->line;
        if (sentence->forms[PLURAL_OTHER].at == NULL)
            return REFUSE(r, "words.other_missing", map->entries[i].key);
    }
    return ST_OK;
}

enum status words_book_add(struct ctx *ctx, struct words_book *book, enum lang lang,
                           struct str file, struct str text)
{
    struct reading r = {.ctx = ctx, .book = book, .lang = lang, .file = file};
    struct str line;
    if (!str_is_clean(text))
        return REFUSE(&r, "words.not_text", file);
    while (str_next(&text, '\n', &line)) {
        r.line++;
        TRY(add_line(&r, line));
    }
    return check_plurals(&r);
}

static const struct sentence *find(const struct words_book *book, enum lang lang, struct str key)
{
    return strmap_find(&book->sentences[lang], key);
}

struct str words_find(const struct words_book *book, enum lang lang, struct str key)
{
    const struct sentence *sentence = find(book, lang, key);
    return sentence == NULL ? (struct str){0} : sentence->forms[PLURAL_OTHER];
}

struct str words_label(enum lang lang, struct words pair)
{
    struct str wanted = lang == LANG_EN ? pair.en : pair.zh;
    return wanted.len > 0 ? wanted : lang == LANG_EN ? pair.zh : pair.en;
}

const char *lang_tag(enum lang lang)
{
    return lang == LANG_EN ? "en" : "zh-CN";
}

size_t words_missing(const struct words_book *book)
{
    return atomic_load(book->missing);
}

/* CLDR plural rules for whole numbers; a sentence without the form falls back to `other`. */
static struct str choose_form(const struct sentence *sentence, enum lang lang, words_lookup *lookup,
                              void *user)
{
    struct arg n;
    bool one = sentence->counts && lang == LANG_EN && sentence->forms[PLURAL_ONE].at != NULL &&
               lookup(user, S("n"), &n) && n.kind == ARG_INT && (n.number == 1 || n.number == -1);
    return sentence->forms[one ? PLURAL_ONE : PLURAL_OTHER];
}

/* What is being filled in. */
struct filling {
    struct arena *arena;
    const struct words_book *book;
    enum lang lang;
    words_lookup *lookup;
    void *user;
};

static void fill_place(const struct filling *f, struct str place, struct buf *out)
{
    struct arg arg;
    if (f->lookup(f->user, str_part(place, 1, place.len - 2), &arg)) {
        buf_text(out, words_value(f->arena, f->book, f->lang, &arg));
    } else {
        atomic_fetch_add(f->book->missing, 1);
        buf_text(out, place);
    }
}

static struct str fill(const struct filling *f, struct str text)
{
    struct buf out;
    buf_init(&out, f->arena, SENTENCE_MAX_BYTES);
    for (size_t at = 0; at < text.len; at++) {
        size_t len = text.at[at] == '{' ? place_length(text, at) : 0;
        if (len > 0) {
            fill_place(f, str_part(text, at, len), &out);
            at += len - 1;
        } else if (is_line_feed(text, at)) {
            buf_char(&out, '\n');
            at++;
        } else {
            buf_char(&out, text.at[at]);
            at += text.at[at] == '{' || text.at[at] == '}'; /* the twin of a doubled brace */
        }
    }
    return buf_str(&out);
}

struct str words_format_by(struct arena *arena, const struct words_book *book, enum lang lang,
                           struct str key, words_lookup *lookup, void *user)
{
    const struct sentence *sentence = find(book, lang, key);
    if (sentence == NULL) {
        atomic_fetch_add(book->missing, 1);
        return str_printf(arena, "[%.*s]", STR_ARG(key));
    }
    struct filling f = {arena, book, lang, lookup, user};
    struct str text = choose_form(sentence, lang, lookup, user);
    return sentence->has_places ? fill(&f, text) : text;
}

static bool lookup_in_args(void *user, struct str name, struct arg *out)
{
    const struct args *args = user;
    for (size_t i = 0; i < args->count; i++) {
        if (!str_eq_c(name, args->at[i].name))
            continue;
        *out = args->at[i];
        return true;
    }
    return false;
}

struct str words_format(struct arena *arena, const struct words_book *book, enum lang lang,
                        struct str key, struct args args)
{
    return words_format_by(arena, book, lang, key, lookup_in_args, &args);
}

/* i18n: unit.*  Binary multiples (IEC 80000-13), one decimal below ten of a unit. */
static struct str format_bytes(struct arena *arena, const struct words_book *book, enum lang lang,
                               int64_t bytes)
{
    static const char *const units[] = {"unit.bytes", "unit.kib", "unit.mib", "unit.gib"};
    size_t unit = 0;
    int64_t scale = 1;
    while (unit + 1 < COUNT_OF(units) && bytes / scale >= 1024) {
        scale *= 1024;
        unit++;
    }
    int64_t tenths = bytes / scale * 10 + bytes % scale * 10 / scale;
    if (tenths >= 100)
        tenths -= tenths % 10;
    return words_format(arena, book, lang, str_of(units[unit]),
                        ARGS(arg_text("number", num_format_scaled(arena, tenths, 1))));
}

/* i18n: month.*  Written by the catalogue's own pattern, so that no order of parts stands in C. */
static struct str format_day(struct arena *arena, const struct words_book *book, enum lang lang,
                             struct day day)
{
    if (day_is_none(day))
        return words_format(arena, book, lang, S("day.none"), NO_ARGS);
    struct civil civil = day_civil(day);
    struct str month =
        words_format(arena, book, lang, str_printf(arena, "month.%d", civil.month), NO_ARGS);
    return words_format(
        arena, book, lang, S("day.text"),
        ARGS(arg_int("year", civil.year), arg_text("month", month), arg_int("day", civil.day)));
}

static struct str format_instant(struct arena *arena, const struct words_book *book, enum lang lang,
                                 struct instant at)
{
    if (instant_is_none(at))
        return words_format(arena, book, lang, S("day.none"), NO_ARGS);
    struct str time = minute_format(arena, at);
    return words_format(arena, book, lang, S("instant.text"),
                        ARGS(arg_day("day", day_of_instant(at)), arg_text("time", time)));
}

static struct str word_of_key(const struct words_book *book, enum lang lang, struct str key)
{
    struct str found = words_find(book, lang, key);
    if (!str_is_empty(found))
        return found;
    for (size_t dot = str_find_char(key, '.'); dot != SIZE_MAX; dot = str_find_char(key, '.'))
        key = str_from(key, dot + 1);
    return key;
}

struct str words_value(struct arena *arena, const struct words_book *book, enum lang lang,
                       const struct arg *arg)
{
    switch (arg->kind) {
    case ARG_TEXT: return arg->text;
    case ARG_INT: return str_printf(arena, "%lld", (long long)arg->number);
    case ARG_WORDS: return words_label(lang, arg->words);
    case ARG_KEY: return word_of_key(book, lang, arg->text);
    case ARG_BYTES: return format_bytes(arena, book, lang, arg->number);
    case ARG_DAY: return format_day(arena, book, lang, (struct day){(int32_t)arg->number});
    case ARG_INSTANT: return format_instant(arena, book, lang, (struct instant){arg->number});
    }
    return (struct str){0};
}

struct str words_reason(struct arena *arena, const struct words_book *book, enum lang lang,
                        const struct reason *reason)
{
    return words_format(arena, book, lang, str_of(reason->key),
                        (struct args){reason->args, reason->arg_count});
}

struct str words_needs(struct arena *arena, const struct words_book *book, enum lang lang,
                       const struct reason *reason)
{
    if (reason->needs == NULL)
        return (struct str){0};
    return words_format(arena, book, lang, str_of(reason->needs),
                        (struct args){reason->args, reason->arg_count});
}
