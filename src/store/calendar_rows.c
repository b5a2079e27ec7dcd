/*
 * Calendar days out of their table.
 */
#include "store/calendar_rows.h"

#include "base/vec.h"
#include "store/sql_gen.h"

enum status calendar_rows_list(struct ctx *ctx, struct db_conn *conn,
                               struct calendar_day_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct calendar_day_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_CALENDAR_DAY_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct calendar_day_row *row = vec_push(ctx->arena, &list);
        row->id = db_col_i64(&rows, 0);
        row->calendar = db_col_text_copy(ctx->arena, &rows, 1);
        row->date = db_col_day(&rows, 2);
        row->work = str_eq_c(db_col_text(&rows, 3), "work");
        row->name = db_col_text_copy(ctx->arena, &rows, 4);
        row->notice = db_col_text_copy(ctx->arena, &rows, 5);
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}
