#include "cli/demo_cmd.h"

#include "cli/progress.h"
#include "services/demo.h"

const struct cli_option demo_cmd_options[5] = {
    {.name = "data", .value = "DIR", .help = "cli.init.data"},
    {.name = "db", .value = "URI", .help = "cli.init.db"},
    {.name = "clock", .value = "TIME", .help = "cli.demo.clock"},
    {.name = "history", .help = "cli.demo.history"},
    {.name = "scene", .help = "cli.demo.scene"},
};

static void tell(void *arg, int64_t done, int64_t total)
{
    struct progress *progress = arg;
    if (progress->total == 0)
        progress_begin(progress, total);
    progress_tell(progress, done);
}

enum status demo_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct progress progress AUTO(progress_end) = {0};
    struct demo_result result;
    struct demo_terms terms = {.home = {.database = cli_value(args, "db"),
                                        .hash = CRYPTO_SM3,
                                        .sandbox = true},
                               .scene_only = cli_flag(args, "scene"),
                               .history = cli_flag(args, "history"),
                               .files = args->program->files,
                               .file_count = args->program->file_count,
                               .progress = tell,
                               .progress_arg = &progress};
    TRY(cli_data_dir(ctx, args, &terms.home.dir));
    TRY(cli_clock(ctx, args, &ctx->now));
    TRY(demo_make(ctx, &terms, &result));
    progress_end(&progress);
    cli_say(ctx, args, "cli.demo.done",
            ARGS(arg_text("dir", terms.home.dir), arg_int("campaigns", result.campaigns),
                 arg_int("commands", result.commands), arg_int("lapses", result.lapses)));
    return ST_OK;
}
