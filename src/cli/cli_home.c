#include "cli/cli_home.h"

enum status cli_home_open(struct ctx *ctx, const struct cli_args *args, struct home **out)
{
    struct str dir;
    TRY(cli_data_dir(ctx, args, &dir));
    return home_open(ctx, dir, args->program->files, args->program->file_count, out);
}

enum status cli_home_clock(struct ctx *ctx, const struct cli_args *args, const struct home *home)
{
    if (cli_value(args, "clock").at == NULL)
        return ST_OK;
    if (!home->store->sandbox)
        return fail(ctx, ST_CONFLICT, "clock.only_sandbox", NO_ARGS);
    return cli_clock(ctx, args, &ctx->now);
}
