/*
 * A row of names and values; short enough in every use that a walk beats a table.
 */
#include "kit/pairs.h"

#include "base/vec.h"

void pairs_add(struct arena *arena, struct pairs *pairs, struct str name, struct str value)
{
    vec_add(arena, pairs, ((struct pair){name, value}));
}

struct str pairs_find(const struct pairs *pairs, struct str name)
{
    for (size_t i = 0; i < pairs->len; i++)
        if (str_eq(pairs->at[i].name, name))
            return pairs->at[i].value;
    return (struct str){0};
}

struct str pairs_find_c(const struct pairs *pairs, const char *name)
{
    return pairs_find(pairs, str_of(name));
}
