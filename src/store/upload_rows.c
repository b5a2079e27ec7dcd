/*
 * Uploads, and where each stands. The evidence of a case comes with the case.
 */
#include "store/upload_rows.h"

#include "store/sql_gen.h"

enum status upload_rows_insert(struct ctx *ctx, struct db_conn *conn, const struct upload *upload)
{
    bool placed = upload->lat != INT64_MIN && upload->lon != INT64_MIN;
    return db_put(ctx, conn, &SQL_UPLOAD_INSERT,
                  DB_ARGS(db_i64(upload->id.v), db_i64(upload->account.v), db_text(upload->kind),
                          db_text(upload->sha256), db_text(upload->name), db_text(upload->type),
                          db_i64(upload->bytes), db_instant(upload->taken_at),
                          placed ? db_i64(upload->lat) : db_null(),
                          placed ? db_i64(upload->lon) : db_null(),
                          db_text(upload->findings.at == NULL ? S("[]") : upload->findings),
                          db_instant(upload->created_at)));
}

static enum status unknown(struct ctx *ctx, struct evidence_id id)
{
    return fail(ctx, ST_NOT_FOUND, "upload.unknown", ARGS(arg_int("id", id.v)));
}

static int64_t degrees(const struct db_rows *rows, int column)
{
    return db_col_is_null(rows, column) ? INT64_MIN : db_col_i64(rows, column);
}

enum status upload_rows_find(struct ctx *ctx, struct db_conn *conn, struct evidence_id id,
                             struct upload *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status = db_find_one(ctx, conn, &SQL_UPLOAD_FIND, DB_ARGS(db_i64(id.v)), &rows);
    if (status == ST_NOT_FOUND)
        return unknown(ctx, id);
    TRY(status);
    *out = (struct upload){
        .id = id,
        .account = {db_col_i64(&rows, 0)},
        .kind = db_col_text_copy(ctx->arena, &rows, 1),
        .sha256 = db_col_text_copy(ctx->arena, &rows, 2),
        .name = db_col_text_copy(ctx->arena, &rows, 3),
        .type = db_col_text_copy(ctx->arena, &rows, 4),
        .bytes = db_col_i64(&rows, 5),
        .taken_at = db_col_instant(&rows, 6),
        .lat = degrees(&rows, 7),
        .lon = degrees(&rows, 8),
        .findings = db_col_text_copy(ctx->arena, &rows, 9),
        .created_at = db_col_instant(&rows, 10),
    };
    return ST_OK;
}

enum status evidence_rows_list_places(struct ctx *ctx, struct db_conn *conn, struct evidence_id id,
                                      struct evidence_place_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct evidence_place_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_CASEFILE_EVIDENCE_PLACES, DB_ARGS(db_i64(id.v)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct evidence_place place = {.casefile = {db_col_i64(&rows, 1)}};
        (void)prefecture_parse(db_col_text(&rows, 0), &place.prefecture);
        vec_add(ctx->arena, &list, place);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}
