/*
 * Rows to a snapshot: read all, sort, link, index. About ten thousand rows, so whole tables are read
 * and nothing is patched.
 */
#include <stdlib.h>

#include "base/vec.h"
#include "services/world_int.h"
#include "store/calendar_rows.h"
#include "store/campaign_rows.h"
#include "store/directory_rows.h"
#include "store/pack_rows.h"

/* ---- regions ---- */

static int compare_regions(const void *a, const void *b)
{
    const struct world_region *left = a;
    const struct world_region *right = b;
    int order = str_compare(left->code, right->code);
    return order != 0 ? order
                      : (left->valid_from.v > right->valid_from.v) -
                            (left->valid_from.v < right->valid_from.v);
}

static void name_region(struct world *world, const struct world_region *region)
{
    struct str name = world_fold(world->arena, region->name);
    world_names_add(world->arena, &world->region_by_name, name, region);
    world_names_add(world->arena, &world->region_by_name, world_cut_ending(name), region);
    world_names_add(world->arena, &world->region_by_name,
                    world_fold(world->arena, region->short_name), region);
}

static enum status build_regions(struct ctx *ctx, struct db_conn *conn, struct world *world)
{
    struct region_row_list rows;
    TRY(directory_rows_list_regions(ctx, conn, &rows));
    world->regions = arena_alloc_array(world->arena, rows.len, sizeof *world->regions);
    world->region_count = rows.len;
    for (size_t i = 0; i < rows.len; i++) {
        const struct region_row *row = &rows.at[i];
        world->regions[i] = (struct world_region){.code = row->code,
                                                  .name = row->name,
                                                  .short_name = row->short_name,
                                                  .level = row->level,
                                                  .valid_from = row->valid_from,
                                                  .valid_to = row->valid_to,
                                                  .parent_code = row->parent};
    }
    qsort(world->regions, rows.len, sizeof *world->regions, compare_regions);
    for (size_t i = 0; i < rows.len; i++)
        (void)strmap_put(&world->region_by_code, world->regions[i].code, &world->regions[i]);
    for (size_t i = 0; i < rows.len; i++) {
        struct world_region *region = &world->regions[i];
        region->parent = str_is_empty(region->parent_code)
                             ? NULL
                             : world_find_region(world, region->parent_code);
        name_region(world, region);
    }
    return ST_OK;
}

/* ---- units ---- */

static int compare_units(const void *a, const void *b)
{
    const struct world_unit *left = a;
    const struct world_unit *right = b;
    return str_compare(left->code, right->code);
}

static int compare_units_by_id(const void *a, const void *b)
{
    const struct world_unit *const *left = a;
    const struct world_unit *const *right = b;
    return ((*left)->facts.id.v > (*right)->facts.id.v) -
           ((*left)->facts.id.v < (*right)->facts.id.v);
}

static int compare_units_by_place(const void *a, const void *b)
{
    const struct world_unit *const *left = a;
    const struct world_unit *const *right = b;
    int order = str_compare((*left)->facts.region, (*right)->facts.region);
    if (order == 0)
        order = str_compare((*left)->facts.kind, (*right)->facts.kind);
    return order != 0 ? order : str_compare((*left)->code, (*right)->code);
}

static void name_unit(struct world *world, const struct world_unit *unit)
{
    struct str aliases = unit->aliases;
    struct str alias;
    world_names_add(world->arena, &world->unit_by_name, world_fold(world->arena, unit->name), unit);
    world_names_add(world->arena, &world->unit_by_name, world_fold(world->arena, unit->short_name),
                    unit);
    while (str_next(&aliases, ';', &alias))
        world_names_add(world->arena, &world->unit_by_name, world_fold(world->arena, alias), unit);
}

static void index_units(struct world *world)
{
    size_t count = world->unit_count;
    world->units_by_id = arena_alloc_array(world->arena, count, sizeof *world->units_by_id);
    world->units_by_place = arena_alloc_array(world->arena, count, sizeof *world->units_by_place);
    for (size_t i = 0; i < count; i++) {
        struct world_unit *unit = &world->units[i];
        unit->parent = str_is_empty(unit->parent_code)
                           ? NULL
                           : world_find_unit_by_code(world, unit->parent_code);
        name_unit(world, unit);
        world->units_by_id[i] = world->units_by_place[i] = unit;
    }
    qsort(world->units_by_id, count, sizeof *world->units_by_id, compare_units_by_id);
    qsort(world->units_by_place, count, sizeof *world->units_by_place, compare_units_by_place);
}

static enum status build_units(struct ctx *ctx, struct db_conn *conn, struct world *world)
{
    struct unit_row_list rows;
    TRY(directory_rows_list_units(ctx, conn, &rows));
    world->units = arena_alloc_array(world->arena, rows.len, sizeof *world->units);
    world->unit_count = rows.len;
    for (size_t i = 0; i < rows.len; i++) {
        const struct unit_row *row = &rows.at[i];
        world->units[i] = (struct world_unit){.facts = {.id = row->id,
                                                        .kind = row->kind,
                                                        .region = row->region,
                                                        .name = {.zh = row->name, .en = row->name}},
                                              .code = row->code,
                                              .name = row->name,
                                              .short_name = row->short_name,
                                              .aliases = row->aliases,
                                              .parent_code = row->parent,
                                              .valid_from = row->valid_from,
                                              .valid_to = row->valid_to,
                                              .mark = row->mark};
    }
    qsort(world->units, rows.len, sizeof *world->units, compare_units);
    for (size_t i = 0; i < rows.len; i++)
        (void)strmap_put(&world->unit_by_code, world->units[i].code, &world->units[i]);
    index_units(world);
    return ST_OK;
}

/* ---- people ---- */

/* Posts come by person, as people do; *at moves over those of one person. */
static void give_posts(struct world *world, struct world_person *person,
                       const struct post_row_list *rows, size_t *at)
{
    size_t first = *at;
    size_t kept = 0;
    while (*at < rows->len && rows->at[*at].person.v == person->id.v)
        (*at)++;
    struct world_post *posts = arena_alloc_array(world->arena, *at - first, sizeof *posts);
    for (size_t i = first; i < *at; i++) {
        const struct post_row *row = &rows->at[i];
        const struct world_unit *unit = world_find_unit(world, row->unit);
        if (unit != NULL) /* a unit that was withdrawn takes its posts with it */
            posts[kept++] = (struct world_post){.id = row->id,
                                                .unit = unit,
                                                .post = row->post,
                                                .rank = row->rank,
                                                .valid_from = row->valid_from,
                                                .valid_to = row->valid_to};
    }
    person->posts = posts;
    person->post_count = kept;
}

static void take_account(struct world *world, struct world_person *person,
                         const struct person_row *row)
{
    if (row->account.v == 0)
        return;
    if (person->account.v == 0 || row->active) {
        person->account = row->account;
        person->login = row->login;
        person->platform = row->platform;
    }
    (void)strmap_put(&world->person_by_login, row->login, person);
}

static enum status build_people(struct ctx *ctx, struct db_conn *conn, struct world *world)
{
    struct person_row_list rows;
    struct post_row_list posts;
    TRY(directory_rows_list_people(ctx, conn, &rows));
    TRY(directory_rows_list_posts(ctx, conn, &posts));
    world->people = arena_alloc_array(world->arena, rows.len, sizeof *world->people);
    size_t post = 0;
    for (size_t i = 0; i < rows.len; i++) {
        const struct person_row *row = &rows.at[i];
        bool again = i > 0 && rows.at[i - 1].id.v == row->id.v;
        struct world_person *person = &world->people[world->person_count - (again ? 1 : 0)];
        if (!again) {
            *person = (struct world_person){.id = row->id, .name = row->name, .phone = row->phone};
            world->person_count++;
            while (post < posts.len && posts.at[post].person.v < row->id.v)
                post++; /* of a person who was withdrawn */
            give_posts(world, person, &posts, &post);
        }
        take_account(world, person, row);
    }
    return ST_OK;
}

/* ---- campaigns, regimes, calendars ---- */

static enum status build_campaigns(struct ctx *ctx, struct db_conn *conn, struct world *world)
{
    struct campaign_row_list rows;
    TRY(campaign_rows_list(ctx, conn, &rows));
    world->campaigns = arena_alloc_array(world->arena, rows.len, sizeof *world->campaigns);
    world->campaign_count = rows.len;
    for (size_t i = 0; i < rows.len; i++) {
        const struct campaign_row *row = &rows.at[i];
        world->campaigns[i] = (struct world_campaign){.id = row->id,
                                                      .name = row->name,
                                                      .regime = row->regime,
                                                      .pack = row->pack,
                                                      .title = row->title,
                                                      .region = row->region,
                                                      .state = row->state,
                                                      .begins = row->begins,
                                                      .ends = row->ends,
                                                      .terms = {.id = row->name,
                                                                .region = row->region,
                                                                .settings = row->settings,
                                                                .roles = row->roles}};
        (void)strmap_put(&world->campaign_by_name, row->name, &world->campaigns[i]);
    }
    return ST_OK;
}

static enum status build_regimes(struct ctx *ctx, struct db_conn *conn, struct world *world)
{
    struct regime_row_list rows;
    TRY(pack_rows_list_regimes(ctx, conn, &rows));
    world->regimes = arena_alloc_array(world->arena, rows.len, sizeof *world->regimes);
    world->regime_count = rows.len;
    for (size_t i = 0; i < rows.len; i++) {
        const struct regime_row *row = &rows.at[i];
        world->regimes[i] = (struct world_regime){
            .id = row->id, .name = row->name, .pack = row->pack, .version = row->version};
        (void)strmap_put(&world->regime_by_name, row->name, &world->regimes[i]);
    }
    return ST_OK;
}

static enum status build_calendars(struct ctx *ctx, struct db_conn *conn, struct world *world)
{
    struct calendar_day_row_list rows;
    TRY(calendar_rows_list(ctx, conn, &rows));
    struct calendar_row *days = arena_alloc_array(world->arena, rows.len, sizeof *days);
    for (size_t first = 0, end; first < rows.len; first = end) {
        const struct calendar *calendar;
        for (end = first; end < rows.len && str_eq(rows.at[end].calendar, rows.at[first].calendar);
             end++) {
            const struct calendar_day_row *row = &rows.at[end];
            days[end] = (struct calendar_row){
                .day = row->date, .work = row->work, .name = row->name, .notice = row->notice};
        }
        TRY(calendar_build(ctx, world->arena, &days[first], end - first, &calendar));
        struct calendar_slot *slot = arena_new_of(world->arena, struct calendar_slot);
        slot->calendar = calendar;
        (void)strmap_put(&world->calendars, rows.at[first].calendar, slot);
    }
    return ST_OK;
}

enum status world_build(struct ctx *ctx, struct db_conn *conn, struct world *world)
{
    struct strmap *const maps[] = {
        &world->region_by_code, &world->region_by_name,  &world->unit_by_code,
        &world->unit_by_name,   &world->person_by_login, &world->campaign_by_name,
        &world->regime_by_name, &world->calendars,
    };
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        strmap_init(maps[i], world->arena);
    TRY(build_regions(ctx, conn, world));
    TRY(build_units(ctx, conn, world));
    TRY(build_people(ctx, conn, world));
    TRY(build_campaigns(ctx, conn, world));
    TRY(build_regimes(ctx, conn, world));
    return build_calendars(ctx, conn, world);
}
