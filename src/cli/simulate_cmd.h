#pragma once
/*
 * `lantian simulate`: a campaign played by seeded clerks (services/simulate.h), and what came of it.
 */
#include "cli/cli.h"

extern const struct cli_option simulate_cmd_options[13];
/* ST_BROKEN where an invariant does not hold. */
MUST_USE enum status simulate_cmd_run(struct ctx *ctx, const struct cli_args *args);
