#include "cli/upkeep_cmd.h"

#include "cli/cli_home.h"
#include "cli/progress.h"
#include "services/upkeep.h"

const struct cli_option upkeep_cmd_rebuild_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "check", .help = "cli.rebuild.check"},
    {.name = "json", .help = "cli.json"},
};

const struct cli_option upkeep_cmd_backup_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "o", .value = "FILE", .required = true, .help = "cli.backup.file"},
    {.name = "with-keys", .help = "cli.backup.with_keys"},
};

const struct cli_option upkeep_cmd_restore_options[2] = {
    {.name = "data", .value = "DIR", .help = "cli.restore.data"},
    {.name = "db", .value = "URI", .help = "cli.restore.db"},
};

enum { PERMILLE = 1000 };

static enum status print_json(struct ctx *ctx, const struct cli_args *args,
                              const struct rebuild_result *result)
{
    struct value *document = value_map(ctx->arena);
    value_put_bool(ctx->arena, document, "ok", result->same);
    value_put_int(ctx->arena, document, "events", result->events);
    value_put_int(ctx->arena, document, "chains", result->chains);
    value_put(document, S("first_different"),
              result->table == NULL ? value_null(ctx->arena)
                                    : value_text(ctx->arena, str_of(result->table)));
    return cli_print_json(ctx, args, document);
}

enum status upkeep_cmd_rebuild(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct progress progress AUTO(progress_end) = {0};
    struct rebuild_result result;
    bool is_check = cli_flag(args, "check");
    TRY(cli_home_open(ctx, args, &home));
    progress_begin(&progress, 0);
    TRY(upkeep_rebuild(ctx, home, is_check ? REBUILD_CHECK : REBUILD_WRITE, progress_count,
                       &progress, &result));
    progress_end(&progress);
    if (cli_flag(args, "json"))
        TRY(print_json(ctx, args, &result));
    else if (result.same)
        cli_say(ctx, args, is_check ? "cli.rebuild.same" : "cli.rebuild.done",
                ARGS(arg_int("events", result.events), arg_int("chains", result.chains)));
    else
        cli_say(ctx, args, "cli.rebuild.differs", ARGS(arg_c("table", result.table)));
    return result.same ? ST_OK : ST_BROKEN;
}

enum status upkeep_cmd_backup(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct progress progress AUTO(progress_end) = {0};
    int64_t files;
    TRY(cli_home_open(ctx, args, &home));
    progress_begin(&progress, PERMILLE);
    const struct backup_terms terms = {.file = str_c(ctx->arena, cli_value(args, "o")),
                                       .with_keys = cli_flag(args, "with-keys"),
                                       .progress = progress_count,
                                       .progress_arg = &progress};
    TRY(upkeep_backup(ctx, home, &terms, &files));
    progress_end(&progress);
    cli_say(ctx, args, "cli.backup.done", ARGS(arg_int("n", files), arg_c("file", terms.file)));
    return ST_OK;
}

enum status upkeep_cmd_restore(struct ctx *ctx, const struct cli_args *args)
{
    struct str dir;
    int64_t files;
    TRY(cli_data_dir(ctx, args, &dir));
    TRY(upkeep_restore(ctx, dir, str_c(ctx->arena, args->operands[0]), cli_value(args, "db"),
                       &files));
    cli_say(ctx, args, "cli.restore.done", ARGS(arg_int("n", files), arg_text("dir", dir)));
    return ST_OK;
}
