#pragma once
/*
 * Proves the ledger: every event against its columns and its predecessor, every commit against its
 * events and its predecessor, every issued paper against the hash in its event. Streams, so memory does not grow with the ledger.
 */
#include "store/ledger.h"

struct ledger_verdict {
    bool whole;
    int64_t events; /* looked at */
    int64_t cases;  /* chains looked at, system records included */
    int64_t papers; /* issued documents whose words were looked at */
    /* Where not whole, the first that is broken: */
    const char *why;              /* i18n key: ledger.broken.… */
    struct prefecture prefecture; /* of the event; casefile.v is 0 where only a commit is known */
    struct casefile_id casefile;
    int64_t sequence;
    int writer; /* 0 where only an event is known */
    int64_t number;
    int64_t checkpoints; /* looked at; by checkpoint_verify only, as the next */
    int64_t checkpoint;  /* size of the one that does not hold; 0: none */
};

/* Called now and then with the events looked at so far; for a progress bar. */
typedef void (*ledger_progress)(void *arg, int64_t events);

/*
 *   only       one case (its chain alone), or {0}: the whole ledger
 *   progress   may be null
 *
 * A broken ledger is ST_OK with out->whole false. Errors: those of the database.
 */
MUST_USE enum status ledger_verify(struct ctx *ctx, struct db_conn *conn, enum crypto_hash hash,
                                   struct prefecture prefecture, struct casefile_id only,
                                   ledger_progress progress, void *progress_arg,
                                   struct ledger_verdict *out);
