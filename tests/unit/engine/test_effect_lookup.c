/* What an effect reads from the lists a case stands on: its fields' dictionaries, and the pack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/engine_int.h"
#include "fixture_trial.h"

static const struct unit_facts WATER = {.id = {22}, .name = {STR_INIT("水利局"), STR_INIT("w")}};
static const struct unit_facts ECOLOGY = {.id = {21}, .name = {STR_INIT("环境局"), STR_INIT("e")}};

static const struct regime_choice INDUSTRIES[] = {
    {.code = STR_INIT("river"), .units = STR_INIT("水利局; 环境局")},
    {.code = STR_INIT("industry"), .units = STR_INIT("环境局;无此单位")},
    {.code = STR_INIT("other"), .units = STR_INIT("")}};
static const struct regime_field FIELDS[] = {{.name = STR_INIT("industry"),
                                              .kind = FIELD_CHOICE,
                                              .many = true,
                                              .choices = INDUSTRIES,
                                              .choice_count = COUNT_OF(INDUSTRIES)}};
static const struct regime_guard GUARDS[] = {{.clause = STR_INIT("S2-19 S2-20")}};
static const struct regime_transition COMMANDS[] = {
    {.name = STR_INIT("deduct"),
     .words = {STR_INIT("扣分"), STR_INIT("deduct")},
     .needs = GUARDS,
     .need_count = 1},
    {.name = STR_INIT("close"),
     .words = {STR_INIT("结束"), STR_INIT("close")},
     .clause = STR_INIT("S2-21")}};
static const struct regime_procedure PROCEDURE = {.name = STR_INIT("score"),
                                                  .words = {STR_INIT("考核"), STR_INIT("score")},
                                                  .fields = FIELDS,
                                                  .field_count = COUNT_OF(FIELDS),
                                                  .transitions = COMMANDS,
                                                  .transition_count = COUNT_OF(COMMANDS)};

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime regime;
    struct regime_setting setting;
    struct regime_section section;
    struct engine engine;
    struct casefile casefile;
    struct event_list events;
    struct trial trial;
};

static const struct unit_facts *find_unit_named(void *self, struct str name, struct str region)
{
    (void)self;
    (void)region;
    return str_eq(name, WATER.name.zh) ? &WATER : str_eq(name, ECOLOGY.name.zh) ? &ECOLOGY : NULL;
}

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    world->setting = (struct regime_setting){.name = S("issued_on")};
    world->regime = (struct regime){.procedures = &PROCEDURE,
                                    .procedure_count = 1,
                                    .settings = &world->setting,
                                    .setting_count = 1,
                                    .sections = &world->section,
                                    .section_count = 1};
    world->section = (struct regime_section){S("scores"), value_list(arena)};
    world->engine = (struct engine){.regime = &world->regime,
                                    .procedure = &PROCEDURE,
                                    .world = {.find_unit_named = find_unit_named}};
    world->casefile = (struct casefile){.version = 1, .fields = value_map(arena)};
    world->trial = trial_of_system(&world->ctx, &world->engine, &world->casefile,
                                   &world->events, day_of(2026, 3, 10));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static const struct value *look_up(struct world *world, const char *a, const char *b)
{
    struct value *args = value_map(world->arena);
    struct value *industries = value_put_list(world->arena, world->casefile.fields, "industry");
    value_append(industries, value_text(world->arena, str_of(a)));
    if (b != NULL)
        value_append(industries, value_text(world->arena, str_of(b)));
    value_put_text(world->arena, args, "field", S("proposed"));
    value_append(value_put_list(world->arena, args, "by"), value_text(world->arena, S("industry")));
    must(effect_look_up(&world->trial, args) == ST_OK);
    return value_find_c(world->casefile.fields, "proposed");
}

static void units_come_as_the_entry_names_them(void **state)
{
    const struct value *units = look_up(*state, "river", NULL);
    assert_int_equal(units->count, 2);
    assert_true(str_eq_c(units->first->text, "22"));
    assert_true(str_eq_c(units->last->text, "21"));
}

static void a_unit_of_two_entries_comes_once_and_an_unknown_name_not_at_all(void **state)
{
    const struct value *units = look_up(*state, "industry", "river");
    assert_int_equal(units->count, 2);
    assert_true(str_eq_c(units->first->text, "21"));
}

static void an_entry_without_units_proposes_nothing(void **state)
{
    assert_null(look_up(*state, "other", NULL));
}

static const struct value *cite(struct world *world, const char *clause)
{
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "list", S("rows"));
    value_put_text(world->arena, args, "row", S("row"));
    value_put_text(world->arena, args, "words", S("words"));
    value_append(value_put_list(world->arena, args, "clauses"),
                 value_text(world->arena, str_of(clause)));
    must(effect_cite(&world->trial, args) == ST_OK);
    return value_find_c(world->casefile.fields, "rows");
}

static void a_command_rests_on_the_clauses_of_its_guards(void **state)
{
    const struct value *rows = cite(*state, "S2-20");
    assert_int_equal(rows->count, 1);
    assert_true(str_eq_c(value_find_text(rows->first, "row"), "score.deduct"));
    assert_true(str_eq_c(value_find_text(rows->first, "words"), "考核 · 扣分"));
}

static void items_of_sections_and_the_rules_in_them_are_cited(void **state)
{
    struct world *world = *state;
    struct value *items = value_list(world->arena);
    struct value *item = value_append_map(world->arena, items);
    value_put_text(world->arena, item, "id", S("deduction"));
    struct value *rule =
        value_append_map(world->arena, value_put_list(world->arena, item, "rules"));
    value_put_text(world->arena, rule, "id", S("typical"));
    value_put_text(world->arena, rule, "zh", S("典型案例"));
    value_put_text(world->arena, rule, "clause", S("S2-22"));
    world->section.items = items;
    const struct value *rows = cite(world, "S2-22");
    assert_int_equal(rows->count, 1);
    assert_true(str_eq_c(value_find_text(rows->first, "row"), "scores.typical"));
    assert_true(str_eq_c(value_find_text(rows->first, "words"), "典型案例"));
}

static bool before(struct world *world, const char *day)
{
    struct value *name = value_text(world->arena, S("issued_on"));
    const struct regime_condition condition = {.kind = CONDITION_BEFORE, .args = name};
    world->setting.value = value_text(world->arena, str_of(day));
    return condition_holds(&world->trial, &condition);
}

static void a_day_to_come_is_before_and_its_own_day_is_not(void **state)
{
    assert_true(before(*state, "2026-03-11"));
    assert_false(before(*state, "2026-03-10"));
    assert_false(before(*state, "not_entered"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(units_come_as_the_entry_names_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_unit_of_two_entries_comes_once_and_an_unknown_name_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_without_units_proposes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_command_rests_on_the_clauses_of_its_guards, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(items_of_sections_and_the_rules_in_them_are_cited, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_day_to_come_is_before_and_its_own_day_is_not, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
