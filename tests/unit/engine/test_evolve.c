/*
 * Folding: the same facts give the same case, whichever way their bytes came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/engine.h"

static void give_role(struct arena *arena, struct value *roles, const char *role, const char *unit)
{
    struct value *holders = value_map(arena);
    value_put(roles, str_of(role), holders);
    value_append(value_put_list(arena, holders, "units"), value_text(arena, str_of(unit)));
}

/* A decided payload has the roles in the pack's order, one that was stored in their names'. */
static struct casefile created(struct arena *arena, const char *const roles[3])
{
    struct casefile casefile = {0};
    struct value *payload = value_map(arena);
    struct value *map = value_put_map(arena, payload, "roles");
    for (int i = 0; i < 3; i++)
        give_role(arena, map, roles[i], "7");
    const struct event event = {.sequence = 1, .type = EVENT_CREATED, .payload = payload};
    engine_evolve(arena, &casefile, &event);
    return casefile;
}

static void roles_stand_by_name_in_whatever_order_they_came(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const char *const decided[3] = {"office", "county", "regulator"};
    static const char *const stored[3] = {"county", "office", "regulator"};
    struct casefile a = created(arena, decided), b = created(arena, stored);
    assert_int_equal(a.roles.len, 3);
    assert_int_equal(b.roles.len, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(str_eq_c(a.roles.at[i].role, stored[i]));
        assert_true(str_eq_c(b.roles.at[i].role, stored[i]));
        assert_int_equal(a.roles.at[i].units.len, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_stand_by_name_in_whatever_order_they_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
