#pragma once
/*
 * Settings of the installation; written by record_put. Texts and trees are in ctx->arena.
 */
#include "base/value.h"
#include "kit/db.h"

struct setting_row {
    int64_t id;
    struct str name;
    const struct value *value;
};

/* ST_NOT_FOUND, nothing stored; ST_BROKEN ledger.unreadable. */
MUST_USE enum status setting_rows_find(struct ctx *ctx, struct db_conn *conn, struct str name,
                                       struct setting_row *out);
