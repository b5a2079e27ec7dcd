#pragma once
/*
 * Clocks that run, for timers. Which of them are listed for people: casefile_list_deadlines.
 */
#include "store/ledger.h"

struct deadline_due {
    struct prefecture prefecture;
    struct casefile_id casefile;
    int64_t started_seq; /* with the name, the run of the clock */
    struct str name;
    struct instant end;
};

struct deadline_due_list {
    struct deadline_due *at;
    size_t len;
    size_t cap;
};

/* Clocks that have ended by ctx->now and whose lapse is not in the ledger yet, oldest first. */
MUST_USE enum status deadline_rows_due(struct ctx *ctx, struct db_conn *conn, int64_t limit,
                                       struct deadline_due_list *out);
/* When the next clock ends; INSTANT_NONE where none runs. */
MUST_USE enum status deadline_rows_next(struct ctx *ctx, struct db_conn *conn, struct instant *out);
/* Cases (started_seq, name, end unset) whose running clocks rest on days after the last announced
 * year: to be refreshed when a notice is loaded. Goes on after the given case. */
MUST_USE enum status deadline_rows_provisional(struct ctx *ctx, struct db_conn *conn,
                                               struct prefecture prefecture,
                                               struct casefile_id after, int64_t limit,
                                               struct deadline_due_list *out);
