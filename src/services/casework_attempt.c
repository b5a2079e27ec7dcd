/*
 * What a refused attempt leaves behind: the engine has said in the failure what is to be recorded; here it
 * becomes the making of a case by the program itself.
 */
#include "services/casework.h"

bool casework_attempt(const struct ctx *ctx, const struct case_order *refused, struct case_order *out)
{
    static const struct actor system = {.is_system = true};
    const struct value *attempt = ctx->failure.attempt;
    struct arena *arena = ctx->arena;
    if (ctx->failure.status == ST_OK || attempt == NULL)
        return false;
    struct value *input = value_map(arena);
    value_put_text(arena, input, "region", value_find_text(attempt, "region"));
    value_put_text(arena, input, "key", value_find_text(attempt, "key"));
    value_put(input, S("fields"), value_copy(arena, value_find_c(attempt, "fields")));
    *out = (struct case_order){.home = refused->home,
                               .world = refused->world,
                               .actor = &system,
                               .campaign = value_find_text(attempt, "campaign"),
                               .procedure = value_find_text(attempt, "procedure"),
                               .command = S("create"),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    return true;
}

void casework_keep_attempt(struct ctx *ctx, const struct case_order *refused)
{
    struct ctx own = {.arena = ctx->arena, .now = ctx->now, .request_id = ctx->request_id};
    struct case_order order;
    if (!casework_attempt(ctx, refused, &order))
        return;
    enum status status = home_write(&own, order.home, casework_record, &order);
    (void)status; /* it may stand already */
}
