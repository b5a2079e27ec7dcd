#pragma once
/*
 * Measures of the ladder: a projection written with the rows of their case. What a measure rests on
 * is read from the case itself.
 */
#include "store/ledger.h"

/* Writes what was proposed or answered after `known_version` (0: all of it). */
MUST_USE enum status measure_rows_write(struct ctx *ctx, struct db_conn *conn,
                                        const struct casefile *casefile, int64_t known_version);

/* "open", "confirmed", "held", "gone". */
struct str measure_state_name(enum measure_state state);

struct measure_row {
    struct prefecture prefecture;
    struct casefile_id casefile;
    int64_t seq; /* casefile_measure.seq */
};

struct measure_row_list {
    struct measure_row *at;
    size_t len;
    size_t cap;
};

/* Empty: any. */
struct measure_filter {
    struct str campaign, step, state;
    struct str unit; /* decimal id: stands in a role of the case */
};

/* At most `limit`, the newest first. */
MUST_USE enum status measure_rows_list(struct ctx *ctx, struct db_conn *conn,
                                       const struct measure_filter *filter, int64_t limit,
                                       struct measure_row_list *out);

/*
 * Cases of a procedure that the ladder may have something to say of (seq unset): they run a clock or
 * wait for an answer. Goes on after the given case, at most `limit`.
 *
 *   all   also those without a running clock
 */
MUST_USE enum status measure_rows_list_cases(struct ctx *ctx, struct db_conn *conn,
                                             struct str campaign, struct str procedure, bool all,
                                             struct measure_row after, int64_t limit,
                                             struct measure_row_list *out);
