#pragma once
/*
 * What was committed since one last looked, for open pages: the heads of all writers' chains, and
 * the events between two heads. Commits of a writer follow each other without gaps, so a head is
 * a place that nothing is missed behind.
 */
#include "store/ledger.h"

struct news_head {
    int writer;
    int64_t number; /* of its last commit */
};

/* By writer. */
struct news_heads {
    struct news_head *at;
    size_t len;
    size_t cap;
};

struct news_event {
    struct prefecture prefecture;
    struct casefile_id casefile;
    int64_t sequence;
    enum event_type type;
};

struct news_events {
    struct news_event *at;
    size_t len;
    size_t cap;
};

MUST_USE enum status news_rows_heads(struct ctx *ctx, struct db_conn *conn, struct news_heads *out);
/* Adds the events of `to.writer` after commit `from`, up to to.number, in order; system records too. */
MUST_USE enum status news_rows_add(struct ctx *ctx, struct db_conn *conn, int64_t from,
                                   struct news_head to, int64_t limit, struct news_events *io);

/* When the latest commit was recorded; INSTANT_NONE where there is none. */
MUST_USE enum status news_rows_latest(struct ctx *ctx, struct db_conn *conn, struct instant *out);

/* A case as it stands, for who follows a whole campaign. */
struct news_case {
    struct prefecture prefecture;
    struct casefile_id id;
    struct str procedure;
    struct str state;
    int64_t version;
    struct str region;
    struct str number;
    bool ended;
};

struct news_cases {
    struct news_case *at;
    size_t len;
    size_t cap;
};

/* A campaign's cases that changed at or after `since`, none withdrawn, by id. */
MUST_USE enum status news_rows_cases(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                                     struct instant since, struct news_cases *out);
