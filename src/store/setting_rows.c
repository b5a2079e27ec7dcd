/*
 * Settings out of their table.
 */
#include "store/setting_rows.h"

#include "kit/json.h"
#include "store/sql_gen.h"

enum { VALUE_LIMIT_BYTES = 1 << 16 };

enum status setting_rows_find(struct ctx *ctx, struct db_conn *conn, struct str name,
                              struct setting_row *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct value *value = NULL;
    TRY(db_find_one(ctx, conn, &SQL_SETTING_FIND, DB_ARGS(db_text(name)), &rows));
    if (json_parse(ctx, db_col_text(&rows, 1), VALUE_LIMIT_BYTES, JSON_STRICT, &value) != ST_OK) {
        fail_clear(ctx);
        return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    }
    *out = (struct setting_row){
        .id = db_col_i64(&rows, 0), .name = str_copy(ctx->arena, name), .value = value};
    return ST_OK;
}
