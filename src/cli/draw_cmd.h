#pragma once
/*
 * lantian draw: a sample that anyone can repeat. Needs no data directory.
 *
 *   lantian draw commit sites.csv -o draw.json --take 3 --strata risk      publish draw.json, or its hashes
 *   lantian draw run draw.json --seed "sum of the numbers announced at 9"   adds seed and sample
 *   lantian draw verify draw.json                                           exit 0: holds, 1: what differs
 */
#include "cli/cli.h"

enum { DRAW_CMD_COMMIT_OPTIONS = 8, DRAW_CMD_RUN_OPTIONS = 10 };
extern const struct cli_option draw_cmd_commit_options[DRAW_CMD_COMMIT_OPTIONS];
extern const struct cli_option draw_cmd_run_options[DRAW_CMD_RUN_OPTIONS];
extern const struct cli_option draw_cmd_verify_options[2];

MUST_USE enum status draw_cmd_commit(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status draw_cmd_run(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status draw_cmd_verify(struct ctx *ctx, const struct cli_args *args);
