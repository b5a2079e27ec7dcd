/* What clerks who put bodies together read of them: which cases are bodies, how long they work, and when
   those of a period are put together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/simulate_int.h"

static const struct regime_field members = {.name = STR_INIT("members"), .kind = FIELD_LIST};
static const struct regime_procedure procedures[] = {
    {.name = STR_INIT("crew")}, {.name = STR_INIT("person")}, {.name = STR_INIT("paper")}};
static const struct regime_body bodies[] = {
    {.procedure = &procedures[0],
     .list = &members,
     .from = STR_INIT("first"),
     .to = STR_INIT("last")},
    {.procedure = &procedures[1], .from = STR_INIT("first"), .to = STR_INIT("last")},
};
static const struct regime regime = {.procedures = procedures,
                                     .procedure_count = COUNT_OF(procedures),
                                     .bodies = bodies,
                                     .body_count = COUNT_OF(bodies)};

static void a_body_has_a_list_of_members_and_its_days(void **state)
{
    (void)state;
    assert_true(body_is_composed(&regime, &procedures[0]));
    assert_false(body_is_composed(&regime, &procedures[1]));
    assert_false(body_is_composed(&regime, &procedures[2]));
}

static void the_last_day_is_that_of_the_case(void **state)
{
    struct arena *arena = arena_new();
    struct casefile casefile = {.fields = value_map(arena)};
    (void)state;
    assert_true(day_is_none(body_last_day(&regime, &procedures[0], &casefile)));
    value_put_text(arena, casefile.fields, "last", S("2019-05-15"));
    assert_int_equal(body_last_day(&regime, &procedures[0], &casefile).v, day_of(2019, 5, 15).v);
    assert_true(day_is_none(body_last_day(&regime, &procedures[2], &casefile)));
    arena_free(arena);
}

/* Of the first period at once, of each other before it begins; after the last nobody begins. */
static void bodies_are_put_together_before_their_period(void **state)
{
    static const struct {
        int day;
        int64_t period;
    } rows[] = {{0, 0}, {3, 0}, {4, 1}, {14, 1}, {15, -1}, {18, -1}, {19, 2}, {30, -1}, {34, -1}};
    struct play play = {.first = day_of(2019, 5, 1), .period_days = 15, .days = 35};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        play.today = day_add(play.first, rows[i].day);
        assert_int_equal(body_period_today(&play), rows[i].period);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_has_a_list_of_members_and_its_days),
        cmocka_unit_test(the_last_day_is_that_of_the_case),
        cmocka_unit_test(bodies_are_put_together_before_their_period),
    };
    return cmocka_run_group_tests_name("services/simulate_body", tests, NULL, NULL);
}
