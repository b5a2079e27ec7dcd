/*
 * Cost as measured for this project: 19 MiB and two passes take about 30 ms; more would let a
 * handful of log-ins fill the machine.
 */
#include "kit/password.h"

#include <string.h>

#include <argon2.h>
#include <liboath/oath.h>

#include "kit/crypto.h"

enum {
    COST_KIB = 19 * 1024,
    PASSES = 2,
    LANES = 1,
    SALT_BYTES = 16,
    HASH_BYTES = 32,
    ENCODED_BYTES = 128,
    OTP_STEP_S = 30,
    OTP_DIGITS = 6,
};

enum status password_hash(struct ctx *ctx, struct str password, struct str *out)
{
    if (password.len > PASSWORD_BYTES_MAX)
        return fail(ctx, ST_INVALID, "password.too_long",
                    ARGS(arg_int("limit", PASSWORD_BYTES_MAX)));
    unsigned char salt[SALT_BYTES];
    char encoded[ENCODED_BYTES];
    crypto_random(salt, sizeof salt);
    int code = argon2id_hash_encoded(PASSES, COST_KIB, LANES, password.at, password.len, salt,
                                     sizeof salt, HASH_BYTES, encoded, sizeof encoded);
    if (code == ARGON2_MEMORY_ALLOCATION_ERROR)
        return fail(ctx, ST_UNAVAILABLE, "password.no_memory", NO_ARGS);
    must(code == ARGON2_OK);
    *out = str_copy(ctx->arena, str_of(encoded));
    return ST_OK;
}

bool password_matches(struct ctx *ctx, struct str encoded, struct str password)
{
    if (password.len > PASSWORD_BYTES_MAX || encoded.len >= ENCODED_BYTES || !str_is_clean(encoded))
        return false;
    return argon2id_verify(str_c(ctx->arena, encoded), password.at, password.len) == ARGON2_OK;
}

struct str password_dummy(void)
{
    return S("$argon2id$v=19$m=19456,t=2,p=1$bm8gc3VjaCBhY2NvdW50$"
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

bool otp_matches(struct str secret, struct str code, struct instant now, int64_t last_step,
                 int64_t *out_step)
{
    int64_t seconds = now.ms / MS_PER_SECOND;
    if (code.len != OTP_DIGITS || seconds < OTP_STEP_S)
        return false;
    for (int64_t step = seconds / OTP_STEP_S - 1; step <= seconds / OTP_STEP_S + 1; step++) {
        char right[OTP_DIGITS + 1];
        if (oath_totp_generate(secret.at, secret.len, (time_t)(step * OTP_STEP_S), OTP_STEP_S, 0,
                               OTP_DIGITS, right) != OATH_OK)
            return false;
        if (step > last_step && crypto_equal(code, (struct str){right, OTP_DIGITS})) {
            *out_step = step;
            return true;
        }
    }
    return false;
}

struct str otp_secret_new(struct arena *arena)
{
    char *secret = arena_alloc(arena, OTP_SECRET_BYTES);
    crypto_random(secret, OTP_SECRET_BYTES);
    return (struct str){secret, OTP_SECRET_BYTES};
}

struct str otp_secret_format(struct arena *arena, struct str secret)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char *text = arena_alloc(arena, secret.len * 8 / 5 + 2);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < secret.len; i++) {
        bits = bits << 8 | (unsigned char)secret.at[i];
        for (held += 8; held >= 5; held -= 5)
            text[len++] = digits[bits >> (held - 5) & 31];
    }
    if (held > 0)
        text[len++] = digits[bits << (5 - held) & 31];
    return (struct str){text, len};
}
