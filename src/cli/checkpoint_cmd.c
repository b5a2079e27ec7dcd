#include "cli/checkpoint_cmd.h"

#include "cli/cli_home.h"
#include "services/checkpoint.h"

const struct cli_option checkpoint_cmd_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "every", .value = "MINUTES", .help = "cli.checkpoint.every"},
    {.name = "json", .help = "cli.json"},
};

enum status checkpoint_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct checkpoint last;
    int64_t made, minutes;
    struct arena *arena = ctx->arena;
    TRY(cli_home_open(ctx, args, &home));
    TRY(cli_number(ctx, args, "every", 1, CHECKPOINT_MINUTES_MAX, 0, &minutes));
    if (minutes > 0)
        TRY(checkpoint_set_interval(ctx, home, minutes, S("system")));
    TRY(checkpoint_sign(ctx, home, &made, &last));
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, checkpoint_document(arena, home->store->hash, &last));
    cli_say(ctx, args, made > 0 ? "cli.checkpoint.made" : "cli.checkpoint.stands",
            ARGS(arg_int("size", last.size), arg_text("root", digest_format(arena, &last.root)),
                 arg_text("key", hex_format(arena, last.key.bytes, sizeof last.key.bytes))));
    return ST_OK;
}
