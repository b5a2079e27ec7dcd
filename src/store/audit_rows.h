#pragma once
/*
 * The ledger of system records as a list: what was done to accounts, the directory, packs, settings,
 * the newest first. Reads events, not rows, so what was withdrawn is in it.
 */
#include "store/record_rows.h"

enum { AUDIT_LIST_MAX = 500 };

struct audit_row {
    int64_t record;
    enum record_kind kind; /* of the record */
    int64_t sequence;      /* among the record's events */
    struct instant recorded_at;
    struct str actor;
    struct str command;
    enum event_type type;
    const struct value *payload;
    struct str hash;
};

struct audit_row_list {
    struct audit_row *at;
    size_t len;
    size_t cap;
};

struct audit_filter {
    struct str kind;    /* name of a record_kind, or absent */
    struct str command; /* or absent */
    struct str cursor;  /* of the page before, or absent */
    size_t limit;       /* 1..AUDIT_LIST_MAX */
};

/*
 * Errors: ST_MALFORMED list.bad_cursor; ST_BROKEN ledger.unreadable
 */
MUST_USE enum status audit_rows_list(struct ctx *ctx, struct db_conn *conn,
                                     const struct audit_filter *filter, struct audit_row_list *out,
                                     struct str *out_next);

/* How much there is: events of the whole ledger, and cases. */
MUST_USE enum status audit_rows_count(struct ctx *ctx, struct db_conn *conn, int64_t *out_events,
                                      int64_t *out_cases);
