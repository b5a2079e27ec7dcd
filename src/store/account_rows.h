#pragma once
/*
 * Accounts (records, written by record_put) and their credentials (beside the ledger: a hash that
 * can be guessed at has no place in a chain that is never cut). Texts are in ctx->arena. Writing
 * happens in writer jobs.
 */
#include "base/id.h"
#include "kit/db.h"

struct account_row {
    struct account_id id;
    struct person_id person;
    struct str login;
    struct str platform; /* sysadmin, secadmin, auditor, or empty */
    struct str state;    /* active, closed */
    bool has_password;           /* account_rows_list only */
    struct instant locked_until; /* account_rows_list only; INSTANT_NONE: not */
    struct instant seen_at;      /* account_rows_list only: in a session that stands, or INSTANT_NONE */
};

struct account_row_list {
    struct account_row *at;
    size_t len;
    size_t cap;
};

struct credential_row {
    struct str password; /* encoded, see kit/password.h */
    struct str otp;      /* "<secret base64url> <last step used>", or absent */
    bool must_change;
    int64_t failures; /* in a row */
    struct instant locked_until; /* or INSTANT_NONE */
};

/* ST_NOT_FOUND, nothing stored. */
MUST_USE enum status account_rows_find(struct ctx *ctx, struct db_conn *conn, struct str login,
                                       struct account_row *out);
/* By login. */
MUST_USE enum status account_rows_list(struct ctx *ctx, struct db_conn *conn,
                                       struct account_row_list *out);

/* ST_NOT_FOUND, nothing stored: no password was ever set. */
MUST_USE enum status account_rows_find_credential(struct ctx *ctx, struct db_conn *conn,
                                                  struct account_id account,
                                                  struct credential_row *out);
/* A new password opens a lock. */
MUST_USE enum status account_rows_put_password(struct ctx *ctx, struct db_conn *conn,
                                               struct account_id account, struct str encoded,
                                               bool must_change);
/* Absent: none any more. */
MUST_USE enum status account_rows_set_otp(struct ctx *ctx, struct db_conn *conn,
                                          struct account_id account, struct str otp);
MUST_USE enum status account_rows_set_failures(struct ctx *ctx, struct db_conn *conn,
                                               struct account_id account, int64_t failures,
                                               struct instant locked_until);
