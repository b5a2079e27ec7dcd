#pragma once
/*
 * lantian regime replay: runs a campaign's cases again under another pack and lists what would have
 * come out otherwise. Changes nothing.
 *
 *   lantian regime replay --data DIR --with NEW.yaml [--campaign ID] [--clock TIME] [--json]
 */
#include "cli/cli.h"

extern const struct cli_option replay_cmd_options[6];

/* Errors: ST_INVALID cli.pack_faulty {path} {n}; those of replay_campaign, cli_read_file */
MUST_USE enum status replay_cmd_run(struct ctx *ctx, const struct cli_args *args);
