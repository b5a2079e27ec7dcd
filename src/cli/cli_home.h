#pragma once
/*
 * The data directory of a subcommand: --data, else LANTIAN_DATA.
 */
#include "cli/cli.h"
#include "services/home.h"

/* The caller closes it. Errors: those of cli_data_dir, home_open */
MUST_USE enum status cli_home_open(struct ctx *ctx, const struct cli_args *args,
                                   struct home **out);

/*
 * --clock as ctx->now from here on; nothing where it is not given.
 *
 * Errors: ST_CONFLICT clock.only_sandbox; ST_MALFORMED cli.not_a_time
 */
MUST_USE enum status cli_home_clock(struct ctx *ctx, const struct cli_args *args,
                                    const struct home *home);
