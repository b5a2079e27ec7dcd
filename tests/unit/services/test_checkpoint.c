/*
 * How often the ledger is signed without being asked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/checkpoint.h"
#include "services/setting.h"
#include "support/testhome.h"

static struct testhome *fixture(void **state)
{
    if (*state == NULL)
        skip();
    return *state;
}

/* Something happens, time passes, the timer looks: how many checkpoints were made? */
static int64_t look_after(struct testhome *t, int64_t minutes)
{
    int64_t made = -1;
    assert_int_equal(setting_put(&t->ctx, t->home, S("mail.retries"),
                                 value_int(t->ctx.arena, t->ctx.now.ms % 1000000), S("system")),
                     ST_OK);
    t->ctx.now.ms += minutes * MS_PER_MINUTE;
    assert_int_equal(checkpoint_tick(&t->ctx, t->home, NULL, &made), ST_OK);
    return made;
}

static void begin(struct testhome *t)
{
    struct checkpoint last;
    int64_t made;
    assert_int_equal(checkpoint_sign(&t->ctx, t->home, &made, &last), ST_OK);
    assert_true(last.size > 0);
}

static void the_ledger_is_signed_every_hour_when_nothing_is_set(void **state)
{
    struct testhome *t = fixture(state);
    begin(t);
    assert_int_equal(look_after(t, 59), 0);
    assert_int_equal(look_after(t, 1), 1);
    assert_int_equal(look_after(t, 59), 0);
}

static void another_interval_holds_from_the_next_look_on(void **state)
{
    struct testhome *t = fixture(state);
    int64_t minutes;
    begin(t);
    assert_int_equal(checkpoint_set_interval(&t->ctx, t->home, 10, S("system")), ST_OK);
    assert_int_equal(checkpoint_find_interval(&t->ctx, t->conn, &minutes), ST_OK);
    assert_int_equal(minutes, 10);
    assert_int_equal(look_after(t, 9), 0);
    assert_int_equal(look_after(t, 1), 1);
    assert_int_equal(checkpoint_set_interval(&t->ctx, t->home, 120, S("system")), ST_OK);
    assert_int_equal(look_after(t, 119), 0);
    assert_int_equal(look_after(t, 1), 1);
}

static void an_interval_without_end_is_refused(void **state)
{
    struct testhome *t = fixture(state);
    assert_int_equal(checkpoint_set_interval(&t->ctx, t->home, 0, S("system")), ST_INVALID);
    fail_clear(&t->ctx);
    assert_int_equal(
        checkpoint_set_interval(&t->ctx, t->home, CHECKPOINT_MINUTES_MAX + 1, S("system")),
        ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(the_ledger_is_signed_every_hour_when_nothing_is_set),
        AT_HOME(another_interval_holds_from_the_next_look_on),
        AT_HOME(an_interval_without_end_is_refused),
    };
    return cmocka_run_group_tests_name("services/checkpoint", tests, NULL, NULL);
}
