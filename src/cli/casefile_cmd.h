#pragma once
/*
 * lantian casefile export: a case's complete file, to be kept and verified without Lantian.
 *
 *   lantian casefile export --data DIR --case 130400-1234567890123 -o FOLDER|FILE.zip
 */
#include "cli/cli.h"

extern const struct cli_option casefile_cmd_export_options[3];

MUST_USE enum status casefile_cmd_export(struct ctx *ctx, const struct cli_args *args);
