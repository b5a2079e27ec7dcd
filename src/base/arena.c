/*
 * A list of blocks, newest first. Blocks double up to 1 MiB; a larger wish gets a block of its
 * own. Returning to a mark frees the blocks that came after it.
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

enum { FIRST_BLOCK = 8 * 1024, LARGEST_BLOCK = 1024 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *before;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

/* Lies in the arena itself. */
struct held {
    struct held *before;
    void (*drop)(void *thing);
    void *thing;
};

struct arena {
    struct block *top;
    struct held *held;
    size_t handed_out;
};

static void drop_until(struct arena *arena, const struct held *kept)
{
    while (arena->held != kept) {
        struct held *last = arena->held;
        must(last != NULL);
        arena->held = last->before;
        last->drop(last->thing);
    }
}

static struct block *block_new(struct block *before, size_t size)
{
    struct block *block = malloc(sizeof *block + size);
    must(block != NULL);
    block->before = before;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *arena_new(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    must(arena != NULL);
    arena->top = block_new(NULL, FIRST_BLOCK);
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    drop_until(arena, NULL);
    for (struct block *block = arena->top; block != NULL;) {
        struct block *before = block->before;
        free(block);
        block = before;
    }
    free(arena);
}

void arena_cleanup(struct arena **arena)
{
    arena_free(*arena);
}

void arena_reset(struct arena *arena)
{
    drop_until(arena, NULL);
    while (arena->top->before != NULL) {
        struct block *before = arena->top->before;
        free(arena->top);
        arena->top = before;
    }
    arena->top->used = 0;
    arena->handed_out = 0;
}

static void grow(struct arena *arena, size_t wanted)
{
    size_t size = arena->top->size * 2;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < wanted)
        size = wanted;
    arena->top = block_new(arena->top, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    must(size < SIZE_MAX / 2);
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (arena->top->size - arena->top->used < rounded)
        grow(arena, rounded);
    void *at = arena->top->bytes + arena->top->used;
    arena->top->used += rounded;
    arena->handed_out += rounded;
    return memset(at, 0, rounded);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    must(!__builtin_mul_overflow(count, size, &total));
    return arena_alloc(arena, total);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *at = arena_alloc(arena, size);
    if (size > 0)
        memcpy(at, bytes, size);
    return at;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->top, arena->top->used, arena->held};
}

void arena_hold(struct arena *arena, void (*drop)(void *thing), void *thing)
{
    struct held *held = arena_new_of(arena, struct held);
    *held = (struct held){arena->held, drop, thing};
    arena->held = held;
}

void arena_return(struct arena *arena, struct arena_mark mark)
{
    drop_until(arena, mark.held);
    while (arena->top != mark.block) {
        struct block *before = arena->top->before;
        must(before != NULL);
        free(arena->top);
        arena->top = before;
    }
    arena->top->used = mark.used;
}

size_t arena_used(const struct arena *arena)
{
    return arena->handed_out;
}
