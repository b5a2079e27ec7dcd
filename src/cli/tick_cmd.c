#include "cli/tick_cmd.h"

#include "cli/cli_home.h"
#include "services/timers.h"

const struct cli_option tick_cmd_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "clock", .value = "TIME", .help = "cli.clock"},
    {.name = "json", .help = "cli.json"},
};

enum status tick_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct timers_figures figures;
    TRY(cli_home_open(ctx, args, &home));
    TRY(cli_home_clock(ctx, args, home));
    TRY(home_world(ctx, home, &world));
    TRY(timers_run(ctx, home, world, &figures));
    if (!cli_flag(args, "json")) {
        cli_say(ctx, args, "cli.tick.done", ARGS(arg_int("n", figures.done[TIMER_LAPSES])));
        return ST_OK;
    }
    struct value *document = value_map(ctx->arena);
    value_put_int(ctx->arena, document, "lapsed", figures.done[TIMER_LAPSES]);
    value_put_text(ctx->arena, document, "by", instant_format(ctx->arena, ctx->now));
    return cli_print_json(ctx, args, document);
}
