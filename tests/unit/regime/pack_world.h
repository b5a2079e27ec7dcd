#pragma once
/*
 * What tests of packs share: the furniture's lists, files of the source tree, the loader.
 */
#include "regime/load.h"

struct pack_world {
    struct arena *arena;
    struct ctx ctx;
    struct pack_lists *lists;
    const char *root; /* of the sources */
};

struct pack_world *pack_world_new(const char *root);
void pack_world_free(struct pack_world *world);

/* A file of the source tree; its absence ends the test. */
struct str pack_world_read(const struct pack_world *world, const char *path);
/* The text of tests/data/packs/good-sample.yaml with one piece in the place of another. */
struct str pack_world_sample(const struct pack_world *world, const char *before, const char *after);
/* Null with faults. */
const struct regime *pack_world_load(const struct pack_world *world, struct arena *arena,
                                     struct str bytes, struct pack_faults *faults);
/* A pack that must be right; its faults are printed. */
const struct regime *pack_world_get(const struct pack_world *world, struct str bytes);
