#pragma once
/*
 * Packs: their bytes under their hash (beside the ledger), and which pack of a regime is in force
 * (a record). Texts are in ctx->arena.
 */
#include "kit/db.h"

struct regime_row {
    int64_t id;
    struct str name;
    struct str pack; /* hash of the one in force; empty: none */
    int64_t version; /* of it */
};

struct regime_row_list {
    struct regime_row *at;
    size_t len;
    size_t cap;
};

struct pack_row {
    struct str hash;
    struct str name; /* of its regime */
    int64_t version;
    struct instant added_at;
    struct str bytes; /* pack_rows_find only */
};

struct pack_row_list {
    struct pack_row *at;
    size_t len;
    size_t cap;
};

MUST_USE enum status pack_rows_list_regimes(struct ctx *ctx, struct db_conn *conn,
                                            struct regime_row_list *out);
/* ST_NOT_FOUND, nothing stored. */
MUST_USE enum status pack_rows_find_regime(struct ctx *ctx, struct db_conn *conn, struct str name,
                                           struct regime_row *out);
/* Newest version first of each regime; without bytes. */
MUST_USE enum status pack_rows_list(struct ctx *ctx, struct db_conn *conn,
                                    struct pack_row_list *out);
/* ST_NOT_FOUND pack.unknown {hash} */
MUST_USE enum status pack_rows_find(struct ctx *ctx, struct db_conn *conn, struct str hash,
                                    struct pack_row *out);
/* Bytes that are there already stay. In a writer job. */
MUST_USE enum status pack_rows_insert(struct ctx *ctx, struct db_conn *conn,
                                      const struct pack_row *row);
