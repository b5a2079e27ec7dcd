/*
 * The bounded pool: everything taken is run, nothing beyond the bound is taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "kit/workers.h"

struct gate {
    atomic_bool open;
    atomic_int entered;
    atomic_int passed;
};

static void pass(void *user)
{
    struct gate *gate = user;
    atomic_fetch_add(&gate->entered, 1);
    while (!atomic_load(&gate->open))
        (void)usleep(1000);
    atomic_fetch_add(&gate->passed, 1);
}

static void what_was_taken_is_run_before_the_end(void **state)
{
    (void)state;
    struct gate gate = {.open = true};
    struct workers *workers = workers_new(3, 1000);
    for (int i = 0; i < 1000; i++)
        assert_true(workers_submit(workers, pass, &gate));
    workers_free(workers);
    assert_int_equal(gate.passed, 1000);
}

static void a_full_queue_takes_nothing(void **state)
{
    (void)state;
    struct gate gate = {.open = false};
    struct workers *workers = workers_new(1, 2);
    int taken = 0;
    for (int i = 0; i < 10; i++) {
        taken += workers_submit(workers, pass, &gate);
        while (atomic_load(&gate.entered) == 0) /* the first has left the queue */
            (void)usleep(1000);
    }
    assert_int_equal(taken, 3);
    atomic_store(&gate.open, true);
    workers_free(workers);
    assert_int_equal(gate.passed, 3);
    workers_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_taken_is_run_before_the_end),
        cmocka_unit_test(a_full_queue_takes_nothing),
    };
    return cmocka_run_group_tests_name("kit/workers", tests, NULL, NULL);
}
