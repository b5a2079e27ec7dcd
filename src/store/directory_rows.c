/*
 * Plain readings of four tables.
 */
#include "store/directory_rows.h"

#include "base/vec.h"
#include "store/sql_gen.h"

enum status directory_rows_list_regions(struct ctx *ctx, struct db_conn *conn,
                                        struct region_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct region_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_DIRECTORY_REGION_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct region_row *row = vec_push(ctx->arena, &list);
        row->id = db_col_i64(&rows, 0);
        row->code = db_col_text_copy(ctx->arena, &rows, 1);
        row->name = db_col_text_copy(ctx->arena, &rows, 2);
        row->short_name = db_col_text_copy(ctx->arena, &rows, 3);
        row->parent = db_col_text_copy(ctx->arena, &rows, 4);
        row->level = db_col_text_copy(ctx->arena, &rows, 5);
        row->valid_from = db_col_day(&rows, 6);
        row->valid_to = db_col_day(&rows, 7);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status directory_rows_list_units(struct ctx *ctx, struct db_conn *conn,
                                      struct unit_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct unit_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_DIRECTORY_UNIT_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct unit_row *row = vec_push(ctx->arena, &list);
        row->id = (struct unit_id){db_col_i64(&rows, 0)};
        row->code = db_col_text_copy(ctx->arena, &rows, 1);
        row->name = db_col_text_copy(ctx->arena, &rows, 2);
        row->short_name = db_col_text_copy(ctx->arena, &rows, 3);
        row->aliases = db_col_text_copy(ctx->arena, &rows, 4);
        row->kind = db_col_text_copy(ctx->arena, &rows, 5);
        row->region = db_col_text_copy(ctx->arena, &rows, 6);
        row->parent = db_col_text_copy(ctx->arena, &rows, 7);
        row->valid_from = db_col_day(&rows, 8);
        row->valid_to = db_col_day(&rows, 9);
        row->mark = db_col_text_copy(ctx->arena, &rows, 10);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status directory_rows_list_people(struct ctx *ctx, struct db_conn *conn,
                                       struct person_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct person_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_DIRECTORY_PERSON_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct person_row *row = vec_push(ctx->arena, &list);
        row->id = (struct person_id){db_col_i64(&rows, 0)};
        row->name = db_col_text_copy(ctx->arena, &rows, 1);
        row->phone = db_col_text_copy(ctx->arena, &rows, 2);
        row->account = (struct account_id){db_col_i64(&rows, 3)};
        row->login = db_col_text_copy(ctx->arena, &rows, 4);
        row->platform = db_col_text_copy(ctx->arena, &rows, 5);
        row->active = str_eq_c(db_col_text(&rows, 6), "active");
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status directory_rows_list_posts(struct ctx *ctx, struct db_conn *conn,
                                      struct post_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct post_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_DIRECTORY_POST_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct post_row *row = vec_push(ctx->arena, &list);
        row->id = (struct post_id){db_col_i64(&rows, 0)};
        row->person = (struct person_id){db_col_i64(&rows, 1)};
        row->unit = (struct unit_id){db_col_i64(&rows, 2)};
        row->post = db_col_text_copy(ctx->arena, &rows, 3);
        row->rank = db_col_text_copy(ctx->arena, &rows, 4);
        row->valid_from = db_col_day(&rows, 5);
        row->valid_to = db_col_day(&rows, 6);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}
