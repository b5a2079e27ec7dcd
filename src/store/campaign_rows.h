#pragma once
/*
 * Campaigns (专项行动) as they stand; written by record_put. Texts and trees are in ctx->arena.
 */
#include "base/value.h"
#include "kit/db.h"

struct campaign_row {
    int64_t id;
    struct str name; /* the word in addresses and filters: spring-drive */
    struct str regime;
    struct str pack; /* hash of the pack it is pinned to */
    struct words title;
    struct str region;
    struct str state; /* open, ended */
    struct day begins, ends; /* DAY_NONE: open */
    const struct value *settings; /* map, or null */
    const struct value *roles;    /* map role → list of unit ids as text, or null */
};

struct campaign_row_list {
    struct campaign_row *at;
    size_t len;
    size_t cap;
};

/* Oldest first. ST_BROKEN ledger.unreadable: a tree that is none. */
MUST_USE enum status campaign_rows_list(struct ctx *ctx, struct db_conn *conn,
                                        struct campaign_row_list *out);
