#pragma once
/*
 * Replies kept under their Idempotency-Key, so that a repeated request does nothing the second time.
 * The key is inserted in the transaction of the act itself, with where its outcome stands; the reply
 * follows. Kept for 7 days per account.
 */
#include "base/id.h"
#include "kit/db.h"

struct idempotency_reply {
    struct str fingerprint; /* of method, address and body: the same key with another is a fault */
    int status;             /* HTTP */
    struct str headers;     /* as the face wrote them */
    struct str reply;       /* empty: not kept yet */
};

enum { IDEMPOTENCY_DAYS = 7 };

/* ST_NOT_FOUND without a failure where the key is new. */
MUST_USE enum status idempotency_rows_find(struct ctx *ctx, struct db_conn *conn,
                                           struct account_id account, struct str key,
                                           struct idempotency_reply *out);
/* Errors: ST_CONFLICT db.unique, table idempotency: the same key at the same time */
MUST_USE enum status idempotency_rows_insert(struct ctx *ctx, struct db_conn *conn,
                                             struct account_id account, struct str key,
                                             const struct idempotency_reply *reply);
/* The reply of an act, whether its key was inserted with it or not. A reply that is kept stays. */
MUST_USE enum status idempotency_rows_keep(struct ctx *ctx, struct db_conn *conn,
                                           struct account_id account, struct str key,
                                           const struct idempotency_reply *reply);
/* Forgets those older than IDEMPOTENCY_DAYS. */
MUST_USE enum status idempotency_rows_drop_old(struct ctx *ctx, struct db_conn *conn);
