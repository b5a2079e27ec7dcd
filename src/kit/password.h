#pragma once
/*
 * Passwords (argon2id, 19 MiB, two passes) and one-time codes (RFC 6238, six digits, 30 s).
 * Both password functions burn about 30 ms and 19 MiB: run them on a bounded pool (kit/workers.h),
 * never on a thread that serves connections. Any thread otherwise.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/str.h"

enum { PASSWORD_BYTES_MAX = 1024, OTP_SECRET_BYTES = 20 };

/*
 * The encoded string ($argon2id$v=19$m=…) with a fresh salt, in ctx->arena.
 *
 * Errors: ST_INVALID      longer than PASSWORD_BYTES_MAX
 *         ST_UNAVAILABLE  no memory for the computation
 */
MUST_USE enum status password_hash(struct ctx *ctx, struct str password, struct str *out);

/* false also for an over-long password or an encoded string that is none of ours. */
bool password_matches(struct ctx *ctx, struct str encoded, struct str password);

/*
 * An encoded string that no password matches, of the same cost: verified against when the account
 * is unknown, so that time does not tell which names exist.
 */
struct str password_dummy(void);

/*
 * Whether `code` is right at `now` or one step beside it. *out_step is the step used; the caller
 * stores it and hands it in as last_step next time (0 at first): a step is good once.
 */
bool otp_matches(struct str secret, struct str code, struct instant now, int64_t last_step,
                 int64_t *out_step);

/* Random secret, and its RFC 4648 base32 form for the authenticator's QR code. */
struct str otp_secret_new(struct arena *arena);
struct str otp_secret_format(struct arena *arena, struct str secret);
