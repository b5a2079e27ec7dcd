#pragma once
/*
 * What must happen after a commit because of it: notices, webhooks, documents, news for open pages.
 * Put down in the same transaction, claimed by one instance at a time for a while, done once and
 * then kept for readers of the stream until it is old.
 */
#include "store/ledger.h"

struct outbox_entry {
    int64_t id; /* grows with time */
    struct str kind;
    struct prefecture prefecture; /* 000000 where there is no case */
    struct casefile_id casefile;  /* 0: none */
    struct str payload;           /* JSON */
    struct instant created_at;
    int64_t attempts;
};

struct outbox_list {
    struct outbox_entry *at;
    size_t len;
    size_t cap;
};

/* The id is made here. */
MUST_USE enum status outbox_rows_insert(struct ctx *ctx, struct ledger_tx *ledger, struct str kind,
                                        struct prefecture prefecture, struct casefile_id casefile,
                                        struct str payload);
/* Takes what waits, for `seconds`; who does not finish by then gives it to others. In a job. */
MUST_USE enum status outbox_rows_claim(struct ctx *ctx, struct db_conn *conn, int64_t seconds,
                                       int64_t limit, struct outbox_list *out);
MUST_USE enum status outbox_rows_finish(struct ctx *ctx, struct db_conn *conn, int64_t id);
/* Done or not, in order: for streams. */
MUST_USE enum status outbox_rows_after(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                       int64_t limit, struct outbox_list *out);
MUST_USE enum status outbox_rows_last(struct ctx *ctx, struct db_conn *conn, int64_t *out);
MUST_USE enum status outbox_rows_drop_old(struct ctx *ctx, struct db_conn *conn,
                                          struct instant done_before);
