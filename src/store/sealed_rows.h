#pragma once
/*
 * What is sealed (sealed_identity): beside the ledger, not folded from it. No list, search or export reads
 * this table; a row is found by the mark that stands in the event.
 */
#include "base/id.h"
#include "kit/crypto.h"
#include "kit/db.h"

struct sealed_row {
    struct str mark;
    struct prefecture prefecture; /* of the case that it was told in */
    struct casefile_id casefile;
    struct str key_id;
    unsigned char nonce[CRYPTO_NONCE_BYTES];
    struct str bytes;
};

MUST_USE enum status sealed_rows_insert(struct ctx *ctx, struct db_conn *conn,
                                        const struct sealed_row *row);
/* In ctx->arena. ST_NOT_FOUND with nothing stored; ST_BROKEN sealed.broken {mark}: no nonce of ours. */
MUST_USE enum status sealed_rows_find(struct ctx *ctx, struct db_conn *conn, struct str mark,
                                      struct sealed_row *out);
