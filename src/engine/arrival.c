#include "engine/arrival.h"

static bool is_mapped(const struct regime_arrival *arrival, struct str name)
{
    value_each (from, arrival->fields)
        if (from->kind == VALUE_TEXT && str_eq(from->text, name))
            return true;
    return false;
}

struct value *arrival_take(struct arena *arena, const struct regime_arrival *arrival,
                           struct str region, struct str number, const struct value *told)
{
    struct value *input = value_map(arena);
    value_put_text(arena, input, "region", region);
    value_put_text(arena, input, "received_number", number);
    if (!str_is_empty(arrival->source))
        value_put_text(arena, input, "source", arrival->source);
    struct value *fields = value_put_map(arena, input, "fields");
    struct value *kept = value_map(arena);
    value_each (from, arrival->fields) {
        const struct value *value =
            from->kind == VALUE_TEXT ? value_find(told, from->text) : value_find_c(from, "value");
        if (!value_is_empty(value))
            value_put(fields, from->key, value_copy(arena, value));
    }
    value_each (one, told)
        if (!is_mapped(arrival, one->key))
            value_put(kept, one->key, value_copy(arena, one));
    if (kept->count > 0)
        value_put(input, S("kept"), kept);
    return input;
}

struct value *arrival_tell(struct arena *arena, const struct regime_arrival *arrival,
                           const struct casefile *casefile, struct str outcome, struct day ended_on)
{
    struct value *told = value_map(arena);
    value_put_text(arena, told, "number", casefile->number);
    value_put_text(arena, told, "outcome", outcome);
    value_put_text(arena, told, "ended_on", day_format(arena, ended_on));
    value_each (from, arrival == NULL ? NULL : arrival->tells) {
        const struct value *value = value_find(casefile->fields, from->text);
        if (!value_is_empty(value))
            value_put(told, from->key, value_copy(arena, value));
    }
    return told;
}
