#pragma once
/*
 * lantian report: a compiled report; without a name, which there are.
 *
 *   lantian report --data DIR [--campaign ID] [--json] [NAME]
 */
#include "cli/cli.h"

extern const struct cli_option report_cmd_options[4];

MUST_USE enum status report_cmd_run(struct ctx *ctx, const struct cli_args *args);
