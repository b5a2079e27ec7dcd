#pragma once
/*
 * `lantian serve`: everything that answers, in one process. Wired in main, because only main sees all
 * floors.
 */
#include "cli/cli.h"

extern const struct cli_option serve_options[3];
enum status serve_run(struct ctx *ctx, const struct cli_args *args);
