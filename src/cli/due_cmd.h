#pragma once
/*
 * lantian due: when a time limit ends, and why. Needs no data directory.
 *
 *   lantian due --from 2024-09-27 --in "10 workdays"
 *   lantian due --from 2018-11-22T21:25 --in 1h --json
 *   lantian due --from 2024-09-27 --in 2024-12-10          a fixed day
 */
#include "cli/cli.h"

extern const struct cli_option due_cmd_options[5];

/* Errors: ST_MALFORMED for what cannot be read; else as deadline_find. */
MUST_USE enum status due_cmd_run(struct ctx *ctx, const struct cli_args *args);
