/*
 * Who could give a command: by what its row says of posts and roles, near the case first.
 */
#include "services/simulate_clerk.h"

#include "base/num.h"

static void add_candidate(struct candidates *all, const struct world_person *person)
{
    for (size_t i = 0; i < all->len; i++)
        if (all->at[i] == person)
            return;
    if (person != NULL && all->len < CANDIDATES_MAX)
        all->at[all->len++] = person;
}

static bool person_holds(const struct world_person *person, struct str post, struct day today)
{
    for (size_t i = 0; i < person->post_count; i++)
        if (world_post_is_held(&person->posts[i], today) &&
            (str_is_empty(post) || str_eq(person->posts[i].post, post)))
            return true;
    return false;
}

/* limit: so many of them at most */
void candidates_add_staff(const struct play *play, int64_t unit, struct str post, size_t limit,
                          struct candidates *all)
{
    struct placed_list staff = roster_staff(&play->roster, unit);
    size_t full = all->len + limit;
    for (size_t i = 0; i < staff.len && all->len < full; i++)
        if (str_is_empty(post) || str_eq(staff.at[i].post, post))
            add_candidate(all, staff.at[i].person);
}

static void add_creator(const struct play *play, const struct casefile *casefile,
                        struct candidates *all)
{
    struct person_id person;
    if (casefile->acts.len == 0)
        return;
    struct str actor = casefile->acts.at[0].actor;
    if (num_parse_i64(str_part(actor, 0, str_find_char(actor, '/')), 1, INT64_MAX, &person.v))
        add_candidate(all, world_find_person(play->world, person));
}

static void add_role(const struct play *play, const struct casefile *casefile,
                     const struct regime_actor *by, struct candidates *all)
{
    const struct casefile_role *role = casefile_find_role(casefile, by->role);
    size_t units = role == NULL ? 0 : by->lead && role->units.len > 0 ? 1 : role->units.len;
    size_t each = units == 0 ? 0 : (CANDIDATES_MAX + units - 1) / units; /* each unit has its say */
    for (size_t i = 0; i < units; i++)
        candidates_add_staff(play, role->units.at[i], by->post, each, all);
    for (size_t i = 0; role != NULL && i < role->people.len; i++) {
        const struct world_person *person =
            world_find_person(play->world, (struct person_id){role->people.at[i]});
        if (person != NULL && person_holds(person, by->post, play->today))
            add_candidate(all, person);
    }
}

/* Some who are near, and as many from anywhere. */
void candidates_add_anyone(const struct play *play, const struct casefile *casefile,
                           struct dice *dice, struct candidates *all)
{
    enum { ASKED = 3 };
    const struct placed_list *people = &play->roster.people;
    for (int i = 0; i < ASKED && people->len > 0; i++) {
        add_candidate(all, roster_pick_near(play->world, people, casefile->region, dice)->person);
        add_candidate(all, people->at[dice_roll(dice, people->len)].person);
    }
}

void candidates_find(const struct play *play, const struct casefile *casefile,
                     const struct regime_actor *by, size_t count, struct dice *dice,
                     struct candidates *out)
{
    *out = (struct candidates){0};
    for (size_t i = 0; i < count; i++) {
        if (str_eq(by[i].role, S("system")))
            continue;
        if (str_eq(by[i].role, S("anyone")))
            candidates_add_anyone(play, casefile, dice, out);
        else if (str_eq(by[i].role, S("creator")))
            add_creator(play, casefile, out);
        else
            add_role(play, casefile, &by[i], out);
    }
}

/* The post that must sign, or absent. */
struct str transition_signing_post(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->need_count; i++)
        if (row->needs[i].kind == GUARD_SIGNATURE)
            return value_find_text(row->needs[i].args, "of");
    return (struct str){0};
}

bool transition_gives_opinion(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->then_count; i++)
        if (row->then[i].kind == EFFECT_OPINION)
            return true;
    return false;
}

/* Since the case came to where it stands. */
static bool unit_gave_opinion(const struct casefile *casefile, const struct world_person *person)
{
    size_t entries = casefile->entries.len;
    int64_t since = entries == 0 ? 0 : casefile->entries.at[entries - 1].seq;
    for (size_t i = 0; i < casefile->marks.len; i++)
        for (size_t j = 0; j < person->post_count; j++)
            if (casefile->marks.at[i].type == EVENT_OPINION_GIVEN &&
                casefile->marks.at[i].seq > since &&
                casefile->marks.at[i].unit == person->posts[j].unit->facts.id.v)
                return true;
    return false;
}

/* A unit says once what it thinks. */
void candidates_leave_out_heard(const struct casefile *casefile,
                                const struct regime_transition *row, struct candidates *all)
{
    size_t left = 0;
    for (size_t i = 0; i < all->len && transition_gives_opinion(row); i++)
        if (!unit_gave_opinion(casefile, all->at[i]))
            all->at[left++] = all->at[i];
    if (transition_gives_opinion(row))
        all->len = left;
}

/* Takes one out of the list; who can sign comes first. */
const struct world_person *candidates_draw(const struct play *play, struct candidates *all,
                                           struct str post, struct dice *dice)
{
    if (all->len == 0)
        return NULL;
    size_t at = dice_roll(dice, all->len);
    if (!str_is_empty(post) && !str_eq(post, S("self")))
        for (size_t i = 0; i < all->len; i++)
            if (person_holds(all->at[(at + i) % all->len], post, play->today)) {
                at = (at + i) % all->len;
                break;
            }
    const struct world_person *chosen = all->at[at];
    all->at[at] = all->at[--all->len];
    return chosen;
}
