#pragma once
/*
 * Points charged to units: a projection of the events scored and score_reversed, written with the
 * rows of their case. What they come to is folded by engine/score.h.
 */
#include "engine/score.h"
#include "store/ledger.h"

/*
 * Writes what the case charged or took back after `known_version` (0: all of it).
 */
MUST_USE enum status score_rows_write(struct ctx *ctx, struct db_conn *conn,
                                      const struct casefile *casefile, int64_t known_version);

/* Every charge of a campaign, or of one unit in it; in ctx->arena. */
MUST_USE enum status score_rows_list(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                     struct score_row_list *out);
MUST_USE enum status score_rows_list_unit(struct ctx *ctx, struct db_conn *conn,
                                          struct str campaign, int64_t unit,
                                          struct score_row_list *out);

struct score_unit_list {
    int64_t *at;
    size_t len;
    size_t cap;
};

/* Units whose charges of all years, taken back or not, come to at least so many points. */
MUST_USE enum status score_rows_list_laden(struct ctx *ctx, struct db_conn *conn,
                                           struct str campaign, struct points least,
                                           struct score_unit_list *out);

/* Charges and takings back of a campaign so far: another number means that something changed. */
MUST_USE enum status score_rows_count_changes(struct ctx *ctx, struct db_conn *conn,
                                              struct str campaign, int64_t *out);
#define SCORE_CHANGES_MAX INT64_C(1000000000)
