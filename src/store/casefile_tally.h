#pragma once
/*
 * How many cases of some kinds were made in each region during each of some spans, in one walk however
 * many spans there are: what a board shows.
 */
#include "store/casefile_list.h"

struct casefile_tally_cell {
    int64_t count;
    int64_t ended;
};

/* One region of one procedure; a region without a case in any span is not told. */
struct casefile_tally {
    struct str procedure, region;
    const struct casefile_tally_cell *cells; /* one a span, in their order */
};

struct casefile_tally_list {
    struct casefile_tally *at;
    size_t len;
    size_t cap;
};

/*
 *   filter   of one procedure at least; its `created` and `q` are not looked at
 *   spans    each from a day's beginning at the office to another's; in any order, they may overlap
 *   out      by procedure in the filter's order; regions in no order that one may rely on
 *
 * Errors: ST_LIMIT list.too_many_values; those of the database
 */
MUST_USE enum status casefile_tally(struct ctx *ctx, struct db_conn *conn,
                                    const struct casefile_filter *filter,
                                    const struct casefile_span *spans, size_t span_count,
                                    struct casefile_tally_list *out);
