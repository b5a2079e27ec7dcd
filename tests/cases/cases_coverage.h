#pragma once
/*
 * What an example says of coverage: regions beside the world's units and actors, the cases that
 * stand, and who is found without.
 */
#include "base/vec.h"
#include "cases_world.h"
#include "engine/coverage.h"

struct cases_regions {
    struct coverage_region *at;
    size_t len;
    size_t cap;
};

/*
 * words: ITEM covered|gap|excess|absent NAME [N], NAME being an actor, a unit or a region: N of the others
 * are found. Gives what is wrong, or an absent text.
 */
struct str cases_coverage_expect(struct arena *arena, const struct engine *engine,
                                 struct cases_world *world, const struct cases_regions *regions,
                                 const struct casefile *const *cases, size_t case_count,
                                 const struct str *words, size_t count);
