#pragma once
/*
 * The row of a case and what belongs to it (filters, search, deadlines, evidence): a projection of
 * its events, written in the transaction that appends them. Everything is derived from the folded
 * case, its procedure, the calendar and the regions above it, so `rebuild` gives the same rows.
 */
#include "engine/engine.h"
#include "engine/similar.h"
#include "store/ledger.h"

/* What lists show of a case; texts in the arena it was read into. */
struct casefile_row {
    struct prefecture prefecture;
    struct casefile_id id;
    struct str number;
    struct str received_number; /* or empty */
    struct str campaign;
    struct str batch; /* or empty */
    struct str procedure;
    struct str pack;
    struct str state;
    struct str like_state; /* superset axis */
    int64_t version;
    struct str region;
    struct str source;
    struct str types;          /* parted by blanks */
    struct str title;          /* at most 200 characters */
    struct str roles;          /* JSON: {"primary_unit": {"units": ["1"]}, …} */
    struct str waits;          /* roles that must act now, parted by blanks */
    struct str pressing;       /* or empty */
    struct str flags;          /* parted by blanks */
    struct instant created_at; /* happened */
    struct instant recorded_at;
    struct instant updated_at;
    struct instant next_due; /* end of the earliest clock that runs; INSTANT_NONE where none does */
    bool ended;
    bool withdrawn;
    struct str last_hash; /* of its last event */
};

/*
 * Records what was decided: appends the events, folds them into the case, writes its rows. For use
 * inside a writer's job.
 *
 *   io_casefile   as it was when the events were decided (version 0: new); folded on. When the
 *                 job runs again (ledger->attempt > 0) it must be loaded again.
 *
 * Errors: ST_CONFLICT db.unique: table event, the case has moved on meanwhile (the writer tries
 *         again); table casefile, the received number stands in this batch already, or the key in
 *         this campaign
 */
MUST_USE enum status casefile_record(struct ctx *ctx, struct ledger_tx *ledger,
                                     const struct engine *engine, struct casefile *io_casefile,
                                     const struct event_list *events);

/*
 * The rows of a case that has none yet, from its fold; for rebuild.
 *
 *   regions   what was read of the directory on the way, for the next case; empty at first
 */
MUST_USE enum status casefile_rows_write(struct ctx *ctx, struct db_conn *conn,
                                         struct strmap *regions, const struct engine *engine,
                                         const struct casefile *casefile);

/* Derives the rows of a case again after packs, calendar or regions changed. */
MUST_USE enum status casefile_rows_refresh(struct ctx *ctx, struct ledger_tx *ledger,
                                           const struct engine *engine,
                                           const struct casefile *casefile);

/* Errors: ST_NOT_FOUND case.unknown */
MUST_USE enum status casefile_rows_find(struct ctx *ctx, struct db_conn *conn,
                                        struct prefecture prefecture, struct casefile_id id,
                                        struct casefile_row *out);
/* The version as it is now; ST_NOT_FOUND case.unknown. */
MUST_USE enum status casefile_rows_version(struct ctx *ctx, struct db_conn *conn,
                                           struct prefecture prefecture, struct casefile_id id,
                                           int64_t *out);
/* A case by what a received table printed. ST_NOT_FOUND without a failure where there is none. */
MUST_USE enum status casefile_rows_find_received(struct ctx *ctx, struct db_conn *conn,
                                                 struct str campaign, struct str batch,
                                                 struct str received_number,
                                                 struct prefecture *out_prefecture,
                                                 struct casefile_id *out_id);

/* A case by its number, the newest of several. ST_NOT_FOUND without a failure where there is none. */
MUST_USE enum status casefile_rows_find_number(struct ctx *ctx, struct db_conn *conn,
                                               struct str campaign, struct str procedure,
                                               struct str number,
                                               struct prefecture *out_prefecture,
                                               struct casefile_id *out_id);

/*
 * A case by its number, or by its reference where no number reads so: a pattern may yield numbers that look
 * like references (BZ2026-001). Whether there is a case of this reference is not looked at.
 */
MUST_USE enum status casefile_rows_find_named(struct ctx *ctx, struct db_conn *conn,
                                              struct str campaign, struct str procedure,
                                              struct str name, struct prefecture *out_prefecture,
                                              struct casefile_id *out_id);

/* A case that has a key, as a timer looks for it. */
struct casefile_keyed {
    struct str key;
    struct prefecture prefecture;
    struct casefile_id id;
    struct str state;
    bool ended;
    bool withdrawn;
    struct instant created_at;
    struct str number;
    bool lapsed; /* one of its clocks has, in the ledger */
    struct str region;
};

struct casefile_keyed_list {
    struct casefile_keyed *at;
    size_t len;
    size_t cap;
};

/* Every case of the campaign whose key begins with `prefix` (not empty), by key. */
MUST_USE enum status casefile_rows_list_keyed(struct ctx *ctx, struct db_conn *conn,
                                              struct str campaign, struct str prefix,
                                              struct casefile_keyed_list *out);
/* Of these, those that have neither ended nor been withdrawn. */
MUST_USE enum status casefile_rows_list_keyed_open(struct ctx *ctx, struct db_conn *conn,
                                                   struct str campaign, struct str prefix,
                                                   struct casefile_keyed_list *out);
/* The greatest of the keys that begin with `prefix`; empty: there is none. */
MUST_USE enum status casefile_rows_last_key(struct ctx *ctx, struct db_conn *conn,
                                            struct str campaign, struct str prefix,
                                            struct str *out);

struct casefile_place {
    struct prefecture prefecture;
    struct casefile_id id;
};

struct casefile_place_list {
    struct casefile_place *at;
    size_t len;
    size_t cap;
};

/* A campaign's cases of a procedure that changed at or after `since`, as they were made. */
MUST_USE enum status casefile_rows_list_places(struct ctx *ctx, struct db_conn *conn,
                                               struct str campaign, struct str procedure,
                                               struct instant since,
                                               struct casefile_place_list *out);

/* A campaign's cases of a procedure that stand in a state; empty: that have not ended. */
MUST_USE enum status casefile_rows_list_in_state(struct ctx *ctx, struct db_conn *conn,
                                                 struct str campaign, struct str procedure,
                                                 struct str state,
                                                 struct casefile_place_list *out);

/* How many of a campaign's cases were given the command that is asked for (engine/engine.h). */
MUST_USE enum status casefile_rows_count_acts(struct ctx *ctx, struct db_conn *conn,
                                              struct str campaign, const struct engine_tally *asked,
                                              int64_t *out);

/* Signatures of subjects (engine/similar.h), for near-duplicates. */
struct casefile_signature {
    struct casefile_id id;
    struct similar_signature signature;
};
/* Of a campaign's cases in a prefecture, the newest before `before` first; `out` has room for
   `limit` of them. */
MUST_USE enum status
casefile_rows_list_signatures(struct ctx *ctx, struct db_conn *conn, struct str campaign,
                              struct prefecture prefecture, struct casefile_id before, size_t limit,
                              struct casefile_signature *out, size_t *out_count);

/* Reads a row whose columns are those of casefile_find. */
void casefile_row_read(struct arena *arena, const struct db_rows *rows, struct casefile_row *out);

/* "No deadline" in the database, so that one index orders all rows. */
#define CASEFILE_NEVER_DUE INT64_C(9007199254740991)
