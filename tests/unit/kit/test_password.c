/*
 * Passwords and one-time codes: what matches, what does not, and that a code is good once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kit/password.h"

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct ctx *ctx = arena_new_of(arena, struct ctx);
    ctx->arena = arena;
    *state = ctx;
    return 0;
}

static int close_world(void **state)
{
    struct ctx *ctx = *state;
    arena_free(ctx->arena);
    return 0;
}

static void a_password_matches_its_own_hash_only(void **state)
{
    struct ctx *ctx = *state;
    struct str encoded, again;
    assert_int_equal(password_hash(ctx, S("口令 correct horse"), &encoded), ST_OK);
    assert_int_equal(password_hash(ctx, S("口令 correct horse"), &again), ST_OK);
    assert_false(str_eq(encoded, again));
    assert_true(str_starts(encoded, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_true(password_matches(ctx, encoded, S("口令 correct horse")));
    assert_false(password_matches(ctx, encoded, S("口令 correct horsf")));
    assert_false(password_matches(ctx, encoded, S("")));
    assert_false(password_matches(ctx, S("plain"), S("plain")));
    assert_false(password_matches(ctx, (struct str){0}, S("")));
}

static void the_dummy_matches_nothing(void **state)
{
    assert_false(password_matches(*state, password_dummy(), S("")));
    assert_false(password_matches(*state, password_dummy(), S("lantian-demo")));
}

static void an_overlong_password_is_refused(void **state)
{
    struct ctx *ctx = *state;
    char long_text[PASSWORD_BYTES_MAX + 1];
    memset(long_text, 'a', sizeof long_text);
    struct str out;
    assert_int_equal(password_hash(ctx, (struct str){long_text, sizeof long_text}, &out),
                     ST_INVALID);
    assert_string_equal(ctx->failure.reason.key, "password.too_long");
}

/* RFC 6238 appendix B (SHA-1), last six of the eight digits */
static void codes_are_those_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *code;
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct instant now = {rows[i].seconds * MS_PER_SECOND};
        int64_t step;
        assert_true(otp_matches(S("12345678901234567890"), str_of(rows[i].code), now, 0, &step));
        assert_int_equal(step, rows[i].seconds / 30);
    }
}

static void a_code_is_good_for_its_step_and_the_neighbours_once(void **state)
{
    (void)state;
    struct str secret = S("12345678901234567890"), code = S("005924");
    int64_t at = 1234567890, step;
    assert_true(otp_matches(secret, code, (struct instant){(at + 30) * 1000}, 0, &step));
    assert_true(otp_matches(secret, code, (struct instant){(at - 30) * 1000}, 0, &step));
    assert_false(otp_matches(secret, code, (struct instant){(at + 60) * 1000}, 0, &step));
    assert_false(otp_matches(secret, code, (struct instant){at * 1000}, at / 30, &step));
    assert_false(otp_matches(secret, S("00592"), (struct instant){at * 1000}, 0, &step));
    assert_false(otp_matches(secret, S("005925"), (struct instant){at * 1000}, 0, &step));
}

static void secrets_are_shown_in_base32(void **state)
{
    struct ctx *ctx = *state;
    assert_true(str_eq_c(otp_secret_format(ctx->arena, S("foobar")), "MZXW6YTBOI"));
    assert_int_equal(otp_secret_format(ctx->arena, otp_secret_new(ctx->arena)).len, 32);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_password_matches_its_own_hash_only),
        TEST(the_dummy_matches_nothing),
        TEST(an_overlong_password_is_refused),
        TEST(codes_are_those_of_the_rfc),
        TEST(a_code_is_good_for_its_step_and_the_neighbours_once),
        TEST(secrets_are_shown_in_base32),
    };
    return cmocka_run_group_tests_name("kit/password", tests, NULL, NULL);
}
