/* What recurs: lines by group and period, and what they propose. clause: S2-02.4 test */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/counts.h"

static const struct regime_field FIELDS[] = {
    {.name = STR_INIT("pollution"), .kind = FIELD_CHOICE, .many = true},
    {.name = STR_INIT("day"), .kind = FIELD_DATE}};
static const struct regime_procedure PROBLEM = {
    .name = STR_INIT("problem"), .fields = FIELDS, .field_count = COUNT_OF(FIELDS)};
static const struct str WITHOUT[] = {STR_INIT("rejected")};

struct world {
    struct arena *arena;
    struct regime_setting setting;
    struct regime regime;
    struct engine engine;
    struct regime_count item;
    const struct casefile *cases[8];
    size_t count;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->setting = (struct regime_setting){.name = S("enough"), .value = value_int(arena, 2)};
    world->regime = (struct regime){.settings = &world->setting, .setting_count = 1};
    world->engine = (struct engine){.regime = &world->regime, .campaign = {.region = S("420506")}};
    struct value *fields = value_map(arena);
    value_put_text(arena, fields, "category", S("pollution"));
    value_put_text(arena, fields, "at", S("units"));
    value_put_text(arena, fields, "which", S("cases"));
    value_put_text(arena, fields, "year", S("period"));
    world->item = (struct regime_count){.id = S("common"),
                                        .of = &PROBLEM,
                                        .group = {&FIELDS[0]},
                                        .group_count = 1,
                                        .per = S("year"),
                                        .units = S("primary_unit"),
                                        .without = WITHOUT,
                                        .without_count = COUNT_OF(WITHOUT),
                                        .threshold = value_text(arena, S("enough")),
                                        .fields = fields};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

/* A problem of March 2026 at `unit`, of one or two categories. */
static struct casefile *add(struct world *world, const char *a, const char *b, int64_t unit)
{
    struct casefile *casefile = arena_new_of(world->arena, struct casefile);
    struct casefile_role role = {.role = S("primary_unit")};
    casefile->procedure = S("problem");
    casefile->state = S("rectifying");
    casefile->number = str_printf(world->arena, "N%zu", world->count + 1);
    casefile->created_at = day_start(day_of(2026, 3, 1));
    casefile->fields = value_map(world->arena);
    struct value *list = value_put_list(world->arena, casefile->fields, "pollution");
    value_append(list, value_text(world->arena, str_of(a)));
    if (b != NULL)
        value_append(list, value_text(world->arena, str_of(b)));
    vec_add(world->arena, &role.units, unit);
    vec_add(world->arena, &casefile->roles, role);
    must(world->count < COUNT_OF(world->cases));
    world->cases[world->count++] = casefile;
    return casefile;
}

static struct count_list list_of(struct world *world)
{
    struct count_list list;
    counts_list(world->arena, &world->item, world->cases, world->count, &list);
    return list;
}

static void a_case_of_two_categories_stands_under_both(void **state)
{
    struct world *world = *state;
    add(world, "water", "air", 11);
    add(world, "water", NULL, 12);
    struct count_list list = list_of(world);
    assert_int_equal(list.len, 2);
    assert_true(str_eq_c(list.at[0].group[0], "water"));
    assert_int_equal(list.at[0].cases.len, 2);
    assert_int_equal(list.at[1].cases.len, 1);
}

static void a_unit_counts_once_however_many_cases_it_has(void **state)
{
    struct world *world = *state;
    add(world, "water", NULL, 12);
    add(world, "water", NULL, 11);
    add(world, "water", NULL, 12);
    struct count_list list = list_of(world);
    assert_int_equal(counts_size(&world->item, &list.at[0]), 2);
    assert_int_equal(list.at[0].units.at[0], 11);
    world->item.units = (struct str){0};
    assert_int_equal(counts_size(&world->item, &list.at[0]), 3);
}

static void the_threshold_is_reached_at_the_settings_number(void **state)
{
    struct world *world = *state;
    add(world, "water", NULL, 11);
    add(world, "water", NULL, 11);
    struct count_list list = list_of(world);
    assert_false(counts_is_reached(&world->engine, &world->item, &list.at[0]));
    add(world, "water", NULL, 12);
    list = list_of(world);
    assert_true(counts_is_reached(&world->engine, &world->item, &list.at[0]));
    world->item.threshold = NULL;
    assert_false(counts_is_reached(&world->engine, &world->item, &list.at[0]));
}

static void what_is_withdrawn_or_rejected_or_has_no_category_does_not_count(void **state)
{
    struct world *world = *state;
    add(world, "water", NULL, 11)->withdrawn = true;
    add(world, "water", NULL, 11)->state = S("rejected");
    add(world, "water", NULL, 11)->fields = value_map(world->arena);
    add(world, "water", NULL, 11)->procedure = S("visit");
    assert_int_equal(list_of(world).len, 0);
}

static void periods_part_by_the_making_or_by_the_field(void **state)
{
    struct world *world = *state;
    add(world, "water", NULL, 11);
    struct casefile *late = add(world, "water", NULL, 11);
    late->created_at = day_start(day_of(2027, 1, 1));
    struct count_list list = list_of(world);
    assert_int_equal(list.len, 2);
    assert_true(str_eq_c(list.at[0].period, "2026"));
    assert_true(str_eq_c(list.at[1].period, "2027"));
    world->item.day = S("day");
    value_put_text(world->arena, late->fields, "day", S("2025-12-31"));
    list = list_of(world);
    assert_true(str_eq_c(list.at[1].period, "2025"));
}

static void the_proposal_has_a_key_of_its_own_and_what_the_line_knows(void **state)
{
    struct world *world = *state;
    add(world, "water", NULL, 12);
    add(world, "water", NULL, 11);
    struct count_list list = list_of(world);
    const struct value *input =
        counts_input(world->arena, &world->engine, &world->item, &list.at[0]);
    const struct value *fields = value_find_c(input, "fields");
    assert_true(str_eq_c(value_find_text(input, "key"), "common/2026/water"));
    assert_true(str_eq_c(value_find_text(input, "region"), "420506"));
    assert_true(str_eq_c(value_find_text(fields, "category"), "water"));
    assert_true(str_eq_c(value_find_text(fields, "year"), "2026"));
    assert_true(str_eq_c(value_find_c(fields, "at")->first->text, "11"));
    assert_true(str_eq_c(value_find_c(fields, "which")->first->text, "N1"));
}

static void lines_by_region_need_no_field_and_propose_there(void **state)
{
    struct world *world = *state;
    add(world, "water", NULL, 11)->region = S("420506001");
    add(world, "air", NULL, 12)->region = S("420506001");
    add(world, "water", NULL, 11)->region = S("420506002");
    world->item.group[0] = &REGIME_COUNT_REGION;
    struct count_list list = list_of(world);
    assert_int_equal(list.len, 2);
    assert_true(str_eq_c(list.at[0].group[0], "420506001"));
    assert_int_equal(list.at[0].cases.len, 2);
    const struct value *input =
        counts_input(world->arena, &world->engine, &world->item, &list.at[1]);
    assert_true(str_eq_c(value_find_text(input, "region"), "420506002"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_case_of_two_categories_stands_under_both, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_unit_counts_once_however_many_cases_it_has, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_threshold_is_reached_at_the_settings_number, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_withdrawn_or_rejected_or_has_no_category_does_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(periods_part_by_the_making_or_by_the_field, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            the_proposal_has_a_key_of_its_own_and_what_the_line_knows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_by_region_need_no_field_and_propose_there, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
