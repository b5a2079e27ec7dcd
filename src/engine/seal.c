#include "engine/seal.h"

struct str seal_mark_format(struct arena *arena, struct str hex)
{
    return str_concat(arena, S("sealed:"), hex);
}

struct str seal_mark_of_nothing(void)
{
    return S("sealed:0000000000000000000000000000000000000000000000000000000000000000");
}

bool seal_is_mark(struct str text)
{
    const struct str head = S("sealed:");
    bool is_mark = str_starts(text, head) && text.len == head.len + SEAL_DIGEST_HEX;
    for (size_t i = head.len; is_mark && i < text.len; i++)
        is_mark = (text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'a' && text.at[i] <= 'f');
    return is_mark;
}
