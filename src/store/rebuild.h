#pragma once
/*
 * Folds the ledger again. Every projection (system records, cases with their filters, search texts,
 * deadlines, evidence) comes out bit for bit as it stands, or something is wrong with one of the two.
 *
 * Two steps, since the second needs what the first gives (regions, campaigns, packs in force): records,
 * then cases. Each is one transaction, during which nobody else can write. What stands beside the
 * ledger (passwords, sessions, uploads, running numbers) is not touched; of the search index only its
 * texts are compared.
 */
#include "engine/engine.h"
#include "store/ledger.h"

enum rebuild_mode {
    REBUILD_WRITE, /* and keep */
    REBUILD_CHECK  /* write, compare, undo */
};

struct rebuild_result {
    int64_t events;
    int64_t chains;    /* records or cases */
    bool same;         /* CHECK: no table differs; WRITE: always true */
    const char *table; /* the first that differs, or null */
};

/*
 * The rules of a folded case: campaign, procedure, pack.
 *
 *   out   lives until the next call, at least
 */
typedef enum status (*rebuild_find_engine)(struct ctx *ctx, void *arg,
                                           const struct casefile *casefile,
                                           const struct engine **out);

/* Called now and then with the events folded so far. */
typedef void (*rebuild_progress)(void *arg, int64_t events);

/* Errors: ST_BROKEN ledger.unreadable, those of the database */
MUST_USE enum status rebuild_records(struct ctx *ctx, struct db_conn *conn, enum rebuild_mode mode,
                                     struct rebuild_result *out);
/* Errors: as above, and those of find. progress may be null. */
MUST_USE enum status rebuild_cases(struct ctx *ctx, struct db_conn *conn, enum rebuild_mode mode,
                                   rebuild_find_engine find, void *find_arg,
                                   rebuild_progress progress, void *progress_arg,
                                   struct rebuild_result *out);
