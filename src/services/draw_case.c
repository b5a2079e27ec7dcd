/*
 * List, rules and seed are the case's; the sample is taken again from them, which is what the case
 * holds, or the file would not verify.
 */
#include "services/draw_case.h"

#include "engine/drawing.h"

/* When the field was first written. */
static struct str time_of(struct arena *arena, const struct ledger_row_list *events,
                          struct str field)
{
    for (size_t i = 0; i < events->len; i++) {
        const struct event *event = &events->at[i].event;
        if (event->type == EVENT_FIELD_SET &&
            value_find(value_find_c(event->payload, "fields"), field) != NULL)
            return instant_format(arena, event->recorded_at);
    }
    return S("");
}

enum status draw_case_file(struct ctx *ctx, const struct case_reading *reading,
                           struct draw_file *out)
{
    struct engine_draw draw;
    if (!engine_find_draw(ctx, &reading->engine, reading->casefile, &draw))
        return fail(ctx, ST_NOT_FOUND, "draw.none", NO_ARGS);
    struct draw_file file = {
        .list = draw.list,
        .list_hash = draw.list_hash,
        .committed_at = time_of(ctx->arena, &reading->events, draw.hash_field),
        .has_rules = true,
        .rules_fixed = S("commit"),
        .rules = draw.rules,
        .rules_hash = draw.rules_hash,
    };
    if (draw.is_drawn) {
        file.seed = draw.seed;
        file.seed_source = S("given");
        file.drawn_at = time_of(ctx->arena, &reading->events, draw.drawn_field);
        TRY(draw_file_sample(ctx, &file));
    }
    *out = file;
    return ST_OK;
}
