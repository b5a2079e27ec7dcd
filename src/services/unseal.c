/*
 * The event is written and the answer read in one transaction, in this order: whoever has read has been
 * written down, and a lost key leaves no opening that showed nothing.
 */
#include "services/unseal.h"

#include "engine/seal.h"
#include "services/casework_int.h"

static enum status open_fields(struct ctx *ctx, struct db_conn *conn,
                               const struct unseal_order *order, const struct engine *engine,
                               const struct casefile *casefile)
{
    const struct regime_procedure *procedure = engine->procedure;
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        const struct value *mark = value_find(casefile->fields, field->name);
        struct str text;
        if (!field->sealed || mark == NULL || !seal_is_mark(mark->text))
            continue;
        TRY(sealed_open(ctx, conn, world_keys(order->order.world), mark->text, &text));
        struct value *row = value_append_map(ctx->arena, order->told);
        value_put_text(ctx->arena, row, "name", field->name);
        value_put_text(ctx->arena, row, "label", words_label(order->lang, field->words));
        value_put_text(ctx->arena, row, "text", text);
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
    return open_fields(ctx, ledger->conn, order, &engine, &casefile);
}
