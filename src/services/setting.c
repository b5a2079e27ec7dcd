/*
 * One record a name.
 */
#include "services/setting.h"

#include "store/record_rows.h"
#include "store/setting_rows.h"

enum { NAME_LENGTH_MAX = 64 };

enum status setting_find(struct ctx *ctx, struct db_conn *conn, struct str name,
                         const struct value **out)
{
    struct setting_row row = {0};
    enum status status = setting_rows_find(ctx, conn, name, &row);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    *out = row.value;
    return ST_OK;
}

static bool is_name(struct str name)
{
    bool good = name.len <= NAME_LENGTH_MAX;
    struct str word;
    while (good && str_next(&name, '.', &word)) {
        good = word.len > 0;
        for (size_t i = 0; good && i < word.len; i++)
            good = (word.at[i] >= 'a' && word.at[i] <= 'z') ||
                   (word.at[i] >= '0' && word.at[i] <= '9') || word.at[i] == '_';
    }
    return good;
}

struct putting {
    struct str name;
    const struct value *value;
    struct str actor;
};

static enum status put_row(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct putting *putting = arg;
    struct setting_row row = {0};
    enum status status = setting_rows_find(ctx, ledger->conn, putting->name, &row);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    if (row.value != NULL && value_eq(row.value, putting->value))
        return ST_OK;
    struct value *fields = value_map(ctx->arena);
    value_put_text(ctx->arena, fields, "name", putting->name);
    value_put(fields, S("value"), value_copy(ctx->arena, putting->value));
    return record_put(ctx, ledger, RECORD_SETTING, row.id, putting->actor, S("set"), fields, NULL);
}

enum status setting_put(struct ctx *ctx, const struct home *home, struct str name,
                        const struct value *value, struct str actor)
{
    struct putting putting = {.name = name, .value = value, .actor = actor};
    if (!is_name(name))
        return fail(ctx, ST_INVALID, "setting.name_wrong", ARGS(arg_text("name", name)));
    if (str_eq_c(name, "installation"))
        return fail(ctx, ST_CONFLICT, "setting.fixed", ARGS(arg_text("name", name)));
    return home_write(ctx, home, put_row, &putting);
}
