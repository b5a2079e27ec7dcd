/* Rules of a body whose bounds no pack of the house uses, and what is not known of its members. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/body_int.h"

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime_field list;
    struct regime_guard guard;
    struct regime_transition transition;
    struct regime_state state;
    struct regime_procedure procedure;
    struct regime_body_rule rule;
    struct regime_body body;
    struct regime regime;
    struct engine engine;
    struct casefile casefile;
};

static const struct regime_choice RANKS[] = {{.code = STR_INIT("bureau")},
                                             {.code = STR_INIT("division")}};
static const struct unit_facts UNIT = {.id = {21},
                                       .kind = STR_INIT("direct_unit"),
                                       .region = STR_INIT("130500")};

/* Person 1 is of division level, was of bureau level until the end of 2018; nobody knows another. */
static bool find_person(void *self, struct arena *arena, struct person_id person,
                        struct person_facts *out)
{
    (void)self;
    if (person.v != 1)
        return false;
    struct person_post *posts = arena_alloc_array(arena, 2, sizeof *posts);
    posts[0] = (struct person_post){&UNIT, S("clerk"), S("division"), DAY_NONE, DAY_NONE};
    posts[1] =
        (struct person_post){&UNIT, S("clerk"), S("bureau"), DAY_NONE, day_of(2018, 12, 31)};
    *out = (struct person_facts){person, S("one"), posts, 2};
    return true;
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    struct value *args = value_map(arena);
    value_put_text(arena, args, "body", S("team"));
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena, .now = day_start(day_of(2019, 5, 1))};
    world->list = (struct regime_field){.name = S("members"), .kind = FIELD_LIST};
    world->guard = (struct regime_guard){.kind = GUARD_BODY, .args = args};
    world->transition = (struct regime_transition){.needs = &world->guard, .need_count = 1};
    world->state = (struct regime_state){.name = S("draft")};
    world->procedure = (struct regime_procedure){.states = &world->state,
                                                 .state_count = 1,
                                                 .transitions = &world->transition,
                                                 .transition_count = 1};
    world->rule = (struct regime_body_rule){.id = S("rule")};
    world->body = (struct regime_body){.id = S("team"),
                                       .procedure = &world->procedure,
                                       .list = &world->list,
                                       .person = S("person"),
                                       .seat = S("seat"),
                                       .from = S("from"),
                                       .to = S("to"),
                                       .day = S("from"),
                                       .reason = S("why"),
                                       .exceptions = S("exceptions"),
                                       .exception_rule = S("rule"),
                                       .exception_person = S("person"),
                                       .rules = &world->rule,
                                       .rule_count = 1};
    world->regime = (struct regime){.bodies = &world->body,
                                    .body_count = 1,
                                    .ranks = RANKS,
                                    .rank_count = COUNT_OF(RANKS)};
    world->engine = (struct engine){.regime = &world->regime,
                                    .procedure = &world->procedure,
                                    .world = {.find_person = find_person}};
    world->casefile = (struct casefile){.version = 1,
                                        .state = S("draft"),
                                        .region = S("130500"),
                                        .fields = value_map(arena)};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((struct world *)*state)->arena);
    return 0;
}

static void seat(struct world *world, const char *person)
{
    struct value *rows = value_list_at(world->arena, world->casefile.fields, "members");
    struct value *row = value_append_map(world->arena, rows);
    value_put_text(world->arena, row, "person", str_of(person));
    value_put_text(world->arena, row, "seat", S("member"));
}

/* Objections that stand; *out_all: with those that are lifted. */
static size_t count_open(struct world *world, size_t *out_all)
{
    struct body_finding_list findings;
    assert_int_equal(
        engine_check_bodies(&world->ctx, &world->engine, &world->casefile, &findings), ST_OK);
    assert_int_equal(findings.len, 1);
    if (out_all != NULL)
        *out_all = findings.at[0].objections.len;
    return findings.at[0].open;
}

static void a_body_has_at_least_and_at_most_so_many(void **state)
{
    struct world *world = *state;
    struct value *bounds = value_map(world->arena);
    value_put_int(world->arena, bounds, "min", 1);
    value_put_int(world->arena, bounds, "max", 2);
    world->rule.kind = BODY_COUNT;
    world->rule.args = bounds;
    assert_int_equal(count_open(world, NULL), 1);
    seat(world, "1");
    assert_int_equal(count_open(world, NULL), 0);
    seat(world, "2");
    assert_int_equal(count_open(world, NULL), 0);
    seat(world, "3");
    assert_int_equal(count_open(world, NULL), 1);
}

static void a_row_without_a_person_is_no_member(void **state)
{
    struct world *world = *state;
    struct value *bounds = value_map(world->arena);
    value_put_int(world->arena, bounds, "is", 1);
    world->rule.kind = BODY_COUNT;
    world->rule.args = bounds;
    seat(world, "");
    seat(world, "1");
    assert_int_equal(count_open(world, NULL), 0);
}

static void nobody_is_of_a_rank_that_nobody_knows(void **state)
{
    struct world *world = *state;
    world->rule.kind = BODY_RANK;
    world->rule.args = value_text(world->arena, S("division"));
    seat(world, "1");
    assert_int_equal(count_open(world, NULL), 0);
    seat(world, "7");
    assert_int_equal(count_open(world, NULL), 1);
}

static void a_post_counts_on_the_first_day_of_the_body(void **state)
{
    struct world *world = *state;
    world->rule.kind = BODY_RANK;
    world->rule.args = value_text(world->arena, S("bureau"));
    seat(world, "1");
    assert_int_equal(count_open(world, NULL), 1);
    value_put_text(world->arena, world->casefile.fields, "from", S("2018-12-31"));
    assert_int_equal(count_open(world, NULL), 0);
    value_put_text(world->arena, world->casefile.fields, "from", S("2019-01-01"));
    assert_int_equal(count_open(world, NULL), 1);
    world->rule.ever = true;
    assert_int_equal(count_open(world, NULL), 0);
}

static void an_exception_names_the_rule_and_somebody_or_nobody(void **state)
{
    struct world *world = *state;
    struct value *rows = value_list_at(world->arena, world->casefile.fields, "exceptions");
    struct value *row = value_append_map(world->arena, rows);
    size_t all;
    world->rule.kind = BODY_RANK;
    world->rule.args = value_text(world->arena, S("bureau"));
    world->rule.otherwise = BODY_EXCEPTION;
    seat(world, "1");
    value_put_text(world->arena, row, "rule", S("another"));
    assert_int_equal(count_open(world, &all), 1);
    value_put_text(world->arena, row, "rule", S("rule"));
    assert_int_equal(count_open(world, &all), 0);
    assert_int_equal(all, 1);
    value_put_text(world->arena, row, "person", S("2"));
    assert_int_equal(count_open(world, &all), 1);
    world->rule.otherwise = BODY_REFUSE;
    value_put_text(world->arena, row, "person", S("1"));
    assert_int_equal(count_open(world, &all), 1);
}

static void months_may_run_over_the_new_year(void **state)
{
    static const struct {
        int month;
        struct month_window window;
        bool in;
        const char *why;
    } rows[] = {
        {4, {4, 9}, true, "the first month"},   {9, {4, 9}, true, "the last"},
        {10, {4, 9}, false, "after it"},        {3, {4, 9}, false, "before it"},
        {10, {10, 3}, true, "before new year"}, {1, {10, 3}, true, "after new year"},
        {3, {10, 3}, true, "the last month"},   {4, {10, 3}, false, "after that"},
        {9, {10, 3}, false, "before that"},     {7, {0, 0}, true, "no months: always"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool in = body_is_in_months(day_of(2019, rows[i].month, 15), rows[i].window);
        if (in != rows[i].in)
            print_error("%s\n", rows[i].why);
        assert_int_equal(in, rows[i].in);
    }
}

static void a_case_that_has_ended_is_not_judged(void **state)
{
    struct world *world = *state;
    struct body_finding_list findings;
    world->state.end = true;
    assert_int_equal(
        engine_check_bodies(&world->ctx, &world->engine, &world->casefile, &findings), ST_OK);
    assert_int_equal(findings.len, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_body_has_at_least_and_at_most_so_many),
        TEST(a_row_without_a_person_is_no_member),
        TEST(nobody_is_of_a_rank_that_nobody_knows),
        TEST(a_post_counts_on_the_first_day_of_the_body),
        TEST(an_exception_names_the_rule_and_somebody_or_nobody),
        TEST(months_may_run_over_the_new_year),
        TEST(a_case_that_has_ended_is_not_judged),
    };
    return cmocka_run_group_tests_name("engine/body", tests, NULL, NULL);
}
