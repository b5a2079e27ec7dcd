/* The period that a day falls in, and the next date of a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/engine_int.h"

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

static const struct actor SYSTEM = {.is_system = true};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    world->engine = (struct engine){.regime = &world->regime, .procedure = &world->procedure};
    world->casefile = (struct casefile){.version = 1, .fields = value_map(arena)};
    must(instant_parse(S("2018-03-20T09:00:00+08:00"), &world->trial.happened_at));
    world->trial = (struct trial){.ctx = &world->ctx,
                                  .engine = &world->engine,
                                  .actor = &SYSTEM,
                                  .casefile = &world->casefile,
                                  .before = &world->casefile,
                                  .happened_at = world->trial.happened_at,
                                  .events = &world->events};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static void put_field(struct world *world, const char *name, const char *text)
{
    value_put(world->casefile.fields, str_of(name), value_text(world->arena, str_of(text)));
}

static struct str field(const struct world *world, const char *name)
{
    return value_find_text(world->casefile.fields, name);
}

/* Cut-offs on the 10th of the last month of a quarter. */
static void run_period(struct world *world)
{
    static const char *const days[] = {"03-10", "06-10", "09-10", "12-10"};
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "field", S("list"));
    struct value *cutoffs = value_put_list(world->arena, args, "cutoffs");
    for (size_t i = 0; i < COUNT_OF(days); i++)
        value_append(cutoffs, value_text(world->arena, str_of(days[i])));
    struct value *of = value_put_list(world->arena, args, "of");
    value_append(of, value_text(world->arena, S("electronic")));
    value_append(of, value_text(world->arena, S("paper")));
    value_put_text(world->arena, args, "since", S("found"));
    value_put_text(world->arena, args, "late", S("late_report"));
    must(effect_period(&world->trial, args) == ST_OK);
}

/* clause: S2-06.2.4 test */
static void what_comes_after_the_cutoff_counts_for_the_next_period(void **state)
{
    static const struct {
        const char *paper, *list, *why;
    } rows[] = {
        {"2018-03-10", "2018-1", "the cut-off day is in time"},
        {"2018-03-11", "2018-2", "the day after is not"},
        {"2018-12-10", "2018-4", "last cut-off of the year"},
        {"2018-12-11", "2019-1", "after it comes the next year"},
        {"2018-01-01", "2018-1", "first day"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        put_field(world, "paper", rows[i].paper);
        run_period(world);
        if (!str_eq_c(field(world, "list"), rows[i].list))
            print_error("%s: %s\n", rows[i].paper, rows[i].why);
        assert_true(str_eq_c(field(world, "list"), rows[i].list));
    }
}

/* clause: S2-06.2.3 test */
static void of_two_receipts_the_later_counts(void **state)
{
    struct world *world = *state;
    put_field(world, "electronic", "2018-03-09");
    put_field(world, "paper", "2018-03-12");
    run_period(world);
    assert_true(str_eq_c(field(world, "list"), "2018-2"));
}

static void without_a_date_the_day_of_the_act_counts(void **state)
{
    struct world *world = *state;
    run_period(world);
    assert_true(str_eq_c(field(world, "list"), "2018-2")); /* 20 March */
}

/* clause: S2-06.2.2 test */
static void a_report_of_an_earlier_period_is_late(void **state)
{
    struct world *world = *state;
    put_field(world, "found", "2018-03-01");
    put_field(world, "paper", "2018-03-11");
    run_period(world);
    assert_true(casefile_has_flag(&world->casefile, S("late_report")));
    put_field(world, "paper", "2018-03-10");
    run_period(world);
    assert_false(casefile_has_flag(&world->casefile, S("late_report")));
}

static struct value *add_row(struct world *world, struct value *list, const char *date, bool met)
{
    struct value *row = value_append_map(world->arena, list);
    value_put_text(world->arena, row, "date", str_of(date));
    value_put_bool(world->arena, row, "met", met);
    return row;
}

static void run_next(struct world *world)
{
    struct value *args = value_map(world->arena);
    value_put_text(world->arena, args, "field", S("next_milestone"));
    value_put_text(world->arena, args, "list", S("milestones"));
    value_put_text(world->arena, args, "column", S("date"));
    value_put_text(world->arena, args, "open", S("met"));
    must(effect_next(&world->trial, args) == ST_OK);
}

/* clause: S2-08.2 test */
static void the_next_date_is_the_earliest_that_is_open(void **state)
{
    struct world *world = *state;
    struct value *list = value_list(world->arena);
    add_row(world, list, "2018-05-31", true);
    add_row(world, list, "2018-09-30", false);
    add_row(world, list, "2018-07-31", false);
    value_put(world->casefile.fields, S("milestones"), list);
    run_next(world);
    assert_true(str_eq_c(field(world, "next_milestone"), "2018-07-31"));
}

static void with_nothing_open_the_next_date_is_empty(void **state)
{
    struct world *world = *state;
    struct value *list = value_list(world->arena);
    add_row(world, list, "2018-05-31", true);
    value_put(world->casefile.fields, S("milestones"), list);
    put_field(world, "next_milestone", "2018-05-31");
    run_next(world);
    assert_null(field(world, "next_milestone").at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_comes_after_the_cutoff_counts_for_the_next_period,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_two_receipts_the_later_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_date_the_day_of_the_act_counts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_report_of_an_earlier_period_is_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_next_date_is_the_earliest_that_is_open, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(with_nothing_open_the_next_date_is_empty, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("engine/effect_date", tests, NULL, NULL);
}
