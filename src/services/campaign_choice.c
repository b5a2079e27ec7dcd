#include "services/campaign_choice.h"

static void put_choice(struct arena *arena, struct value *list, const struct reader *reader,
                       const char *path, const struct world_campaign *campaign, bool here)
{
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "id", campaign->name);
    value_put_text(arena, row, "label", words_label(reader->lang, campaign->title));
    value_put_text(arena, row, "url",
                   str_printf(arena, "%s?campaign=%.*s", path, STR_ARG(campaign->name)));
    value_put_bool(arena, row, "here", here);
}

/* Where the reader is, or a part of it, or around it. */
static bool is_near(const struct world *world, const struct reader *reader,
                    const struct world_campaign *campaign)
{
    return str_is_empty(reader->region) ||
           world_region_is_within(world, reader->region, campaign->region) ||
           world_region_is_within(world, campaign->region, reader->region);
}

static enum status choose(struct ctx *ctx, const struct world *world, const struct reader *reader,
                          campaign_choice_fits *fits, const struct world_campaign **out)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        TRY(world_load_pack(ctx, world, all[i].pack, &regime));
        if (fits(regime) && (*out == NULL || (!is_near(world, reader, *out) &&
                                              is_near(world, reader, &all[i]))))
            *out = &all[i];
    }
    return ST_OK;
}

enum status campaign_choice_put(struct ctx *ctx, const struct world *world,
                                const struct reader *reader, struct str wanted, const char *path,
                                campaign_choice_fits *fits, struct value *doc,
                                const struct world_campaign **out)
{
    size_t count;
    struct value *list = value_put_list(ctx->arena, doc, "campaigns");
    const struct world_campaign *all = world_list_campaigns(world, &count);
    const struct world_campaign *chosen =
        str_is_empty(wanted) ? NULL : world_find_campaign(world, wanted);
    if (!str_is_empty(wanted) && chosen == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", wanted)));
    if (chosen == NULL)
        TRY(choose(ctx, world, reader, fits, &chosen));
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        TRY(world_load_pack(ctx, world, all[i].pack, &regime));
        if (!fits(regime))
            continue;
        put_choice(ctx->arena, list, reader, path, &all[i], &all[i] == chosen);
    }
    if (chosen != NULL) {
        value_put_text(ctx->arena, doc, "campaign", chosen->name);
        value_put_text(ctx->arena, doc, "campaign_label",
                       words_label(reader->lang, chosen->title));
    }
    *out = chosen;
    return ST_OK;
}
