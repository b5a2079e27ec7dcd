/* Points that are charged and taken back by effects, and by the withdrawal of a case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/engine_int.h"

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime_procedure procedure;
    struct regime_section section;
    struct regime_role role;
    struct regime regime;
    struct engine engine;
    struct casefile casefile;
    struct event_list events;
    struct trial trial;
    struct value *args;
};

static const struct actor SYSTEM = {.is_system = true};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    struct value *items = value_list(arena);
    struct value *rules = value_put_list(arena, value_append_map(arena, items), "rules");
    struct value *rule = value_append_map(arena, rules);
    value_put_text(arena, rule, "id", S("film"));
    value_put_int(arena, rule, "points", 10);
    world->section = (struct regime_section){S("scores"), items};
    world->role = (struct regime_role){.name = S("charged"), .many = true};
    world->regime = (struct regime){
        .sections = &world->section, .section_count = 1, .roles = &world->role, .role_count = 1};
    world->engine = (struct engine){.regime = &world->regime, .procedure = &world->procedure};
    world->casefile = (struct casefile){.version = 1, .fields = value_map(arena)};
    world->trial = (struct trial){.ctx = &world->ctx,
                                  .engine = &world->engine,
                                  .actor = &SYSTEM,
                                  .command = S("create"),
                                  .casefile = &world->casefile,
                                  .before = &world->casefile,
                                  .happened_at = day_start(day_of(2026, 3, 1)),
                                  .events = &world->events};
    world->args = value_map(arena);
    value_put_text(arena, world->args, "rule", S("film"));
    value_append(value_put_list(arena, world->args, "charge"), value_text(arena, S("charged")));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static void name_units(struct world *world, const char *first, const char *second)
{
    struct value *units = value_list(world->arena);
    value_append(units, value_text(world->arena, str_of(first)));
    value_append(units, value_text(world->arena, str_of(second)));
    trial_set_role(&world->trial, S("charged"), units);
}

static void each_holder_is_charged(void **state)
{
    struct world *world = *state;
    name_units(world, "11", "12");
    assert_int_equal(effect_score(&world->trial, world->args), ST_OK);
    assert_int_equal(world->casefile.scores.len, 2);
    assert_int_equal(world->casefile.scores.at[1].unit, 12);
    assert_true(str_eq_c(world->casefile.scores.at[1].points, "10"));
}

static void nobody_charged_is_refused(void **state)
{
    struct world *world = *state;
    assert_int_equal(effect_score(&world->trial, world->args), ST_INVALID);
    assert_string_equal(world->ctx.failure.reason.key, "score.nobody_charged");
}

static void of_some_units_only_theirs_is_taken_back(void **state)
{
    struct world *world = *state;
    struct value *args = value_map(world->arena);
    struct value *cleared = value_list(world->arena);
    name_units(world, "11", "12");
    assert_int_equal(effect_score(&world->trial, world->args), ST_OK);
    value_append(cleared, value_text(world->arena, S("12")));
    value_put(world->casefile.fields, S("cleared"), cleared);
    value_put_text(world->arena, args, "units", S("cleared"));
    assert_int_equal(effect_unscore(&world->trial, args), ST_OK);
    assert_int_equal(world->casefile.scores.at[0].reversed_seq, 0);
    assert_true(world->casefile.scores.at[1].reversed_seq > 0);
}

static void nothing_is_taken_back_twice(void **state)
{
    struct world *world = *state;
    struct value *all = value_map(world->arena);
    value_put_bool(world->arena, all, "units", true);
    name_units(world, "11", "12");
    assert_int_equal(effect_score(&world->trial, world->args), ST_OK);
    assert_int_equal(effect_unscore(&world->trial, all), ST_OK);
    assert_int_equal(effect_unscore(&world->trial, all), ST_INVALID);
    assert_string_equal(world->ctx.failure.reason.key, "score.nothing_stands");
}

static void a_withdrawn_case_takes_its_points_along(void **state)
{
    struct world *world = *state;
    struct value *input = value_map(world->arena);
    struct event_list events = {0};
    value_put_text(world->arena, input, "reason", S("重复登记"));
    name_units(world, "11", "12");
    assert_int_equal(effect_score(&world->trial, world->args), ST_OK);
    const struct command command = {.name = S("withdraw"),
                                    .input = input,
                                    .happened_at = INSTANT_NONE,
                                    .actor = &SYSTEM};
    assert_int_equal(engine_decide(&world->ctx, &world->engine, &world->casefile, &command, &events),
                     ST_OK);
    assert_int_equal(events.len, 3);
    assert_int_equal(events.at[0].type, EVENT_SCORE_REVERSED);
    assert_int_equal(events.at[1].type, EVENT_SCORE_REVERSED);
    assert_int_equal(events.at[2].type, EVENT_WITHDRAWN);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(each_holder_is_charged),
        T(nobody_charged_is_refused),
        T(of_some_units_only_theirs_is_taken_back),
        T(nothing_is_taken_back_twice),
        T(a_withdrawn_case_takes_its_points_along),
    };
    return cmocka_run_group_tests_name("engine/effect_score", tests, NULL, NULL);
}
