#pragma once
/*
 * Long work (exports, archives, verification) that survives a closed browser and a restart: one
 * instance claims it for a while, says how far it is, and finishes it.
 */
#include "store/ledger.h"

struct job_row {
    int64_t id;
    struct str kind;
    struct account_id account; /* 0: the system */
    struct str state;          /* waiting running done failed */
    struct str payload;        /* JSON */
    int64_t done_count, total_count;
    struct str result; /* JSON, once it has ended */
    struct instant created_at;
    struct instant finished_at; /* or INSTANT_NONE */
};

MUST_USE enum status job_rows_insert(struct ctx *ctx, struct ledger_tx *ledger, struct str kind,
                                     struct account_id account, struct str payload,
                                     int64_t *out_id);
/* Errors: ST_NOT_FOUND job.unknown */
MUST_USE enum status job_rows_find(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                   struct job_row *out);
/* How many wait or were left lying: a look that costs no write. */
MUST_USE enum status job_rows_waiting(struct ctx *ctx, struct db_conn *conn, int64_t *out);
/* The oldest that waits or whose claim has run out. ST_NOT_FOUND without a failure: none. */
MUST_USE enum status job_rows_claim(struct ctx *ctx, struct db_conn *conn, int64_t seconds,
                                    struct job_row *out);
/* Renews the claim too. */
MUST_USE enum status job_rows_progress(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                       int64_t done, int64_t total, int64_t seconds);
MUST_USE enum status job_rows_finish(struct ctx *ctx, struct db_conn *conn, int64_t id, bool good,
                                     struct str result);
