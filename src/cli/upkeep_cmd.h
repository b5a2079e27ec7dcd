#pragma once
/*
 * Care for a data directory.
 *
 *   lantian rebuild --data DIR [--check] [--json]
 *   lantian backup --data DIR -o FILE [--with-keys]
 *   lantian restore --data DIR [--db URI] FILE
 */
#include "cli/cli.h"

extern const struct cli_option upkeep_cmd_rebuild_options[3];
extern const struct cli_option upkeep_cmd_backup_options[3];
extern const struct cli_option upkeep_cmd_restore_options[2];

/* ST_BROKEN without a failure: --check found a difference, and it has been printed. */
MUST_USE enum status upkeep_cmd_rebuild(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status upkeep_cmd_backup(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status upkeep_cmd_restore(struct ctx *ctx, const struct cli_args *args);
