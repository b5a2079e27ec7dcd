/* Values as they leave for the ledger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/value.h"

static void a_sorted_copy_has_the_members_of_every_map_in_order(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct value *map = value_map(arena);
    value_put_int(arena, map, "b", 1);
    struct value *inner = value_append_map(arena, value_put_list(arena, map, "a"));
    value_put_int(arena, inner, "z", 1);
    value_put_int(arena, inner, "y", 2);
    const struct value *sorted = value_copy_sorted(arena, map);
    assert_true(value_eq(sorted, map));
    assert_true(str_eq_c(sorted->first->key, "a"));
    assert_true(str_eq_c(sorted->last->key, "b"));
    assert_true(str_eq_c(sorted->first->first->first->key, "y"));
    assert_int_equal(sorted->count, 2);
}

static void a_sorted_copy_keeps_the_order_of_a_list(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct value *list = value_list(arena);
    value_append(list, value_int(arena, 2));
    value_append(list, value_int(arena, 1));
    assert_true(value_eq(value_copy_sorted(arena, list), list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sorted_copy_has_the_members_of_every_map_in_order),
        cmocka_unit_test(a_sorted_copy_keeps_the_order_of_a_list),
    };
    return cmocka_run_group_tests_name("base/value", tests, NULL, NULL);
}
