#pragma once
/*
 * lantian verify: whether the ledger is whole, and if not, what is broken first.
 *
 *   lantian verify --data DIR [--case 130400-1234567890123] [--json]
 */
#include "cli/cli.h"

extern const struct cli_option verify_cmd_options[3];

/* ST_BROKEN without a failure: it is broken, and what is has been printed. */
MUST_USE enum status verify_cmd_run(struct ctx *ctx, const struct cli_args *args);
