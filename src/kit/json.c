/*
 * What json_plain.c does not know, jansson reads: it knows the grammar; what it does not say, one walk over the raw text does. All numbers
 * are read as reals and then taken, in the order in which they stand, from the text itself: so
 * decimals keep their spelling, nothing passes through a double, and every fault has the place of
 * its own first character.
 */
#include "kit/json_int.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

/* A walk over the parts of a JSON text that stand outside strings. */
struct walk {
    struct str text;
    size_t at;
    size_t line_start;
    int64_t line;
};

struct reading {
    struct ctx *ctx;
    struct walk numbers; /* stands behind the last number taken */
    enum json_flags flags;
};

/* The offset of the next byte outside strings and blanks, or SIZE_MAX at the end. */
static size_t walk_next(struct walk *walk)
{
    bool inside = false;
    for (; walk->at < walk->text.len; walk->at++) {
        char c = walk->text.at[walk->at];
        if (c == '\n') {
            walk->line++;
            walk->line_start = walk->at + 1;
        } else if (inside) {
            walk->at += c == '\\';
            inside = c != '"';
        } else if (c == '"') {
            inside = true;
        } else if (strchr(" \t\r", c) == NULL) {
            return walk->at++;
        }
    }
    return SIZE_MAX;
}

static struct arg walk_column(const struct walk *walk, size_t at)
{
    struct str before = str_part(walk->text, walk->line_start, at - walk->line_start);
    return arg_int("column", (int64_t)utf8_length(before) + 1);
}

/* Done before jansson, whose own limit is 2048. */
static enum status check_depth(struct ctx *ctx, struct str text)
{
    struct walk walk = {.text = text, .line = 1};
    int depth = 0;
    for (size_t at = walk_next(&walk); at != SIZE_MAX; at = walk_next(&walk)) {
        if (strchr("]}", text.at[at]) != NULL)
            depth--;
        if (strchr("[{", text.at[at]) == NULL)
            continue;
        if (++depth > JSON_DEPTH_MAX)
            return fail(ctx, ST_MALFORMED, "json.depth",
                        ARGS(arg_int("line", walk.line), walk_column(&walk, at),
                             arg_int("limit", JSON_DEPTH_MAX)));
    }
    return ST_OK;
}

/* The next number of a text whose grammar is known to be good. */
static struct str next_number(struct walk *walk, size_t *at)
{
    do
        *at = walk_next(walk);
    while (*at != SIZE_MAX && strchr("-0123456789", walk->text.at[*at]) == NULL);
    must(*at != SIZE_MAX);
    size_t end = *at;
    while (end < walk->text.len && strchr("-+.0123456789eE", walk->text.at[end]) != NULL)
        end++;
    walk->at = end;
    return str_part(walk->text, *at, end - *at);
}

static enum status refuse_number(struct reading *r, const char *key, size_t at, struct str number)
{
    return fail(r->ctx, ST_INVALID, key,
                ARGS(arg_int("line", r->numbers.line), walk_column(&r->numbers, at),
                     arg_text("number", utf8_prefix(number, 40))));
}

static enum status read_number(struct reading *r, struct value **out)
{
    size_t at;
    struct str number = next_number(&r->numbers, &at);
    bool whole = str_find_char(number, '.') == SIZE_MAX && str_find_char(number, 'e') == SIZE_MAX &&
                 str_find_char(number, 'E') == SIZE_MAX;
    int64_t value;
    if (!whole && (r->flags & JSON_DECIMALS_AS_TEXT) == 0)
        return refuse_number(r, "json.not_whole", at, number);
    if (!whole)
        *out = value_text(r->ctx->arena, str_copy(r->ctx->arena, number));
    else if (num_parse_i64(number, -VALUE_INT_MAX, VALUE_INT_MAX, &value))
        *out = value_int(r->ctx->arena, value);
    else
        return refuse_number(r, "json.number_range", at, number);
    return ST_OK;
}

static struct str text_of(struct arena *arena, const char *bytes, size_t len)
{
    return str_copy(arena, (struct str){bytes, len});
}

static enum status read_value(struct reading *r, json_t *json, struct value **out);

static enum status read_list(struct reading *r, json_t *json, struct value **out)
{
    struct value *list = value_list(r->ctx->arena);
    size_t i;
    json_t *item;
    json_array_foreach (json, i, item) {
        struct value *child;
        TRY(read_value(r, item, &child));
        value_append(list, child);
    }
    *out = list;
    return ST_OK;
}

/* jansson walks members in the order in which they came, which the numbers rely on. */
static enum status read_map(struct reading *r, json_t *json, struct value **out)
{
    struct value *map = value_map(r->ctx->arena);
    const char *key;
    json_t *item;
    if (json_object_size(json) > JSON_MEMBERS_MAX)
        return fail(r->ctx, ST_LIMIT, "json.members", ARGS(arg_int("limit", JSON_MEMBERS_MAX)));
    json_object_foreach (json, key, item) {
        struct value *child;
        TRY(read_value(r, item, &child));
        value_put(map, text_of(r->ctx->arena, key, strlen(key)), child);
    }
    *out = map;
    return ST_OK;
}

static enum status read_value(struct reading *r, json_t *json, struct value **out)
{
    struct arena *arena = r->ctx->arena;
    switch (json_typeof(json)) {
    case JSON_OBJECT: return read_map(r, json, out);
    case JSON_ARRAY: return read_list(r, json, out);
    case JSON_INTEGER:
    case JSON_REAL: return read_number(r, out);
    case JSON_STRING:
        *out = value_text(arena, text_of(arena, json_string_value(json), json_string_length(json)));
        return ST_OK;
    case JSON_TRUE: *out = value_bool(arena, true); return ST_OK;
    case JSON_FALSE: *out = value_bool(arena, false); return ST_OK;
    case JSON_NULL: *out = value_null(arena); return ST_OK;
    }
    must(false);
    return ST_INTERNAL;
}

/* What jansson says, without its quotation from the text, which may end inside a character. */
static struct arg detail_of(const json_error_t *error)
{
    struct str detail = str_of(error->text);
    return arg_text("detail", str_part(detail, 0, str_find(detail, S(" near "))));
}

static void release(json_t **json)
{
    json_decref(*json);
}

enum status json_read_any(struct ctx *ctx, struct str text, enum json_flags flags,
                          struct value **out)
{
    TRY(check_depth(ctx, text));
    json_error_t error;
    json_t *json AUTO(release) =
        json_loadb(text.at == NULL ? "" : text.at, text.len,
                   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);
    if (json == NULL)
        return fail(
            ctx, ST_MALFORMED, "json.syntax",
            ARGS(arg_int("line", error.line), arg_int("column", error.column), detail_of(&error)));
    struct reading r = {.ctx = ctx, .numbers = {.text = text, .line = 1}, .flags = flags};
    struct value *value;
    TRY(read_value(&r, json, &value));
    *out = value;
    return ST_OK;
}

enum status json_parse(struct ctx *ctx, struct str text, size_t limit_bytes, enum json_flags flags,
                       struct value **out)
{
    if (text.len > limit_bytes)
        return fail(
            ctx, ST_LIMIT, "json.too_large",
            ARGS(arg_bytes("size", (int64_t)text.len), arg_bytes("limit", (int64_t)limit_bytes)));
    if (!str_is_clean(text))
        return fail(ctx, ST_MALFORMED, "json.not_text", NO_ARGS);
    return json_read_plain(ctx->arena, text, out) ? ST_OK : json_read_any(ctx, text, flags, out);
}

typedef void print_map(struct buf *out, const struct value *map);

static void print(struct buf *out, const struct value *value, print_map *members)
{
    switch (value->kind) {
    case VALUE_NULL: buf_c(out, "null"); break;
    case VALUE_BOOL: buf_c(out, value->flag ? "true" : "false"); break;
    case VALUE_INT: buf_i64(out, value->number); break;
    case VALUE_TEXT:
        if (value->decimal)
            buf_text(out, value->text);
        else
            json_str(out, value->text);
        break;
    case VALUE_LIST:
        buf_char(out, '[');
        value_each (child, value) {
            print(out, child, members);
            if (child->next != NULL)
                buf_char(out, ',');
        }
        buf_char(out, ']');
        break;
    case VALUE_MAP:
        buf_char(out, '{');
        members(out, value);
        buf_char(out, '}');
        break;
    }
}

static void print_member(struct buf *out, const struct value *child, bool first, print_map *members)
{
    if (!first)
        buf_char(out, ',');
    json_str(out, child->key);
    buf_char(out, ':');
    print(out, child, members);
}

static void print_in_order(struct buf *out, const struct value *map)
{
    value_each (child, map)
        print_member(out, child, child == map->first, print_in_order);
}

/* The first UTF-16 code unit of a code point. */
static uint32_t first_unit(uint32_t code)
{
    return code < 0x10000 ? code : 0xD800 + ((code - 0x10000) >> 10);
}

/* RFC 8785 §3.2.3. Only above U+FFFF does the order of units differ from that of code points. */
static int compare_names(struct str a, struct str b)
{
    size_t at_a = 0;
    size_t at_b = 0;
    while (at_a < a.len && at_b < b.len) {
        uint32_t code_a = utf8_next(a, &at_a);
        uint32_t code_b = utf8_next(b, &at_b);
        uint32_t unit_a = first_unit(code_a);
        uint32_t unit_b = first_unit(code_b);
        if (unit_a != unit_b)
            return unit_a < unit_b ? -1 : 1;
        if (code_a != code_b)
            return code_a < code_b ? -1 : 1;
    }
    return at_a < a.len ? 1 : at_b < b.len ? -1 : 0;
}

static int compare_members(const void *a, const void *b)
{
    const struct value *const *left = a;
    const struct value *const *right = b;
    return compare_names((*left)->key, (*right)->key);
}

static void print_sorted(struct buf *out, const struct value *map)
{
    const struct value **sorted = arena_alloc_array(out->arena, map->count, sizeof(*sorted));
    size_t count = 0;
    value_each (child, map)
        if (child->kind != VALUE_NULL)
            sorted[count++] = child;
    if (count > 1)
        qsort(sorted, count, sizeof(*sorted), compare_members);
    for (size_t i = 0; i < count; i++)
        print_member(out, sorted[i], i == 0, print_sorted);
}

void json_print(struct buf *out, const struct value *value)
{
    print(out, value, print_in_order);
}

void json_print_canonical(struct buf *out, const struct value *value)
{
    print(out, value, print_sorted);
}
