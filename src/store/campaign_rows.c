/*
 * Campaigns out of their table.
 */
#include "store/campaign_rows.h"

#include "base/vec.h"
#include "kit/json.h"
#include "store/sql_gen.h"

enum { TREE_LIMIT_BYTES = 1 << 20 };

static enum status read_tree(struct ctx *ctx, const struct db_rows *rows, int column,
                             const struct value **out)
{
    struct str text = db_col_text(rows, column);
    struct value *tree = NULL;
    if (!str_is_empty(text) &&
        (json_parse(ctx, text, TREE_LIMIT_BYTES, JSON_STRICT, &tree) != ST_OK ||
         tree->kind != VALUE_MAP)) {
        fail_clear(ctx);
        return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    }
    *out = tree;
    return ST_OK;
}

enum status campaign_rows_list(struct ctx *ctx, struct db_conn *conn, struct campaign_row_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct campaign_row_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_CAMPAIGN_LIST, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows)) {
        struct campaign_row *row = vec_push(ctx->arena, &list);
        row->id = db_col_i64(&rows, 0);
        row->name = db_col_text_copy(ctx->arena, &rows, 1);
        row->regime = db_col_text_copy(ctx->arena, &rows, 2);
        row->pack = db_col_text_copy(ctx->arena, &rows, 3);
        row->title.zh = db_col_text_copy(ctx->arena, &rows, 4);
        row->title.en = db_col_text_copy(ctx->arena, &rows, 5);
        row->region = db_col_text_copy(ctx->arena, &rows, 6);
        row->state = db_col_text_copy(ctx->arena, &rows, 7);
        row->begins = db_col_day(&rows, 8);
        row->ends = db_col_day(&rows, 9);
        TRY(read_tree(ctx, &rows, 10, &row->settings));
        TRY(read_tree(ctx, &rows, 11, &row->roles));
    }
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}
