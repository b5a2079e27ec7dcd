/*
 * Ids grow with time inside a slot even where the clock is set back: the counter runs on.
 */
#include "base/id.h"

#include <inttypes.h>
#include <string.h>

#include "base/num.h"

enum { COUNTER_BITS = 12, SLOT_BITS = 10 };

int64_t id_next(int64_t *last, struct instant now, int slot)
{
    must(slot >= 0 && slot < 1 << SLOT_BITS);
    int64_t ms = now.ms - ID_EPOCH_MS;
    if (ms < 0)
        ms = 0;
    int64_t id = ms << (COUNTER_BITS + SLOT_BITS) | (int64_t)slot << COUNTER_BITS;
    if (id <= *last) {
        int64_t counter = *last & ((1 << COUNTER_BITS) - 1);
        id = counter < (1 << COUNTER_BITS) - 1
                 ? *last + 1
                 : ((*last >> (COUNTER_BITS + SLOT_BITS)) + 1) << (COUNTER_BITS + SLOT_BITS) |
                       (int64_t)slot << COUNTER_BITS;
    }
    *last = id;
    return id;
}

struct str prefecture_str(const struct prefecture *prefecture)
{
    return str_of(prefecture->code);
}

bool prefecture_parse(struct str text, struct prefecture *out)
{
    if (text.len != 6)
        return false;
    for (size_t i = 0; i < 6; i++)
        if (!((text.at[i] >= '0' && text.at[i] <= '9') || (text.at[i] >= 'A' && text.at[i] <= 'Z')))
            return false;
    memcpy(out->code, text.at, 6);
    out->code[6] = '\0';
    return true;
}

struct str casefile_ref_format(struct arena *arena, struct prefecture prefecture,
                               struct casefile_id id)
{
    return str_printf(arena, "%s-%" PRId64, prefecture.code, id.v);
}

bool casefile_ref_parse(struct str text, struct prefecture *prefecture, struct casefile_id *id)
{
    struct prefecture parsed;
    int64_t number;
    if (text.len < 8 || text.at[6] != '-' || !prefecture_parse(str_part(text, 0, 6), &parsed) ||
        !num_parse_i64(str_from(text, 7), 1, INT64_MAX, &number))
        return false;
    *prefecture = parsed;
    id->v = number;
    return true;
}
