#pragma once
/*
 * A growing row of values in an arena. Declare with VEC(type); `at` and `len` are free to read.
 *
 *   struct words_list VEC(struct words);  →  struct { struct words *at; size_t len, cap; }
 *
 * vec_push(arena, &v) gives a pointer to a new zeroed last element; older pointers into the row
 * die when it grows.
 */
#include <string.h>

#include "base/arena.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t len;                                                                                \
        size_t cap;                                                                                \
    }

static inline void *vec_grown(struct arena *arena, const void *at, size_t len, size_t cap,
                              size_t size)
{
    void *bigger = arena_alloc_array(arena, cap, size);
    if (len > 0)
        memcpy(bigger, at, len * size);
    return bigger;
}

#define vec_push(arena, v)                                                                         \
    ((v)->len == (v)->cap                                                                          \
         ? (void)((v)->cap = (v)->cap == 0 ? 8 : (v)->cap * 2,                                     \
                  (v)->at = vec_grown((arena), (v)->at, (v)->len, (v)->cap, sizeof *(v)->at))      \
         : (void)0,                                                                                \
     memset(&(v)->at[(v)->len], 0, sizeof *(v)->at), &(v)->at[(v)->len++])

#define vec_add(arena, v, value) (*vec_push((arena), (v)) = (value))
