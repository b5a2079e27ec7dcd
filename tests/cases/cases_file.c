/* The cases that an example says stand are asked one by one. */
#include "cases_file.h"

#include "engine/file.h"

static const struct regime_file *find_file(const struct regime *regime, struct str id)
{
    for (size_t i = 0; i < regime->file_count; i++)
        if (str_eq(regime->files[i].id, id))
            return &regime->files[i];
    return NULL;
}

bool cases_file_reads(struct cases_world *world, const struct regime *regime,
                      const struct str *words, size_t count, bool *out_known)
{
    const struct regime_file *file = count == 3 ? find_file(regime, words[0]) : NULL;
    const struct actor *actor = count == 3 ? cases_world_actor(world, words[1]) : NULL;
    const struct engine_world handed = cases_world_handed_down(world);
    *out_known = file != NULL && actor != NULL;
    size_t standing;
    const struct casefile *const *at = cases_world_standing(world, &standing);
    for (size_t i = 0; *out_known && i < standing; i++) {
        bool is_within = handed.region_is_within(handed.self, words[2], at[i]->region);
        if (file_is_opened_by(file, at[i], is_within, actor))
            return true;
    }
    return false;
}
