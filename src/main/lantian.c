/*
 * The program: what can be asked of it, in one table. Things are wired here and nowhere else.
 */
#include "cli/cli.h"
#include "cli/due_cmd.h"
#include "cli/export_cmd.h"
#include "cli/regime_cmd.h"
#include "cli/tick_cmd.h"
#include "cli/upkeep_cmd.h"
#include "cli/verify_cmd.h"
#include "main/serve.h"

static const struct cli_command commands[] = {
    {.name = "backup",
     .summary = "cli.backup",
     .options = upkeep_cmd_backup_options,
     .option_count = COUNT_OF(upkeep_cmd_backup_options),
     .run = upkeep_cmd_backup},
    {.name = "due",
     .summary = "cli.due",
     .options = due_cmd_options,
     .option_count = COUNT_OF(due_cmd_options),
     .run = due_cmd_run},
    {.name = "export",
     .summary = "cli.export",
     .options = export_cmd_options,
     .option_count = COUNT_OF(export_cmd_options),
     .run = export_cmd_run},
    {.name = "rebuild",
     .summary = "cli.rebuild",
     .options = upkeep_cmd_rebuild_options,
     .option_count = COUNT_OF(upkeep_cmd_rebuild_options),
     .run = upkeep_cmd_rebuild},
    {.name = "regime check",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "cli.regime.check",
     .options = regime_cmd_options,
     .option_count = COUNT_OF(regime_cmd_options),
     .run = regime_cmd_check},
    {.name = "regime diff",
     .operands = "OLD NEW",
     .operands_min = 2,
     .operands_max = 2,
     .summary = "cli.regime.diff",
     .options = regime_cmd_options,
     .option_count = COUNT_OF(regime_cmd_options),
     .run = regime_cmd_diff},
    {.name = "regime graph",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "cli.regime.graph",
     .options = regime_cmd_graph_options,
     .option_count = COUNT_OF(regime_cmd_graph_options),
     .run = regime_cmd_graph},
    {.name = "regime list",
     .summary = "cli.regime.list",
     .options = regime_cmd_lang_option,
     .option_count = COUNT_OF(regime_cmd_lang_option),
     .run = regime_cmd_list},
    {.name = "regime vocabulary",
     .summary = "cli.regime.vocabulary",
     .options = regime_cmd_lang_option,
     .option_count = COUNT_OF(regime_cmd_lang_option),
     .run = regime_cmd_vocabulary},
    {.name = "restore",
     .operands = "FILE",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "cli.restore",
     .options = upkeep_cmd_restore_options,
     .option_count = COUNT_OF(upkeep_cmd_restore_options),
     .run = upkeep_cmd_restore},
    {.name = "tick",
     .summary = "cli.tick",
     .options = tick_cmd_options,
     .option_count = COUNT_OF(tick_cmd_options),
     .run = tick_cmd_run},
    {.name = "serve",
     .summary = "cli.serve",
     .options = serve_options,
     .option_count = COUNT_OF(serve_options),
     .run = serve_run},
    {.name = "verify",
     .summary = "cli.verify",
     .options = verify_cmd_options,
     .option_count = COUNT_OF(verify_cmd_options),
     .run = verify_cmd_run},
};

int main(int argc, char **argv)
{
    const struct cli_program program = {
        .version = LANTIAN_VERSION,
        .commands = commands,
        .command_count = COUNT_OF(commands),
        .files = furniture_files,
        .file_count = furniture_file_count,
        .out = stdout,
    };
    return cli_main(&program, argc, argv);
}
