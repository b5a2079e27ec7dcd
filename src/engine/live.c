/*
 * Roles that are asked each time (`live`): who stands in a case of another procedure today, a member of a
 * team that is at work in this region. Nothing of it is written in the case, so it ends with that case.
 */
#include "engine/engine_int.h"

static bool is_where(const struct regime_standing *standing, const struct casefile *there)
{
    value_each (wanted, standing->where) {
        const struct value *has = value_find(there->fields, wanted->key);
        if (has == NULL || !value_eq(has, wanted))
            return false;
    }
    return true;
}

bool engine_stands_there(const struct regime_role *role, const struct casefile *there,
                         struct person_id person)
{
    return is_where(role->standing, there) &&
           casefile_role_has_person(there, role->standing->role, person.v);
}

/* The region at hand lies in that of the case there. A case not yet made, of which only the campaign
 * is known, may come to lie there. */
static bool is_of_region(const struct trial *trial, const struct casefile *there)
{
    const struct engine_world *world = &trial->engine->world;
    struct str region = trial->casefile->region;
    return (trial->before->version == 0 && str_eq(region, trial->engine->campaign.region)) ||
           world->region_is_within(world->self, region, there->region);
}

bool trial_holds_live(const struct trial *trial, struct str name, bool unasked)
{
    const struct regime_role *role = regime_find_role(trial->engine->regime, name);
    const struct engine_world *world = &trial->engine->world;
    struct engine_case_list cases = {0};
    struct ctx own = {.arena = trial->ctx->arena, .now = trial->ctx->now};
    if (role == NULL || role->standing == NULL || !role->standing->live ||
        trial->actor->is_system)
        return false;
    if (world->list_cases_of == NULL || world->find_standing == NULL)
        return unasked; /* a replay: the act was judged when it was done */
    if (world->list_cases_of(world->self, &own, role->standing->procedure, role->standing->states,
                              trial->actor->person, &cases) != ST_OK)
        return false; /* who cannot be found to stand there does not */
    for (size_t i = 0; i < cases.len; i++)
        if (engine_stands_there(role, cases.at[i], trial->actor->person) &&
            is_of_region(trial, cases.at[i]))
            return true;
    return false;
}
