/* Roles that a new case takes over from a standing case of its region. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/engine.h"

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime_standing standing;
    struct regime_role roles[2];
    struct regime_state state;
    struct regime_procedure procedure;
    struct regime regime;
    struct engine engine;
    struct value *there; /* who holds what in the standing case, or null */
    struct str asked;    /* the region it was asked for */
    int times;           /* how often */
};

static enum status find_standing(void *self, struct ctx *ctx, struct str procedure,
                                 const struct value *states, struct str region,
                                 const struct value **out)
{
    struct world *world = self;
    (void)ctx;
    assert_true(str_eq_c(procedure, "pairing"));
    assert_true(str_eq_c(states->first->text, "active"));
    world->asked = region;
    world->times++;
    *out = world->there;
    return ST_OK;
}

static const struct unit_facts *find_unit(void *self, struct unit_id unit)
{
    static const struct unit_facts known = {.id = {7}};
    (void)self;
    return unit.v == 7 ? &known : NULL;
}

static struct value *list_of(struct arena *arena, const char *first, const char *second)
{
    struct value *list = value_list(arena);
    value_append(list, value_text(arena, str_of(first)));
    if (second != NULL)
        value_append(list, value_text(arena, str_of(second)));
    return list;
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    struct value *there = value_map(arena);
    *world = (struct world){.arena = arena, .ctx = {.arena = arena, .now = {1}}, .there = there};
    value_put(value_put_map(arena, there, "paired"), S("units"), list_of(arena, "2", "3"));
    value_put(value_put_map(arena, there, "leaders"), S("people"), list_of(arena, "40", NULL));
    world->standing =
        (struct regime_standing){S("pairing"), list_of(arena, "active", NULL), S("paired")};
    struct regime_standing *of_people = arena_new_of(arena, struct regime_standing);
    *of_people = (struct regime_standing){S("pairing"), list_of(arena, "active", NULL), S("leaders")};
    world->roles[0] =
        (struct regime_role){.name = S("paired_units"), .many = true, .standing = &world->standing};
    world->roles[1] = (struct regime_role){
        .name = S("leaders"), .of_people = true, .many = true, .standing = of_people};
    world->state = (struct regime_state){.name = S("draft")};
    world->procedure =
        (struct regime_procedure){.name = S("problem"), .states = &world->state, .state_count = 1};
    world->regime = (struct regime){.roles = world->roles, .role_count = 2};
    world->engine = (struct engine){
        .regime = &world->regime,
        .procedure = &world->procedure,
        .world = {.self = world, .find_unit = find_unit, .find_standing = find_standing}};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

/* Creates a case in 130400; `said`: the unit that the maker names as paired, or null. */
static enum status create(struct world *world, const char *said, bool by_system,
                          struct casefile *out)
{
    const struct actor actor = {.is_system = by_system, .person = {by_system ? 0 : 5}};
    struct value *input = value_map(world->arena);
    struct event_list events = {0};
    value_put_text(world->arena, input, "region", S("130400"));
    if (said != NULL)
        value_put(value_put_map(world->arena, input, "roles"), S("paired_units"),
                  list_of(world->arena, said, NULL));
    const struct command command = {
        .name = S("create"), .input = input, .happened_at = INSTANT_NONE, .actor = &actor};
    *out = (struct casefile){.fields = value_map(world->arena)};
    enum status status = engine_decide(&world->ctx, &world->engine, out, &command, &events);
    for (size_t i = 0; status == ST_OK && i < events.len; i++)
        engine_evolve(world->arena, out, &events.at[i]);
    return status;
}

static void holders_are_those_of_the_standing_case_in_its_order(void **state)
{
    struct world *world = *state;
    struct casefile made;
    bool lead;
    assert_int_equal(create(world, NULL, true, &made), ST_OK);
    assert_true(casefile_role_has_unit(&made, S("paired_units"), 2, &lead));
    assert_true(lead);
    assert_true(casefile_role_has_unit(&made, S("paired_units"), 3, &lead));
    assert_false(lead);
    assert_true(casefile_role_has_person(&made, S("leaders"), 40));
    assert_true(str_eq_c(world->asked, "130400"));
}

static void one_standing_case_is_looked_up_once_for_all_roles(void **state)
{
    struct world *world = *state;
    struct casefile made;
    assert_int_equal(create(world, NULL, true, &made), ST_OK);
    assert_int_equal(world->times, 1);
}

static void without_a_standing_case_nobody_holds_the_role(void **state)
{
    struct world *world = *state;
    struct casefile made;
    world->there = NULL;
    assert_int_equal(create(world, NULL, true, &made), ST_OK);
    assert_null(casefile_find_role(&made, S("paired_units")));
}

static void a_standing_case_takes_nothing_over(void **state)
{
    struct world *world = *state;
    struct casefile made;
    world->procedure.name = S("pairing");
    assert_int_equal(create(world, NULL, true, &made), ST_OK);
    assert_int_equal(world->times, 0);
    assert_null(casefile_find_role(&made, S("paired_units")));
}

static void the_system_hands_on_other_holders(void **state)
{
    struct world *world = *state;
    struct casefile made;
    bool lead;
    assert_int_equal(create(world, "7", true, &made), ST_OK);
    assert_true(casefile_role_has_unit(&made, S("paired_units"), 7, &lead));
    assert_false(casefile_role_has_unit(&made, S("paired_units"), 2, &lead));
}

static void a_closed_procedure_takes_nothing_over_for_that_role(void **state)
{
    static const struct str closed[] = {STR_INIT("paired_units")};
    struct world *world = *state;
    struct casefile made;
    world->procedure.closed_to = closed;
    world->procedure.closed_count = COUNT_OF(closed);
    assert_int_equal(create(world, NULL, true, &made), ST_OK);
    assert_null(casefile_find_role(&made, S("paired_units")));
    assert_true(casefile_role_has_person(&made, S("leaders"), 40));
}

static void a_person_cannot_say_who_holds_it(void **state)
{
    struct world *world = *state;
    struct casefile made;
    assert_int_equal(create(world, "7", false, &made), ST_INVALID);
    assert_string_equal(world->ctx.failure.reason.key, "engine.unknown_role");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(holders_are_those_of_the_standing_case_in_its_order),
        TEST(one_standing_case_is_looked_up_once_for_all_roles),
        TEST(without_a_standing_case_nobody_holds_the_role),
        TEST(a_standing_case_takes_nothing_over),
        TEST(the_system_hands_on_other_holders),
        TEST(a_closed_procedure_takes_nothing_over_for_that_role),
        TEST(a_person_cannot_say_who_holds_it),
    };
    return cmocka_run_group_tests_name("taken_over", tests, NULL, NULL);
}
