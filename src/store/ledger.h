#pragma once
/*
 * The ledger (台账): events of a case chained by hash, commits of a writer chained over them.
 *
 * With N(x) the netstring of x (integers in decimal, hashes in lower-case hex, absent as empty):
 *   event  = H("lantian-event-1\n" N(prefecture) N(case) N(sequence) N(recorded_at) N(happened_at)
 *              N(actor) N(command) N(type) N(clause) N(pack) N(payload) N(previous hash))
 *   commit = H("lantian-commit-1\n" N(writer) N(number) N(recorded_at) N(each event hash …)
 *              N(previous commit hash))
 * The payload is hashed as it stands stored.
 *
 * A writer is a numbered slot that outlives processes. SQLite has slot 1, whoever holds the write
 * lock; a PostgreSQL connection takes a free one by advisory lock and keeps it while it lives.
 */
#include "base/id.h"
#include "base/strmap.h"
#include "engine/casefile.h"
#include "engine/event.h"
#include "kit/crypto.h"
#include "kit/db.h"

/* Of one writing connection; kept between its transactions. Zero before the first. */
struct ledger_slot {
    int number; /* 0: not taken */
    bool known; /* the three below are those of the database */
    int64_t last_id;
    int64_t last_commit;
    struct digest last_hash; /* meaningless while last_commit is 0 */
};

/* One writing transaction. Open to read; made by ledger_begin. */
struct ledger_tx {
    struct db_conn *conn;
    struct arena *arena; /* lives as long as the transaction */
    enum crypto_hash hash;
    struct ledger_slot slot;    /* as it will be once committed */
    struct instant recorded_at; /* of the commit: the latest of its events */
    VEC(struct digest) hashes;  /* of the events so far */
    struct strmap regions;      /* casefile_rows keeps here what lies above a region */
    int attempt;                /* 0 the first time a job runs, 1 … when it is tried again */
};

/* The bytes that are hashed, as above. */
struct str ledger_event_bytes(struct arena *arena, const struct event *event, struct str payload,
                              struct str previous_hash);
struct digest ledger_hash_event(enum crypto_hash hash, struct arena *arena,
                                const struct event *event, struct str payload,
                                struct str previous_hash);
struct digest ledger_hash_commit(enum crypto_hash hash, struct arena *arena, int writer,
                                 int64_t number, struct instant recorded_at,
                                 const struct digest *events, size_t count,
                                 struct str previous_hash);

/*
 * Inside a transaction that was begun: reads where the slot's chain stands. Takes a slot where the
 * connection has none.
 *
 * Errors: ST_UNAVAILABLE db.busy  all slots are taken (PostgreSQL, 1023 writers)
 */
MUST_USE enum status ledger_begin(struct ctx *ctx, struct db_conn *conn, enum crypto_hash hash,
                                  const struct ledger_slot *slot, struct arena *arena,
                                  struct ledger_tx *out);

/* A new id of this slot. */
int64_t ledger_new_id(struct ledger_tx *ledger, struct instant now);

/*
 * Appends events of one case, numbered as the engine numbered them.
 *
 *   io_last_hash   hash of the case's last event in hex, empty for a new case; moved on
 *
 * Errors: ST_CONFLICT db.unique (table event): somebody else has written this sequence. On
 *         PostgreSQL it surfaces at the next read or at the commit.
 */
MUST_USE enum status ledger_append(struct ctx *ctx, struct ledger_tx *ledger,
                                   const struct event_list *events, struct str *io_last_hash);

/* Writes the commit's link, where the transaction has events. Call right before tx_commit. */
MUST_USE enum status ledger_end(struct ctx *ctx, struct ledger_tx *ledger);

/* For savepoints: what the ledger was before, to return to. */
struct ledger_mark {
    size_t events;
    struct instant recorded_at;
};
struct ledger_mark ledger_mark(const struct ledger_tx *ledger);
void ledger_return(struct ledger_tx *ledger, struct ledger_mark mark);

/* ---- reading ---- */

struct ledger_row {
    struct event event; /* payload parsed, all in ctx->arena */
    struct str payload; /* as stored */
    struct str prev;    /* hash of the event before, hex; empty for the first */
    struct str hash;
};

struct ledger_row_list {
    struct ledger_row *at;
    size_t len;
    size_t cap;
};

/* Events of one case from `sequence` on, in order. */
MUST_USE enum status ledger_list(struct ctx *ctx, struct db_conn *conn,
                                 struct prefecture prefecture, struct casefile_id id,
                                 int64_t sequence, struct ledger_row_list *out);

/*
 * Folds a case from its events; last_hash is set.
 *
 * Errors: ST_NOT_FOUND case.unknown; ST_BROKEN ledger.unreadable (a payload or type nobody knows)
 */
MUST_USE enum status ledger_load(struct ctx *ctx, struct db_conn *conn,
                                 struct prefecture prefecture, struct casefile_id id,
                                 struct casefile *out);
