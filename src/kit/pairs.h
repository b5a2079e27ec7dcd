#pragma once
/*
 * Names with values in the order they came: headers, cookies, query, form fields. Texts borrowed.
 */
#include "base/arena.h"
#include "base/str.h"

struct pair {
    struct str name;
    struct str value;
};

/* Open: at[0..len) free to read. */
struct pairs {
    struct pair *at;
    size_t len;
    size_t cap;
};

void pairs_add(struct arena *arena, struct pairs *pairs, struct str name, struct str value);

/* The first value of that name; an absent str where there is none. Names match byte by byte. */
struct str pairs_find(const struct pairs *pairs, struct str name);
struct str pairs_find_c(const struct pairs *pairs, const char *name);
