/*
 * Accounts and log-in: who comes in, for how long, and who is kept out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/account.h"
#include "store/account_rows.h"
#include "support/testhome.h"

static const char password[] = "quiet river 7";

static struct testhome *fixture(void **state)
{
    if (*state == NULL)
        skip();
    return *state;
}

static struct account_id create(struct testhome *t, const char *login, enum platform platform)
{
    struct account_id id = {0};
    struct str one_time;
    const struct account_terms terms = {.login = str_of(login),
                                        .name = S("张三"),
                                        .platform = platform,
                                        .password = str_of(password)};
    assert_int_equal(account_create(&t->ctx, t->home, &terms, S("system"), &id, &one_time), ST_OK);
    assert_null(one_time.at);
    return id;
}

static enum status log_in(struct testhome *t, const char *login, const char *word,
                          struct session *out)
{
    const struct login_request request = {
        .login = str_of(login), .password = str_of(word), .agent = S("test")};
    fail_clear(&t->ctx);
    return login_open(&t->ctx, t->home, &request, out);
}

static enum status nothing(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    (void)ctx, (void)ledger, (void)arg;
    return ST_OK;
}

/* What was written without waiting stands once a later job is done (one writer), or soon. */
static void settle(struct testhome *t)
{
    for (int i = 0; i < 8; i++)
        assert_int_equal(home_write(&t->ctx, t->home, nothing, NULL), ST_OK);
}

static int64_t failures_of(struct testhome *t, struct account_id id)
{
    struct credential_row row;
    settle(t);
    assert_int_equal(account_rows_find_credential(&t->ctx, t->conn, id, &row), ST_OK);
    return row.failures;
}

/* Waits until the account has this many failures: they are counted without waiting. */
static void await_failures(struct testhome *t, struct account_id id, int64_t wanted)
{
    for (int i = 0; i < 200 && failures_of(t, id) < wanted; i++)
        ;
    assert_int_equal(failures_of(t, id), wanted);
}

static enum status load(struct testhome *t, struct str token, struct caller *out)
{
    struct world *world AUTO(world_cleanup) = testhome_world(t);
    fail_clear(&t->ctx);
    enum status status = caller_load(&t->ctx, t->conn, world, token, out);
    if (status == ST_OK) /* the snapshot goes */
        out->name = str_copy(t->ctx.arena, out->name);
    return status;
}

static void the_right_password_opens_a_session(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    struct caller caller;
    (void)create(t, "zhang", PLATFORM_SYSADMIN);
    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
    assert_int_equal(load(t, session.token, &caller), ST_OK);
    assert_true(str_eq_c(caller.login, "zhang") && str_eq_c(caller.name, "张三"));
    assert_true(str_eq(caller.csrf, session.csrf) && !str_eq(caller.csrf, session.token));
    assert_int_equal(caller.platform, PLATFORM_SYSADMIN);
    assert_false(caller.must_change);
}

static void a_wrong_password_an_unknown_name_and_a_closed_account_get_one_answer(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    (void)create(t, "zhang", PLATFORM_NONE);
    (void)create(t, "closed", PLATFORM_NONE);
    assert_int_equal(account_set_open(&t->ctx, t->home, S("closed"), false, S("system")), ST_OK);
    static const char *const tries[][2] = {
        {"zhang", "quiet river 8"}, {"nobody", password}, {"closed", password}, {"zhang", ""}};
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        assert_int_equal(log_in(t, tries[i][0], tries[i][1], &session), ST_UNAUTHENTICATED);
        assert_string_equal(t->ctx.failure.reason.key, "login.failed");
    }
}

static void five_failures_lock_for_a_minute_then_for_two(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    struct account_id id = create(t, "zhang", PLATFORM_NONE);
    for (int i = 1; i <= LOGIN_FAILURES_MAX; i++) {
        assert_int_equal(log_in(t, "zhang", "wrong password", &session), ST_UNAUTHENTICATED);
        await_failures(t, id, i);
    }
    assert_int_equal(log_in(t, "zhang", password, &session), ST_UNAUTHENTICATED);
    t->ctx.now.ms += MS_PER_MINUTE;
    assert_int_equal(log_in(t, "zhang", "wrong password", &session), ST_UNAUTHENTICATED);
    await_failures(t, id, LOGIN_FAILURES_MAX + 1);
    t->ctx.now.ms += MS_PER_MINUTE;
    assert_int_equal(log_in(t, "zhang", password, &session), ST_UNAUTHENTICATED);
    t->ctx.now.ms += MS_PER_MINUTE;
    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
    assert_int_equal(failures_of(t, id), 0);
}

static void a_session_ends_when_idle_and_after_half_a_day(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    struct caller caller;
    (void)create(t, "zhang", PLATFORM_NONE);
    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
    t->ctx.now.ms += SESSION_IDLE_MS - 1;
    assert_int_equal(load(t, session.token, &caller), ST_OK);
    assert_true(caller.touch_is_due);
    t->ctx.now.ms += 1;
    assert_int_equal(load(t, session.token, &caller), ST_UNAUTHENTICATED);
    assert_string_equal(t->ctx.failure.reason.key, "session.ended");

    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
    struct instant end = {t->ctx.now.ms + SESSION_LIFE_MS};
    while (t->ctx.now.ms + SESSION_IDLE_MS - 1 < end.ms) {
        t->ctx.now.ms += SESSION_IDLE_MS - 1;
        assert_int_equal(load(t, session.token, &caller), ST_OK);
        session_touch(t->home, &caller, t->ctx.now);
        for (int i = 0; i < 1000 && load(t, session.token, &caller) == ST_OK && caller.touch_is_due;
             i++)
            settle(t);
        assert_false(caller.touch_is_due);
    }
    t->ctx.now = end;
    assert_int_equal(load(t, session.token, &caller), ST_UNAUTHENTICATED);
}

static void logging_out_ends_the_session(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    struct caller caller;
    (void)create(t, "zhang", PLATFORM_NONE);
    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
    assert_int_equal(load(t, session.token, &caller), ST_OK);
    assert_int_equal(login_close(&t->ctx, t->home, &caller), ST_OK);
    assert_int_equal(load(t, session.token, &caller), ST_UNAUTHENTICATED);
    assert_string_equal(t->ctx.failure.reason.key, "session.none");
}

static void a_reset_ends_all_sessions_and_must_be_changed(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    struct caller caller;
    struct str one_time;
    (void)create(t, "zhang", PLATFORM_NONE);
    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
    assert_int_equal(account_reset_password(&t->ctx, t->home, S("zhang"), S("system"), &one_time),
                     ST_OK);
    assert_int_equal(load(t, session.token, &caller), ST_UNAUTHENTICATED);
    assert_int_equal(log_in(t, "zhang", str_c(t->ctx.arena, one_time), &session), ST_OK);
    assert_true(session.must_change);
    assert_int_equal(load(t, session.token, &caller), ST_OK);
    assert_true(caller.must_change);
    assert_int_equal(
        account_change_password(&t->ctx, t->home, &caller, S("not it, no"), S("another river")),
        ST_INVALID);
    fail_clear(&t->ctx);
    assert_int_equal(account_change_password(&t->ctx, t->home, &caller, one_time, one_time),
                     ST_INVALID);
    fail_clear(&t->ctx);
    assert_int_equal(
        account_change_password(&t->ctx, t->home, &caller, one_time, S("another river")), ST_OK);
    assert_int_equal(load(t, session.token, &caller), ST_OK); /* one's own session goes on */
    assert_false(caller.must_change);
}

static void weak_passwords_and_odd_logins_are_refused(void **state)
{
    struct testhome *t = fixture(state);
    static const char *const wrong[][2] = {{"zhang", "short"},   {"zhang", "hello zhang!"},
                                           {"Zhang", password},  {"", password},
                                           {"-zhang", password}, {"张三", password}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct account_id id;
        struct str one_time;
        const struct account_terms terms = {
            .login = str_of(wrong[i][0]), .name = S("张三"), .password = str_of(wrong[i][1])};
        fail_clear(&t->ctx);
        assert_int_equal(account_create(&t->ctx, t->home, &terms, S("system"), &id, &one_time),
                         ST_INVALID);
    }
}

static void a_login_is_given_once(void **state)
{
    struct testhome *t = fixture(state);
    struct account_id id;
    struct str one_time;
    const struct account_terms terms = {.login = S("zhang"), .name = S("李四")};
    (void)create(t, "zhang", PLATFORM_NONE);
    assert_int_equal(account_create(&t->ctx, t->home, &terms, S("system"), &id, &one_time),
                     ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "account.login_taken");
}

static void posts_of_the_platform_exclude_posts_in_cases(void **state)
{
    struct testhome *t = fixture(state);
    testhome_import(t, "regions", "code,name,level,parent\n000000,全国,nation,\n");
    testhome_import(t, "units", "code,name,kind,region\ngov,政府,enterprise,000000\n");
    testhome_import(t, "people", "login,name,unit,post\nwang,王五,gov,clerk\nfree,赵六,,\n");
    assert_int_equal(account_grant(&t->ctx, t->home, S("wang"), PLATFORM_AUDITOR, S("system")),
                     ST_CONFLICT);
    fail_clear(&t->ctx);
    assert_int_equal(account_grant(&t->ctx, t->home, S("free"), PLATFORM_AUDITOR, S("system")),
                     ST_OK);
    assert_int_equal(account_grant(&t->ctx, t->home, S("nobody"), PLATFORM_NONE, S("system")),
                     ST_NOT_FOUND);
}

static void a_one_time_code_is_asked_for_and_good_once(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    struct caller caller;
    struct str secret;
    (void)create(t, "zhang", PLATFORM_NONE);
    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
    assert_int_equal(load(t, session.token, &caller), ST_OK);
    assert_int_equal(account_make_otp(&t->ctx, t->home, &caller, &secret), ST_OK);
    assert_int_equal(secret.len, 32); /* base32 of 20 bytes */
    assert_int_equal(log_in(t, "zhang", password, &session), ST_UNAUTHENTICATED);
    assert_string_equal(t->ctx.failure.reason.key, "login.otp_needed");
    const struct login_request guess = {
        .login = S("zhang"), .password = str_of(password), .otp = S("12345x")};
    fail_clear(&t->ctx);
    assert_int_equal(login_open(&t->ctx, t->home, &guess, &session), ST_UNAUTHENTICATED);
    assert_string_equal(t->ctx.failure.reason.key, "login.failed");
    fail_clear(&t->ctx);
    assert_int_equal(account_drop_otp(&t->ctx, t->home, S("zhang"), S("system")), ST_OK);
    assert_int_equal(log_in(t, "zhang", password, &session), ST_OK);
}

static void example_passwords_go_to_who_has_none(void **state)
{
    struct testhome *t = fixture(state);
    struct session session;
    (void)create(t, "zhang", PLATFORM_NONE);
    testhome_import(t, "people", "login,name\nwang,王五\n");
    assert_int_equal(log_in(t, "wang", EXAMPLE_PASSWORD, &session), ST_UNAUTHENTICATED);
    fail_clear(&t->ctx);
    assert_int_equal(account_give_example_passwords(&t->ctx, t->home), ST_OK);
    assert_int_equal(log_in(t, "wang", EXAMPLE_PASSWORD, &session), ST_OK);
    assert_int_equal(log_in(t, "zhang", EXAMPLE_PASSWORD, &session), ST_UNAUTHENTICATED);
}

static void example_passwords_exist_only_in_a_sandbox(void **state)
{
    (void)state;
    struct testhome *t = testhome_new(DB_SQLITE, false);
    assert_int_equal(account_give_example_passwords(&t->ctx, t->home), ST_CONFLICT);
    assert_string_equal(t->ctx.failure.reason.key, "sandbox.only");
    testhome_free(t);
}

static void no_act_belongs_to_two_posts_that_watch_each_other(void **state)
{
    (void)state;
    for (enum platform_act act = 0; act < ACT_COUNT; act++) {
        assert_false(platform_may(PLATFORM_NONE, act));
        assert_non_null(platform_act_name(act));
        bool somebody = false;
        for (enum platform platform = 0; platform < PLATFORM_COUNT; platform++)
            somebody = somebody || platform_may(platform, act);
        assert_true(somebody);
        if (act != ACT_ACCOUNT_LIST)
            assert_int_equal(platform_may(PLATFORM_SYSADMIN, act) +
                                 platform_may(PLATFORM_SECADMIN, act) +
                                 platform_may(PLATFORM_AUDITOR, act),
                             1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(the_right_password_opens_a_session),
        AT_HOME(a_wrong_password_an_unknown_name_and_a_closed_account_get_one_answer),
        AT_HOME(five_failures_lock_for_a_minute_then_for_two),
        AT_HOME(a_session_ends_when_idle_and_after_half_a_day),
        AT_HOME(logging_out_ends_the_session),
        AT_HOME(a_reset_ends_all_sessions_and_must_be_changed),
        AT_HOME(weak_passwords_and_odd_logins_are_refused),
        AT_HOME(a_login_is_given_once),
        AT_HOME(posts_of_the_platform_exclude_posts_in_cases),
        AT_HOME(a_one_time_code_is_asked_for_and_good_once),
        AT_HOME(example_passwords_go_to_who_has_none),
        cmocka_unit_test(example_passwords_exist_only_in_a_sandbox),
        cmocka_unit_test(no_act_belongs_to_two_posts_that_watch_each_other),
    };
    return cmocka_run_group_tests_name("services/account", tests, NULL, NULL);
}
