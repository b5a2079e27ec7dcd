#pragma once
/*
 * Accounts and their passwords. What changes an account is a record of the ledger; password hashes
 * stand beside it (store/account_rows.h), and only the fact that one was set is recorded.
 *
 * Everything here waits for the commit, and hashing burns about 30 ms and 19 MiB: on a bounded pool
 * (kit/workers.h), never on a thread that serves sockets.
 */
#include "services/session.h"

enum {
    PASSWORD_LENGTH_MIN = 10, /* characters */
    LOGIN_LENGTH_MAX = 64,
};

/* Of every account of a sandbox, as the documents tell; nowhere else. */
#define EXAMPLE_PASSWORD "lantian-demo"

/* [a-z0-9] then [a-z0-9._-], at most LOGIN_LENGTH_MAX */
bool login_is_valid(struct str login);

struct account_terms {
    struct str login;
    struct str name;         /* of the person */
    struct person_id person; /* 0: a new one */
    enum platform platform;
    struct str password; /* absent: a one-time one is made up */
};

/*
 * A person with an account.
 *
 *   actor          who creates it: caller_actor, or "system"
 *   out_password   the one-time password, to be shown once; absent where terms give one
 *
 * Errors: ST_INVALID  account.login_wrong, account.password_short {min}, account.password_is_login
 *         ST_CONFLICT account.login_taken {login}; account.platform_excludes: the person holds posts
 */
MUST_USE enum status account_create(struct ctx *ctx, const struct home *home,
                                    const struct account_terms *terms, struct str actor,
                                    struct account_id *out, struct str *out_password);
/*
 * A new one-time password; opens a lock, ends all sessions.
 * Errors: ST_NOT_FOUND account.unknown {login}
 */
MUST_USE enum status account_reset_password(struct ctx *ctx, const struct home *home,
                                            struct str login, struct str actor,
                                            struct str *out_password);
/* The same with a password that is given. Errors: also those of account_create for passwords. */
MUST_USE enum status account_set_password(struct ctx *ctx, const struct home *home,
                                          struct str login, struct str password, bool must_change,
                                          struct str actor);
/*
 * One's own; ends the other sessions.
 * Errors: ST_INVALID account.password_wrong (field old); those for passwords, account.password_same
 *         (field new)
 */
MUST_USE enum status account_change_password(struct ctx *ctx, const struct home *home,
                                             const struct caller *caller, struct str old_password,
                                             struct str new_password);
/*
 * Gives a post of the platform, or takes it (PLATFORM_NONE).
 * Errors: ST_NOT_FOUND account.unknown; ST_CONFLICT account.platform_excludes
 */
MUST_USE enum status account_grant(struct ctx *ctx, const struct home *home, struct str login,
                                   enum platform platform, struct str actor);
/* Closes or opens again; a closed account has no sessions. ST_NOT_FOUND account.unknown */
MUST_USE enum status account_set_open(struct ctx *ctx, const struct home *home, struct str login,
                                      bool is_open, struct str actor);
/*
 * One-time codes from now on: the secret to be shown once. account_drop_otp takes them away again.
 * Errors: ST_NOT_FOUND account.unknown
 */
MUST_USE enum status account_make_otp(struct ctx *ctx, const struct home *home,
                                      const struct caller *caller, struct str *out_secret);
MUST_USE enum status account_drop_otp(struct ctx *ctx, const struct home *home, struct str login,
                                      struct str actor);

/*
 * Gives EXAMPLE_PASSWORD to every open account that has none.
 * Errors: ST_CONFLICT sandbox.only
 */
MUST_USE enum status account_give_example_passwords(struct ctx *ctx, const struct home *home);
