/* What charges of points add up to, which thresholds they cross, what a reversal would change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/score.h"

#define POINTS(n) ((struct points){(n) * INT64_C(1000000)})

static const struct score_rule RULES[] = {
    {.id = STR_INIT("film"), .group = STR_INIT("screening"), .points = {10000000}, .once = true},
    {.id = STR_INIT("inspection"), .group = STR_INIT("screening"), .points = {5000000}, .once = true},
    {.id = STR_INIT("item"), .group = STR_INIT("rectification"), .copied = true},
};
static const struct score_threshold THRESHOLDS[] = {
    {.at = {10000000}, .procedure = STR_INIT("letter")},
    {.at = {20000000}, .procedure = STR_INIT("talk")},
    {.at = {30000000}, .procedure = STR_INIT("talk")},
};

struct world {
    struct arena *arena;
    struct score_terms terms;
    struct score_row_list rows;
    struct score_tally_list tallies;
    struct instant now;
    int64_t seq;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->now = day_start(day_of(2026, 3, 1));
    world->terms = (struct score_terms){.rules = RULES,
                                        .rule_count = COUNT_OF(RULES),
                                        .thresholds = THRESHOLDS,
                                        .threshold_count = COUNT_OF(THRESHOLDS),
                                        .by_year = true};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

/* A charge of unit 11 by a case of its own, a minute after the last event; gives its place. */
static size_t charge(struct world *world, const char *rule, int64_t points, const char *subject)
{
    world->now.ms += MS_PER_MINUTE;
    world->seq++;
    vec_add(world->arena, &world->rows,
            ((struct score_row){.prefecture = {"420500"},
                                .casefile = {world->seq},
                                .seq = 2,
                                .rule = str_of(rule),
                                .unit = 11,
                                .points = POINTS(points),
                                .subject = str_of(subject),
                                .command = S("confirm"),
                                .happened_at = world->now,
                                .recorded_at = world->now,
                                .reversed_at = INSTANT_NONE}));
    return world->rows.len - 1;
}

static void take_back(struct world *world, size_t at)
{
    world->now.ms += MS_PER_MINUTE;
    world->rows.at[at].reversed_seq = 9;
    world->rows.at[at].reversed_at = world->now;
}

static const struct score_tally *fold(struct world *world, const char *period)
{
    score_fold(world->arena, &world->terms, world->rows.at, world->rows.len, &world->tallies);
    return score_find_tally(&world->tallies, 11, str_of(period), S(""));
}

static void assert_total(const struct score_tally *tally, int64_t points)
{
    assert_non_null(tally);
    assert_int_equal(tally->total.v, POINTS(points).v);
}

static void assert_crossings(const struct score_tally *tally, const char *ten, const char *twenty,
                             const char *thirty)
{
    const char *const wanted[] = {ten, twenty, thirty};
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        assert_string_equal(score_crossing_state_name(tally->crossings[i].state), wanted[i]);
}

/* clause: S2-22.1 test */
static void ten_points_cross_the_first_threshold(void **state)
{
    struct world *world = *state;
    (void)charge(world, "item", 9, "");
    assert_crossings(fold(world, "2026"), "ahead", "ahead", "ahead");
    (void)charge(world, "item", 1, "");
    assert_total(fold(world, "2026"), 10);
    assert_crossings(fold(world, "2026"), "crossed", "ahead", "ahead");
    assert_ptr_equal(fold(world, "2026")->crossings[0].by, &world->rows.at[1]);
}

/* clause: S2-22.1 S2-22.2 S2-22.3 test: each level fires once on the way up */
static void each_level_is_crossed_by_its_own_step(void **state)
{
    struct world *world = *state;
    (void)charge(world, "film", 10, "a");
    (void)charge(world, "film", 10, "b");
    (void)charge(world, "film", 10, "c");
    assert_total(fold(world, "2026"), 30);
    assert_crossings(fold(world, "2026"), "crossed", "crossed", "crossed");
}

/* A2-12 clause: S2-22.2 test */
static void of_several_levels_in_one_step_only_the_highest_is_crossed(void **state)
{
    struct world *world = *state;
    (void)charge(world, "item", 25, "");
    assert_crossings(fold(world, "2026"), "absorbed", "crossed", "ahead");
}

/* A2-12 clause: S2-22.3 test */
static void charges_of_one_command_are_one_step(void **state)
{
    struct world *world = *state;
    (void)charge(world, "item", 15, "");
    struct score_row second = world->rows.at[0];
    second.seq = 3;
    vec_add(world->arena, &world->rows, second);
    assert_total(fold(world, "2026"), 30);
    assert_crossings(fold(world, "2026"), "absorbed", "absorbed", "crossed");
}

/* A2-12 each */
static void every_level_is_crossed_where_the_campaign_reads_it_so(void **state)
{
    struct world *world = *state;
    world->terms.each = true;
    (void)charge(world, "item", 25, "");
    assert_crossings(fold(world, "2026"), "crossed", "crossed", "ahead");
}

/* A2-12: a reversal never recalls what was crossed, but blocks what was not. */
static void a_reversal_blocks_what_was_not_crossed(void **state)
{
    struct world *world = *state;
    size_t first = charge(world, "item", 12, "");
    take_back(world, first);
    (void)charge(world, "item", 9, "");
    assert_total(fold(world, "2026"), 9);
    assert_crossings(fold(world, "2026"), "crossed", "blocked", "ahead");
    assert_string_equal(score_line_state_name(fold(world, "2026")->lines.at[0].state), "reversed");
}

static void an_absorbed_level_is_crossed_when_it_comes_again_alone(void **state)
{
    struct world *world = *state;
    size_t first = charge(world, "item", 25, "");
    take_back(world, first);
    size_t second = charge(world, "item", 11, "");
    assert_crossings(fold(world, "2026"), "crossed", "crossed", "blocked");
    assert_ptr_equal(fold(world, "2026")->crossings[0].by, &world->rows.at[second]);
}

/* A2-13: once, at the higher value. */
static void one_subject_in_two_channels_counts_once_at_the_higher_value(void **state)
{
    struct world *world = *state;
    (void)charge(world, "inspection", 5, "420500-7");
    size_t higher = charge(world, "film", 10, "420500-7");
    (void)charge(world, "inspection", 5, "420500-8");
    const struct score_tally *tally = fold(world, "2026");
    assert_total(tally, 15);
    assert_string_equal(score_line_state_name(tally->lines.at[0].state), "double");
    take_back(world, higher);
    assert_total(fold(world, "2026"), 10);
    assert_string_equal(score_line_state_name(fold(world, "2026")->lines.at[0].state), "counted");
}

static void without_a_subject_every_charge_counts(void **state)
{
    struct world *world = *state;
    (void)charge(world, "film", 10, "");
    (void)charge(world, "film", 10, "");
    assert_total(fold(world, "2026"), 20);
}

static void rules_not_marked_once_count_each_time(void **state)
{
    struct world *world = *state;
    (void)charge(world, "item", 3, "420500-7");
    (void)charge(world, "item", 2, "420500-7");
    assert_total(fold(world, "2026"), 5);
}

/* A2-13 sum */
static void two_channels_add_up_where_the_campaign_reads_it_so(void **state)
{
    struct world *world = *state;
    world->terms.add_up = true;
    (void)charge(world, "inspection", 5, "420500-7");
    (void)charge(world, "film", 10, "420500-7");
    assert_total(fold(world, "2026"), 15);
}

/* A2-10 */
static void the_first_of_january_begins_anew(void **state)
{
    struct world *world = *state;
    world->now = day_start(day_of(2026, 12, 31));
    (void)charge(world, "item", 9, "");
    world->now = day_start(day_of(2027, 1, 1));
    (void)charge(world, "item", 9, "");
    assert_total(fold(world, "2026"), 9);
    assert_total(fold(world, "2027"), 9);
}

/* A2-10: what happened in the old year counts there though it is recorded in the new. */
static void the_day_it_happened_decides_the_year(void **state)
{
    struct world *world = *state;
    world->now = day_start(day_of(2027, 1, 5));
    size_t late = charge(world, "item", 9, "");
    world->rows.at[late].happened_at = day_start(day_of(2026, 12, 30));
    assert_total(fold(world, "2026"), 9);
    assert_null(fold(world, "2027"));
}

/* A2-10 campaign */
static void one_period_for_the_whole_campaign_where_it_reads_so(void **state)
{
    struct world *world = *state;
    world->terms.by_year = false;
    world->now = day_start(day_of(2026, 12, 31));
    (void)charge(world, "item", 9, "");
    world->now = day_start(day_of(2027, 1, 1));
    (void)charge(world, "item", 9, "");
    assert_total(fold(world, "all"), 18);
}

/* A2-11 */
static void rectification_and_screening_add_up(void **state)
{
    struct world *world = *state;
    (void)charge(world, "item", 6, "");
    (void)charge(world, "inspection", 5, "420500-7");
    assert_total(fold(world, "2026"), 11);
    assert_crossings(fold(world, "2026"), "crossed", "ahead", "ahead");
}

/* A2-11 separate */
static void groups_stay_apart_where_the_campaign_reads_it_so(void **state)
{
    struct world *world = *state;
    world->terms.separate = true;
    (void)charge(world, "item", 6, "");
    (void)charge(world, "inspection", 5, "420500-7");
    assert_null(fold(world, "2026"));
    assert_total(score_find_tally(&world->tallies, 11, S("2026"), S("screening")), 5);
    assert_total(score_find_tally(&world->tallies, 11, S("2026"), S("rectification")), 6);
}

static void a_contest_is_tried_without_being_decided(void **state)
{
    struct world *world = *state;
    struct score_tally_list tried;
    size_t contested = charge(world, "item", 12, "");
    (void)charge(world, "item", 3, "");
    score_fold_without(world->arena, &world->terms, world->rows.at, world->rows.len, contested,
                       &tried);
    assert_total(score_find_tally(&tried, 11, S("2026"), S("")), 3);
    assert_total(fold(world, "2026"), 15);
}

static void a_crossing_has_one_key_in_its_period(void **state)
{
    struct world *world = *state;
    (void)charge(world, "item", 12, "");
    struct str key = score_key(world->arena, fold(world, "2026"), &THRESHOLDS[0]);
    assert_true(str_eq_c(key, "threshold/10/11/2026"));
    world->terms.separate = true;
    (void)fold(world, "2026");
    key = score_key(world->arena, &world->tallies.at[0], &THRESHOLDS[2]);
    assert_true(str_eq_c(key, "threshold/30/11/2026/rectification"));
}

static void points_are_decimals_and_never_negative(void **state)
{
    struct world *world = *state;
    struct points points;
    assert_true(points_parse(S("0.5"), &points));
    assert_int_equal(points.v, 500000);
    assert_true(str_eq_c(points_format(world->arena, points), "0.5"));
    assert_true(points_of_value(value_int(world->arena, 10), &points));
    assert_int_equal(points.v, POINTS(10).v);
    assert_false(points_parse(S("-1"), &points));
    assert_false(points_of_value(value_int(world->arena, -1), &points));
    assert_false(points_of_value(NULL, &points));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(ten_points_cross_the_first_threshold),
        T(each_level_is_crossed_by_its_own_step),
        T(of_several_levels_in_one_step_only_the_highest_is_crossed),
        T(charges_of_one_command_are_one_step),
        T(every_level_is_crossed_where_the_campaign_reads_it_so),
        T(a_reversal_blocks_what_was_not_crossed),
        T(an_absorbed_level_is_crossed_when_it_comes_again_alone),
        T(one_subject_in_two_channels_counts_once_at_the_higher_value),
        T(without_a_subject_every_charge_counts),
        T(rules_not_marked_once_count_each_time),
        T(two_channels_add_up_where_the_campaign_reads_it_so),
        T(the_first_of_january_begins_anew),
        T(the_day_it_happened_decides_the_year),
        T(one_period_for_the_whole_campaign_where_it_reads_so),
        T(rectification_and_screening_add_up),
        T(groups_stay_apart_where_the_campaign_reads_it_so),
        T(a_contest_is_tried_without_being_decided),
        T(a_crossing_has_one_key_in_its_period),
        T(points_are_decimals_and_never_negative),
    };
    return cmocka_run_group_tests_name("engine/score", tests, NULL, NULL);
}
