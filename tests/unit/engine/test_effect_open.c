/* Cases that a command wishes to be made beside its own, and the units they are for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/num.h"
#include "engine/engine_int.h"
#include "fixture_trial.h"

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime_procedure procedure;
    struct regime regime;
    struct engine engine;
    struct casefile casefile;
    struct event_list events;
    struct trial trial;
};

static const struct unit_facts UNITS[] = {
    {.id = {21}, .kind = STR_INIT("county"), .region = STR_INIT("130521")},
    {.id = {22}, .kind = STR_INIT("county"), .region = STR_INIT("130522")},
};

static const struct unit_facts *find_unit(void *self, struct unit_id unit)
{
    (void)self;
    for (size_t i = 0; i < COUNT_OF(UNITS); i++)
        if (UNITS[i].id.v == unit.v)
            return &UNITS[i];
    return NULL;
}

static size_t units_below(void *self, struct str kind, struct str region,
                          const struct unit_facts **out, size_t max)
{
    size_t count = 0;
    (void)self;
    for (size_t i = 0; i < COUNT_OF(UNITS) && count < max && str_eq_c(region, "130500"); i++)
        if (str_eq(UNITS[i].kind, kind))
            out[count++] = &UNITS[i];
    return count;
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    world->engine = (struct engine){.regime = &world->regime,
                                    .procedure = &world->procedure,
                                    .world = {.find_unit = find_unit, .units_below = units_below}};
    world->casefile =
        (struct casefile){.version = 1, .fields = value_map(arena), .region = S("130500")};
    world->trial = trial_of_system(&world->ctx, &world->engine, &world->casefile,
                                   &world->events, day_of(2018, 11, 25));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static void gather(struct world *world)
{
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "field", S("counties"));
    value_append(value_put_list(world->arena, args, "kinds"), value_text(world->arena, S("county")));
    must(effect_gather(&world->trial, args) == ST_OK);
}

/* open: {procedure: screening, link: child, per: `per`, fields: {unit: each, on: today}} */
static const struct value *open_per(struct world *world, const char *per)
{
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "procedure", S("screening"));
    value_put_text(world->arena, args, "link", S("child"));
    value_put_text(world->arena, args, "source", S("self-found"));
    if (per != NULL)
        value_put_text(world->arena, args, "per", str_of(per));
    struct value *fields = value_put_map(world->arena, args, "fields");
    if (per != NULL)
        value_put_text(world->arena, fields, "unit", S("each"));
    value_put_text(world->arena, fields, "on", S("today"));
    must(effect_open(&world->trial, args) == ST_OK);
    return value_find_c(world->trial.note, "open");
}

static void units_below_the_region_are_gathered(void **state)
{
    struct world *world = *state;
    gather(world);
    const struct value *counties = value_find_c(world->casefile.fields, "counties");
    assert_int_equal(counties->count, 2);
    assert_true(str_eq_c(counties->first->text, "21"));
}

static void without_per_one_case_is_wished_beside_this_one(void **state)
{
    struct world *world = *state;
    const struct value *wishes = open_per(world, NULL);
    assert_int_equal(wishes->count, 1);
    assert_true(str_eq_c(value_find_text(wishes->first, "source"), "self-found"));
    assert_null(value_find_c(wishes->first, "region"));
    assert_true(str_eq_c(value_find_text(value_find_c(wishes->first, "fields"), "on"), "2018-11-25"));
}

static void one_for_each_unit_in_the_units_region(void **state)
{
    struct world *world = *state;
    gather(world);
    const struct value *wishes = open_per(world, "counties");
    assert_int_equal(wishes->count, 2);
    const struct value *second = wishes->last;
    assert_true(str_eq_c(value_find_text(second, "region"), "130522"));
    assert_true(str_eq_c(value_find_text(value_find_c(second, "fields"), "unit"), "22"));
}

static void one_for_each_row_whose_columns_fill_its_fields(void **state)
{
    struct world *world = *state;
    struct value *rows = value_list(world->arena);
    value_put_text(world->arena, value_append_map(world->arena, rows), "description", S("a"));
    value_put_text(world->arena, value_append_map(world->arena, rows), "description", S("b"));
    value_put(world->casefile.fields, S("problems"), rows);
    const struct value *wishes = open_per(world, "problems");
    assert_int_equal(wishes->count, 2);
    assert_true(str_eq_c(
        value_find_text(value_find_c(wishes->last, "fields"), "description"), "b"));
    assert_null(value_find_c(wishes->last, "region"));
}

static void nothing_is_wished_per_an_empty_field(void **state)
{
    assert_null(open_per(*state, "counties"));
}

/* The units 21 and 22 hold `county`, 22 alone holds `other`; person 5 is principal at 22. */
static void hold_roles(struct world *world)
{
    struct casefile_role county = {.role = S("county")};
    struct casefile_role other = {.role = S("other")};
    vec_add(world->arena, &county.units, 21);
    vec_add(world->arena, &county.units, 22);
    vec_add(world->arena, &other.units, 22);
    vec_add(world->arena, &world->casefile.roles, county);
    vec_add(world->arena, &world->casefile.roles, other);
}

static struct value *names_of(struct world *world, const char *a, const char *b)
{
    struct value *names = value_list(world->arena);
    value_append(names, value_text(world->arena, str_of(a)));
    value_append(names, value_text(world->arena, str_of(b)));
    return names;
}

static void a_unit_of_two_roles_gets_one(void **state)
{
    struct world *world = *state;
    struct value *args = value_map(world->arena);
    hold_roles(world);
    value_put_text(world->arena, args, "procedure", S("notice"));
    value_put_text(world->arena, args, "link", S("child"));
    value_put(args, S("per_role"), names_of(world, "county", "other"));
    assert_int_equal(effect_open(&world->trial, args), ST_OK);
    assert_int_equal(value_find_c(world->trial.note, "open")->count, 2);
}

static void holders_go_along_but_those_of_the_campaign(void **state)
{
    struct world *world = *state;
    struct value *args = value_map(world->arena);
    static const struct regime_role roles[] = {{.name = STR_INIT("county"), .many = true},
                                               {.name = STR_INIT("other"), .of_campaign = true}};
    world->regime.roles = roles;
    world->regime.role_count = COUNT_OF(roles);
    hold_roles(world);
    value_put_text(world->arena, args, "procedure", S("notice"));
    value_put_text(world->arena, args, "link", S("child"));
    value_put(args, S("roles"), names_of(world, "county", "other"));
    assert_int_equal(effect_open(&world->trial, args), ST_OK);
    const struct value *passed =
        value_find_c(value_find_c(world->trial.note, "open")->first, "roles");
    assert_int_equal(passed->count, 1);
    assert_int_equal(value_find_c(passed, "county")->count, 2);
}

static void a_row_for_each_unit(void **state)
{
    struct world *world = *state;
    struct value *args = value_map(world->arena);
    const struct regime_effect add = {.kind = EFFECT_ADD, .args = args};
    gather(world);
    value_put_text(world->arena, args, "list", S("results"));
    value_put_text(world->arena, args, "per", S("counties"));
    value_put_text(world->arena, value_put_map(world->arena, args, "row"), "unit", S("each"));
    assert_int_equal(effect_run(&world->trial, &add), ST_OK);
    const struct value *rows = value_find_c(world->casefile.fields, "results");
    assert_int_equal(rows->count, 2);
    assert_true(str_eq_c(value_find_text(rows->last, "unit"), "22"));
}

static size_t people_in_post(void *self, struct unit_id unit, struct str post,
                             struct person_id *out, size_t max)
{
    (void)self;
    if (unit.v != 22 || !str_eq_c(post, "principal") || max == 0)
        return 0;
    out[0].v = 5;
    return 1;
}

static void a_role_is_given_to_those_in_the_posts(void **state)
{
    struct world *world = *state;
    struct value *args = value_map(world->arena);
    static const struct regime_role roles[] = {{.name = STR_INIT("first"), .of_people = true}};
    const struct regime_effect assign = {.kind = EFFECT_ASSIGN, .args = args};
    world->regime.roles = roles;
    world->regime.role_count = COUNT_OF(roles);
    world->engine.world.people_in_post = people_in_post;
    hold_roles(world);
    value_put_text(world->arena, args, "role", S("first"));
    value_put_text(world->arena, args, "at", S("county"));
    value_put(args, S("posts"), names_of(world, "party_principal", "principal"));
    assert_int_equal(effect_run(&world->trial, &assign), ST_OK);
    const struct casefile_role *first = casefile_find_role(&world->casefile, S("first"));
    assert_non_null(first);
    assert_int_equal(first->people.len, 1);
    assert_int_equal(first->people.at[0], 5);
}

/* give: {procedure: letter, command: mark, `to`: `name`, fields: {found: what}, link: visit} */
static const struct value *give(struct world *world, const char *to, const char *name)
{
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "procedure", S("letter"));
    value_put_text(world->arena, args, "command", S("mark"));
    value_put_text(world->arena, args, to, str_of(name));
    value_put_text(world->arena, args, "link", S("visit"));
    value_put_text(world->arena, value_put_map(world->arena, args, "fields"), "found", S("what"));
    value_put_text(world->arena, world->casefile.fields, "what", S("dust"));
    must(effect_give(&world->trial, args) == ST_OK);
    return value_find_c(world->trial.note, "give");
}

static void a_command_is_wished_in_the_case_that_a_field_names(void **state)
{
    struct world *world = *state;
    value_put_text(world->arena, world->casefile.fields, "problem", S("130521-1-0007"));
    const struct value *wishes = give(world, "to", "problem");
    assert_int_equal(wishes->count, 1);
    assert_true(str_eq_c(value_find_text(wishes->first, "case"), "130521-1-0007"));
    assert_true(str_eq_c(value_find_text(wishes->first, "field"), "problem"));
    assert_true(str_eq_c(value_find_text(wishes->first, "link"), "visit"));
    assert_true(
        str_eq_c(value_find_text(value_find_c(wishes->first, "fields"), "found"), "dust"));
}

static void a_command_is_wished_in_each_case_linked_by_that_word(void **state)
{
    struct world *world = *state;
    const struct casefile_link links[] = {
        {{"130500"}, {11}, S("screening")}, {{"130500"}, {12}, S("parent")},
        {{"130500"}, {13}, S("screening")}};
    for (size_t i = 0; i < COUNT_OF(links); i++)
        vec_add(world->arena, &world->casefile.links, links[i]);
    const struct value *wishes = give(world, "linked", "screening");
    assert_int_equal(wishes->count, 2);
    assert_true(str_eq(value_find_text(wishes->last, "case"),
                       casefile_ref_format(world->arena, links[2].prefecture, links[2].id)));
}

static void no_command_is_wished_where_no_case_is_named(void **state)
{
    assert_null(give(*state, "to", "problem"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(units_below_the_region_are_gathered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_per_one_case_is_wished_beside_this_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_for_each_unit_in_the_units_region, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_for_each_row_whose_columns_fill_its_fields, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_unit_of_two_roles_gets_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(holders_go_along_but_those_of_the_campaign, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_for_each_unit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_role_is_given_to_those_in_the_posts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_wished_per_an_empty_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_command_is_wished_in_the_case_that_a_field_names, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_command_is_wished_in_each_case_linked_by_that_word,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_command_is_wished_where_no_case_is_named, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("engine/effect_open", tests, NULL, NULL);
}
