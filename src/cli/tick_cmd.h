#pragma once
/*
 * lantian tick: runs everything that is due by now, or by --clock in a sandbox, once.
 *
 *   lantian tick --data DIR [--clock TIME] [--json]
 */
#include "cli/cli.h"

extern const struct cli_option tick_cmd_options[3];

MUST_USE enum status tick_cmd_run(struct ctx *ctx, const struct cli_args *args);
