#pragma once
/*
 * Files that came in: first an upload (its bytes kept under their hash, tied to nothing), then, by a
 * command that names it, evidence of a case. The event holds everything; the upload's row stays as
 * it was, so one file may serve several cases.
 */
#include "store/ledger.h"

struct upload {
    struct evidence_id id;
    struct account_id account;
    struct str kind; /* as told when it came; a command may say otherwise */
    struct str sha256;
    struct str name;
    struct str type; /* media type, sniffed */
    int64_t bytes;
    struct instant taken_at; /* or INSTANT_NONE */
    int64_t lat, lon;        /* degrees times 10^7; both INT64_MIN where unknown */
    struct str findings;     /* JSON: what was noticed about the file */
    struct instant created_at;
};

MUST_USE enum status upload_rows_insert(struct ctx *ctx, struct db_conn *conn,
                                        const struct upload *upload);
/* Errors: ST_NOT_FOUND upload.unknown */
MUST_USE enum status upload_rows_find(struct ctx *ctx, struct db_conn *conn, struct evidence_id id,
                                      struct upload *out);

/* A case in which a file stands. */
struct evidence_place {
    struct prefecture prefecture;
    struct casefile_id casefile;
};

struct evidence_place_list {
    struct evidence_place *at;
    size_t len;
    size_t cap;
};

/* One file may stand in several cases, or in none yet. */
MUST_USE enum status evidence_rows_list_places(struct ctx *ctx, struct db_conn *conn,
                                               struct evidence_id id,
                                               struct evidence_place_list *out);
