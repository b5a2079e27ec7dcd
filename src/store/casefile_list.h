#pragma once
/*
 * Lists of cases by filter, in pages by cursor. Withdrawn cases are not in them. The statement is
 * generated from the filter, its values bound; the walk begins at the index that serves the order
 * or the narrowest filter, so a page costs what it shows.
 */
#include "store/casefile_rows.h"

/* A count goes so far; what a search found is looked at one by one, so it goes less far. */
enum { CASEFILE_COUNT_CAP = 10000, CASEFILE_FOUND_CAP = 1000 };
enum { CASEFILE_LIST_MAX = 500, CASEFILE_VALUES_MAX = 16, CASEFILE_FIELDS_MAX = 4 };

/* Any of these values; none: no filter. Borrowed. */
struct casefile_values {
    const struct str *at;
    size_t count;
};

/* Cases of these procedures of a campaign, below these regions. */
struct casefile_grant {
    struct str campaign;
    struct casefile_values procedures, regions;
};

/* Who looks: cases of these campaigns, below these regions, or related to these units or this person. */
struct casefile_scope {
    bool everything; /* the rest does not count */
    struct casefile_values campaigns;
    struct casefile_values regions;
    struct casefile_values units; /* decimal ids */
    struct str person;            /* decimal id, or absent */
    const struct casefile_grant *closed; /* of these campaigns, what is not seen by them; no regions */
    size_t closed_count;
    const struct casefile_grant *grants; /* what they may see besides */
    size_t grant_count;
};

enum casefile_sort {
    CASEFILE_SORT_CREATED,
    CASEFILE_SORT_DUE,
    CASEFILE_SORT_NUMBER,
    CASEFILE_SORT_UPDATED,
    CASEFILE_SORT_STATE,
    CASEFILE_SORT_COUNT
};

/* From the first instant, included, to the second, excluded; neither counts unless `is_set`. */
struct casefile_span {
    bool is_set;
    struct instant from, to;
};

struct casefile_filter {
    struct casefile_values campaigns, procedures, states, like_states, sources;
    struct casefile_values regions;                       /* each with its subtree */
    struct casefile_values only_regions;                  /* each by itself */
    struct casefile_values units, people, types, batches; /* batches: <campaign>/<batch> */
    struct casefile_values fields[CASEFILE_FIELDS_MAX]; /* <name>=<value>: all of these filters */
    struct casefile_values waits; /* u<unit>, p<person>, r<role>: who must act now */
    struct str q;                 /* words to search, or absent */
    bool overdue;                 /* a running clock has ended by ctx->now */
    bool open_only;               /* not in an end state */
    bool running_only;            /* of campaigns that have not ended */
    bool ended_only;              /* in one */
    struct instant due_before;    /* INSTANT_NONE: no limit; excluded itself */
    struct instant due_after;     /* included itself */
    struct casefile_span created; /* when the case happened */
    struct casefile_scope scope;
};

struct casefile_page {
    enum casefile_sort sort;
    bool descending;
    size_t limit;      /* 1..500 */
    struct str cursor; /* as given by the page before, or absent */
    bool wants_count;
};

struct casefile_row_list {
    struct casefile_row *at;
    size_t len;
    size_t cap;
};

struct casefile_list {
    struct casefile_row_list rows;
    struct str next; /* cursor of the next page, or absent */
    int64_t count;   /* of all pages, at most the cap above; 0 unless wanted */
    bool count_is_capped;
};

/*
 * With q and sorted by creation the order is that of recording (what search can walk).
 *
 * Errors: ST_MALFORMED list.bad_cursor; ST_LIMIT list.too_many_values
 */
MUST_USE enum status casefile_list(struct ctx *ctx, struct db_conn *conn,
                                   const struct casefile_filter *filter,
                                   const struct casefile_page *page, struct casefile_list *out);

/* A run of a clock that has not been stopped, with its case. */
struct casefile_deadline {
    struct casefile_row row;
    struct str name;
    int64_t started_seq;
    struct instant started_at;
    struct instant due; /* last minute in time */
    struct instant end; /* first instant that is late */
    bool lapsed;        /* recorded */
    bool provisional;
};

struct casefile_deadline_list {
    struct casefile_deadline *at;
    size_t len;
    size_t cap;
};

/*
 * Running clocks of the filter's cases (paused ones have no end and are left out), the next to end
 * first; due_before and due_after are held against each clock's own end, overdue too. The filter's q is
 * not looked at.
 *
 *   cursor     of the page before, or absent
 *   out_next   cursor, or absent
 *
 * Errors: as casefile_list
 */
MUST_USE enum status casefile_list_deadlines(struct ctx *ctx, struct db_conn *conn,
                                             const struct casefile_filter *filter, size_t limit,
                                             struct str cursor, struct casefile_deadline_list *out,
                                             struct str *out_next);

/* How many, capped. */
MUST_USE enum status casefile_count(struct ctx *ctx, struct db_conn *conn,
                                    const struct casefile_filter *filter, int64_t cap,
                                    int64_t *out);

/* "due", "number", "created", "updated", "state". */
bool casefile_sort_parse(struct str name, enum casefile_sort *out);
/* May this scope see the case? Decided by the same words as the list. */
MUST_USE enum status casefile_scope_sees(struct ctx *ctx, struct db_conn *conn,
                                         const struct casefile_scope *scope,
                                         struct prefecture prefecture, struct casefile_id id,
                                         bool *out);

/* ---- figures ---- */

enum casefile_group {
    CASEFILE_BY_CAMPAIGN,
    CASEFILE_BY_PROCEDURE,
    CASEFILE_BY_STATE,
    CASEFILE_BY_LIKE_STATE,
    CASEFILE_BY_REGION,
    CASEFILE_BY_SOURCE,
    CASEFILE_BY_TYPE,
    CASEFILE_BY_UNIT,
    CASEFILE_BY_MONTH,
    CASEFILE_BY_BATCH,
    CASEFILE_BY_FIELD, /* see casefile_figures_of_field */
    CASEFILE_GROUP_COUNT
};

struct casefile_figure {
    struct str value; /* month: 2026-11 at the office */
    int64_t count;
    int64_t overdue;
    int64_t ended;
};

struct casefile_figure_list {
    struct casefile_figure *at;
    size_t len;
    size_t cap;
};

/* "campaign", "state", … ; a field is named by nobody here. */
bool casefile_group_parse(struct str name, enum casefile_group *out);
/* Exact counts by group, the value in byte order. Walks every case of the filter. */
MUST_USE enum status casefile_figures(struct ctx *ctx, struct db_conn *conn,
                                      const struct casefile_filter *filter,
                                      enum casefile_group group, struct casefile_figure_list *out);
/* The same by the values of a field that its pack marks by `filter: true`. */
MUST_USE enum status casefile_figures_of_field(struct ctx *ctx, struct db_conn *conn,
                                               const struct casefile_filter *filter,
                                               struct str field,
                                               struct casefile_figure_list *out);
