/*
 * Settings of the installation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/setting.h"
#include "support/testhome.h"

static struct testhome *fixture(void **state)
{
    if (*state == NULL)
        skip();
    return *state;
}

static enum status put(struct testhome *t, const char *name, int64_t number)
{
    fail_clear(&t->ctx);
    return setting_put(&t->ctx, t->home, str_of(name), value_int(t->ctx.arena, number),
                       S("system"));
}

static void a_setting_is_what_was_put_last(void **state)
{
    struct testhome *t = fixture(state);
    const struct value *value;
    assert_int_equal(setting_find(&t->ctx, t->conn, S("mail.retries"), &value), ST_OK);
    assert_null(value);
    assert_int_equal(put(t, "mail.retries", 3), ST_OK);
    assert_int_equal(put(t, "mail.retries", 4), ST_OK);
    assert_int_equal(setting_find(&t->ctx, t->conn, S("mail.retries"), &value), ST_OK);
    assert_int_equal(value->number, 4);
}

static void the_same_value_again_is_not_recorded(void **state)
{
    struct testhome *t = fixture(state);
    assert_int_equal(put(t, "mail.retries", 3), ST_OK);
    struct world *before AUTO(world_cleanup) = testhome_world(t);
    assert_int_equal(put(t, "mail.retries", 3), ST_OK);
    struct world *after AUTO(world_cleanup) = testhome_world(t);
    assert_ptr_equal(before, after);
}

static void profile_and_sandbox_never_change(void **state)
{
    struct testhome *t = fixture(state);
    assert_int_equal(put(t, "installation", 1), ST_CONFLICT);
    assert_int_equal(put(t, "Mail", 1), ST_INVALID);
    assert_int_equal(put(t, "mail..retries", 1), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(a_setting_is_what_was_put_last),
        AT_HOME(the_same_value_again_is_not_recorded),
        AT_HOME(profile_and_sandbox_never_change),
    };
    return cmocka_run_group_tests_name("services/setting", tests, NULL, NULL);
}
