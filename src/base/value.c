/*
 * Children hang in a list on their parent. Maps here have a handful of members, so looking a key
 * up walks them.
 */
#include "base/value.h"

#include "base/num.h"

static struct value *value_new(struct arena *arena, enum value_kind kind)
{
    struct value *value = arena_new_of(arena, struct value);
    value->kind = kind;
    return value;
}

struct value *value_null(struct arena *arena)
{
    return value_new(arena, VALUE_NULL);
}

struct value *value_bool(struct arena *arena, bool flag)
{
    struct value *value = value_new(arena, VALUE_BOOL);
    value->flag = flag;
    return value;
}

struct value *value_int(struct arena *arena, int64_t number)
{
    must(number >= -VALUE_INT_MAX && number <= VALUE_INT_MAX);
    struct value *value = value_new(arena, VALUE_INT);
    value->number = number;
    return value;
}

struct value *value_text(struct arena *arena, struct str text)
{
    struct value *value = value_new(arena, VALUE_TEXT);
    value->text = text.at == NULL ? S("") : text;
    return value;
}

struct value *value_permille(struct arena *arena, int64_t thousandths)
{
    struct value *value = value_text(arena, num_format_scaled(arena, thousandths, 3));
    value->decimal = true;
    return value;
}

struct value *value_markup(struct arena *arena, struct str html)
{
    struct value *value = value_text(arena, html);
    value->markup = true;
    return value;
}

struct value *value_list(struct arena *arena)
{
    return value_new(arena, VALUE_LIST);
}

struct value *value_map(struct arena *arena)
{
    return value_new(arena, VALUE_MAP);
}

struct value *value_copy(struct arena *arena, const struct value *value)
{
    struct value *copy = arena_new_of(arena, struct value);
    *copy = (struct value){.kind = value->kind,
                           .flag = value->flag,
                           .decimal = value->decimal,
                           .markup = value->markup,
                           .number = value->number,
                           .text = str_copy(arena, value->text)};
    value_each (child, value) {
        if (value->kind == VALUE_MAP)
            value_put(copy, str_copy(arena, child->key), value_copy(arena, child));
        else
            value_append(copy, value_copy(arena, child));
    }
    return copy;
}

static void link_last(struct value *parent, struct value *child)
{
    must(child->next == NULL && parent->last != child);
    if (parent->last == NULL)
        parent->first = child;
    else
        parent->last->next = child;
    parent->last = child;
    parent->count++;
}

/* The member with the least key above `after`; null where there is none. */
static const struct value *next_by_key(const struct value *map, const struct str *after)
{
    const struct value *next = NULL;
    value_each (member, map)
        if ((after == NULL || str_compare(member->key, *after) > 0) &&
            (next == NULL || str_compare(member->key, next->key) < 0))
            next = member;
    return next;
}

struct value *value_copy_sorted(struct arena *arena, const struct value *value)
{
    if (value->kind != VALUE_MAP && value->kind != VALUE_LIST)
        return value_copy(arena, value);
    struct value *copy = arena_new_of(arena, struct value);
    copy->kind = value->kind;
    if (value->kind == VALUE_LIST) {
        value_each (item, value)
            link_last(copy, value_copy_sorted(arena, item));
        return copy;
    }
    for (const struct value *member = next_by_key(value, NULL); member != NULL;
         member = next_by_key(value, &member->key)) {
        struct value *child = value_copy_sorted(arena, member);
        child->key = str_copy(arena, member->key);
        link_last(copy, child);
    }
    return copy;
}

void value_append(struct value *list, struct value *child)
{
    must(list->kind == VALUE_LIST);
    link_last(list, child);
}

static void unlink_key(struct value *map, struct str key)
{
    struct value *before = NULL;
    for (struct value *child = map->first; child != NULL; before = child, child = child->next) {
        if (!str_eq(child->key, key))
            continue;
        if (before == NULL)
            map->first = child->next;
        else
            before->next = child->next;
        if (map->last == child)
            map->last = before;
        child->next = NULL;
        map->count--;
        return;
    }
}

void value_put(struct value *map, struct str key, struct value *child)
{
    must(map->kind == VALUE_MAP);
    unlink_key(map, key);
    child->key = key;
    link_last(map, child);
}

void value_put_text(struct arena *arena, struct value *map, const char *key, struct str text)
{
    value_put(map, str_of(key), value_text(arena, text));
}

void value_put_int(struct arena *arena, struct value *map, const char *key, int64_t number)
{
    value_put(map, str_of(key), value_int(arena, number));
}

void value_put_bool(struct arena *arena, struct value *map, const char *key, bool flag)
{
    value_put(map, str_of(key), value_bool(arena, flag));
}

struct value *value_put_map(struct arena *arena, struct value *map, const char *key)
{
    struct value *child = value_map(arena);
    value_put(map, str_of(key), child);
    return child;
}

struct value *value_put_list(struct arena *arena, struct value *map, const char *key)
{
    struct value *child = value_list(arena);
    value_put(map, str_of(key), child);
    return child;
}

struct value *value_append_map(struct arena *arena, struct value *list)
{
    struct value *child = value_map(arena);
    value_append(list, child);
    return child;
}

struct value *value_list_at(struct arena *arena, struct value *map, const char *key)
{
    for (struct value *child = map->first; child != NULL; child = child->next)
        if (child->kind == VALUE_LIST && str_eq_c(child->key, key))
            return child;
    return value_put_list(arena, map, key);
}

const struct value *value_find(const struct value *map, struct str key)
{
    if (map == NULL || map->kind != VALUE_MAP)
        return NULL;
    value_each (child, map)
        if (str_eq(child->key, key))
            return child;
    return NULL;
}

const struct value *value_find_c(const struct value *map, const char *key)
{
    return value_find(map, str_of(key));
}

struct str value_find_text(const struct value *map, const char *key)
{
    const struct value *value = value_find_c(map, key);
    return value != NULL && value->kind == VALUE_TEXT ? value->text : (struct str){0};
}

int64_t value_find_int(const struct value *map, const char *key, int64_t otherwise)
{
    const struct value *value = value_find_c(map, key);
    return value != NULL && value->kind == VALUE_INT ? value->number : otherwise;
}

bool value_find_bool(const struct value *map, const char *key)
{
    const struct value *value = value_find_c(map, key);
    return value != NULL && value->kind == VALUE_BOOL && value->flag;
}

bool value_is_empty(const struct value *value)
{
    if (value == NULL || value->kind == VALUE_NULL)
        return true;
    if (value->kind == VALUE_TEXT)
        return value->text.len == 0;
    return (value->kind == VALUE_LIST || value->kind == VALUE_MAP) && value->count == 0;
}

static bool children_eq(const struct value *a, const struct value *b)
{
    const struct value *other = b->first;
    value_each (child, a) {
        const struct value *twin = a->kind == VALUE_MAP ? value_find(b, child->key) : other;
        if (twin == NULL || !value_eq(child, twin))
            return false;
        other = other == NULL ? NULL : other->next;
    }
    return true;
}

bool value_eq(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_NULL: return true;
    case VALUE_BOOL: return a->flag == b->flag;
    case VALUE_INT: return a->number == b->number;
    case VALUE_TEXT: return str_eq(a->text, b->text);
    case VALUE_LIST:
    case VALUE_MAP: return a->count == b->count && children_eq(a, b);
    }
    return false;
}
