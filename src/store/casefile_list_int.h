#pragma once
/*
 * The generated statement that lists, counts and figures share. It is started from a filter, begun at
 * the narrowest place, given its FROM and conditions, and finished before it is opened.
 */
#include "base/buf.h"
#include "store/casefile_list.h"

enum { STATEMENT_LIMIT_BYTES = 1 << 16 };

/* Filters with several values a case, as pairs of axis name and values. */
struct axis_filter {
    const char *axis;
    struct casefile_values values;
};
enum { AXIS_FILTERS = 6 + CASEFILE_FIELDS_MAX, SCOPE_PARTS = 3 };

enum walk { WALK_ROWS, WALK_SEARCH, WALK_AXIS, WALK_UNION, WALK_CLOCKS };

struct statement {
    struct ctx *ctx;
    bool lite;
    bool sees_all; /* the scope hides nothing that the filter asks for */
    struct buf sql;
    struct db_value values[DB_ARG_MAX];
    size_t count;
    bool overflow;
    bool where; /* a condition stands already */
    enum walk walk;
    struct axis_filter axes[AXIS_FILTERS]; /* narrowest kind first */
    struct axis_filter scope[SCOPE_PARTS]; /* any of them */
    size_t scope_count;
    const struct axis_filter *parts; /* what an axis or union walk begins with */
    size_t part_count;
    bool joined;            /* casefile AS c is in FROM; a count along an axis can do without */
    const char *group_axis; /* figures: the axis whose values are counted, or null */
};

/* How far the database may choose an index by campaign and state. */
enum freedom {
    FREE_TO_COUNT, /* order does not matter */
    FREE_IN_ORDER, /* an index of one value in order of creation serves as well */
    FREE_OF_KIND,  /* a procedure of a campaign has an index in this order */
    FREE_NOT       /* another order: its index must be walked */
};

MUST_USE enum status statement_start(struct ctx *ctx, struct db_conn *conn,
                                     const struct casefile_filter *filter, struct statement *out);
/* Words were asked for, but nothing in them can be searched. */
bool statement_finds_nothing(const struct statement *s, const struct casefile_filter *filter);
/* Chooses where the walk begins. in_order: the order of an axis is the one wanted, or none is. */
MUST_USE enum status statement_walk(struct statement *s, struct db_conn *conn,
                                    const struct casefile_filter *filter, bool in_order);
/* Whether a condition looks at the row itself, so that casefile must be joined. */
bool statement_looks_at_row(const struct casefile_filter *filter);
/* Whether a filter or the scope looks at casefile_axis. */
bool statement_has_axes(const struct statement *s);

/* The parts, in this order; what is selected and the order stand between them. */
void statement_hits(struct statement *s, const struct casefile_filter *filter);
void statement_from(struct statement *s, const struct casefile_filter *filter);
/* FROM the first of each part of a union; rest: conditions, order and limit of each. */
void statement_from_merged(struct statement *s, struct str rest);
void statement_conditions(struct statement *s, const struct casefile_filter *filter,
                          enum freedom freedom);
void statement_scope(struct statement *s, const struct casefile_scope *scope);

/* " WHERE " the first time, " AND " after. */
void statement_condition(struct statement *s);
void statement_bind(struct statement *s, struct db_value value);
/* " = $n", or " IN (…)". */
void statement_bind_any(struct statement *s, struct casefile_values values);
/* Errors: ST_LIMIT list.too_many_values; those of the database */
MUST_USE enum status statement_open(struct statement *s, struct db_conn *conn, struct db_rows *out);
