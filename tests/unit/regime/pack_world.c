/*
 * The lists come from the compiled-in furniture, packs from the source tree.
 */
#include "pack_world.h"

#include <stdio.h>
#include <string.h>

#include "kit/yaml.h"

struct pack_world *pack_world_new(const char *root)
{
    struct arena *arena = arena_new();
    struct pack_world *world = arena_new_of(arena, struct pack_world);
    struct furniture *furniture;
    *world = (struct pack_world){.arena = arena, .ctx = {.arena = arena}, .root = root};
    must(furniture_open(&world->ctx, arena, furniture_files, furniture_file_count, (struct str){0},
                        &furniture) == ST_OK);
    must(pack_lists_open(&world->ctx, arena, furniture, &world->lists) == ST_OK);
    return world;
}

void pack_world_free(struct pack_world *world)
{
    arena_free(world->arena);
}

struct str pack_world_read(const struct pack_world *world, const char *path)
{
    struct str full = str_printf(world->arena, "%s/%s", world->root, path);
    FILE *file = fopen(str_c(world->arena, full), "rb");
    must(file != NULL);
    char *bytes = arena_alloc(world->arena, YAML_BYTES_MAX);
    size_t len = fread(bytes, 1, YAML_BYTES_MAX, file);
    fclose(file);
    return (struct str){bytes, len};
}

struct str pack_world_sample(const struct pack_world *world, const char *before, const char *after)
{
    struct str bytes = pack_world_read(world, "tests/data/packs/good-sample.yaml");
    size_t at = str_find(bytes, str_of(before));
    must(at != SIZE_MAX);
    struct str head = str_concat(world->arena, str_part(bytes, 0, at), str_of(after));
    return str_concat(world->arena, head, str_from(bytes, at + strlen(before)));
}

const struct regime *pack_world_load(const struct pack_world *world, struct arena *arena,
                                     struct str bytes, struct pack_faults *faults)
{
    struct ctx ctx = {.arena = arena};
    const struct regime *regime = NULL;
    enum status status = regime_load(&ctx, bytes, world->lists, faults, &regime);
    must((status == ST_OK) == (faults->len == 0));
    return regime;
}

const struct regime *pack_world_get(const struct pack_world *world, struct str bytes)
{
    struct pack_faults faults;
    const struct regime *regime = pack_world_load(world, world->arena, bytes, &faults);
    for (size_t i = 0; i < faults.len; i++)
        fprintf(stderr, "%d:%d: %s %s\n", faults.at[i].place.line, faults.at[i].place.column,
                pack_fault_code_name(faults.at[i].code), faults.at[i].reason.key);
    must(faults.len == 0);
    return regime;
}
