/*
 * The cache holds one snapshot and counts itself among its holders. Two locks: `lock` for a moment,
 * to take or exchange the snapshot; `work` for as long as rows or packs are read, over the cache's
 * own connection, so that a hundred waiting requests make one new snapshot and not a hundred.
 */
#include "services/world.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/vec.h"
#include "engine/seal.h"
#include "regime/load.h"
#include "services/draw_file.h"
#include "services/world_int.h"
#include "store/pack_rows.h"
#include "store/holding_rows.h"
#include "store/record_rows.h"
#include "store/score_rows.h"

enum { FOLDS_KEPT = 2048 };

struct world_cache {
    const struct db *db;
    const struct furniture *furniture;
    const struct words_book *words; /* or null */
    struct str keys;
    struct arena *arena;
    const struct pack_lists *lists;
    pthread_mutex_t lock; /* guards `present`, `packs` */
    struct world *present;
    struct strmap packs;  /* hash → struct pack_slot; only grows */
    pthread_mutex_t work; /* guards `conn`, `arena`; taken before `lock` */
    struct db_conn *conn;
    struct folds *folds;
};

struct pack_slot {
    struct arena *arena;
    const struct regime *regime;
};

/* ---- the cache ---- */

enum status world_cache_new(struct ctx *ctx, const struct db *db, const struct furniture *furniture,
                            const struct words_book *words, struct str keys,
                            struct world_cache **out)
{
    struct arena *arena = arena_new();
    struct pack_lists *lists;
    enum status status = pack_lists_open(ctx, arena, furniture, &lists);
    if (status != ST_OK) {
        fail_keep(ctx);
        arena_free(arena);
        return status;
    }
    struct world_cache *cache = arena_new_of(arena, struct world_cache);
    pack_lists_trust_clauses(lists); /* what is kept was judged when it was registered */
    *cache = (struct world_cache){.db = db,
                                  .arena = arena,
                                  .lists = lists,
                                  .furniture = furniture,
                                  .words = words,
                                  .keys = str_copy(arena, keys),
                                  .folds = folds_new(FOLDS_KEPT)};
    must(pthread_mutex_init(&cache->lock, NULL) == 0);
    must(pthread_mutex_init(&cache->work, NULL) == 0);
    strmap_init(&cache->packs, arena);
    *out = cache;
    return ST_OK;
}

void world_cache_free(struct world_cache *cache)
{
    if (cache == NULL)
        return;
    world_release(cache->present);
    for (size_t i = 0; i < cache->packs.len; i++)
        arena_free(((struct pack_slot *)cache->packs.entries[i].value)->arena);
    db_conn_close(cache->conn);
    folds_free(cache->folds);
    pthread_mutex_destroy(&cache->lock);
    pthread_mutex_destroy(&cache->work);
    arena_free(cache->arena);
}

struct folds *world_folds(const struct world *world)
{
    return world->cache->folds;
}

void world_keep_folds(const struct world *world, size_t limit)
{
    folds_widen(world->cache->folds, limit);
}

const struct pack_lists *world_lists(const struct world *world)
{
    return world->cache->lists;
}

const struct furniture *world_furniture(const struct world *world)
{
    return world->cache->furniture;
}

const struct words_book *world_words(const struct world *world)
{
    return world->cache->words;
}

struct str world_keys(const struct world *world)
{
    return world->cache->keys;
}

const struct pack_lists *world_cache_lists(const struct world_cache *cache)
{
    return cache->lists;
}

/* ---- taking and giving back ---- */

/* The present snapshot if it is of this generation, else null. */
static struct world *take_present(struct world_cache *cache, int64_t generation)
{
    pthread_mutex_lock(&cache->lock);
    struct world *world = cache->present;
    if (world != NULL && world->generation == generation)
        atomic_fetch_add(&world->holders, 1);
    else
        world = NULL;
    pthread_mutex_unlock(&cache->lock);
    return world;
}

void world_release(struct world *world)
{
    if (world != NULL && atomic_fetch_sub(&world->holders, 1) == 1)
        arena_free(world->arena); /* the snapshot itself stands in it */
}

void world_cleanup(struct world **world)
{
    world_release(*world);
}

int64_t world_generation(const struct world *world)
{
    return world->generation;
}

/* The new snapshot has two holders: the cache and who asked. */
static void exchange(struct world_cache *cache, struct world *world)
{
    pthread_mutex_lock(&cache->lock);
    struct world *old = cache->present;
    cache->present = world;
    pthread_mutex_unlock(&cache->lock);
    world_release(old);
}

static enum status open_conn(struct ctx *ctx, struct world_cache *cache)
{
    return cache->conn != NULL ? ST_OK : db_conn_open(ctx, cache->db, DB_READ, &cache->conn);
}

/* `work` is held. One view of the data, so that rows and generation belong together. */
static enum status read_world(struct ctx *ctx, struct world_cache *cache, struct world **out)
{
    struct tx tx AUTO(tx_end) = {0};
    int64_t generation;
    TRY(open_conn(ctx, cache));
    TRY(tx_begin_read(ctx, cache->conn, &tx));
    TRY(record_generation(ctx, cache->conn, &generation));
    *out = take_present(cache, generation);
    if (*out != NULL)
        return ST_OK;
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    struct ctx building = {.arena = arena, .now = ctx->now};
    world->cache = cache;
    world->arena = arena;
    world->generation = generation;
    atomic_init(&world->holders, 2);
    enum status status = world_build(&building, cache->conn, world);
    if (status != ST_OK) {
        ctx->failure = building.failure;
        fail_keep(ctx);
        arena_free(arena);
        return status;
    }
    exchange(cache, world);
    *out = world;
    return ST_OK;
}

enum status world_acquire(struct ctx *ctx, struct world_cache *cache, struct db_conn *conn,
                          struct world **out)
{
    int64_t generation;
    TRY(record_generation(ctx, conn, &generation));
    struct world *world = take_present(cache, generation);
    enum status status = ST_OK;
    if (world == NULL) {
        pthread_mutex_lock(&cache->work);
        status = read_world(ctx, cache, &world);
        pthread_mutex_unlock(&cache->work);
    }
    if (status == ST_OK)
        *out = world;
    return status;
}

/* ---- packs ---- */

static const struct regime *find_pack(struct world_cache *cache, struct str hash)
{
    pthread_mutex_lock(&cache->lock);
    const struct pack_slot *slot = strmap_find(&cache->packs, hash);
    pthread_mutex_unlock(&cache->lock);
    return slot == NULL ? NULL : slot->regime;
}

/* `work` is held. */
static enum status read_pack(struct ctx *ctx, struct world_cache *cache, struct str hash,
                             struct arena *arena, const struct regime **out)
{
    struct pack_row row;
    struct pack_faults faults = {0};
    struct ctx loading = {.arena = arena, .now = ctx->now};
    TRY(open_conn(ctx, cache));
    TRY(pack_rows_find(ctx, cache->conn, hash, &row));
    if (regime_load(&loading, str_copy(arena, row.bytes), cache->lists, &faults, out) == ST_OK)
        return ST_OK;
    return fail(ctx, ST_BROKEN, "pack.unreadable", ARGS(arg_text("hash", hash)));
}

static enum status keep_pack(struct ctx *ctx, struct world_cache *cache, struct str hash,
                             const struct regime **out)
{
    *out = find_pack(cache, hash); /* somebody may have come first */
    if (*out != NULL)
        return ST_OK;
    struct arena *arena = arena_new();
    enum status status = read_pack(ctx, cache, hash, arena, out);
    if (status != ST_OK) {
        arena_free(arena);
        return status;
    }
    pthread_mutex_lock(&cache->lock);
    struct pack_slot *slot = arena_new_of(cache->arena, struct pack_slot);
    *slot = (struct pack_slot){.arena = arena, .regime = *out};
    (void)strmap_put(&cache->packs, (*out)->hash, slot);
    pthread_mutex_unlock(&cache->lock);
    return ST_OK;
}

enum status world_load_pack(struct ctx *ctx, const struct world *world, struct str hash,
                            const struct regime **out)
{
    struct world_cache *cache = world->cache;
    const struct regime *regime = find_pack(cache, hash);
    enum status status = ST_OK;
    if (regime == NULL) {
        pthread_mutex_lock(&cache->work);
        status = keep_pack(ctx, cache, hash, &regime);
        pthread_mutex_unlock(&cache->work);
    }
    if (status == ST_OK)
        *out = regime;
    return status;
}

/* ---- regions ---- */

const struct world_region *world_find_region(const struct world *world, struct str code)
{
    return strmap_find(&world->region_by_code, code);
}

const struct world_region *world_list_regions(const struct world *world, size_t *count)
{
    *count = world->region_count;
    return world->regions;
}

size_t world_region_ancestors(const struct world *world, struct str code,
                              const struct world_region **out, size_t max)
{
    size_t count = 0;
    for (const struct world_region *region = world_find_region(world, code);
         region != NULL && count < max; region = region->parent)
        out[count++] = region;
    return count;
}

bool world_region_is_within(const struct world *world, struct str code, struct str ancestor)
{
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t count = world_region_ancestors(world, code, above, COUNT_OF(above));
    for (size_t i = 0; i < count; i++)
        if (str_eq(above[i]->code, ancestor))
            return true;
    return str_eq(code, ancestor);
}

/* The one of `above` whose code names the prefecture. */
static struct str prefecture_code(const struct world_region *const *above, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str level = above[i]->level;
        bool of_province =
            str_eq_c(level, "county") && i + 1 < count && str_eq_c(above[i + 1]->level, "province");
        if (str_eq_c(level, "prefecture") || str_eq_c(level, "municipality") || of_province ||
            str_eq_c(level, "province"))
            return above[i]->code;
    }
    return S("000000");
}

struct prefecture world_prefecture_of(const struct world *world, struct str region)
{
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    struct prefecture prefecture = {"000000"};
    size_t count = world_region_ancestors(world, region, above, COUNT_OF(above));
    if (!prefecture_parse(prefecture_code(above, count), &prefecture))
        return (struct prefecture){"000000"};
    return prefecture;
}

/* ---- units and people ---- */

static int compare_unit_id(const void *key, const void *element)
{
    const int64_t *id = key;
    const struct world_unit *const *unit = element;
    return (*id > (*unit)->facts.id.v) - (*id < (*unit)->facts.id.v);
}

const struct world_unit *world_find_unit(const struct world *world, struct unit_id id)
{
    const struct world_unit *const *found =
        world->unit_count == 0 ? NULL
                               : bsearch(&id.v, world->units_by_id, world->unit_count,
                                         sizeof *world->units_by_id, compare_unit_id);
    return found == NULL ? NULL : *found;
}

const struct world_unit *world_find_unit_by_code(const struct world *world, struct str code)
{
    return strmap_find(&world->unit_by_code, code);
}

const struct world_unit *world_list_units(const struct world *world, size_t *count)
{
    *count = world->unit_count;
    return world->units;
}

static int compare_person_id(const void *key, const void *element)
{
    const int64_t *id = key;
    const struct world_person *person = element;
    return (*id > person->id.v) - (*id < person->id.v);
}

const struct world_person *world_find_person(const struct world *world, struct person_id id)
{
    return world->person_count == 0 ? NULL
                                    : bsearch(&id.v, world->people, world->person_count,
                                              sizeof *world->people, compare_person_id);
}

const struct world_person *world_find_person_by_login(const struct world *world, struct str login)
{
    return strmap_find(&world->person_by_login, login);
}

const struct world_person *world_list_people(const struct world *world, size_t *count)
{
    *count = world->person_count;
    return world->people;
}

static bool covers(struct day from, struct day to, struct day day)
{
    return (day_is_none(from) || from.v <= day.v) && (day_is_none(to) || day.v <= to.v);
}

bool world_post_is_held(const struct world_post *post, struct day day)
{
    return covers(post->valid_from, post->valid_to, day) && world_unit_exists(post->unit, day);
}

bool world_unit_exists(const struct world_unit *unit, struct day day)
{
    return covers(unit->valid_from, unit->valid_to, day);
}

struct actor world_actor_of(struct arena *arena, const struct world_person *person, struct day day)
{
    struct actor_post *posts = arena_alloc_array(arena, person->post_count, sizeof *posts);
    size_t count = 0;
    for (size_t i = 0; i < person->post_count; i++) {
        const struct world_post *post = &person->posts[i];
        if (world_post_is_held(post, day))
            posts[count++] = (struct actor_post){.id = post->id,
                                                 .unit = post->unit->facts.id,
                                                 .unit_kind = post->unit->facts.kind,
                                                 .unit_region = post->unit->facts.region,
                                                 .post = post->post};
    }
    return (struct actor){.person = person->id, .posts = posts, .post_count = count};
}

void world_find_actor(const struct world *world, struct str actor,
                      const struct world_person **out_person, const struct world_post **out_post)
{
    struct str person_text;
    int64_t person_id = 0;
    int64_t post_id = 0;
    *out_person = NULL;
    *out_post = NULL;
    if (!str_next(&actor, '/', &person_text) ||
        !num_parse_i64(person_text, 1, INT64_MAX, &person_id) ||
        !num_parse_i64(actor, 0, INT64_MAX, &post_id))
        return;
    *out_person = world_find_person(world, (struct person_id){person_id});
    for (size_t i = 0; *out_person != NULL && i < (*out_person)->post_count; i++)
        if ((*out_person)->posts[i].id.v == post_id)
            *out_post = &(*out_person)->posts[i];
}

/* ---- calendars, campaigns, regimes ---- */

const struct calendar *world_find_calendar(const struct world *world, struct str name)
{
    const struct calendar_slot *slot = strmap_find(&world->calendars, name);
    return slot == NULL ? NULL : slot->calendar;
}

const struct world_campaign *world_find_campaign(const struct world *world, struct str name)
{
    return strmap_find(&world->campaign_by_name, name);
}

const struct world_campaign *world_list_campaigns(const struct world *world, size_t *count)
{
    *count = world->campaign_count;
    return world->campaigns;
}

const struct world_regime *world_find_regime(const struct world *world, struct str name)
{
    return strmap_find(&world->regime_by_name, name);
}

const struct world_regime *world_list_regimes(const struct world *world, size_t *count)
{
    *count = world->regime_count;
    return world->regimes;
}

/* ---- for the engine ---- */

static const struct unit_facts *view_find_unit(void *self, struct unit_id id)
{
    const struct world_view *view = self;
    const struct world_unit *unit = world_find_unit(view->world, id);
    return unit == NULL ? NULL : &unit->facts;
}

/* First of the units that do not stand before (region, kind). */
static size_t first_in_place(const struct world *world, struct str region, struct str kind)
{
    size_t low = 0;
    size_t high = world->unit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct unit_facts *facts = &world->units_by_place[middle]->facts;
        int order = str_compare(facts->region, region);
        if (order == 0)
            order = str_compare(facts->kind, kind);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t view_units_in_region(void *self, struct str kind, struct str region,
                                   const struct unit_facts **out, size_t max)
{
    const struct world_view *view = self;
    const struct world *world = view->world;
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t depth = world_region_ancestors(world, region, above, COUNT_OF(above));
    size_t count = 0;
    for (size_t level = 0; level < depth && count < max; level++)
        for (size_t i = first_in_place(world, above[level]->code, kind);
             i < world->unit_count && count < max; i++) {
            const struct world_unit *unit = world->units_by_place[i];
            if (!str_eq(unit->facts.region, above[level]->code) || !str_eq(unit->facts.kind, kind))
                break;
            if (world_unit_exists(unit, view->today))
                out[count++] = &unit->facts;
        }
    return count;
}

static size_t view_units_below(void *self, struct str kind, struct str region,
                               const struct unit_facts **out, size_t max)
{
    const struct world_view *view = self;
    const struct world *world = view->world;
    size_t count = 0;
    for (size_t i = 0; i < world->unit_count && count < max; i++) {
        const struct world_unit *unit = world->units_by_place[i];
        if (str_eq(unit->facts.kind, kind) && world_unit_exists(unit, view->today) &&
            world_region_is_within(world, unit->facts.region, region))
            out[count++] = &unit->facts;
    }
    return count;
}

static const struct unit_facts *view_find_unit_named(void *self, struct str name,
                                                     struct str region)
{
    const struct world_view *view = self;
    struct arena *scratch AUTO(arena_cleanup) = arena_new();
    const struct world_unit *unit =
        world_match_unit(scratch, view->world, region, name).unit;
    return unit != NULL && world_unit_exists(unit, view->today) &&
                   world_region_is_within(view->world, unit->facts.region, region)
               ? &unit->facts
               : NULL;
}

static struct str view_find_named(void *self, struct arena *arena, enum field_kind kind,
                                  struct str name)
{
    const struct world_view *view = self;
    const struct world_region *region =
        kind == FIELD_REGION ? world_match_region(arena, view->world, S(""), name).region : NULL;
    const struct world_person *person =
        kind == FIELD_PERSON ? world_match_person(view->world, view->today, name) : NULL;
    const struct world_unit *unit =
        kind == FIELD_UNIT ? world_match_unit(arena, view->world, S(""), name).unit : NULL;
    int64_t id = person != NULL ? person->id.v : unit != NULL ? unit->facts.id.v : 0;
    if (region != NULL)
        return region->code;
    return id == 0 ? (struct str){0} : str_printf(arena, "%lld", (long long)id);
}

static bool view_region_is_within(void *self, struct str region, struct str ancestor)
{
    const struct world_view *view = self;
    return world_region_is_within(view->world, region, ancestor);
}

static struct str view_region_of_level(void *self, struct str region, struct str level)
{
    const struct world_view *view = self;
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t count = world_region_ancestors(view->world, region, above, COUNT_OF(above));
    for (size_t i = 0; i < count; i++)
        if (str_eq(above[i]->level, level))
            return above[i]->code;
    return (struct str){0};
}

static bool view_person_holds_post(void *self, struct person_id id, struct str post)
{
    const struct world_view *view = self;
    const struct world_person *person = world_find_person(view->world, id);
    for (size_t i = 0; person != NULL && i < person->post_count; i++)
        if (str_eq(person->posts[i].post, post) &&
            world_post_is_held(&person->posts[i], view->today))
            return true;
    return false;
}

static size_t view_people_in_post(void *self, struct unit_id unit, struct str post,
                                  struct person_id *out, size_t max)
{
    const struct world_view *view = self;
    size_t people, count = 0;
    const struct world_person *all = world_list_people(view->world, &people);
    for (size_t i = 0; i < people; i++)
        for (size_t j = 0; j < all[i].post_count && count < max; j++) {
            const struct world_post *held = &all[i].posts[j];
            if (held->unit->facts.id.v == unit.v && str_eq(held->post, post) &&
                world_post_is_held(held, view->today))
                out[count++] = all[i].id;
        }
    return count;
}

static struct str view_procedure_of(void *self, struct str case_ref)
{
    const struct world_view *view = self;
    return str_eq(view->record, case_ref) ? view->record_procedure : (struct str){0};
}

static enum status view_list_scores(void *self, struct ctx *ctx, struct score_row_list *out)
{
    const struct world_view *view = self;
    *out = (struct score_row_list){0};
    return view->conn == NULL ? ST_OK : score_rows_list(ctx, view->conn, view->campaign, out);
}

static enum status view_list_holdings(void *self, struct ctx *ctx, const struct value *roles,
                                      struct day from, struct day to,
                                      struct score_holding_list *out)
{
    const struct world_view *view = self;
    *out = (struct score_holding_list){0};
    return view->conn == NULL ? ST_OK
                              : holding_rows_list(ctx, view->conn, view->campaign, roles,
                                                  day_start(from), day_start(to), out);
}

/* A mark that somebody types is a text like any other: it must not open what another one told. */
static struct str view_seal(void *self, struct arena *arena, struct str answer)
{
    struct world_view *view = self;
    return view->hands_on && seal_is_mark(answer) ? answer
                                                  : sealed_mark(arena, answer, &view->sealed);
}

struct engine_world world_view_engine(struct world_view *view)
{
    return (struct engine_world){
        .self = view,
        .find_unit = view_find_unit,
        .units_in_region = view_units_in_region,
        .units_below = view_units_below,
        .find_unit_named = view_find_unit_named,
        .find_named = view_find_named,
        .region_is_within = view_region_is_within,
        .region_of_level = view_region_of_level,
        .find_person = view_find_person,
        .list_people = view_list_people,
        .person_holds_post = view_person_holds_post,
        .hash = draw_sha256,
        .people_in_post = view_people_in_post,
        .procedure_of = view_procedure_of,
        .list_cases = view_list_cases,
        .list_since = view_list_since,
        .find_standing = view_find_standing,
        .find_case = view_find_case,
        .list_cases_of = view_list_cases_of,
        .count_cases = view_count_cases,
        .seal = view_seal,
        .list_scores = view_list_scores,
        .list_holdings = view_list_holdings,
    };
}

enum status world_engine(struct ctx *ctx, const struct world *world, struct world_view *view,
                         struct str campaign, struct str procedure, struct str pack,
                         struct engine *out)
{
    const struct world_campaign *terms = world_find_campaign(world, campaign);
    struct engine engine = {0};
    if (terms == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", campaign)));
    TRY(world_load_pack(ctx, world, str_is_empty(pack) ? terms->pack : pack, &engine.regime));
    engine.procedure = regime_find_procedure(engine.regime, procedure);
    if (engine.procedure == NULL)
        return fail(ctx, ST_NOT_FOUND, "procedure.unknown", ARGS(arg_text("name", procedure)));
    engine.calendar = world_find_calendar(world, engine.regime->calendar);
    if (engine.calendar == NULL)
        return fail(ctx, ST_BROKEN, "calendar.unknown",
                    ARGS(arg_text("name", engine.regime->calendar)));
    *view = (struct world_view){.world = world,
                                .today = day_of_instant(ctx->now),
                                .campaign = terms->name};
    engine.campaign = terms->terms;
    engine.world = world_view_engine(view);
    *out = engine;
    return ST_OK;
}
