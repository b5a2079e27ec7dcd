#pragma once
/*
 * A tree of plain values: event payloads, form fields, and the one document a handler produces.
 * Lives in an arena; children are linked in order. kit/json reads and prints it, templates walk it.
 *
 * Numbers are whole: money in fen, degrees times 10^7, other decimals as text ("Decided: Ledger").
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_INT, VALUE_TEXT, VALUE_LIST, VALUE_MAP };

/* Open: free to read. Write through the functions below. */
struct value {
    enum value_kind kind;
    bool flag;             /* VALUE_BOOL */
    bool decimal;          /* VALUE_TEXT that is a decimal fraction: JSON prints it bare, for display only */
    bool markup;           /* VALUE_TEXT that is ready HTML made by the program (drawings) */
    int64_t number;        /* VALUE_INT, within ±(2^53-1) */
    struct str text;       /* VALUE_TEXT, borrowed */
    size_t count;          /* children of a list or map */
    struct value *first;   /* child */
    struct value *last;    /* child */
    struct value *next;    /* sibling */
    struct str key;        /* set on the members of a map, borrowed */
};

#define VALUE_INT_MAX INT64_C(9007199254740991)

struct value *value_null(struct arena *arena);
struct value *value_bool(struct arena *arena, bool flag);
struct value *value_int(struct arena *arena, int64_t number);
struct value *value_text(struct arena *arena, struct str text); /* text is borrowed */
/* thousandths as a fraction, 830 as 0.83; never part of an event */
struct value *value_permille(struct arena *arena, int64_t thousandths);
struct value *value_markup(struct arena *arena, struct str html);
struct value *value_list(struct arena *arena);
struct value *value_map(struct arena *arena);
struct value *value_copy(struct arena *arena, const struct value *value); /* deep, texts too */

/* Likewise, the members of its maps in byte order of their keys: as canonical JSON gives it back. */
struct value *value_copy_sorted(struct arena *arena, const struct value *value);

/* A child that has a parent already is asserted against. value_put replaces an equal key. */
void value_append(struct value *list, struct value *child);
void value_put(struct value *map, struct str key, struct value *child);

void value_put_text(struct arena *arena, struct value *map, const char *key, struct str text);
void value_put_int(struct arena *arena, struct value *map, const char *key, int64_t number);
void value_put_bool(struct arena *arena, struct value *map, const char *key, bool flag);
struct value *value_put_map(struct arena *arena, struct value *map, const char *key);
struct value *value_put_list(struct arena *arena, struct value *map, const char *key);
struct value *value_append_map(struct arena *arena, struct value *list);
/* The list that stands under the key, to be added to; made where there is none. */
struct value *value_list_at(struct arena *arena, struct value *map, const char *key);

/* Null where absent or where `map` is null or no map; a chain of look-ups is safe. */
const struct value *value_find(const struct value *map, struct str key);
const struct value *value_find_c(const struct value *map, const char *key);
/* Absent or of another kind: an absent str, `otherwise`, false. */
struct str value_find_text(const struct value *map, const char *key);
int64_t value_find_int(const struct value *map, const char *key, int64_t otherwise);
bool value_find_bool(const struct value *map, const char *key);

bool value_is_empty(const struct value *value); /* null, absent, "", [] or {} */
bool value_eq(const struct value *a, const struct value *b); /* maps in any order of members */

#define value_each(child, parent)                                                                  \
    for (const struct value *child = (parent) == NULL ? NULL : (parent)->first; child != NULL;     \
         child = child->next)
