#pragma once
/*
 * A look at one item of one campaign, shared by the files that open duties, close them, and lead
 * through all items.
 */
#include "engine/obligation.h"
#include "services/casework.h"
#include "services/obligations.h"
#include "store/casefile_rows.h"

/* Cases in which something is owed, read once for all items that ask for them. */
struct kept {
    struct arena *arena;
    struct strmap cases; /* reference → struct casefile */
};

/* One item of one campaign at hand. */
struct look {
    struct ctx *ctx;
    const struct home *home;
    const struct world *world;
    struct db_conn *conn;
    const struct world_campaign *campaign;
    const struct regime_obligation *item;
    struct engine engine; /* of the procedure that it opens */
    struct world_view view;
    struct day since, today; /* of the campaign: nothing is owed for what was over before, or began after */
    struct obligation owed;  /* the item, as the campaign reads it */
    struct obligation_period_list periods;
    struct kept *kept;       /* for all items of the campaign */
    struct casefile_keyed_list duties;
    struct strmap keys; /* of duties: key → struct casefile_keyed */
    struct casefile **candidates; /* what may count; null: not read yet */
    size_t candidate_count;
};

/* A command that is to be given. */
struct order {
    struct str command;
    struct case_ref ref;
    struct value *input;
    struct instant at; /* or INSTANT_NONE */
    struct casefile **proofs; /* linked when it was taken */
    size_t proof_count;
};

struct order_list {
    struct order *at;
    size_t len;
    size_t cap;
};

/* Gives the commands as the system; `taken[i]`, where wanted, tells whether the i-th was carried out.
   What the rules refuse is logged and keeps nobody waiting. */
MUST_USE enum status obligations_give(struct look *look, const struct order_list *orders, bool *taken,
                                      int64_t *io_done);
/* Fills look->candidates with the cases of the fulfilling procedure that moved since; once a look. */
MUST_USE enum status obligations_read_candidates(struct look *look, struct instant since);
/* Whether every case of those meant must count: the duty arises from them. */
bool obligations_arise_from_cases(const struct regime_obligation *item);

/* Opens the duties of the look's periods that have none yet. */
MUST_USE enum status obligations_open_missing(struct look *look, int64_t *io_done);
/* Closes open duties that are fulfilled; the item has a fulfilment. */
MUST_USE enum status obligations_close_fulfilled(struct look *look, int64_t *io_done);
