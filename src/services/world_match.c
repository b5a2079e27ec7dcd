/*
 * Printed names. Tables come from many hands: blanks inside names, brackets of two kinds, the ending
 * left out, the places above written before. What fits several is given back as nothing with the
 * number of candidates, because a guess would send a problem to the wrong place.
 */
#include "services/world_int.h"

enum { NAME_LENGTH_MAX = 100, ENDING_KEEP = 2 }; /* characters; the latter before an ending */

/* Longest first where one ends with another. */
static const struct str endings[] = {
    STR_INIT("特别行政区"), STR_INIT("街道办事处"), STR_INIT("自治区"), STR_INIT("自治州"),
    STR_INIT("自治县"),     STR_INIT("自治旗"),     STR_INIT("地区"),   STR_INIT("林区"),
    STR_INIT("街道"),       STR_INIT("省"),         STR_INIT("市"),     STR_INIT("县"),
    STR_INIT("区"),         STR_INIT("盟"),         STR_INIT("旗"),     STR_INIT("镇"),
    STR_INIT("乡"),
};

static bool is_blank(uint32_t code)
{
    return code <= ' ' || code == 0xA0 || code == 0x3000 || (code >= 0x2000 && code <= 0x200D) ||
           code == 0xFEFF;
}

/* Full-width ASCII, brackets and letters among it, becomes plain. */
static uint32_t plain(uint32_t code)
{
    return code > 0xFF00 && code < 0xFF5F ? code - 0xFEE0 : code;
}

struct str world_fold(struct arena *arena, struct str name)
{
    char *folded = arena_alloc(arena, name.len + 1);
    size_t len = 0;
    for (size_t at = 0; at < name.len;) {
        uint32_t code = plain(utf8_next(name, &at));
        char bytes[4];
        size_t count = is_blank(code) ? 0 : utf8_encode(code, bytes);
        /* U+FFFD for one broken byte would be longer than what it stands for. */
        if (len + count > name.len)
            break;
        for (size_t i = 0; i < count; i++)
            folded[len++] = bytes[i];
    }
    return (struct str){folded, len};
}

struct str world_cut_ending(struct str folded)
{
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (!str_ends(folded, endings[i]))
            continue;
        struct str cut = str_part(folded, 0, folded.len - endings[i].len);
        return utf8_length(cut) >= ENDING_KEEP ? cut : folded;
    }
    return folded;
}

void world_names_add(struct arena *arena, struct strmap *names, struct str folded, const void *item)
{
    const struct world_named *present = strmap_find(names, folded);
    if (str_is_empty(folded) || (present != NULL && present->item == item))
        return;
    struct world_named *named = arena_new_of(arena, struct world_named);
    named->item = item;
    named->next = present;
    (void)strmap_put(names, folded, named);
}

/* ---- regions ---- */

static bool is_below_prefecture(const struct world_region *region)
{
    return str_eq_c(region->level, "county") || str_eq_c(region->level, "township");
}

/*
 * Those of a name that count; rows of one code are one region. `lower`: only counties and
 * townships.
 */
static struct region_match match_name(const struct world *world, struct str within, struct str name,
                                      bool lower)
{
    struct region_match match = {0};
    for (const struct world_named *named = strmap_find(&world->region_by_name, name); named != NULL;
         named = named->next) {
        const struct world_region *region =
            world_find_region(world, ((const struct world_region *)named->item)->code);
        if ((!str_is_empty(within) && !world_region_is_within(world, region->code, within)) ||
            (lower && !is_below_prefecture(region)) || region == match.region)
            continue;
        match.region = region;
        match.candidates++;
    }
    if (match.candidates > 1)
        match.region = NULL;
    return match;
}

/* The name as it stands; else with another ending, as places had before they were renamed. */
static struct region_match match_whole(const struct world *world, struct str within,
                                       struct str name)
{
    struct region_match match = match_name(world, within, name, false);
    struct str cut = world_cut_ending(name);
    if (match.candidates > 0 || cut.len == name.len || str_is_empty(within))
        return match;
    return match_name(world, within, cut, true);
}

/* The start of a name up to a character's end, longest first; empty when used up. */
static struct str shorter(struct str name)
{
    size_t len = name.len;
    while (len > 0 && ((unsigned char)name.at[--len] & 0xC0) == 0x80)
        ;
    return str_part(name, 0, len);
}

/* Above `within`: its place in a written-out name narrows nothing. */
static bool stands_above(const struct world *world, struct str within, struct str name)
{
    const struct world_region *above[WORLD_REGION_DEPTH_MAX];
    size_t count = world_region_ancestors(world, within, above, COUNT_OF(above));
    for (size_t i = 0; i < count; i++)
        if (str_eq(above[i]->name, name))
            return true;
    return false;
}

static struct region_match match_folded(const struct world *world, struct str within,
                                        struct str name)
{
    struct region_match match = match_whole(world, within, name);
    if (match.candidates > 0)
        return match;
    for (struct str head = shorter(name); !str_is_empty(head); head = shorter(head)) {
        struct str rest = str_from(name, head.len);
        if (!str_is_empty(within) && stands_above(world, within, head))
            return match_folded(world, within, rest);
        struct region_match upper = match_name(world, within, head, false);
        if (upper.region == NULL || world_cut_ending(head).len == head.len)
            continue;
        match = match_folded(world, upper.region->code, rest);
        if (match.candidates == 0)
            match =
                (struct region_match){.region = upper.region, .candidates = 1, .is_partial = true};
        return match;
    }
    return match;
}

struct region_match world_match_region(struct arena *arena, const struct world *world,
                                       struct str within, struct str printed)
{
    const struct world_region *coded = world_find_region(world, str_trim(printed));
    if (coded != NULL &&
        (str_is_empty(within) || world_region_is_within(world, coded->code, within)))
        return (struct region_match){.region = coded, .candidates = 1};
    return match_folded(world, within, world_fold(arena, utf8_prefix(printed, NAME_LENGTH_MAX)));
}

/* ---- units ---- */

struct unit_match world_match_unit(struct arena *arena, const struct world *world,
                                   struct str within, struct str printed)
{
    struct unit_match match = {0};
    struct str name = world_fold(arena, utf8_prefix(printed, NAME_LENGTH_MAX));
    const struct world_unit *coded = world_find_unit_by_code(world, str_trim(printed));
    if (coded != NULL)
        return (struct unit_match){.unit = coded, .candidates = 1};
    for (const struct world_named *named = strmap_find(&world->unit_by_name, name); named != NULL;
         named = named->next) {
        const struct world_unit *unit = named->item;
        if (!str_is_empty(within) && !world_region_is_within(world, unit->facts.region, within))
            continue;
        match.unit = unit;
        match.candidates++;
    }
    if (match.candidates > 1)
        match.unit = NULL;
    return match;
}

/* ---- people ---- */

/* Whether they hold a post on the day, at the unit of this name where one is given. */
static bool is_at(const struct world_person *person, struct day day, struct str unit)
{
    for (size_t i = 0; i < person->post_count; i++) {
        const struct world_post *post = &person->posts[i];
        if (world_post_is_held(post, day) &&
            (str_is_empty(unit) || str_eq(post->unit->name, unit) || str_eq(post->unit->short_name, unit)))
            return true;
    }
    return false;
}

/* What stands behind the name, without what parts the two. */
static struct str behind(struct str printed, struct str name)
{
    struct str rest = str_trim(str_from(printed, name.len));
    return str_starts(rest, S("·")) ? str_trim(str_from(rest, S("·").len)) : rest;
}

const struct world_person *world_match_person(const struct world *world, struct day day,
                                              struct str printed)
{
    size_t count, found = 0;
    const struct world_person *match = world_find_person_by_login(world, str_trim(printed));
    const struct world_person *people = world_list_people(world, &count);
    if (match != NULL)
        return match;
    for (size_t i = 0; i < count; i++) {
        if (!str_starts(str_trim(printed), people[i].name) ||
            !is_at(&people[i], day, behind(str_trim(printed), people[i].name)))
            continue;
        match = &people[i];
        found++;
    }
    return found == 1 ? match : NULL;
}
