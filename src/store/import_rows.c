/*
 * Imports and their rows.
 */
#include "store/import_rows.h"

#include "store/sql_gen.h"

enum status import_rows_insert(struct ctx *ctx, struct ledger_tx *ledger,
                               const struct import_row *import, int64_t *out_id)
{
    int64_t id = ledger_new_id(ledger, ctx->now);
    TRY(db_put(ctx, ledger->conn, &SQL_IMPORT_INSERT,
               DB_ARGS(db_i64(id), db_id(import->account.v), db_text(import->campaign),
                       db_text(import->procedure), db_text(import->sha256),
                       db_text(import->file_name), db_text(import->options),
                       db_text(import->report), db_i64(import->total_count),
                       db_instant(ctx->now))));
    *out_id = id;
    return ST_OK;
}

static void read_import(struct ctx *ctx, const struct db_rows *rows, struct import_row *out)
{
    *out = (struct import_row){
        .id = db_col_i64(rows, 0),
        .account = {db_col_i64(rows, 1)},
        .campaign = db_col_text_copy(ctx->arena, rows, 2),
        .procedure = db_col_text_copy(ctx->arena, rows, 3),
        .sha256 = db_col_text_copy(ctx->arena, rows, 4),
        .file_name = db_col_text_copy(ctx->arena, rows, 5),
        .options = db_col_text_copy(ctx->arena, rows, 6),
        .state = db_col_text_copy(ctx->arena, rows, 7),
        .report = db_col_text_copy(ctx->arena, rows, 8),
        .done_count = db_col_i64(rows, 9),
        .total_count = db_col_i64(rows, 10),
        .created_at = db_col_instant(rows, 11),
        .updated_at = db_col_instant(rows, 12),
    };
}

static enum status unknown(struct ctx *ctx, int64_t id)
{
    return fail(ctx, ST_NOT_FOUND, "import.unknown", ARGS(arg_int("id", id)));
}

enum status import_rows_find(struct ctx *ctx, struct db_conn *conn, int64_t id,
                             struct import_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(ctx, conn, &SQL_IMPORT_FIND, DB_ARGS(db_i64(id)), &rows);
    if (status == ST_NOT_FOUND)
        return unknown(ctx, id);
    TRY(status);
    read_import(ctx, &rows, out);
    return ST_OK;
}

enum status import_rows_list(struct ctx *ctx, struct db_conn *conn, int64_t before, int64_t limit,
                             struct import_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct import_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_IMPORT_LIST, DB_ARGS(db_i64(before), db_i64(limit)), &rows));
    while (db_rows_next(ctx, &rows))
        read_import(ctx, &rows, vec_push(ctx->arena, &list));
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status import_rows_set_options(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                    struct str options, struct str report, int64_t total_count)
{
    return db_put(ctx, conn, &SQL_IMPORT_SET_OPTIONS,
                  DB_ARGS(db_i64(id), db_text(options), db_text(report), db_i64(total_count),
                          db_instant(ctx->now)));
}

enum status import_rows_move(struct ctx *ctx, struct db_conn *conn, int64_t id, const char *from,
                             const char *to)
{
    int64_t changes;
    TRY(db_run(ctx, conn, &SQL_IMPORT_MOVE,
               DB_ARGS(db_i64(id), db_text_c(from), db_text_c(to), db_instant(ctx->now)),
               &changes));
    return changes == 1 ? ST_OK
                        : fail(ctx, ST_CONFLICT, "import.other_state", ARGS(arg_int("id", id)));
}

enum status import_rows_progress(struct ctx *ctx, struct db_conn *conn, int64_t id,
                                 int64_t done_count)
{
    return db_put(ctx, conn, &SQL_IMPORT_PROGRESS,
                  DB_ARGS(db_i64(id), db_i64(done_count), db_instant(ctx->now)));
}

enum status import_rows_add_case(struct ctx *ctx, struct db_conn *conn, int64_t import,
                                 const struct import_case *one)
{
    return db_put(ctx, conn, &SQL_IMPORT_ROW_INSERT,
                  DB_ARGS(db_i64(import), db_i64(one->row),
                          db_text(prefecture_str(&one->prefecture)), db_i64(one->casefile.v)));
}

enum status import_rows_list_cases(struct ctx *ctx, struct db_conn *conn, int64_t import,
                                   int64_t after_row, int64_t limit, struct import_case_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct import_case_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_IMPORT_ROW_LIST,
                     DB_ARGS(db_i64(import), db_i64(after_row), db_i64(limit)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct import_case *one = vec_push(ctx->arena, &list);
        one->row = db_col_i64(&rows, 0);
        (void)prefecture_parse(db_col_text(&rows, 1), &one->prefecture);
        one->casefile.v = db_col_i64(&rows, 2);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status import_rows_last_row(struct ctx *ctx, struct db_conn *conn, int64_t import,
                                 int64_t *out)
{
    return db_get_i64(ctx, conn, &SQL_IMPORT_ROW_LAST, DB_ARGS(db_i64(import)), out);
}
