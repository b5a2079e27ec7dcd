/*
 * Guards that ask where things are: who holds a post at the units of a role, whether a unit judges its
 * own region, whether a case lies where the campaign works.
 */
#include "base/num.h"
#include "engine/guard_int.h"
#include "engine/place.h"

enum { PEOPLE_MAX = 64 };

/* A bound, or what the setting of that name says. */
static int64_t bound(const struct trial *trial, const struct value *number, int64_t otherwise)
{
    if (number != NULL && number->kind == VALUE_TEXT)
        number = engine_setting(trial->engine, number->text);
    return number == NULL || number->kind != VALUE_INT ? otherwise : number->number;
}

bool holds_posts(const struct trial *trial, const struct value *args, struct miss *miss)
{
    const struct engine_world *world = &trial->engine->world;
    struct str name = value_find_text(args, "role");
    const struct casefile_role *role = casefile_find_role(trial->casefile, name);
    bool of_form = trial_form_fills_role(trial, name);
    int64_t min = bound(trial, value_find_c(args, "min"), 1);
    int64_t max = bound(trial, value_find_c(args, "max"), PEOPLE_MAX);
    if (trial->form_aside && of_form)
        return true;
    for (size_t i = 0; role != NULL && i < role->units.len; i++) {
        struct person_id found[PEOPLE_MAX];
        struct unit_id unit = {role->units.at[i]};
        const struct unit_facts *facts = world->find_unit(world->self, unit);
        int64_t count = (int64_t)world->people_in_post(
            world->self, unit, value_find_text(args, "post"), found, PEOPLE_MAX);
        if (count >= min && count <= max)
            continue;
        *miss = (struct miss){.field = name,
                              .wanted = count < min ? min : max,
                              .found = count,
                              .of_form = of_form};
        if (facts != NULL)
            miss->what = facts->name;
        return false;
    }
    return true;
}

bool holds_apart(const struct trial *trial, const struct value *args, struct miss *miss)
{
    const struct engine_world *world = &trial->engine->world;
    struct str name = args->kind == VALUE_TEXT ? args->text : value_find_text(args, "role");
    const struct casefile_role *role = casefile_find_role(trial->casefile, name);
    bool of_form = trial_form_fills_role(trial, name);
    if (trial->form_aside && of_form)
        return true;
    for (size_t i = 0; role != NULL && i < role->units.len; i++) {
        const struct unit_facts *facts =
            world->find_unit(world->self, (struct unit_id){role->units.at[i]});
        if (facts == NULL ||
            !world->region_is_within(world->self, trial->casefile->region, facts->region))
            continue;
        *miss = (struct miss){.field = name, .what = facts->name, .of_form = of_form};
        return false;
    }
    return true;
}

bool holds_in_scope(const struct trial *trial, const struct value *args, struct miss *miss)
{
    *miss = (struct miss){.field = S("region"), .what = {S(""), S("")}};
    return (args->kind == VALUE_BOOL && !args->flag) ||
           place_find(trial->engine, trial->casefile->region) != NULL;
}
