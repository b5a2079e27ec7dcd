#pragma once
/*
 * Sentences for readers, by key, in the two languages of the house (i18n/zh-CN.msg, i18n/en.msg).
 * Code passes a key and typed values; here they become text. A book is filled once at start and
 * then only read, by any thread.
 *
 * Format of a catalogue, UTF-8, one sentence a line:
 *
 *   # a comment
 *   evidence.too_large = The file has {size}; at most {limit} is accepted.
 *   batch.cases[one]   = {n} case
 *   batch.cases[other] = {n} cases
 *
 * A key is segments of [a-z0-9_] parted by dots. Blanks around key and sentence are dropped.
 * {name} stands for the value of that name; {{ and }} give a brace; \n is a line feed. A sentence
 * that counts has plural forms, chosen by the value named `n` as CLDR has it: English `one` and
 * `other`, Chinese `other` only. `other` is always there.
 */
#include "base/ctx.h"

enum lang { LANG_ZH, LANG_EN, LANG_COUNT };

/* Opaque; `struct words` of base is a pair of labels and something else. */
struct words_book;

/* Empty; lives in the arena. */
struct words_book *words_book_new(struct arena *arena);

/*
 * Adds one catalogue; `text` is borrowed as long as the book lives, `file` is named in faults.
 * A key may be defined once a language.
 *
 * Errors: ST_INVALID, with file and line: words.line_wrong, words.key_wrong, words.key_twice,
 *         words.place_wrong (a brace that opens no {name}), words.other_missing,
 *         words.not_text (no UTF-8)
 */
MUST_USE enum status words_book_add(struct ctx *ctx, struct words_book *book, enum lang lang,
                                    struct str file, struct str text);

/* The sentence as it stands in the catalogue (plural: `other`), borrowed; absent where none is. */
struct str words_find(const struct words_book *book, enum lang lang, struct str key);

/*
 * The sentence with its values. A key that is not in the book gives "[key]", a place without a
 * value stays as {name}: both are seen by the reader and counted (words_missing).
 *
 *   int      decimal
 *   bytes    1.5 MiB, by the keys unit.bytes … unit.gib
 *   day      by day.text from {year} {month} {day}; month is month.1 … month.12; none: day.none
 *   instant  by instant.text from {day} {time}, on the office's clock
 *   words    the label in this language, else the Chinese one
 *   key      the sentence of that key, else what stands behind its last dot
 *
 * The result is in `arena`, or borrowed from the book where nothing was to fill in.
 */
struct str words_format(struct arena *arena, const struct words_book *book, enum lang lang,
                        struct str key, struct args args);

/* The same with values that are looked up when a place asks for them; false: there is none. */
typedef bool words_lookup(void *user, struct str name, struct arg *out);
struct str words_format_by(struct arena *arena, const struct words_book *book, enum lang lang,
                           struct str key, words_lookup *lookup, void *user);

/* One value as words_format writes it into a sentence. */
struct str words_value(struct arena *arena, const struct words_book *book, enum lang lang,
                       const struct arg *arg);

/* The sentence of a refusal, and what would satisfy it (absent where the reason names nothing). */
struct str words_reason(struct arena *arena, const struct words_book *book, enum lang lang,
                        const struct reason *reason);
struct str words_needs(struct arena *arena, const struct words_book *book, enum lang lang,
                       const struct reason *reason);

/* The label of a pack in this language, else the other one. */
struct str words_label(enum lang lang, struct words pair);

/* "zh-CN", "en": for the html lang attribute and file names. */
const char *lang_tag(enum lang lang);

/* How often a key or a value was missing since the book was made. */
size_t words_missing(const struct words_book *book);
