#pragma once
/*
 * What everybody looks up and hardly anything changes, in memory: regions, units, people with their
 * posts, calendars, campaigns, which pack of a regime is in force. A snapshot is read-only and
 * counted: take one for a request, give it back at its end.
 *
 *   struct world *world AUTO(world_cleanup) = NULL;
 *   TRY(world_acquire(ctx, cache, conn, &world));
 *
 * The cache makes a new snapshot when the database says that something moved (record_generation),
 * from a connection of its own, so what an open transaction has not committed is never in it. Any
 * thread, for every function here; what a snapshot gives lives as long as the snapshot.
 */
#include "base/id.h"
#include "engine/calendar.h"
#include "engine/engine.h"
#include "kit/db.h"
#include "kit/furniture.h"
#include "kit/words.h"
#include "regime/regime.h"
#include "services/sealed.h"

struct pack_lists;
struct world;
struct world_cache;

struct world_region {
    struct str code;
    struct str name;
    struct str short_name;
    struct str level; /* nation province municipality prefecture county township */
    struct day valid_from, valid_to;   /* DAY_NONE: open */
    struct str parent_code;            /* empty for the nation */
    const struct world_region *parent; /* null for the nation and where the code is not known */
};

struct world_unit {
    struct unit_facts facts; /* id, kind, region, name */
    struct str code;
    struct str name;
    struct str short_name;
    struct str aliases;              /* parted by ; */
    struct str parent_code;          /* or empty */
    const struct world_unit *parent; /* or null */
    struct day valid_from, valid_to;
    struct str mark; /* goes before the numbers of its documents (机关代字), or empty */
};

struct world_post {
    struct post_id id;
    const struct world_unit *unit; /* never null */
    struct str post;
    struct str rank;
    struct day valid_from, valid_to;
};

struct world_person {
    struct person_id id;
    struct str name;
    struct str phone;
    struct account_id account; /* 0: none */
    struct str login;          /* absent: none */
    struct str platform;       /* sysadmin, secadmin, auditor, or empty */
    const struct world_post *posts; /* present, past and future */
    size_t post_count;
};

struct world_campaign {
    int64_t id;
    struct str name; /* what cases and addresses call it */
    struct str regime;
    struct str pack; /* hash */
    struct words title;
    struct str region;
    struct str state; /* open, ended */
    struct day begins, ends;
    struct campaign_terms terms; /* terms.id is the name */
};

struct world_regime {
    int64_t id;
    struct str name;
    struct str pack; /* hash of the one in force; empty: none */
    int64_t version;
};

/* ---- the cache ---- */

/*
 *   db, furniture, words   borrowed for as long as the cache lives; without words no papers are written
 *   keys                   the folder of the keys by which answers are sealed (services/sealed.h)
 *
 * Reads dictionaries and clause lists of the furniture for checking packs. Opens no connection yet.
 *
 * Errors: ST_INVALID  a dictionary or clause list without its header
 */
MUST_USE enum status world_cache_new(struct ctx *ctx, const struct db *db,
                                     const struct furniture *furniture,
                                     const struct words_book *words, struct str keys,
                                     struct world_cache **out);
void world_cache_free(struct world_cache *cache); /* takes null; after all snapshots are back */

/*
 * The present snapshot.
 *
 *   conn   asked whether something moved, once; not used further
 *
 * Errors: those of the database; ST_BROKEN where rows cannot be understood
 */
MUST_USE enum status world_acquire(struct ctx *ctx, struct world_cache *cache,
                                   struct db_conn *conn, struct world **out);
void world_release(struct world *world); /* takes null */
void world_cleanup(struct world **world);  /* for AUTO */
int64_t world_generation(const struct world *world);

/* ---- cases ---- */

/*
 * A case, kept folded (services/folds.h): cheap for what many readers look at and few change.
 *
 *   last_hash   of its last event, as its row has it
 *   out         read-only; lives until ctx->arena is reset
 *
 * Errors: those of ledger_load
 */
MUST_USE enum status world_fold_case(struct ctx *ctx, const struct world *world,
                                     struct db_conn *conn, struct prefecture prefecture,
                                     struct casefile_id id, struct str last_hash,
                                     const struct casefile **out);

/* ---- regions ---- */

/* Null where unknown. Of a code with several rows, the latest. */
const struct world_region *world_find_region(const struct world *world, struct str code);
/* All, by code; *count tells how many. */
const struct world_region *world_list_regions(const struct world *world, size_t *count);
/* Whether `code` lies in the subtree of `ancestor`, or is it. Follows parents, never digits. */
bool world_region_is_within(const struct world *world, struct str code, struct str ancestor);
/* The region itself, then all above it up to the nation; gives how many, at most `max`. */
size_t world_region_ancestors(const struct world *world, struct str code,
                              const struct world_region **out, size_t max);
enum { WORLD_REGION_DEPTH_MAX = 8 };
/*
 * The prefecture that cases of a region are kept under: going up, the first of level prefecture or
 * municipality; a county that meets a province first is its own; a province or the nation too. An
 * unknown code gives the nation.
 */
struct prefecture world_prefecture_of(const struct world *world, struct str region);

/* ---- units and people ---- */

const struct world_unit *world_find_unit(const struct world *world, struct unit_id id);
const struct world_unit *world_find_unit_by_code(const struct world *world, struct str code);
const struct world_unit *world_list_units(const struct world *world, size_t *count); /* by code */
const struct world_person *world_find_person(const struct world *world, struct person_id id);
const struct world_person *world_find_person_by_login(const struct world *world, struct str login);
const struct world_person *world_list_people(const struct world *world, size_t *count); /* by id */

bool world_post_is_held(const struct world_post *post, struct day day);
bool world_unit_exists(const struct world_unit *unit, struct day day);

/*
 * The actor that a person is on a day: one actor_post for each post held then, in ctx->arena.
 */
struct actor world_actor_of(struct arena *arena, const struct world_person *person, struct day day);
/* The post of an actor text "<person id>/<post id>"; both null for `system` and who is unknown. */
void world_find_actor(const struct world *world, struct str actor,
                      const struct world_person **out_person, const struct world_post **out_post);

/* ---- printed names ---- */

/*
 * What a table or a person wrote, matched by code, full name, short name, former name or alias;
 * blanks are ignored, and the endings that people leave out (city, county, district …). A name that
 * begins with the places above it ("province city county") is followed downwards.
 */
struct region_match {
    const struct world_region *region; /* null: none, or more than one */
    size_t candidates;
    bool is_partial; /* the name goes on below the region: a village, a street */
};
/* Only regions within `within` (a code; empty: anywhere) count. The arena is for scratch. */
struct region_match world_match_region(struct arena *arena, const struct world *world,
                                       struct str within, struct str printed);

struct unit_match {
    const struct world_unit *unit; /* null: none, or more than one */
    size_t candidates;
};
/* Only units whose region lies within `within` count. */
struct unit_match world_match_unit(struct arena *arena, const struct world *world,
                                   struct str within, struct str printed);

/*
 * A person as people write one: the account, or the name of somebody in a post on the day; where several are
 * called so, the name and behind it the unit ("name unit", "name · unit"). Null: nobody, or not one alone.
 */
const struct world_person *world_match_person(const struct world *world, struct day day,
                                              struct str printed);

/* ---- calendars, campaigns, regimes ---- */

const struct calendar *world_find_calendar(const struct world *world, struct str name);
const struct world_campaign *world_find_campaign(const struct world *world, struct str name);
const struct world_campaign *world_list_campaigns(const struct world *world, size_t *count);
const struct world_regime *world_find_regime(const struct world *world, struct str name);
const struct world_regime *world_list_regimes(const struct world *world, size_t *count);

/*
 * A pack by its hash, loaded once and kept as long as the cache: cases hold on to the pack they
 * began with.
 *
 * Errors: ST_NOT_FOUND pack.unknown {hash}; ST_BROKEN pack.unreadable {hash}: it passed the checker
 *         once and does not now
 */
MUST_USE enum status world_load_pack(struct ctx *ctx, const struct world *world, struct str hash,
                                     const struct regime **out);

/* What packs may refer to: for regime_load. */
const struct pack_lists *world_cache_lists(const struct world_cache *cache);
const struct pack_lists *world_lists(const struct world *world);
/* What the cache was made with: templates of papers, and the words in which values are written. */
const struct furniture *world_furniture(const struct world *world);
const struct words_book *world_words(const struct world *world); /* or null */
struct str world_keys(const struct world *world);

/* ---- for the engine ---- */

/* A snapshot on a day, as the engine asks it. Lives as long as the engine that holds it. */
struct world_view {
    const struct world *world;
    struct day today;
    /* The case that a command names as its record, looked up beforehand; absent: none. */
    struct str record, record_procedure;
    struct str campaign;
    struct db_conn *conn; /* for look-ups in other cases; null: there are none */
    struct sealed_answers sealed; /* told to sealed fields by what was decided; to be kept with it */
    bool hands_on; /* what comes is from another case: a mark in it stays what it is */
};
struct engine_world world_view_engine(struct world_view *view);

/*
 * Everything engine_decide needs of a campaign's procedure.
 *
 *   view   storage of the caller, filled here
 *   pack   hash of the case's pack; empty: the campaign's (a case that is being made)
 *
 * Errors: ST_NOT_FOUND campaign.unknown {name}, procedure.unknown {name}; those of world_load_pack
 *         ST_BROKEN    calendar.unknown {name}: the pack's calendar is not loaded
 */
MUST_USE enum status world_engine(struct ctx *ctx, const struct world *world,
                                  struct world_view *view, struct str campaign,
                                  struct str procedure, struct str pack, struct engine *out);
