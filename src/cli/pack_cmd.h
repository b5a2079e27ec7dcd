#pragma once
/*
 * lantian regime activate: puts a pack in force in a data directory, after checking it.
 *
 *   lantian regime activate --data DIR FILE.yaml
 *
 * Campaigns that run keep the pack they began with.
 */
#include "cli/cli.h"

extern const struct cli_option pack_cmd_options[1];

/* Errors: ST_INVALID cli.pack_faulty {path} {n}; ST_IO, ST_LIMIT as cli_read_file */
MUST_USE enum status pack_cmd_activate(struct ctx *ctx, const struct cli_args *args);
