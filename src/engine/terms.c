/*
 * What a campaign's terms make of its regime: readings, the form of a number, whose turn it is.
 */
#include "engine/engine.h"

const struct value *engine_setting(const struct engine *engine, struct str name)
{
    const struct value *own = value_find(engine->campaign.settings, name);
    const struct regime_setting *setting = regime_find_setting(engine->regime, name);
    return own != NULL ? own : setting == NULL ? NULL : setting->value;
}

size_t engine_waits_for(const struct engine *engine, const struct casefile *casefile,
                        struct str *out_roles, size_t max)
{
    size_t count = 0;
    const struct regime_procedure *procedure = engine->procedure;
    const struct regime_state *state = procedure_find_state(procedure, casefile->state);
    if (state == NULL || state->end || state->rests)
        return 0; /* what may still happen to an ended case waits for nobody */
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (row->to == NULL || !transition_is_from(row, casefile->state))
            continue;
        for (size_t j = 0; j < row->by_count; j++) {
            bool known = str_eq(row->by[j].role, S("system")); /* it lets nobody wait */
            for (size_t k = 0; k < count; k++)
                known = known || str_eq(out_roles[k], row->by[j].role);
            if (!known && count < max)
                out_roles[count++] = row->by[j].role;
        }
    }
    return count;
}

/* The width after ':' of {seq:04}; 0 where none is given. */
static int width_of(struct str name)
{
    size_t colon = str_find_char(name, ':');
    int width = 0;
    for (size_t i = colon == SIZE_MAX ? name.len : colon + 1; i < name.len && width < 100; i++)
        if (name.at[i] >= '0' && name.at[i] <= '9')
            width = width * 10 + (name.at[i] - '0');
    return width > 12 ? 12 : width;
}

struct str engine_format_number(struct arena *arena, struct str pattern,
                                const struct number_places *places)
{
    struct str out = S("");
    while (pattern.len > 0) {
        size_t open = str_find_char(pattern, '{');
        size_t close = str_find_char(pattern, '}');
        if (open == SIZE_MAX || close == SIZE_MAX || close < open)
            return str_concat(arena, out, pattern);
        out = str_concat(arena, out, str_part(pattern, 0, open));
        struct str name = str_part(pattern, open + 1, close - open - 1);
        struct str value = places->batch;
        struct day day = places->day;
        if (str_eq(name, S("region")))
            value = places->region;
        else if (str_eq(name, S("mark")))
            value = places->mark;
        else if (str_eq(name, S("year")))
            value = str_printf(arena, "%d", day_civil(day).year);
        else if (str_eq(name, S("month")))
            value = str_printf(arena, "%02d", day_civil(day).month);
        else if (str_eq(name, S("day")))
            value = str_printf(arena, "%02d", day_civil(day).day);
        else if (str_starts(name, S("seq")))
            value = str_printf(arena, "%0*lld", width_of(name), (long long)places->seq);
        out = str_concat(arena, out, value);
        pattern = str_from(pattern, close + 1);
    }
    return out;
}
