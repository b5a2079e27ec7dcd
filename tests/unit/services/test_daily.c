/*
 * The look of the morning: once a day and campaign, and again where something moved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/status.h"
#include "services/daily.h"

static void a_look_is_due_once_a_day_campaign_work_and_stamp(void **state)
{
    (void)state;
    const struct daily_look first = {S("duties"), S("one"), {20000}, 7};
    const struct daily_look others[] = {{S("ladder"), S("one"), {20000}, 7},
                                        {S("duties"), S("two"), {20000}, 7},
                                        {S("duties"), S("one"), {20001}, 7},
                                        {S("duties"), S("one"), {20000}, 8}};
    struct daily *daily = daily_new();
    bool before = daily_is_due(daily, &first);
    daily_note(daily, &first);
    bool after = daily_is_due(daily, &first);
    bool each[COUNT_OF(others)];
    for (size_t i = 0; i < COUNT_OF(others); i++)
        each[i] = daily_is_due(daily, &others[i]);
    daily_note(daily, &others[2]);
    bool moved_on = daily_is_due(daily, &others[2]);
    daily_free(daily);
    assert_true(before);
    assert_false(after);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_true(each[i]);
    assert_false(moved_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_look_is_due_once_a_day_campaign_work_and_stamp),
    };
    return cmocka_run_group_tests_name("services/daily", tests, NULL, NULL);
}
