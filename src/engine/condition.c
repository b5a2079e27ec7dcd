/*
 * `if:` — whether a rule applies. One function a word of the vocabulary.
 */
#include "base/num.h"
#include "engine/standing.h"

static bool texts_or_same(const struct value *args, const char *is, const char *in,
                          const struct value *value)
{
    const struct value *same = value_find_c(args, is);
    const struct value *among = value_find_c(args, in);
    if (same != NULL && (value == NULL || !value_eq(same, value))) {
        /* `is: closed` also means that a many-valued choice has it; `is: false` holds unset. */
        bool unset_is_false = same->kind == VALUE_BOOL && !same->flag && value_is_empty(value);
        bool listed = value != NULL && value->kind == VALUE_LIST && same->kind == VALUE_TEXT &&
                      names_have(value, same->text);
        if (!unset_is_false && !listed)
            return false;
    }
    return among == NULL ||
           (value != NULL && value->kind == VALUE_TEXT && names_have(among, value->text));
}

static bool holds_field(const struct trial *trial, const struct regime_condition *condition)
{
    const struct value *args = condition->args;
    const struct value *value = trial_value(trial, value_find_text(args, "field"));
    const struct value *set = value_find_c(args, "set");
    if (set != NULL && set->flag == value_is_empty(value))
        return false;
    if (!texts_or_same(args, "is", "in", value))
        return false;
    const struct value *same = trial_value(trial, value_find_text(args, "same"));
    if (value_find_c(args, "same") != NULL &&
        (value_is_empty(value) || value_is_empty(same) || !value_eq(value, same)))
        return false;
    const struct value *above = value_find_c(args, "above");
    const struct value *below = value_find_c(args, "below");
    int64_t number = value == NULL ? 0 : value->kind == VALUE_LIST ? (int64_t)value->count
                                                                   : value->number;
    if (above != NULL && !(number > trial_number(trial, above, 0)))
        return false;
    return below == NULL || number < trial_number(trial, below, 0);
}

static bool holds_flag(const struct trial *trial, const struct regime_condition *condition)
{
    names_each (flag, condition->args)
        if (!casefile_has_flag(trial->casefile, flag->text))
            return false;
    return true;
}

static bool holds_source(const struct trial *trial, const struct regime_condition *condition)
{
    const struct value *in = value_find_c(condition->args, "in");
    const struct value *tier = value_find_c(condition->args, "tier");
    const struct regime_source *source =
        regime_find_source(trial->engine->regime, trial->casefile->source);
    if (in != NULL && !names_have(in, trial->casefile->source))
        return false;
    return tier == NULL || (source != NULL && names_have(tier, source->tier));
}

static bool kind_fits(const struct trial *trial, int64_t unit, const struct value *kinds)
{
    const struct engine_world *world = &trial->engine->world;
    const struct unit_facts *facts = world->find_unit(world->self, (struct unit_id){unit});
    return kinds == NULL || (facts != NULL && names_have(kinds, facts->kind));
}

static bool holds_role(const struct trial *trial, const struct regime_condition *condition)
{
    const struct value *args = condition->args;
    const struct casefile_role *role =
        casefile_find_role(trial->casefile, value_find_text(args, "role"));
    int64_t fitting = 0;
    if (role != NULL)
        fitting = (int64_t)role->people.len;
    for (size_t i = 0; role != NULL && i < role->units.len; i++)
        fitting += kind_fits(trial, role->units.at[i], value_find_c(args, "kinds"));
    return fitting >= trial_number(trial, value_find_c(args, "min"), 1);
}

static bool holds_setting(const struct trial *trial, const struct regime_condition *condition)
{
    const struct value *value =
        engine_setting(trial->engine, value_find_text(condition->args, "setting"));
    const struct value *is = value_find_c(condition->args, "is");
    return value != NULL && is != NULL && value_eq(value, is);
}

static bool holds_state(const struct trial *trial, const struct regime_condition *condition)
{
    return names_have(condition->args, trial->before->state);
}

static bool holds_confirmed(const struct trial *trial, const struct regime_condition *condition)
{
    names_each (what, condition->args)
        if (!trial_has_mark(trial, EVENT_CONFIRMED, what->text, 0))
            return false;
    return true;
}

static bool holds_done(const struct trial *trial, const struct regime_condition *condition)
{
    names_each (command, condition->args)
        if (!trial_was_done(trial, command->text, 0))
            return false;
    return true;
}

static bool holds_late(const struct trial *trial, const struct regime_condition *condition)
{
    const struct casefile_clock *clock =
        casefile_find_clock(trial->casefile, condition->args->text);
    return clock != NULL && clock->lapsed;
}

/* A setting that holds no day (yet) holds back nothing. */
/* "10..03": from October to March; one that is written otherwise never holds. */
static bool holds_months(const struct trial *trial, const struct regime_condition *condition)
{
    int64_t first, last;
    const struct value *value = engine_setting(trial->engine, condition->args->text);
    int month = day_civil(day_of_instant(trial->happened_at)).month;
    if (value == NULL || value->kind != VALUE_TEXT || value->text.len != 6 ||
        !num_parse_i64(str_part(value->text, 0, 2), 1, 12, &first) ||
        !num_parse_i64(str_part(value->text, 4, 2), 1, 12, &last))
        return false;
    return first <= last ? month >= first && month <= last : month >= first || month <= last;
}

static bool holds_before(const struct trial *trial, const struct regime_condition *condition)
{
    const struct value *value = engine_setting(trial->engine, condition->args->text);
    struct day day;
    return value != NULL && value->kind == VALUE_TEXT && day_parse(value->text, &day) &&
           day_of_instant(trial->happened_at).v < day.v;
}

static bool holds_actor(const struct trial *trial, const struct regime_condition *condition)
{
    struct str role = value_find_text(condition->args, "role");
    struct str post = value_find_text(condition->args, "post");
    bool lead;
    return trial->post != NULL &&
           (casefile_role_has_unit(trial->casefile, role, trial->post->unit.v, &lead) ||
            casefile_role_has_person(trial->casefile, role, trial->actor->person.v) ||
            trial_holds_live(trial, role, false)) &&
           (str_is_empty(post) || str_eq(post, trial->post->post));
}

static bool holds_standing(const struct trial *trial, const struct regime_condition *condition)
{
    return standing_holds(trial, condition->args);
}

/* What is not a number is more than nothing and less than nothing. */
static bool holds_more(const struct trial *trial, const struct regime_condition *condition)
{
    bool has;
    bool has_other;
    int64_t figure = trial_figure(trial, value_find_text(condition->args, "field"), &has);
    int64_t other = trial_figure(trial, value_find_text(condition->args, "than"), &has_other);
    return has && has_other && figure > other;
}

static bool holds_all(const struct trial *trial, const struct regime_condition *condition)
{
    for (size_t i = 0; i < condition->count; i++)
        if (!condition_holds(trial, &condition->all[i]))
            return false;
    return true;
}

static bool holds_any(const struct trial *trial, const struct regime_condition *condition)
{
    for (size_t i = 0; i < condition->count; i++)
        if (condition_holds(trial, &condition->all[i]))
            return true;
    return false;
}

static bool holds_not(const struct trial *trial, const struct regime_condition *condition)
{
    return !condition_holds(trial, &condition->all[0]);
}

typedef bool condition_fn(const struct trial *trial, const struct regime_condition *condition);

static condition_fn *const conditions[] = {
    [CONDITION_FIELD] = holds_field,     [CONDITION_FLAG] = holds_flag,
    [CONDITION_SOURCE] = holds_source,   [CONDITION_ROLE] = holds_role,
    [CONDITION_SETTING] = holds_setting, [CONDITION_STATE] = holds_state,
    [CONDITION_CONFIRMED] = holds_confirmed, [CONDITION_DONE] = holds_done,
    [CONDITION_LATE] = holds_late,       [CONDITION_ACTOR] = holds_actor,
    [CONDITION_BEFORE] = holds_before,   [CONDITION_STANDING] = holds_standing,
    [CONDITION_MORE] = holds_more,       [CONDITION_MONTHS] = holds_months,
    [CONDITION_ALL] = holds_all,         [CONDITION_ANY] = holds_any,
    [CONDITION_NOT] = holds_not,
};
_Static_assert(COUNT_OF(conditions) == CONDITION_KIND_COUNT, "a function for each condition");

bool condition_holds(const struct trial *trial, const struct regime_condition *condition)
{
    return condition == NULL || conditions[condition->kind](trial, condition);
}

bool condition_needs_form(const struct trial *trial, const struct regime_condition *condition)
{
    if (condition == NULL)
        return false;
    if (condition->kind == CONDITION_FIELD)
        return trial_form_has(trial, value_find_text(condition->args, "field"));
    if (condition->kind == CONDITION_ROLE)
        return trial_form_fills_role(trial, value_find_text(condition->args, "role"));
    if (condition->kind == CONDITION_STANDING)
        return standing_needs_form(trial, condition->args);
    if (condition->kind == CONDITION_SOURCE) /* said with the making of the case */
        return trial->before->version == 0;
    for (size_t i = 0; i < condition->count; i++)
        if (condition_needs_form(trial, &condition->all[i]))
            return true;
    return false;
}
