/* Points that a replay compares: each side by its own pack's fold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "services/replay_scores.h"

struct world {
    struct arena *arena;
    struct regime_section sections[2];
    struct regime regimes[2];
    struct campaign_terms campaign;
    struct replay_scores scores;
    int64_t seq;
};

/* A pack of one rule, with one threshold. */
static struct regime_section section_of(struct arena *arena, int64_t at)
{
    struct value *list = value_list(arena);
    struct value *section = value_append_map(arena, list);
    struct value *rule = value_append_map(arena, value_put_list(arena, section, "rules"));
    struct value *row = value_append_map(arena, value_put_list(arena, section, "thresholds"));
    value_put_text(arena, rule, "id", S("film"));
    value_put_int(arena, row, "at", at);
    value_put_text(arena, row, "do", S("letter"));
    return (struct regime_section){S("scores"), list};
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->scores.arena = arena;
    for (int i = 0; i < 2; i++) {
        world->sections[i] = section_of(arena, i == 0 ? 10 : 5);
        world->regimes[i] = (struct regime){.sections = &world->sections[i], .section_count = 1};
    }
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static void add(struct world *world, enum replay_side side, const char *points, int64_t of)
{
    struct value *payload = value_map(world->arena);
    value_put_text(world->arena, payload, "rule", S("film"));
    value_put_text(world->arena, payload, "unit", S("11"));
    value_put_text(world->arena, payload, "points", str_of(points));
    value_put_int(world->arena, payload, "of", of);
    const struct event event = {.prefecture = {"420500"},
                                .casefile = {7},
                                .sequence = ++world->seq,
                                .recorded_at = day_start(day_of(2026, 3, 1)),
                                .happened_at = day_start(day_of(2026, 3, 1)),
                                .type = of == 0 ? EVENT_SCORED : EVENT_SCORE_REVERSED,
                                .payload = payload};
    replay_scores_add(&world->scores, &event, side);
}

static const struct value *told(struct world *world)
{
    struct value *doc = value_map(world->arena);
    const struct replay_packs packs = {
        NULL, {&world->regimes[0], &world->regimes[1]}, &world->campaign};
    replay_scores_put(&world->scores, &packs, doc);
    return value_find_c(doc, "scores");
}

static void assert_told(const struct value *row, const char *points, const char *points_new,
                        size_t crossed, size_t crossed_new)
{
    assert_non_null(row);
    assert_true(str_eq_c(value_find_text(row, "points"), points));
    assert_true(str_eq_c(value_find_text(row, "points_new"), points_new));
    assert_int_equal(value_find_c(row, "crossed")->count, crossed);
    assert_int_equal(value_find_c(row, "crossed_new")->count, crossed_new);
}

static void what_is_the_same_on_both_sides_is_not_told(void **state)
{
    struct world *world = *state;
    add(world, REPLAY_WAS, "3", 0);
    add(world, REPLAY_WOULD_BE, "3", 0);
    assert_int_equal(told(world)->count, 0);
}

static void other_points_are_told(void **state)
{
    struct world *world = *state;
    add(world, REPLAY_WAS, "0.5", 0);
    add(world, REPLAY_WOULD_BE, "2", 0);
    assert_told(told(world)->first, "0.5", "2", 0, 0);
}

static void a_threshold_crossed_under_one_pack_alone_is_told(void **state)
{
    struct world *world = *state;
    add(world, REPLAY_WAS, "6", 0);
    add(world, REPLAY_WOULD_BE, "6", 0);
    assert_told(told(world)->first, "6", "6", 0, 1);
}

static void what_was_taken_back_does_not_count(void **state)
{
    struct world *world = *state;
    add(world, REPLAY_WAS, "4", 0);
    add(world, REPLAY_WOULD_BE, "4", 0);
    add(world, REPLAY_WOULD_BE, "4", 2);
    assert_told(told(world)->first, "4", "0", 0, 0);
}

static void points_of_one_side_alone_are_told(void **state)
{
    struct world *world = *state;
    add(world, REPLAY_WOULD_BE, "12", 0);
    assert_told(told(world)->first, "0", "12", 0, 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_is_the_same_on_both_sides_is_not_told),
        T(other_points_are_told),
        T(a_threshold_crossed_under_one_pack_alone_is_told),
        T(what_was_taken_back_does_not_count),
        T(points_of_one_side_alone_are_told),
    };
    return cmocka_run_group_tests_name("services/replay_scores", tests, NULL, NULL);
}
