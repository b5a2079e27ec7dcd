/*
 * What makes two cases of a procedure one and the same: the fields that the pack names under `unique`,
 * told as a key that the store keeps once in a campaign. Width, case, blanks and marks do not tell
 * things apart: 河北甲（集团）公司 and 河北甲(集团)公司 are one enterprise.
 */
#include "engine/engine.h"
#include "engine/similar.h"

static struct str part_of(struct arena *arena, const struct value *value)
{
    if (value == NULL)
        return (struct str){0};
    if (value->kind == VALUE_INT)
        return str_printf(arena, "%lld", (long long)value->number);
    return value->kind == VALUE_TEXT ? similar_fold(arena, value->text) : (struct str){0};
}

struct str engine_unique_key(struct arena *arena, const struct regime_procedure *procedure,
                             struct str region, const struct value *fields)
{
    struct str key = procedure->name;
    if (procedure->unique_count == 0)
        return (struct str){0};
    for (size_t i = 0; i < procedure->unique_count; i++) {
        struct str part = str_eq(procedure->unique[i], S("region"))
                              ? region
                              : part_of(arena, value_find(fields, procedure->unique[i]));
        if (str_is_empty(part))
            return (struct str){0}; /* what is not told cannot be the same */
        key = str_printf(arena, "%.*s/%.*s", STR_ARG(key), STR_ARG(part));
    }
    return key;
}
