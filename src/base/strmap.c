/*
 * Open addressing over an array of entries; slots hold entry number + 1.
 */
#include "base/strmap.h"

#include <string.h>

#include "base/vec.h"

void strmap_init(struct strmap *map, struct arena *arena)
{
    *map = (struct strmap){.arena = arena};
}

static size_t slot_of(const struct strmap *map, struct str key)
{
    size_t slot = (size_t)str_hash(key) & (map->slot_count - 1);
    while (map->slots[slot] != 0 && !str_eq(map->entries[map->slots[slot] - 1].key, key))
        slot = (slot + 1) & (map->slot_count - 1);
    return slot;
}

void *strmap_find(const struct strmap *map, struct str key)
{
    if (map->slot_count == 0)
        return NULL;
    uint32_t entry = map->slots[slot_of(map, key)];
    return entry == 0 ? NULL : map->entries[entry - 1].value;
}

static void grow(struct strmap *map)
{
    map->slot_count = map->slot_count == 0 ? 16 : map->slot_count * 2;
    map->slots = arena_alloc_array(map->arena, map->slot_count, sizeof *map->slots);
    for (size_t i = 0; i < map->len; i++)
        map->slots[slot_of(map, map->entries[i].key)] = (uint32_t)i + 1;
}

void *strmap_put(struct strmap *map, struct str key, void *value)
{
    must(value != NULL);
    if ((map->len + 1) * 4 > map->slot_count * 3)
        grow(map);
    size_t slot = slot_of(map, key);
    if (map->slots[slot] != 0) {
        struct strmap_entry *entry = &map->entries[map->slots[slot] - 1];
        void *before = entry->value;
        entry->value = value;
        return before;
    }
    if (map->len == map->cap) {
        map->cap = map->cap == 0 ? 8 : map->cap * 2;
        map->entries =
            vec_grown(map->arena, map->entries, map->len, map->cap, sizeof *map->entries);
    }
    map->entries[map->len++] = (struct strmap_entry){key, value};
    map->slots[slot] = (uint32_t)map->len;
    return NULL;
}
