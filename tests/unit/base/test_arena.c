/* What an arena holds from elsewhere is let go when the memory beside it dies, the latest first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"

struct let_go {
    int order[4];
    int count;
};

struct thing {
    struct let_go *to;
    int name;
};

static void let_go(void *thing)
{
    struct thing *own = thing;
    own->to->order[own->to->count++] = own->name;
}

static void a_reset_lets_go_of_all_the_latest_first(void **state)
{
    struct arena *arena = arena_new();
    struct let_go gone = {0};
    struct thing first = {&gone, 1}, second = {&gone, 2};
    (void)state;
    arena_hold(arena, let_go, &first);
    arena_hold(arena, let_go, &second);
    arena_reset(arena);
    assert_int_equal(gone.count, 2);
    assert_int_equal(gone.order[0], 2);
    assert_int_equal(gone.order[1], 1);
    arena_reset(arena);
    assert_int_equal(gone.count, 2);
    arena_free(arena);
    assert_int_equal(gone.count, 2);
}

static void the_end_lets_go(void **state)
{
    struct arena *arena = arena_new();
    struct let_go gone = {0};
    struct thing only = {&gone, 1};
    (void)state;
    arena_hold(arena, let_go, &only);
    arena_free(arena);
    assert_int_equal(gone.count, 1);
}

/* Past the first block, too. */
static void return_to_a_mark_lets_go_of_what_came_after_it(void **state)
{
    enum { MORE = 100000 };
    struct arena *arena = arena_new();
    struct let_go gone = {0};
    struct thing before = {&gone, 1}, after = {&gone, 2};
    (void)state;
    arena_hold(arena, let_go, &before);
    struct arena_mark mark = arena_mark(arena);
    (void)arena_alloc(arena, MORE);
    arena_hold(arena, let_go, &after);
    arena_return(arena, mark);
    assert_int_equal(gone.count, 1);
    assert_int_equal(gone.order[0], 2);
    arena_free(arena);
    assert_int_equal(gone.count, 2);
    assert_int_equal(gone.order[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reset_lets_go_of_all_the_latest_first),
        cmocka_unit_test(the_end_lets_go),
        cmocka_unit_test(return_to_a_mark_lets_go_of_what_came_after_it),
    };
    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
