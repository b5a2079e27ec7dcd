#pragma once
/*
 * Sessions, beside the ledger. `token` is always the lower-case hex SHA-256 of what the browser
 * holds. Texts are in ctx->arena. Writing happens in writer jobs.
 */
#include "base/id.h"
#include "kit/db.h"

struct session_row {
    struct str token;
    struct account_id account;
    struct str csrf;
    struct instant created_at, seen_at, ends_at;
    struct str address, agent; /* where it was made; for writing only */
    /* Of the account, for reading only: */
    struct person_id person;
    struct str login;
    struct str platform;
    struct str state;
    bool must_change;
};

/* ST_NOT_FOUND, nothing stored. */
MUST_USE enum status session_rows_find(struct ctx *ctx, struct db_conn *conn, struct str token,
                                       struct session_row *out);
MUST_USE enum status session_rows_insert(struct ctx *ctx, struct db_conn *conn,
                                         const struct session_row *row);
MUST_USE enum status session_rows_touch(struct ctx *ctx, struct db_conn *conn, struct str token,
                                        struct instant seen_at);
MUST_USE enum status session_rows_drop(struct ctx *ctx, struct db_conn *conn, struct str token);
/* All of an account but one (an empty `except` spares none). */
MUST_USE enum status session_rows_drop_account(struct ctx *ctx, struct db_conn *conn,
                                               struct account_id account, struct str except);
MUST_USE enum status session_rows_drop_ended(struct ctx *ctx, struct db_conn *conn,
                                             struct instant idle_since);
