/*
 * Units, posts and settings of an example, handed to the engine the way the services do it.
 */
#include "cases_world.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/num.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "kit/json.h"
#include "regime/load.h"
#include "services/calendar_load.h"
#include "services/draw_file.h"

enum { FILE_LIMIT = 4 * 1024 * 1024, POSTS_MAX = 8 };

struct cases_actor {
    struct str name;
    struct actor actor;
    struct actor_post posts[POSTS_MAX];
    struct {
        struct str rank;
        struct day from, to;
    } ranks[POSTS_MAX]; /* of each post */
};

struct cases_world {
    struct arena *arena;
    const struct calendar *calendar;
    VEC(struct unit_facts *) units;
    VEC(struct cases_actor *) actors;
    VEC(const struct actor *) actor_list; /* the same */
    struct value *roles;
    struct value *settings; /* of the example, on top of the file's */
    struct value *file_settings;
    struct str region;
    struct day begins, ends; /* of the campaign, or DAY_NONE */
    struct value *cases; /* reference → procedure */
    struct cases_others others;
    struct engine_case_list stands; /* cases beside the one at hand, of the file and then of the example */
    size_t file_stands;
    bool in_example;
};

bool cases_read_file(struct arena *arena, const char *path, size_t limit_bytes, struct str *out)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    bool fits = fstat(fileno(file), &about) == 0 && about.st_size <= (off_t)limit_bytes;
    size_t room = fits ? (size_t)about.st_size + 1 : 1;
    char *bytes = arena_alloc(arena, room);
    *out = (struct str){bytes, fits ? fread(bytes, 1, room, file) : 0};
    fclose(file);
    return fits;
}

static bool read_furniture(struct ctx *ctx, const char *name, struct str *out)
{
    return cases_read_file(ctx->arena, str_c(ctx->arena, str_printf(ctx->arena, "%s/%s", SOURCE_ROOT,
                                                                    name)),
                           FILE_LIMIT, out);
}

static void add_dictionaries(struct ctx *ctx, struct pack_lists *lists)
{
    struct dirent **names;
    int count = scandir(SOURCE_ROOT "/data/dict", &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct str name = str_of(names[i]->d_name);
        struct str csv;
        const char *path = str_c(ctx->arena, str_concat(ctx->arena, S("data/dict/"), name));
        if (str_ends(name, S(".csv")) && read_furniture(ctx, path, &csv)) {
            struct str id = str_copy(ctx->arena, str_part(name, 0, name.len - 4));
            if (pack_lists_add_dictionary(ctx, lists, id, csv) != ST_OK)
                fail_clear(ctx); /* a list of another shape, as the column synonyms */
        }
        free(names[i]);
    }
    if (count >= 0)
        free(names);
}

/* The list that stands in regimes/ beside the pack of this file name; a mutant keeps the name. */
static bool add_own_clauses(struct ctx *ctx, struct pack_lists *lists, const char *pack_path)
{
    const char *slash = strrchr(pack_path, '/');
    struct str name = str_of(slash == NULL ? pack_path : slash + 1);
    struct str bytes;
    if (!str_ends(name, S(".yaml")))
        return true;
    const char *path = str_c(ctx->arena,
                             str_printf(ctx->arena, "regimes/%.*s.clauses.tsv",
                                        (int)(name.len - S(".yaml").len), name.at));
    if (!read_furniture(ctx, path, &bytes))
        return true; /* it cites the sources of the house */
    return pack_lists_add_clauses(ctx, lists, bytes) == ST_OK;
}

static bool load_pack(struct ctx *ctx, const char *path, const struct regime **out)
{
    struct pack_lists *lists = pack_lists_new(ctx->arena);
    struct pack_faults faults = {0};
    struct str clauses;
    struct str bytes;
    add_dictionaries(ctx, lists);
    pack_lists_add_calendar(lists, S("cn-workdays"));
    if (!read_furniture(ctx, "docs/clauses.tsv", &clauses) ||
        pack_lists_add_clauses(ctx, lists, clauses) != ST_OK ||
        !add_own_clauses(ctx, lists, path) || !cases_read_file(ctx->arena, path, FILE_LIMIT, &bytes))
        return false;
    if (regime_load(ctx, bytes, lists, &faults, out) == ST_OK)
        return true;
    for (size_t i = 0; i < faults.len; i++)
        printf("# %s:%d:%d: %s (%s)\n", path, faults.at[i].place.line, faults.at[i].place.column,
               pack_fault_code_name(faults.at[i].code), faults.at[i].reason.key);
    return false;
}

bool cases_world_open(struct ctx *ctx, const char *pack_path, struct cases_world **out,
                      const struct regime **out_regime)
{
    struct str csv;
    struct cases_world *world = arena_new_of(ctx->arena, struct cases_world);
    world->arena = ctx->arena;
    if (!load_pack(ctx, pack_path, out_regime) ||
        !read_furniture(ctx, "data/calendar/cn-workdays.csv", &csv) ||
        calendar_parse(ctx, ctx->arena, csv, &world->calendar) != ST_OK)
        return false;
    cases_world_reset(world);
    *out = world;
    return true;
}

void cases_world_reset(struct cases_world *world)
{
    world->units.len = 0;
    world->actors.len = 0;
    world->region = S("130500");
    world->begins = world->ends = DAY_NONE;
    world->roles = value_map(world->arena);
    world->cases = value_map(world->arena);
    world->stands = (struct engine_case_list){0};
    world->file_stands = 0;
    world->in_example = false;
    world->file_settings = value_map(world->arena);
    world->settings = world->file_settings;
    struct cases_actor *system = arena_new_of(world->arena, struct cases_actor);
    system->name = S("system");
    system->actor.is_system = true;
    vec_add(world->arena, &world->actors, system);
}

void cases_world_begin(struct cases_world *world)
{
    world->others = (struct cases_others){0};
    world->stands.len = world->file_stands;
    world->in_example = true;
    world->settings = value_copy(world->arena, world->file_settings);
}

static const struct unit_facts *find_unit(void *self, struct unit_id unit)
{
    struct cases_world *world = self;
    for (size_t i = 0; i < world->units.len; i++)
        if (world->units.at[i]->id.v == unit.v)
            return world->units.at[i];
    return NULL;
}

/* A region of an example: its digits without the zeros at the end are those of all below it. */
static bool region_is_within(void *self, struct str region, struct str ancestor)
{
    (void)self;
    if (str_eq(ancestor, S("000000")))
        return true; /* the whole country */
    while (ancestor.len > 2 && str_ends(ancestor, S("00")))
        ancestor.len -= 2;
    return str_starts(region, ancestor);
}

static size_t list_units(const struct cases_world *world, struct str kind, struct str region,
                         bool below, const struct unit_facts **out, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < world->units.len && count < max; i++) {
        const struct unit_facts *unit = world->units.at[i];
        bool there = below ? region_is_within(NULL, unit->region, region)
                           : str_eq(unit->region, region);
        if (str_eq(unit->kind, kind) && there)
            out[count++] = unit;
    }
    return count;
}

/* The region that one lies in: 130521 → 130500 → 130000; 420506101 → 420506. */
static struct str region_above(struct arena *arena, struct str region)
{
    if (region.len > 6)
        return str_part(region, 0, 6);
    size_t len = region.len;
    while (len > 2 && str_ends(str_part(region, 0, len), S("00")))
        len -= 2;
    return len <= 2 ? (struct str){0}
                    : str_part(str_concat(arena, str_part(region, 0, len - 2), S("000000")), 0, 6);
}

/* By the name that its line gives it. */
static const struct unit_facts *find_unit_named(void *self, struct str name, struct str region)
{
    struct cases_world *world = self;
    for (size_t i = 0; i < world->units.len; i++)
        if (str_eq(world->units.at[i]->name.zh, name) &&
            region_is_within(NULL, world->units.at[i]->region, region))
            return world->units.at[i];
    return NULL;
}

static size_t units_in_region(void *self, struct str kind, struct str region,
                              const struct unit_facts **out, size_t max)
{
    const struct cases_world *world = self;
    size_t count = 0;
    for (; !str_is_empty(region) && count < max; region = region_above(world->arena, region))
        count += list_units(world, kind, region, false, out + count, max - count);
    return count;
}

static size_t units_below(void *self, struct str kind, struct str region,
                          const struct unit_facts **out, size_t max)
{
    return list_units(self, kind, region, true, out, max);
}

/* A province's digits go two far, a prefecture's four. */
static struct str region_of_level(void *self, struct str region, struct str level)
{
    const struct cases_world *world = self;
    size_t len = str_eq_c(level, "province") ? 2 : str_eq_c(level, "prefecture") ? 4 : 6;
    bool has_one = region.len >= 6 && !str_eq(str_part(region, len - 2, len), S("00"));
    return has_one ? str_part(str_concat(world->arena, str_part(region, 0, len), S("0000")), 0, 6)
                   : (struct str){0};
}

static bool find_person(void *self, struct arena *arena, struct person_id id,
                        struct person_facts *out)
{
    struct cases_world *world = self;
    for (size_t i = 1; i < world->actors.len; i++) {
        const struct cases_actor *actor = world->actors.at[i];
        if (actor->actor.person.v != id.v)
            continue;
        struct person_post *posts = arena_alloc_array(arena, POSTS_MAX, sizeof *posts);
        for (size_t j = 0; j < actor->actor.post_count; j++)
            posts[j] = (struct person_post){.unit = find_unit(world, actor->posts[j].unit),
                                            .post = actor->posts[j].post,
                                            .rank = actor->ranks[j].rank,
                                            .from = actor->ranks[j].from,
                                            .to = actor->ranks[j].to};
        *out = (struct person_facts){id, actor->name, posts, actor->actor.post_count};
        return true;
    }
    return false;
}

static void list_people(void *self, struct arena *arena, struct str region,
                        struct person_facts_list *out)
{
    struct cases_world *world = self;
    (void)region;
    *out = (struct person_facts_list){0};
    for (size_t i = 1; i < world->actors.len; i++) {
        struct person_facts facts;
        if (find_person(self, arena, world->actors.at[i]->actor.person, &facts))
            vec_add(arena, out, facts);
    }
}

static bool person_holds_post(void *self, struct person_id person, struct str post)
{
    struct cases_world *world = self;
    for (size_t i = 0; i < world->actors.len; i++) {
        const struct actor *actor = &world->actors.at[i]->actor;
        for (size_t j = 0; actor->person.v == person.v && j < actor->post_count; j++)
            if (str_eq(actor->posts[j].post, post))
                return true;
    }
    return false;
}

static size_t people_in_post(void *self, struct unit_id unit, struct str post,
                             struct person_id *out, size_t max)
{
    struct cases_world *world = self;
    size_t count = 0;
    for (size_t i = 0; i < world->actors.len; i++) {
        const struct actor *actor = &world->actors.at[i]->actor;
        for (size_t j = 0; j < actor->post_count && count < max; j++)
            if (actor->posts[j].unit.v == unit.v && str_eq(actor->posts[j].post, post))
                out[count++] = actor->person;
    }
    return count;
}

static struct str procedure_of(void *self, struct str case_ref)
{
    const struct cases_world *world = self;
    const struct value *known = value_find(world->cases, case_ref);
    return known == NULL ? (struct str){0} : known->text;
}

struct cases_others *cases_world_others(struct cases_world *world)
{
    return &world->others;
}

static bool names_text(const struct value *list, struct str text)
{
    value_each (one, list)
        if (str_eq(one->text, text))
            return true;
    return false;
}

static bool lies_there(const struct engine_standing *asked, struct str region)
{
    switch (asked->place) {
    case PLACE_SAME: return str_eq(region, asked->region);
    case PLACE_BELOW: return region_is_within(NULL, region, asked->region);
    case PLACE_HERE: return region_is_within(NULL, asked->region, region);
    case PLACE_ANYWHERE: break;
    }
    return true;
}

static enum status list_cases(void *self, struct ctx *ctx, const struct engine_standing *asked,
                              struct engine_case_list *out)
{
    const struct cases_world *world = self;
    *out = (struct engine_case_list){0};
    for (size_t i = 0; i < world->stands.len; i++)
        if (str_eq(world->stands.at[i]->procedure, asked->procedure) &&
            (asked->states == NULL || names_text(asked->states, world->stands.at[i]->state)) &&
            lies_there(asked, world->stands.at[i]->region))
            vec_add(ctx->arena, out, world->stands.at[i]);
    return ST_OK;
}

static enum status list_cases_of(void *self, struct ctx *ctx, struct str procedure,
                                 const struct value *states, struct person_id person,
                                 struct engine_case_list *out)
{
    struct engine_case_list all;
    *out = (struct engine_case_list){0};
    const struct engine_standing asked = {.procedure = procedure, .states = states};
    TRY(list_cases(self, ctx, &asked, &all));
    for (size_t i = 0; i < all.len; i++)
        for (size_t j = 0; j < all.at[i]->roles.len; j++)
            if (casefile_role_has_person(all.at[i], all.at[i]->roles.at[j].role, person.v)) {
                vec_add(ctx->arena, out, all.at[i]);
                break;
            }
    return ST_OK;
}

static enum status count_cases(void *self, struct ctx *ctx, const struct engine_tally *asked,
                               int64_t *out)
{
    struct engine_case_list all;
    const struct engine_standing where = {
        .procedure = asked->procedure,
        .place = str_is_empty(asked->region) ? PLACE_ANYWHERE : PLACE_BELOW,
        .region = asked->region};
    *out = 0;
    TRY(list_cases(self, ctx, &where, &all));
    for (size_t i = 0; i < all.len; i++) {
        bool was_given = false;
        for (size_t j = 0; j < all.at[i]->acts.len; j++) {
            const struct casefile_act *act = &all.at[i]->acts.at[j];
            struct day day = day_of_instant(act->at);
            was_given = was_given || (str_eq(act->command, asked->command) &&
                                      (day_is_none(asked->since) || day.v >= asked->since.v) &&
                                      (day_is_none(asked->until) || day.v <= asked->until.v));
        }
        *out += was_given;
    }
    return ST_OK;
}

/* The units of each role as rows have them. */
static struct value *roles_of(struct arena *arena, const struct casefile *casefile)
{
    struct value *roles = value_map(arena);
    for (size_t i = 0; i < casefile->roles.len; i++) {
        const struct casefile_role *role = &casefile->roles.at[i];
        struct value *row = value_map(arena);
        struct value *units = value_put_list(arena, row, "units");
        for (size_t j = 0; j < role->units.len; j++)
            value_append(units, value_text(arena, str_printf(arena, "%lld",
                                                             (long long)role->units.at[j])));
        struct value *people =
            role->people.len == 0 ? NULL : value_put_list(arena, row, "people");
        for (size_t j = 0; j < role->people.len; j++)
            value_append(people, value_text(arena, str_printf(arena, "%lld",
                                                              (long long)role->people.at[j])));
        value_put(roles, role->role, row);
    }
    return roles;
}

/* The nearest of the cases beside this one. */
static enum status list_since(void *self, struct ctx *ctx, struct str procedure, struct str region,
                              struct instant since, struct engine_case_list *out)
{
    const struct cases_world *world = self;
    *out = (struct engine_case_list){0};
    for (size_t i = 0; i < world->stands.len; i++)
        if (str_eq(world->stands.at[i]->procedure, procedure) &&
            region_is_within(NULL, world->stands.at[i]->region, region) &&
            world->stands.at[i]->created_at.ms >= since.ms)
            vec_add(ctx->arena, out, world->stands.at[i]);
    return ST_OK;
}

static enum status find_standing(void *self, struct ctx *ctx, struct str procedure,
                                 const struct value *states, struct str region,
                                 const struct value **out)
{
    const struct cases_world *world = self;
    const struct casefile *nearest = NULL;
    for (size_t i = 0; i < world->stands.len; i++) {
        const struct casefile *one = world->stands.at[i];
        if (str_eq(one->procedure, procedure) && names_text(states, one->state) &&
            region_is_within(self, region, one->region) &&
            (nearest == NULL || region_is_within(self, one->region, nearest->region)))
            nearest = one;
    }
    *out = nearest == NULL ? NULL : roles_of(ctx->arena, nearest);
    return ST_OK;
}

static enum status find_case(void *self, struct ctx *ctx, struct str procedure, struct str name,
                             const struct casefile **out)
{
    const struct cases_world *world = self;
    (void)ctx;
    *out = NULL;
    for (size_t i = 0; i < world->stands.len; i++)
        if (str_eq(world->stands.at[i]->procedure, procedure) &&
            str_eq(world->stands.at[i]->number, name))
            *out = world->stands.at[i];
    return ST_OK;
}

static enum status list_scores(void *self, struct ctx *ctx, struct score_row_list *out)
{
    const struct cases_world *world = self;
    (void)ctx;
    *out = world->others.charged;
    return ST_OK;
}

static bool is_named(const struct value *names, struct str name)
{
    value_each (one, names)
        if (str_eq(one->text, name))
            return true;
    return false;
}

static enum status list_holdings(void *self, struct ctx *ctx, const struct value *roles,
                                 struct day from, struct day to, struct score_holding_list *out)
{
    const struct cases_world *world = self;
    *out = (struct score_holding_list){0};
    for (size_t i = 0; i < world->others.held.len; i++) {
        const struct cases_held *held = &world->others.held.at[i];
        bool is_in = day_is_none(held->day) || (held->day.v >= from.v && held->day.v < to.v);
        if (is_in && is_named(roles, held->holding.role))
            vec_add(ctx->arena, out, held->holding);
    }
    return ST_OK;
}

struct engine_world cases_world_handed_down(struct cases_world *world)
{
    return (struct engine_world){.self = world,
                                 .find_unit = find_unit,
                                 .units_in_region = units_in_region,
                                 .units_below = units_below,
                                 .find_unit_named = find_unit_named,
                                 .region_is_within = region_is_within,
                                 .region_of_level = region_of_level,
                                 .find_person = find_person,
                                 .list_people = list_people,
                                 .person_holds_post = person_holds_post,
                                 .people_in_post = people_in_post,
                                 .hash = draw_sha256,
                                 .procedure_of = procedure_of,
                                 .list_cases = list_cases,
                                 .list_since = list_since,
                                 .find_standing = find_standing,
                                 .find_case = find_case,
                                 .list_cases_of = list_cases_of,
                                 .count_cases = count_cases,
                                 .list_scores = list_scores,
                                 .list_holdings = list_holdings};
}

static bool add_unit(struct cases_world *world, const struct str *words, size_t count)
{
    struct unit_facts *unit = arena_new_of(world->arena, struct unit_facts);
    if ((count != 4 && count != 5) || !num_parse_i64(words[1], 1, INT64_MAX, &unit->id.v))
        return false;
    if (count == 5)
        unit->name = (struct words){words[4], words[4]};
    unit->kind = words[2];
    unit->region = words[3];
    vec_add(world->arena, &world->units, unit);
    return true;
}

static bool add_actor(struct cases_world *world, const struct str *words, size_t count)
{
    struct cases_actor *actor = arena_new_of(world->arena, struct cases_actor);
    int64_t number = (int64_t)world->actors.len;
    actor->name = words[1];
    actor->actor.person.v = number;
    actor->actor.posts = actor->posts;
    for (size_t i = 0; i < POSTS_MAX; i++) {
        actor->ranks[i].from = DAY_NONE;
        actor->ranks[i].to = DAY_NONE;
    }
    for (size_t i = 2; i < count && i - 2 < POSTS_MAX; i++) {
        size_t slash = str_find_char(words[i], '/');
        struct actor_post *post = &actor->posts[actor->actor.post_count++];
        post->id.v = number * 10 + (int64_t)i;
        post->post = slash == SIZE_MAX ? S("clerk") : str_from(words[i], slash + 1);
        if (!num_parse_i64(str_part(words[i], 0, slash), 1, INT64_MAX, &post->unit.v))
            return false;
        const struct unit_facts *unit = find_unit(world, post->unit);
        if (unit == NULL)
            return false;
        post->unit_kind = unit->kind;
        post->unit_region = unit->region;
    }
    vec_add(world->arena, &world->actors, actor);
    return count > 2;
}

static bool add_role(struct cases_world *world, const struct str *words, size_t count)
{
    if (count != 3)
        return false;
    struct value *holders = value_list(world->arena);
    struct str rest = words[2];
    for (struct str one; str_next(&rest, ',', &one);)
        value_append(holders, value_text(world->arena, one));
    value_put(world->roles, words[1], holders);
    return true;
}

static bool add_setting(struct cases_world *world, const struct str *words, size_t count)
{
    int64_t number;
    if (count != 3)
        return false;
    bool quoted = str_starts(words[2], S("\"")) && str_ends(words[2], S("\"")); /* a text of digits */
    struct value *value =
        value_text(world->arena, quoted ? str_part(words[2], 1, words[2].len - 2) : words[2]);
    if (num_parse_i64(words[2], -VALUE_INT_MAX, VALUE_INT_MAX, &number))
        value = value_int(world->arena, number);
    else if (str_eq(words[2], S("true")) || str_eq(words[2], S("false")))
        value = value_bool(world->arena, str_eq(words[2], S("true")));
    value_put(world->settings, words[1], value);
    return true;
}

bool cases_world_hold(struct cases_world *world, const struct str *words, size_t count,
                      struct day day)
{
    struct cases_held held = {.day = day};
    if (count != 4 || !num_parse_i64(words[0], 1, INT64_MAX, &held.holding.unit) ||
        !num_parse_i64(words[2], 1, INT64_MAX, &held.holding.cases))
        return false;
    held.holding.role = words[1];
    held.holding.numbers = words[3];
    vec_add(world->arena, &world->others.held, held);
    return true;
}

/* Text, a whole number, or JSON where it begins like it. */
static struct value *field_value(struct cases_world *world, struct str text)
{
    enum { VALUE_LIMIT = 64 * 1024 };
    struct ctx ctx = {.arena = world->arena};
    struct value *value = NULL;
    int64_t number;
    if (num_parse_i64(text, -VALUE_INT_MAX, VALUE_INT_MAX, &number))
        return value_int(world->arena, number);
    if (text.len > 0 && strchr("\"[{", text.at[0]) != NULL &&
        json_parse(&ctx, text, VALUE_LIMIT, JSON_DECIMALS_AS_TEXT, &value) == ST_OK)
        return value;
    return value_text(world->arena, text);
}

/* flag:NAME: a flag that stands there. */
static bool add_flag(struct cases_world *world, struct casefile *casefile, struct str word)
{
    if (!str_starts(word, S("flag:")))
        return false;
    vec_add(world->arena, &casefile->flags, str_from(word, 5));
    return true;
}

/* role:NAME=1,2: units that hold it there; people:NAME=1,2: people. */
static bool add_holders(struct cases_world *world, struct casefile *casefile, struct str key,
                        struct str holders)
{
    bool people = str_starts(key, S("people:"));
    if (!people && !str_starts(key, S("role:")))
        return false;
    struct casefile_role *role = vec_push(world->arena, &casefile->roles);
    *role = (struct casefile_role){.role = str_from(key, people ? 7 : 5)};
    for (struct str one; str_next(&holders, ',', &one);) {
        int64_t id = 0;
        (void)num_parse_i64(one, 1, INT64_MAX, &id);
        if (people)
            vec_add(world->arena, &role->people, id);
        else
            vec_add(world->arena, &role->units, id);
    }
    return true;
}

/* rank ACTOR RANK [UNTIL]: of the posts of theirs that have none; UNTIL: the last day they are held */
static bool add_rank(struct cases_world *world, const struct str *words, size_t count)
{
    struct day to = DAY_NONE;
    if (count < 3 || count > 4 || (count == 4 && !day_parse(words[3], &to)))
        return false;
    for (size_t i = 0; i < world->actors.len; i++) {
        struct cases_actor *actor = world->actors.at[i];
        if (!str_eq(actor->name, words[1]))
            continue;
        for (size_t j = 0; j < actor->actor.post_count; j++)
            if (str_is_empty(actor->ranks[j].rank)) {
                actor->ranks[j].rank = words[2];
                actor->ranks[j].to = to;
                return true;
            }
    }
    return false;
}

void cases_world_stand(struct cases_world *world, const struct casefile *casefile)
{
    vec_add(world->arena, &world->stands, casefile);
}

/* did:COMMAND=DAY */
static bool add_act(struct cases_world *world, struct casefile *casefile, struct str what,
                    struct str day_text)
{
    struct day day;
    if (!str_starts(what, S("did:")) || !day_parse(day_text, &day))
        return false;
    vec_add(world->arena, &casefile->acts,
            ((struct casefile_act){.command = str_from(what, 4), .at = day_start(day)}));
    return true;
}

/*
 * stands NUMBER PROCEDURE STATE REGION [FIELD[=VALUE]]…: a bare field is answered yes; role:NAME=… and
 * people:NAME=… say who holds a role there, flag:NAME that it stands,
 * did:COMMAND=DAY when a command was given.
 */
static bool add_standing(struct cases_world *world, const struct str *words, size_t count)
{
    if (count < 5)
        return false;
    struct casefile *casefile = arena_new_of(world->arena, struct casefile);
    casefile->number = words[1];
    casefile->procedure = words[2];
    casefile->state = words[3];
    casefile->region = words[4];
    casefile->fields = value_map(world->arena);
    for (size_t i = 5; i < count; i++) {
        size_t equals = str_find_char(words[i], '=');
        bool is_holding = equals != SIZE_MAX &&
                          add_holders(world, casefile, str_part(words[i], 0, equals),
                                      str_from(words[i], equals + 1));
        if (is_holding || add_flag(world, casefile, words[i]))
            continue;
        if (equals != SIZE_MAX && add_act(world, casefile, str_part(words[i], 0, equals),
                                          str_from(words[i], equals + 1)))
            continue;
        value_put(casefile->fields, str_part(words[i], 0, equals),
                  equals == SIZE_MAX ? value_bool(world->arena, true)
                                     : field_value(world, str_from(words[i], equals + 1)));
    }
    vec_add(world->arena, &world->stands, casefile);
    if (!world->in_example)
        world->file_stands = world->stands.len;
    return true;
}

/* campaign REGION [BEGINS ENDS] */
static bool set_campaign(struct cases_world *world, const struct str *words, size_t count)
{
    if (count != 2 && count != 4)
        return false;
    world->region = words[1];
    return count == 2 ||
           (day_parse(words[2], &world->begins) && day_parse(words[3], &world->ends));
}

bool cases_world_line(struct cases_world *world, const struct str *words, size_t count)
{
    if (str_eq(words[0], S("unit")))
        return add_unit(world, words, count);
    if (str_eq(words[0], S("actor")))
        return add_actor(world, words, count);
    if (str_eq(words[0], S("campaign")))
        return set_campaign(world, words, count);
    if (str_eq(words[0], S("case"))) {
        if (count == 3)
            value_put(world->cases, words[1], value_text(world->arena, words[2]));
        return count == 3;
    }
    if (str_eq(words[0], S("rank")))
        return add_rank(world, words, count);
    if (str_eq(words[0], S("stands")))
        return add_standing(world, words, count);
    if (str_eq(words[0], S("held")))
        return cases_world_hold(world, words + 1, count - 1, DAY_NONE);
    return str_eq(words[0], S("role")) ? add_role(world, words, count)
                                       : add_setting(world, words, count);
}

const struct actor *cases_world_actor(struct cases_world *world, struct str name)
{
    for (size_t i = 0; i < world->actors.len; i++)
        if (str_eq(world->actors.at[i]->name, name))
            return &world->actors.at[i]->actor;
    return NULL;
}

struct campaign_terms cases_world_campaign(const struct cases_world *world)
{
    return (struct campaign_terms){.id = S("example"),
                                   .region = world->region,
                                   .settings = world->settings,
                                   .roles = world->roles};
}

void cases_world_days(const struct cases_world *world, struct day *out_begins, struct day *out_ends)
{
    *out_begins = world->begins;
    *out_ends = world->ends;
}

const struct casefile *const *cases_world_standing(const struct cases_world *world, size_t *count)
{
    *count = world->stands.len;
    return world->stands.at;
}

const struct calendar *cases_world_calendar(const struct cases_world *world)
{
    return world->calendar;
}

const struct unit_facts *const *cases_world_units(const struct cases_world *world, size_t *count)
{
    *count = world->units.len;
    return (const struct unit_facts *const *)world->units.at;
}

const struct actor *const *cases_world_actors(struct cases_world *world, size_t *count)
{
    world->actor_list.len = 0;
    for (size_t i = 0; i < world->actors.len; i++)
        vec_add(world->arena, &world->actor_list, &world->actors.at[i]->actor);
    *count = world->actor_list.len;
    return world->actor_list.at;
}
