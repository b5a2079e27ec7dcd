#pragma once
/*
 * Habits of people, beside the ledger: saved views of lists, and which printed column of a source
 * was last matched to which field. Texts are in ctx->arena. Writing happens in writer jobs.
 */
#include "base/id.h"
#include "kit/db.h"

struct view_row {
    int64_t id;
    struct str name;
    struct str query; /* of the list's address, without ? */
};

struct view_row_list {
    struct view_row *at;
    size_t len;
    size_t cap;
};

/* By name. */
MUST_USE enum status view_rows_list(struct ctx *ctx, struct db_conn *conn,
                                    struct account_id account, struct view_row_list *out);
/* A view of the same name is replaced; row->id is used where there is none. */
MUST_USE enum status view_rows_put(struct ctx *ctx, struct db_conn *conn,
                                   struct account_id account, const struct view_row *row);
MUST_USE enum status view_rows_drop(struct ctx *ctx, struct db_conn *conn,
                                    struct account_id account, int64_t id);

struct column_row {
    struct str printed;
    struct str field;
};

struct column_row_list {
    struct column_row *at;
    size_t len;
    size_t cap;
};

MUST_USE enum status view_rows_list_columns(struct ctx *ctx, struct db_conn *conn,
                                            struct str source, struct column_row_list *out);
MUST_USE enum status view_rows_put_column(struct ctx *ctx, struct db_conn *conn, struct str source,
                                          const struct column_row *row);
