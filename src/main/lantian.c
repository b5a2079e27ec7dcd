/*
 * The program: what can be asked of it, in one table. Things are wired here and nowhere else.
 */
#include "cli/cli.h"
#include "cli/due_cmd.h"

static const struct cli_command commands[] = {
    {.name = "due",
     .summary = "cli.due",
     .options = due_cmd_options,
     .option_count = COUNT_OF(due_cmd_options),
     .run = due_cmd_run},
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
