#pragma once
/*
 * lantian directory: regions, units, people and calendars as csv, in and out.
 *
 *   lantian directory import --data DIR --kind regions|units|people|calendar FILE.csv
 *   lantian directory export --data DIR --kind … [FILE.csv]                 no file: to the terminal
 */
#include "cli/cli.h"

extern const struct cli_option directory_cmd_import_options[4];
extern const struct cli_option directory_cmd_export_options[3];

/* A faulty file: its faults are printed, then ST_INVALID directory.faulty. */
MUST_USE enum status directory_cmd_import(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status directory_cmd_export(struct ctx *ctx, const struct cli_args *args);
