/* The facts are those of the example's first lines; an actor is known by name. */
#include "cases_coverage.h"

#include "base/num.h"

static struct coverage_facts facts_of(struct arena *arena, struct cases_world *world,
                                      const struct cases_regions *regions,
                                      const struct casefile *const *cases, size_t case_count)
{
    size_t actor_count, unit_count;
    const struct actor *const *actors = cases_world_actors(world, &actor_count);
    const struct unit_facts *const *units = cases_world_units(world, &unit_count);
    struct coverage_person *people = arena_alloc_array(arena, actor_count, sizeof *people);
    for (size_t i = 0; i < actor_count; i++)
        people[i] = (struct coverage_person){actors[i]->person, actors[i]->posts,
                                             actors[i]->post_count};
    return (struct coverage_facts){people,       actor_count,  units, unit_count, regions->at,
                                   regions->len, cases, case_count};
}

static const struct coverage_row *find_row(struct arena *arena, const struct coverage *coverage,
                                           struct cases_world *world, struct str name)
{
    const struct actor *actor = cases_world_actor(world, name);
    if (actor != NULL)
        name = str_printf(arena, "%lld", (long long)actor->person.v);
    for (size_t i = 0; i < coverage->row_count; i++)
        if (str_eq(coverage->rows[i].id, name))
            return &coverage->rows[i];
    return NULL;
}

static const char *state_of(const struct coverage_row *row)
{
    if (row == NULL)
        return "absent";
    return row->gap ? "gap" : row->excess ? "excess" : "covered";
}

struct str cases_coverage_expect(struct arena *arena, const struct engine *engine,
                                 struct cases_world *world, const struct cases_regions *regions,
                                 const struct casefile *const *cases, size_t case_count,
                                 const struct str *words, size_t count)
{
    const struct regime_coverage *item = count < 3 ? NULL : regime_find_coverage(engine->regime, words[0]);
    int64_t wanted;
    if (item == NULL)
        return S("no such item");
    const struct coverage_facts facts = facts_of(arena, world, regions, cases, case_count);
    const struct coverage coverage = coverage_find(arena, engine, item, &facts);
    const struct coverage_row *row = find_row(arena, &coverage, world, words[2]);
    if (!str_eq_c(words[1], state_of(row)))
        return str_of(state_of(row));
    if (count > 3 && row != NULL && num_parse_i64(words[3], 0, INT64_MAX, &wanted) &&
        (int64_t)row->found != wanted)
        return str_printf(arena, "%zu found", row->found);
    return (struct str){0};
}
