#pragma once
/*
 * lantian checkpoint: signs the ledger as it stands now and says what was signed, to be kept
 * elsewhere: whoever has it can show later that nothing was cut off.
 *
 *   lantian checkpoint --data DIR [--every MINUTES] [--json]
 *
 * --every sets how often the ledger is signed from now on without being asked.
 */
#include "cli/cli.h"

extern const struct cli_option checkpoint_cmd_options[3];

MUST_USE enum status checkpoint_cmd_run(struct ctx *ctx, const struct cli_args *args);
