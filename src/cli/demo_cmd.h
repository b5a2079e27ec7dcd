#pragma once
/*
 * lantian demo: a sandbox filled with an example, dated back from now or --clock.
 *
 *   lantian demo --data DIR [--db URI] [--clock TIME] [--scene]
 */
#include "cli/cli.h"

extern const struct cli_option demo_cmd_options[5];

MUST_USE enum status demo_cmd_run(struct ctx *ctx, const struct cli_args *args);
