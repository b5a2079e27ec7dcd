/* What comes back to be filled in: which forms, and what of them the program fills. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "pack_world.h"
#include "regime/burden.h"

static const char *root_folder; /* of the sources; set once by main */

static const char pack[] =
    "regime: sample\n"
    "title: {zh: 样例, en: Sample}\n"
    "version: 1\n"
    "source: s2\n"
    "calendar: cn-workdays\n"
    "roles:\n"
    "  office: {zh: 专班, en: office, holds: one unit, for: campaign, kinds: [county_task_force]}\n"
    "words:\n"
    "  overdue: {zh: 逾期, en: overdue}\n"
    "procedures:\n"
    "  duty:\n"
    "    {zh: 定期工作, en: duty, number: \"{seq}\", created_by: [system],\n"
    "    fields: [{name: period, zh: 时段, en: period}, {name: due_on, zh: 截止, en: due, kind: date},\n"
    "      {name: opened, zh: 开立, en: opened, kind: date}, {name: summary, zh: 小结, en: summary}],\n"
    "    create_then: [{set: {field: opened, now: true}}],\n"
    "    states: {open: {zh: 待办, en: owed, like: reported}, done: {zh: 完成, en: done, like: filed, end: true}},\n"
    "    transitions: [\n"
    "      {do: tell, zh: 填报, en: tell, from: open, by: office, asks: [summary, {name: number, zh: 数, en: number, kind: integer, default: 0}]},\n"
    "      {do: close, zh: 办结, en: close, from: open, to: done, by: [office, system], asks: [summary, period, {name: why, zh: 说明, en: why, kind: text}, {name: again, zh: 再, en: again, kind: text, shows: period}]},\n"
    "      {do: fulfil, zh: 完成, en: fulfil, from: open, to: done, by: system, asks: [{name: x, zh: 甲, en: x, kind: text}]}],\n"
    "    deadlines: {done: {zh: 完成, en: done, until: due_on, starts_on: [create], stops_on: [close, fulfil],\n"
    "      on_lapse: [{flag: overdue}]}}}\n"
    "  meeting:\n"
    "    {zh: 会议, en: meeting, number: \"M{seq}\", created_by: [office],\n"
    "    fields: [{name: held_on, zh: 日期, en: held on, kind: date, required: true}, {name: topic, zh: 议题, en: topic},\n"
    "      {name: minutes, zh: 纪要, en: minutes}, {name: year, zh: 年, en: year, kind: date}],\n"
    "    create_then: [{set: {field: year, now: true}}],\n"
    "    states: {held: {zh: 已开, en: held, like: reported}, filed: {zh: 归档, en: filed, end: true}},\n"
    "    transitions: [{do: file, zh: 归档, en: file, from: held, to: filed, by: office, asks: [minutes]}]}\n"
    "obligations:\n"
    "  - {id: plenary, zh: 全会, en: plenary, who: office, procedure: duty, every: quarter,\n"
    "     fields: {period: period, due_on: due},\n"
    "     fulfilled_by: {procedure: meeting, command: fulfil, on: held_on}}\n";

static int set_up(void **state)
{
    *state = pack_world_new(root_folder);
    return 0;
}

static int tear_down(void **state)
{
    pack_world_free(*state);
    return 0;
}

static struct burden_list forms_of(struct pack_world *world)
{
    struct burden_list list;
    burden_list_forms(world->arena, pack_world_get(world, str_of(pack)), &list);
    return list;
}

static void what_the_timer_opens_is_filled_by_the_program(void **state)
{
    struct burden_list list = forms_of(*state);
    assert_int_equal(list.len, 4);
    assert_true(list.at[0].by_program);
    assert_int_equal(list.at[0].fields, 3); /* period, due_on; opened, by the making */
    assert_int_equal(list.at[0].prefilled, 3);
}

static void a_default_is_shown_and_the_rest_is_asked(void **state)
{
    const struct burden_form tell = forms_of(*state).at[1];
    assert_true(str_eq_c(tell.transition->name, "tell"));
    assert_int_equal(tell.fields, 2);
    assert_int_equal(tell.prefilled, 1);
    assert_true(str_eq_c(tell.asked[0]->name, "summary"));
}

static void what_is_known_already_is_not_asked(void **state)
{
    const struct burden_form close = forms_of(*state).at[2];
    assert_int_equal(close.fields, 4);
    assert_int_equal(close.prefilled, 3); /* told before, filled by the timer, shown from the case */
    assert_true(str_eq_c(close.asked[0]->name, "why"));
}

static void what_fulfils_a_duty_is_a_form_and_what_the_system_gives_is_none(void **state)
{
    const struct burden_form making = forms_of(*state).at[3];
    assert_true(str_eq_c(making.procedure->name, "meeting"));
    assert_null(making.transition);
    assert_false(making.by_program);
    assert_int_equal(making.fields, 3); /* minutes come later */
    assert_int_equal(making.prefilled, 1);
    assert_true(str_eq_c(making.asked[0]->name, "held_on"));
    assert_true(str_eq_c(making.asked[1]->name, "topic"));
}

static void the_form_of_a_new_case_leaves_out_what_is_written_or_comes_later(void **state)
{
    struct pack_world *world = *state;
    const struct regime_procedure *meeting =
        regime_find_procedure(pack_world_get(world, str_of(pack)), S("meeting"));
    assert_true(burden_asks_at_first(meeting, procedure_find_field(meeting, S("held_on"))));
    assert_true(burden_asks_at_first(meeting, procedure_find_field(meeting, S("topic"))));
    assert_false(burden_asks_at_first(meeting, procedure_find_field(meeting, S("minutes"))));
    assert_false(burden_asks_at_first(meeting, procedure_find_field(meeting, S("year"))));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_timer_opens_is_filled_by_the_program, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_default_is_shown_and_the_rest_is_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_known_already_is_not_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_fulfils_a_duty_is_a_form_and_what_the_system_gives_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_form_of_a_new_case_leaves_out_what_is_written_or_comes_later, set_up, tear_down),
    };
    must(argc == 2);
    root_folder = argv[1];
    return cmocka_run_group_tests_name("regime/burden", tests, NULL, NULL);
}
