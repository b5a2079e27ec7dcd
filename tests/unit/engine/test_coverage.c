/*
 * Who has whom, by what the cases say. What the pack of a regime makes of it is proved beside the pack.
 * clause: S3-2.2 S3-2.5 test
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/coverage.h"
#include "kit/json.h"

static const struct regime_field COLUMNS[] = {
    {.name = STR_INIT("leader"), .kind = FIELD_PERSON, .many = true},
    {.name = STR_INIT("area"), .kind = FIELD_REGION},
};
static const struct regime_field LIST = {
    .name = STR_INIT("rows"), .kind = FIELD_LIST, .columns = COLUMNS, .column_count = 2};
static const struct regime_procedure SCHEME = {.name = STR_INIT("scheme")};
static const struct str STATES[] = {STR_INIT("in_force")};
static const struct str POSTS[] = {STR_INIT("leader")};
static const struct str BODIES[] = {STR_INIT("city")};
static const struct str LEVELS[] = {STR_INIT("county")};
static const struct str KINDS[] = {STR_INIT("department")};

static const struct actor_post OF_ONE[] = {{.unit = {5}, .unit_kind = STR_INIT("city"), .post = STR_INIT("leader")}};
static const struct actor_post OF_TWO[] = {
    {.unit = {5}, .unit_kind = STR_INIT("city"), .post = STR_INIT("clerk")},
    {.unit = {6}, .unit_kind = STR_INIT("town"), .post = STR_INIT("leader")}};
static const struct actor_post OF_THREE[] = {{.unit = {5}, .unit_kind = STR_INIT("city"), .post = STR_INIT("leader")}};
static const struct coverage_person PEOPLE[] = {{{1}, OF_ONE, 1}, {{2}, OF_TWO, 2}, {{3}, OF_THREE, 1}};
static const struct coverage_region REGIONS[] = {{STR_INIT("100"), STR_INIT("prefecture")},
                                                 {STR_INIT("101"), STR_INIT("county")},
                                                 {STR_INIT("102"), STR_INIT("county")}};
static const struct unit_facts SEVEN = {.id = {7}, .kind = STR_INIT("department")};
static const struct unit_facts *const UNITS[] = {&SEVEN};

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime regime;
    struct engine engine;
    struct regime_coverage item;
    const struct casefile *cases[4];
    struct coverage_facts facts;
};

/* Leaders to counties, at least one each. */
static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    world->engine = (struct engine){.regime = &world->regime};
    world->item = (struct regime_coverage){
        .every = {COVERAGE_PEOPLE, POSTS, 1, BODIES, 1},
        .with = {COVERAGE_REGIONS, LEVELS, 1, NULL, 0},
        .by = {.procedure = &SCHEME, .states = STATES, .state_count = 1, .list = &LIST,
               .ends = {[COVERAGE_PEOPLE] = S("leader"), [COVERAGE_REGIONS] = S("area")}},
        .at_least = value_int(arena, 1),
    };
    world->facts = (struct coverage_facts){PEOPLE, 3, UNITS, 1, REGIONS, 3, world->cases, 0};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static struct casefile *add_case(struct world *world, const char *state, const char *fields)
{
    struct casefile *casefile = arena_new_of(world->arena, struct casefile);
    casefile->procedure = S("scheme");
    casefile->state = str_of(state);
    assert_int_equal(json_parse(&world->ctx, str_of(fields), 4096, JSON_STRICT, &casefile->fields),
                     ST_OK);
    world->cases[world->facts.case_count++] = casefile;
    return casefile;
}

static struct coverage find(struct world *world)
{
    return coverage_find(world->arena, &world->engine, &world->item, &world->facts);
}

static void a_set_holds_who_stands_in_post_there_and_nobody_else(void **state)
{
    struct world *world = *state;
    struct coverage all = find(world);
    assert_int_equal(all.row_count, 2);
    assert_true(str_eq_c(all.rows[0].id, "1"));
    assert_true(str_eq_c(all.rows[1].id, "3"));
    assert_int_equal(all.column_count, 2);
    assert_true(str_eq_c(all.columns[0], "101"));
    assert_int_equal(all.gap_count, 2);
    world->item.every.at_count = 0;
    assert_int_equal(find(world).row_count, 3);
}

static void a_pair_counts_with_its_proof_and_once(void **state)
{
    struct world *world = *state;
    const struct casefile *one = add_case(world, "in_force",
        "{\"rows\":[{\"leader\":[\"1\",\"2\"],\"area\":\"101\"},{\"leader\":[\"1\"],\"area\":\"101\"}]}");
    const struct casefile *two =
        add_case(world, "in_force", "{\"rows\":[{\"leader\":[\"1\"],\"area\":\"101\"}]}");
    (void)add_case(world, "draft", "{\"rows\":[{\"leader\":[\"3\"],\"area\":\"101\"}]}");
    add_case(world, "in_force", "{\"rows\":[{\"leader\":[\"3\"],\"area\":\"102\"}]}")->withdrawn = true;
    struct coverage all = find(world);
    assert_int_equal(all.pair_count, 2);
    assert_ptr_equal(all.pairs[0].from, one);
    assert_ptr_equal(all.pairs[1].from, two);
    assert_int_equal(all.rows[0].found, 1);
    assert_false(all.rows[0].gap);
    assert_true(all.rows[1].gap);
    assert_int_equal(all.gap_count, 1);
    assert_true(coverage_reads(&world->item, one));
    assert_false(coverage_reads(&world->item, world->cases[2]));
}

static void exactly_tells_too_many_and_too_few(void **state)
{
    struct world *world = *state;
    world->item.at_least = NULL;
    world->item.exactly = value_int(world->arena, 1);
    (void)add_case(world, "in_force",
                   "{\"rows\":[{\"leader\":[\"1\"],\"area\":\"101\"},{\"leader\":[\"1\"],\"area\":\"102\"}]}");
    struct coverage all = find(world);
    assert_true(all.exactly);
    assert_int_equal(all.rows[0].found, 2);
    assert_true(all.rows[0].excess);
    assert_false(all.rows[0].gap);
    assert_true(all.rows[1].gap);
    assert_false(all.rows[1].excess);
    assert_int_equal(all.gap_count, 2);
}

static void the_bound_may_be_a_setting(void **state)
{
    struct world *world = *state;
    struct value *settings = value_map(world->arena);
    value_put_int(world->arena, settings, "least", 2);
    world->engine.campaign.settings = settings;
    world->item.at_least = value_text(world->arena, S("least"));
    (void)add_case(world, "in_force", "{\"rows\":[{\"leader\":[\"1\"],\"area\":\"101\"}]}");
    assert_int_equal(find(world).wanted, 2);
    assert_true(find(world).rows[0].gap);
}

static void regions_may_be_the_ones_to_be_covered(void **state)
{
    struct world *world = *state;
    struct regime_coverage_set leaders = world->item.every;
    world->item.every = world->item.with;
    world->item.with = leaders;
    (void)add_case(world, "in_force", "{\"rows\":[{\"leader\":[\"2\",\"3\"],\"area\":\"102\"}]}");
    struct coverage all = find(world);
    assert_int_equal(all.row_count, 2);
    assert_true(all.rows[0].gap);
    assert_int_equal(all.rows[1].found, 1);
}

static void fields_and_roles_of_a_case_pair_as_well(void **state)
{
    struct world *world = *state;
    world->item.every = (struct regime_coverage_set){COVERAGE_UNITS, KINDS, 1, NULL, 0};
    world->item.by.list = NULL;
    world->item.by.ends[COVERAGE_UNITS] = S("doer");
    struct casefile *casefile = add_case(world, "in_force", "{\"area\":\"102\"}");
    assert_true(find(world).rows[0].gap);
    struct casefile_role *role = vec_push(world->arena, &casefile->roles);
    role->role = S("doer");
    vec_add(world->arena, &role->units, 7);
    assert_false(find(world).rows[0].gap);
}

static void people_may_be_named_by_their_post(void **state)
{
    struct world *world = *state;
    world->item.by.ends[COVERAGE_PEOPLE] = (struct str){0};
    world->item.by.post = S("post");
    world->item.by.body = S("body");
    (void)add_case(world, "in_force",
                   "{\"rows\":[{\"post\":\"leader\",\"body\":\"5\",\"area\":\"101\"},"
                   "{\"post\":\"leader\",\"area\":\"102\"},{\"post\":\"leader\",\"body\":\"x\",\"area\":\"102\"}]}");
    struct coverage all = find(world);
    assert_int_equal(all.rows[0].found, 1);
    assert_int_equal(all.rows[1].found, 1);
}

static void a_pair_that_must_stand_elsewhere_too_counts_only_then(void **state)
{
    struct world *world = *state;
    static const struct regime_procedure division = {.name = STR_INIT("division")};
    world->item.also = world->item.by;
    world->item.also.procedure = &division;
    (void)add_case(world, "in_force", "{\"rows\":[{\"leader\":[\"1\",\"3\"],\"area\":\"101\"}]}");
    assert_int_equal(find(world).gap_count, 2);
    add_case(world, "in_force", "{\"rows\":[{\"leader\":[\"3\"],\"area\":\"101\"}]}")->procedure =
        S("division");
    struct coverage all = find(world);
    assert_true(all.rows[0].gap);
    assert_false(all.rows[1].gap);
    assert_int_equal(all.pair_count, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_set_holds_who_stands_in_post_there_and_nobody_else),
        TEST(a_pair_counts_with_its_proof_and_once),
        TEST(exactly_tells_too_many_and_too_few),
        TEST(the_bound_may_be_a_setting),
        TEST(regions_may_be_the_ones_to_be_covered),
        TEST(fields_and_roles_of_a_case_pair_as_well),
        TEST(people_may_be_named_by_their_post),
        TEST(a_pair_that_must_stand_elsewhere_too_counts_only_then),
    };
    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
