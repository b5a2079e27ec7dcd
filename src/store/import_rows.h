#pragma once
/*
 * Imports of received tables: the file (kept as a blob), how its columns were understood, how far
 * writing it has come, and which case each of its rows became, so that the whole can be withdrawn.
 */
#include "store/ledger.h"

struct import_row {
    int64_t id;
    struct account_id account; /* 0: the command line */
    struct str campaign, procedure;
    struct str sha256, file_name;
    struct str options; /* JSON: mapping, batch, date, source */
    struct str state;   /* read, committing, committed, withdrawn, failed */
    struct str report;  /* JSON: columns, faults, duplicates */
    int64_t done_count, total_count;
    struct instant created_at, updated_at;
};

struct import_row_list {
    struct import_row *at;
    size_t len;
    size_t cap;
};

/* state begins as `read`; id, done_count and times are set here. */
MUST_USE enum status import_rows_insert(struct ctx *ctx, struct ledger_tx *ledger,
                                        const struct import_row *import, int64_t *out_id);
/* Errors: ST_NOT_FOUND import.unknown */
MUST_USE enum status import_rows_find(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                      struct import_row *out);
/* Newest first, older than `before` (INT64_MAX: from the newest). */
MUST_USE enum status import_rows_list(struct ctx *ctx, struct db_conn *conn, int64_t before,
                                      int64_t limit, struct import_row_list *out);
MUST_USE enum status import_rows_set_options(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                             struct str options, struct str report,
                                             int64_t total_count);
/* From one state to another; ST_CONFLICT import.other_state where it is not in `from`. */
MUST_USE enum status import_rows_move(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                      const char *from, const char *to);
MUST_USE enum status import_rows_progress(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                          int64_t done_count);

/* A row of the file and the case it became. */
struct import_case {
    int64_t row;
    struct prefecture prefecture;
    struct casefile_id casefile;
};

struct import_case_list {
    struct import_case *at;
    size_t len;
    size_t cap;
};

/* Errors: ST_CONFLICT db.unique, table import_row: this row was written already */
MUST_USE enum status import_rows_add_case(struct ctx *ctx, struct db_conn *conn, int64_t import,
                                          const struct import_case *one);
MUST_USE enum status import_rows_list_cases(struct ctx *ctx, struct db_conn *conn, int64_t import,
                                            int64_t after_row, int64_t limit,
                                            struct import_case_list *out);
/* The highest row written, 0 for none: where an interrupted import goes on. */
MUST_USE enum status import_rows_last_row(struct ctx *ctx, struct db_conn *conn, int64_t import,
                                          int64_t *out);
