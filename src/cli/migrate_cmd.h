#pragma once
/*
 * lantian regime migrate: changes a running campaign over to another version of its pack.
 *
 *   lantian regime migrate --data DIR --campaign ID [--preview] [--json] FILE.yaml
 *   lantian regime migrate --data DIR --campaign ID [--preview] [--json] --to HASH
 *
 * FILE is checked and kept first, as `regime activate` does, but not put in force. A line a case:
 * number, state, whether it moves, and the clocks that would come out otherwise.
 */
#include "cli/cli.h"

extern const struct cli_option migrate_cmd_options[6];

/*
 * Errors: ST_MALFORMED cli.migrate.which: neither FILE nor --to, or both
 *         ST_INVALID   cli.pack_faulty {path} {n}; those of migrate_campaign
 */
MUST_USE enum status migrate_cmd_run(struct ctx *ctx, const struct cli_args *args);
