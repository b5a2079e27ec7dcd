#pragma once
/*
 * lantian report: compiles a report of a campaign's pack, or lists what reports there are.
 *
 *   lantian report --data DIR [--campaign ID] [--json] [NAME]
 *
 * Without a name: which there are. Without a campaign: the first one whose pack has it.
 */
#include "cli/cli.h"

extern const struct cli_option report_cmd_options[5];

MUST_USE enum status report_cmd_run(struct ctx *ctx, const struct cli_args *args);
