/*
 * The event is written and the answer read in one transaction, in this order: whoever has read has been
 * written down, and a lost key leaves no opening that showed nothing.
 */
#include "services/unseal.h"

#include "services/casework_int.h"

struct opening {
    struct db_conn *conn;
    struct str keys;
    enum lang lang;
    struct value *told;
};

static enum status open_one(struct ctx *ctx, const struct opening *opening,
                            const struct regime_field *field, const struct value *value)
{
    struct str text;
    if (value_is_empty(value))
        return ST_OK;
    TRY(sealed_open(ctx, opening->conn, opening->keys, value->text, &text));
    struct value *row = value_append_map(ctx->arena, opening->told);
    value_put_text(ctx->arena, row, "name", field->name);
    value_put_text(ctx->arena, row, "label", words_label(opening->lang, field->words));
    value_put_text(ctx->arena, row, "text", text);
    return ST_OK;
}

static enum status open_fields(struct ctx *ctx, const struct opening *opening,
                               const struct regime_field *fields, size_t count,
                               const struct value *values)
{
    for (size_t i = 0; i < count; i++) {
        const struct value *value = value_find(values, fields[i].name);
        if (fields[i].sealed)
            TRY(open_one(ctx, opening, &fields[i], value));
        else if (fields[i].kind == FIELD_LIST)
            value_each (row, value)
                TRY(open_fields(ctx, opening, fields[i].columns, fields[i].column_count, row));
    }
    return ST_OK;
}

enum status unseal_record(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct unseal_order *order = arg;
    struct casefile casefile;
    struct engine engine;
    TRY(casework_record(ctx, ledger, &order->order));
    TRY(work_load(ctx, ledger->conn, order->order.ref, &casefile));
    TRY(work_engine(ctx, order->order.world, ledger->conn, casefile.campaign, casefile.procedure,
                    casefile.pack, &engine));
    order->told = value_list(ctx->arena);
    const struct opening opening = {.conn = ledger->conn,
                                    .keys = world_keys(order->order.world),
                                    .lang = order->lang,
                                    .told = order->told};
    return open_fields(ctx, &opening, engine.procedure->fields, engine.procedure->field_count,
                       casefile.fields);
}
