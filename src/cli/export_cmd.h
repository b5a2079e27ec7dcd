#pragma once
/*
 * lantian export: what a list shows, as a file. The filters are those of the list in the API.
 *
 *   lantian export --data DIR --batch CAMPAIGN/3 --columns public-3 --format xlsx -o FILE
 */
#include "cli/cli.h"

enum { EXPORT_CMD_OPTIONS = 20 };
extern const struct cli_option export_cmd_options[EXPORT_CMD_OPTIONS];

MUST_USE enum status export_cmd_run(struct ctx *ctx, const struct cli_args *args);
