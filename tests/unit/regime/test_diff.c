/* One change in a pack is one line of the comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "pack_world.h"
#include "regime/diff.h"

static const char *root_folder; /* of the sources; set once by main */

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

static struct regime_changes compare(const struct pack_world *world, const char *before,
                                     const char *after)
{
    struct regime_changes changes = {0};
    const struct regime *old =
        pack_world_get(world, pack_world_read(world, "tests/data/packs/good-sample.yaml"));
    const struct regime *new = pack_world_get(world, pack_world_sample(world, before, after));
    regime_diff(world->arena, old, new, &changes);
    return changes;
}

static void equal_packs_do_not_differ(void **state)
{
    assert_int_equal(compare(*state, "version: 1", "version: 2").len, 0);
}

static void each_change_names_thing_and_part(void **state)
{
    static const struct {
        const char *before, *after;
        const char *what, *name, *part;
        const char *old, *new; /* null: not there */
    } rows[] = {
        {"value: 3", "value: 5", "settings", "answer_days", "value", "3", "5"},
        {"{evidence: {after: 1}}", "{evidence: {after: 2}}", "transitions", "close", "needs",
         "evidence: {\"after\":1}", "evidence: {\"after\":2}"},
        {", needs: [{role: doer}]", "", "transitions", "hand_over", "needs",
         "role: {\"role\":\"doer\"}", NULL},
        {"zh: 整改中", "zh: 正在整改", "states", "rectifying", "zh", "整改中", "正在整改"},
        {"within: answer_days", "within: 2 hours", "deadlines", "answer", "within", "3 days",
         "2 hours"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct regime_changes changes = compare(*state, rows[i].before, rows[i].after);
        const struct regime_change *change = &changes.at[0];
        assert_true(changes.len >= 1);
        assert_int_equal(change->kind, REGIME_CHANGED);
        assert_string_equal(change->what, rows[i].what);
        assert_true(str_eq_c(change->name, rows[i].name));
        assert_true(str_eq_c(change->part, rows[i].part));
        assert_true(str_eq_c(change->before, rows[i].old));
        assert_true(rows[i].new == NULL ? change->after.at == NULL
                                        : str_eq_c(change->after, rows[i].new));
    }
}

static void what_came_and_what_went_is_told(void **state)
{
    struct regime_changes changes = compare(
        *state, "    deadlines:",
        "      - {do: file, zh: 备案, en: file, from: written_off, by: office}\n    deadlines:");
    assert_int_equal(changes.len, 1);
    assert_int_equal(changes.at[0].kind, REGIME_ADDED);
    assert_string_equal(changes.at[0].what, "transitions");
    assert_true(str_eq_c(changes.at[0].name, "file"));
    changes =
        compare(*state, "  answer_days: {value",
                "  other_days: {value: 1, unit: days, zh: 另, en: other}\n  answer_days: {value");
    assert_int_equal(changes.len, 1);
    assert_string_equal(changes.at[0].what, "settings");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(equal_packs_do_not_differ, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_change_names_thing_and_part, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_came_and_what_went_is_told, set_up, tear_down),
    };
    must(argc == 2);
    root_folder = argv[1];
    return cmocka_run_group_tests_name("regime/diff", tests, NULL, NULL);
}
