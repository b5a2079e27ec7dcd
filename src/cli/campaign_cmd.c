/*
 * Everything but the days is read by the service, as it is for the example's table.
 */
#include "cli/campaign_cmd.h"

#include "cli/cli_home.h"
#include "services/campaign.h"
#include "services/world.h"

const struct cli_option campaign_cmd_options[9] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "regime", .value = "ID", .required = true, .help = "cli.campaign.regime"},
    {.name = "region", .value = "CODE", .required = true, .help = "cli.campaign.region"},
    {.name = "zh", .value = "TITLE", .help = "cli.campaign.zh"},
    {.name = "en", .value = "TITLE", .help = "cli.campaign.en"},
    {.name = "from", .value = "DAY", .help = "cli.campaign.from"},
    {.name = "to", .value = "DAY", .help = "cli.campaign.to"},
    {.name = "roles", .value = "ROLES", .help = "cli.campaign.roles"},
    {.name = "settings", .value = "SETTINGS", .help = "cli.campaign.settings"},
};

/* DAY_NONE where the option is not given. */
static enum status read_day(struct ctx *ctx, const struct cli_args *args, const char *option,
                            struct day *out)
{
    struct str text = cli_value(args, option);
    *out = DAY_NONE;
    if (str_is_empty(text) || day_parse(text, out))
        return ST_OK;
    return fail(ctx, ST_MALFORMED, "cli.campaign.not_a_day", ARGS(arg_text("value", text)));
}

/* What people call it; its name where nobody said. */
static struct str read_title(const struct cli_args *args, const char *lang)
{
    struct str title = cli_value(args, lang);
    return str_is_empty(title) ? args->operands[0] : title;
}

enum status campaign_cmd_open(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct campaign_plan plan = {
        .name = args->operands[0],
        .regime = cli_value(args, "regime"),
        .region = cli_value(args, "region"),
        .title = {read_title(args, "zh"), read_title(args, "en")},
        .settings = campaign_read_settings(ctx->arena, cli_value(args, "settings"))};
    TRY(read_day(ctx, args, "from", &plan.begins));
    TRY(read_day(ctx, args, "to", &plan.ends));
    TRY(cli_home_open(ctx, args, &home));
    TRY(home_world(ctx, home, &world));
    TRY(campaign_read_roles(ctx, world, cli_value(args, "roles"), &plan.roles));
    TRY(campaign_create(ctx, home, &plan, S("system")));
    cli_say(ctx, args, "cli.campaign.opened",
            ARGS(arg_text("name", plan.name), arg_text("regime", plan.regime)));
    return ST_OK;
}
