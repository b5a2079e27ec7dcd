#pragma once
/*
 * Memory that is given back all at once. Every request has one arena, reset after the reply;
 * nothing above the floor `base` frees memory. One thread at a time per arena.
 * Exhausted memory ends the process with a log line: whatever a user can enlarge is limited first.
 */
#include <stddef.h>

struct arena;

/* A place in the arena to return to; later allocations die on return. */
struct arena_mark {
    void *block;
    size_t used;
    void *held;
};

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* takes null */
void arena_reset(struct arena *arena); /* keeps one block for the next use */

/* Zeroed, aligned to 16 bytes; never null. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((returns_nonnull));
void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
    __attribute__((returns_nonnull));
void *arena_copy(struct arena *arena, const void *bytes, size_t size)
    __attribute__((returns_nonnull));

struct arena_mark arena_mark(const struct arena *arena);
void arena_return(struct arena *arena, struct arena_mark mark);

/* Calls drop(thing) when what is allocated now dies: at a reset, at the end, on return to an earlier
   mark; the latest first. For what is borrowed from elsewhere as long as the arena needs it. */
void arena_hold(struct arena *arena, void (*drop)(void *thing), void *thing);

/* Bytes handed out since the last reset; for limits and tests. */
size_t arena_used(const struct arena *arena);

#define arena_new_of(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/* AUTO(arena_cleanup) frees a local `struct arena *`. */
void arena_cleanup(struct arena **arena);
