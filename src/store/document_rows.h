#pragma once
/*
 * Issued documents and who received them: a projection, written with the rows of their case. Beside
 * them, what was issued word for word (`paper`), written in the transaction of the event that names its
 * hash; that is no projection.
 */
#include "engine/casefile.h"
#include "kit/db.h"

/* Writes what was issued, or has changed since `known_version` (0: all of it). */
MUST_USE enum status document_rows_write(struct ctx *ctx, struct db_conn *conn,
                                         const struct casefile *casefile, int64_t known_version);

/* A line of the register, in the arena it was read into. */
struct document_row {
    struct prefecture prefecture;
    struct casefile_id casefile;
    int64_t seq;
    struct str campaign;
    struct str document; /* id in the pack */
    struct str number;   /* or empty */
    int64_t issuer;      /* unit, or 0: the campaign */
    struct instant issued_at;
    struct str sha256;   /* of its paper, or empty */
    int64_t corrects, corrected_by; /* or 0 */
    struct instant voided_at;       /* INSTANT_NONE: it stands */
    struct str reason;              /* of voiding it, or of the correction that it is; or empty */
    int64_t scans;
    struct str case_number, case_title, procedure, pack;
};

struct document_row_list {
    struct document_row *at;
    size_t len;
    size_t cap;
};

/* Where a page of the register begins: before this row. */
struct document_place {
    struct instant issued_at;
    int64_t casefile, seq;
};

struct document_filter {
    struct str campaign;  /* or empty: of any */
    struct str campaigns; /* those read whole, parted and framed by commas */
    struct str units;     /* ids of issuers and recipients, the same way */
    int64_t person;       /* recipient */
    struct str number;    /* part of it, or empty */
    struct str state;     /* issued, voided, corrected, waiting; empty: any */
    struct document_place before;
    int64_t limit;
};

MUST_USE enum status document_rows_list(struct ctx *ctx, struct db_conn *conn,
                                        const struct document_filter *filter,
                                        struct document_row_list *out);
/* What the unit, or the person, has not signed for, the newest first; the other one is 0. */
MUST_USE enum status document_rows_list_for(struct ctx *ctx, struct db_conn *conn, int64_t unit,
                                            int64_t person, int64_t limit,
                                            struct document_row_list *out);
/* ST_NOT_FOUND without a failure where there is none. */
MUST_USE enum status document_rows_find(struct ctx *ctx, struct db_conn *conn,
                                        struct prefecture prefecture, struct casefile_id id,
                                        int64_t seq, struct document_row *out);
/* By the hash of its paper, or by so many of its first digits that no two have the same. */
MUST_USE enum status document_rows_find_paper(struct ctx *ctx, struct db_conn *conn,
                                              struct str sha256, struct document_row *out);

struct document_receipt {
    int64_t unit, person; /* one of them; the other is 0 */
    struct instant opened_at, received_at; /* or INSTANT_NONE */
    struct str opened_by, received_by;     /* actors, or empty */
};

struct document_receipt_list {
    struct document_receipt *at;
    size_t len;
    size_t cap;
};

MUST_USE enum status document_rows_list_receipts(struct ctx *ctx, struct db_conn *conn,
                                                 const struct document_row *document,
                                                 struct document_receipt_list *out);

/* ---- what was issued ---- */

MUST_USE enum status document_rows_put_paper(struct ctx *ctx, struct db_conn *conn,
                                             struct str sha256, struct str markup);
/* ST_NOT_FOUND without a failure where it is not kept. Its hash is for the caller to look at. */
MUST_USE enum status document_rows_get_paper(struct ctx *ctx, struct db_conn *conn,
                                             struct str sha256, struct str *out);
/* That this file was made of that paper; saying it again is nothing. */
MUST_USE enum status document_rows_put_file(struct ctx *ctx, struct db_conn *conn,
                                            struct str sha256, struct str paper);
/* The paper of a file. ST_NOT_FOUND without a failure: no such file was made. */
MUST_USE enum status document_rows_find_file(struct ctx *ctx, struct db_conn *conn,
                                             struct str sha256, struct str *out);
