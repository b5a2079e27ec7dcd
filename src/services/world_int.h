#pragma once
/*
 * Shared by world.c (the cache and the look-ups), world_build.c (rows to a snapshot) and
 * world_match.c (printed names).
 */
#include <stdatomic.h>

#include "base/strmap.h"
#include "services/folds.h"
#include "services/world.h"

/* Everything that bears one name; kept in world_names under the name as world_fold gives it. */
struct world_named {
    const void *item; /* struct world_region or struct world_unit */
    const struct world_named *next;
};

struct world {
    atomic_int holders; /* the cache itself is one */
    struct world_cache *cache;
    struct arena *arena;
    int64_t generation;

    struct world_region *regions; /* by code, of one code the earliest first */
    size_t region_count;
    struct strmap region_by_code; /* the latest of each code */
    struct strmap region_by_name; /* folded name → struct world_named */

    struct world_unit *units; /* by code */
    size_t unit_count;
    const struct world_unit **units_by_id;
    const struct world_unit **units_by_place; /* by region, kind, code */
    struct strmap unit_by_code;
    struct strmap unit_by_name;

    struct world_person *people; /* by id */
    size_t person_count;
    struct strmap person_by_login;

    struct world_campaign *campaigns; /* oldest first */
    size_t campaign_count;
    struct strmap campaign_by_name;

    struct world_regime *regimes; /* by name */
    size_t regime_count;
    struct strmap regime_by_name;

    struct strmap calendars; /* name → struct calendar_slot */
};

/* The calendar is const, a map's values are not. */
struct calendar_slot {
    const struct calendar *calendar;
};

/* Fills a zeroed snapshot (cache, arena set) from its rows; ctx->arena is the snapshot's. */
MUST_USE enum status world_build(struct ctx *ctx, struct db_conn *conn, struct world *world);

/* A name as it is compared: no blanks, brackets of one kind. */
struct str world_fold(struct arena *arena, struct str name);
/* The folded name without the ending that people leave out; the name itself where it has none. */
struct str world_cut_ending(struct str folded);
/* Names in which snapshots look: world_names_add puts an item under one more name. */
void world_names_add(struct arena *arena, struct strmap *names, struct str folded,
                     const void *item);

/* Of the cache that the snapshot is of. */
struct folds *world_folds(const struct world *world);
/* For a program that looks at more cases a day than a server does. */
void world_keep_folds(const struct world *world, size_t limit);

/* For engine_world (world_cases.c). */
MUST_USE enum status view_list_since(void *self, struct ctx *ctx, struct str procedure,
                                     struct str region, struct instant since,
                                     struct engine_case_list *out);
MUST_USE enum status view_list_cases(void *self, struct ctx *ctx,
                                     const struct engine_standing *asked,
                                     struct engine_case_list *out);
MUST_USE enum status view_find_standing(void *self, struct ctx *ctx, struct str procedure,
                                        const struct value *states, struct str region,
                                        const struct value **out);
MUST_USE enum status view_find_case(void *self, struct ctx *ctx, struct str procedure,
                                    struct str name, const struct casefile **out);
MUST_USE enum status view_list_cases_of(void *self, struct ctx *ctx, struct str procedure,
                                        const struct value *states, struct person_id person,
                                        struct engine_case_list *out);
MUST_USE enum status view_count_cases(void *self, struct ctx *ctx, const struct engine_tally *asked,
                                      int64_t *out);
bool view_find_person(void *self, struct arena *arena, struct person_id id,
                      struct person_facts *out);
void view_list_people(void *self, struct arena *arena, struct str region,
                      struct person_facts_list *out);
