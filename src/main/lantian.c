/*
 * The program: what can be asked of it, in one table. Things are wired here and nowhere else.
 */
#include "cli/cli.h"

static const struct cli_command commands[] = {
};

int main(int argc, char **argv)
{
    return cli_main(commands, COUNT_OF(commands), LANTIAN_VERSION, argc, argv);
}
