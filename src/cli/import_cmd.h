#pragma once
/*
 * `lantian import`: a received table becomes cases, or in a dry run is only read.
 */
#include "cli/cli.h"

enum { IMPORT_CMD_OPTIONS = 10 };
extern const struct cli_option import_cmd_options[IMPORT_CMD_OPTIONS];

enum status import_cmd_run(struct ctx *ctx, const struct cli_args *args);
