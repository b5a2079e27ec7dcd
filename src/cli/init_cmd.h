#pragma once
/*
 * lantian init: a new data directory with regions, calendars, packs and the first account.
 *
 *   lantian init --data DIR [--sandbox] [--db URI] [--profile gm|intl] [--json]
 *
 * Outside a sandbox the one-time password of sysadmin is printed, this once.
 */
#include "cli/cli.h"

extern const struct cli_option init_cmd_options[5];

/* Errors: ST_MALFORMED cli.init.not_a_profile {value}; those of founding_make */
MUST_USE enum status init_cmd_run(struct ctx *ctx, const struct cli_args *args);
