/*
 * Lists sorted by region, so that whoever is near is found in a few steps among thousands.
 */
#include <stdlib.h>

#include "services/platform.h"
#include "services/simulate_int.h"

static int compare_region(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    int order = str_compare(x->region, y->region);
    if (order != 0)
        return order;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->person == NULL || y->person == NULL || x->person->id.v == y->person->id.v)
        return str_compare(x->post, y->post);
    return x->person->id.v < y->person->id.v ? -1 : 1;
}

static int compare_unit(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return x->unit != y->unit ? (x->unit < y->unit ? -1 : 1) : compare_region(a, b);
}

static void sort(struct placed_list *list, int (*compare)(const void *, const void *))
{
    if (list->len > 1)
        qsort(list->at, list->len, sizeof *list->at, compare);
}

static void read_units(struct arena *arena, const struct world *world, struct str region,
                       struct day day, struct placed_list *out)
{
    size_t count;
    const struct world_unit *units = world_list_units(world, &count);
    for (size_t i = 0; i < count; i++)
        if (world_unit_exists(&units[i], day) &&
            world_region_is_within(world, units[i].facts.region, region))
            vec_add(arena, out, ((struct placed){.region = units[i].facts.region,
                                                 .unit = units[i].facts.id.v,
                                                 .kind = units[i].facts.kind}));
    sort(out, compare_region);
}

static void read_people(struct arena *arena, const struct world *world, struct day day,
                        struct placed_list *out)
{
    size_t count;
    const struct world_person *people = world_list_people(world, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < people[i].post_count; j++) {
            const struct world_post *post = &people[i].posts[j];
            if (world_post_is_held(post, day) &&
                platform_of_post(post->post) == PLATFORM_NONE)
                vec_add(arena, out, ((struct placed){.region = post->unit->facts.region,
                                                     .unit = post->unit->facts.id.v,
                                                     .kind = post->unit->facts.kind,
                                                     .person = &people[i],
                                                     .post = post->post}));
        }
}

static bool is_of_kinds(const struct regime_role *role, struct str kind)
{
    for (size_t i = 0; i < role->kind_count; i++)
        if (str_eq(role->kinds[i], kind))
            return true;
    return role->kind_count == 0;
}

static void read_role(struct arena *arena, const struct regime_role *role,
                      const struct placed_list *from, struct placed_list *out)
{
    for (size_t i = 0; i < from->len; i++)
        if (is_of_kinds(role, from->at[i].kind) &&
            (from->at[i].person == NULL || str_is_empty(role->post) ||
             str_eq(role->post, from->at[i].post)))
            vec_add(arena, out, from->at[i]);
}

void roster_read(struct arena *arena, const struct world *world, const struct regime *regime,
                 struct str region, struct day day, struct roster *out)
{
    *out = (struct roster){0};
    read_units(arena, world, region, day, &out->units);
    read_people(arena, world, day, &out->staff);
    for (size_t i = 0; i < out->staff.len; i++)
        if (world_region_is_within(world, out->staff.at[i].region, region))
            vec_add(arena, &out->people, out->staff.at[i]);
    sort(&out->people, compare_region);
    sort(&out->staff, compare_unit);
    out->units_of = arena_alloc_array(arena, regime->role_count, sizeof *out->units_of);
    out->people_of = arena_alloc_array(arena, regime->role_count, sizeof *out->people_of);
    for (size_t i = 0; i < regime->role_count; i++) {
        read_role(arena, &regime->roles[i], &out->units, &out->units_of[i]);
        read_role(arena, &regime->roles[i], &out->people, &out->people_of[i]);
    }
}

/* The first that is not before the region. */
static size_t find_region(const struct placed_list *list, struct str region)
{
    size_t low = 0, high = list->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(list->at[middle].region, region) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct placed *roster_pick_near(const struct world *world, const struct placed_list *list,
                                      struct str region, struct dice *dice)
{
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t depth = world_region_ancestors(world, region, above, COUNT_OF(above));
    for (size_t i = 0; i < depth; i++) {
        size_t first = find_region(list, above[i]->code), end = first;
        while (end < list->len && str_eq(list->at[end].region, above[i]->code))
            end++;
        if (end > first)
            return &list->at[first + dice_roll(dice, end - first)];
    }
    return list->len == 0 ? NULL : &list->at[dice_roll(dice, list->len)];
}

struct placed_list roster_staff(const struct roster *roster, int64_t unit)
{
    size_t low = 0, high = roster->staff.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (roster->staff.at[middle].unit < unit)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < roster->staff.len && roster->staff.at[end].unit == unit)
        end++;
    return (struct placed_list){roster->staff.at + low, end - low, 0};
}
