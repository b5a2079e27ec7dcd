/*
 * The way that nearly every text takes: one pass, one copy of the text that all its strings are
 * borrowed from. Of folding a case from its events reading payloads was more than half.
 */
#include <string.h>

#include "kit/json_int.h"

enum { DIGITS_MAX = 15, KEYS_COMPARED = 64 };

struct plain {
    struct arena *arena;
    struct str text;
    size_t at;
    int depth;
};

static char peek(const struct plain *plain)
{
    return plain->at < plain->text.len ? plain->text.at[plain->at] : '\0';
}

static void skip_blanks(struct plain *plain)
{
    for (char c = peek(plain); c == ' ' || c == '\n' || c == '\t' || c == '\r'; c = peek(plain))
        plain->at++;
}

static bool take(struct plain *plain, char wanted)
{
    if (peek(plain) != wanted)
        return false;
    plain->at++;
    return true;
}

static bool read_word(struct plain *plain, struct str word)
{
    bool is_it = str_starts(str_from(plain->text, plain->at), word);
    plain->at += is_it ? word.len : 0;
    return is_it;
}

static bool read_string(struct plain *plain, struct str *out)
{
    if (!take(plain, '"'))
        return false;
    size_t from = plain->at;
    for (; plain->at < plain->text.len; plain->at++) {
        unsigned char c = (unsigned char)plain->text.at[plain->at];
        if (c == '"') {
            *out = str_part(plain->text, from, plain->at++ - from);
            return true;
        }
        if (c == '\\' || c < ' ')
            return false;
    }
    return false;
}

static bool read_number(struct plain *plain, int64_t *out)
{
    bool negative = take(plain, '-');
    size_t from = plain->at;
    int64_t number = 0;
    for (char c = peek(plain); c >= '0' && c <= '9'; c = peek(plain)) {
        if (plain->at++ - from == DIGITS_MAX)
            return false;
        number = number * 10 + (c - '0');
    }
    size_t digits = plain->at - from;
    bool spelled_else = digits == 0 || (plain->text.at[from] == '0' && (digits > 1 || negative)) ||
                        peek(plain) == '.' || peek(plain) == 'e' || peek(plain) == 'E';
    *out = negative ? -number : number;
    return !spelled_else;
}

static bool read(struct plain *plain, struct value **out);

static bool read_list(struct plain *plain, struct value **out)
{
    struct value *list = value_list(plain->arena);
    skip_blanks(plain);
    *out = list;
    if (take(plain, ']'))
        return true;
    do {
        struct value *child;
        if (!read(plain, &child))
            return false;
        value_append(list, child);
    } while (take(plain, ','));
    return take(plain, ']');
}

/* No name twice; where the names are sorted, as ours are, the last one tells. */
static bool read_member(struct plain *plain, struct value *map, bool *io_sorted)
{
    struct str key;
    struct value *child;
    skip_blanks(plain);
    if (!read_string(plain, &key))
        return false;
    *io_sorted = *io_sorted && (map->last == NULL || str_compare(map->last->key, key) < 0);
    if (!*io_sorted && (map->count >= KEYS_COMPARED || value_find(map, key) != NULL))
        return false;
    skip_blanks(plain);
    if (!take(plain, ':') || !read(plain, &child))
        return false;
    value_put(map, key, child);
    return map->count <= JSON_MEMBERS_MAX;
}

static bool read_map(struct plain *plain, struct value **out)
{
    struct value *map = value_map(plain->arena);
    bool sorted = true;
    skip_blanks(plain);
    *out = map;
    if (take(plain, '}'))
        return true;
    do
        if (!read_member(plain, map, &sorted))
            return false;
    while (take(plain, ','));
    return take(plain, '}');
}

static bool read_deeper(struct plain *plain, struct value **out)
{
    if (++plain->depth > JSON_DEPTH_MAX)
        return false;
    bool good = plain->text.at[plain->at++] == '[' ? read_list(plain, out) : read_map(plain, out);
    plain->depth--;
    return good;
}

/* One value with the blanks around it. */
static bool read(struct plain *plain, struct value **out)
{
    struct arena *arena = plain->arena;
    struct str text;
    int64_t number;
    bool good;
    skip_blanks(plain);
    switch (peek(plain)) {
    case '[':
    case '{': good = read_deeper(plain, out); break;
    case '"':
        good = read_string(plain, &text);
        if (good)
            *out = value_text(arena, text);
        break;
    case 't':
    case 'f':
        *out = value_bool(arena, peek(plain) == 't');
        good = read_word(plain, (*out)->flag ? S("true") : S("false"));
        break;
    case 'n':
        *out = value_null(arena);
        good = read_word(plain, S("null"));
        break;
    default:
        good = read_number(plain, &number);
        if (good)
            *out = value_int(arena, number);
        break;
    }
    skip_blanks(plain);
    return good;
}

bool json_read_plain(struct arena *arena, struct str text, struct value **out)
{
    struct arena_mark mark = arena_mark(arena);
    struct plain plain = {.arena = arena, .text = str_copy(arena, text)};
    struct value *value;
    if (read(&plain, &value) && plain.at == plain.text.len) {
        *out = value;
        return true;
    }
    arena_return(arena, mark);
    return false;
}
