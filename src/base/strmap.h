#pragma once
/*
 * Text to pointer, in an arena, in order of first insertion. Keys are borrowed. Not for keys that
 * a stranger may choose without limit: the hash is not keyed.
 */
#include "base/arena.h"
#include "base/str.h"

struct strmap_entry {
    struct str key;
    void *value;
};

struct strmap {
    struct arena *arena;
    struct strmap_entry *entries; /* entries[0..len) in order of insertion; free to read */
    size_t len;
    size_t cap;
    uint32_t *slots;
    size_t slot_count;
};

void strmap_init(struct strmap *map, struct arena *arena);
/* Null when absent. A map that was never initialised (all zero) is empty. */
void *strmap_find(const struct strmap *map, struct str key);
/* The value that stood there before, or null; the new value must not be null. */
void *strmap_put(struct strmap *map, struct str key, void *value);
