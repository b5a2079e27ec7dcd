#pragma once
/*
 * lantian regime: what packs say and whether they say it rightly. Needs no data directory.
 *
 *   lantian regime check FILE [--json]     all faults, FILE:LINE:COLUMN: code: message (hint)
 *   lantian regime graph FILE [--procedure NAME] [--svg]
 *   lantian regime diff OLD NEW [--json]   + added, - removed, ~ changed; in the words of packs
 *   lantian regime list                    the packs compiled in
 *   lantian regime vocabulary              every guard, effect and condition with an example
 *
 * A clause list beside the pack, <pack without .yaml>.clauses.tsv, is read with it.
 */
#include "cli/cli.h"

extern const struct cli_option regime_cmd_options[2];       /* check, diff: --json --lang */
extern const struct cli_option regime_cmd_graph_options[3]; /* --procedure --svg --lang */
extern const struct cli_option regime_cmd_lang_option[1];   /* list, vocabulary: --lang */

/*
 * Errors: ST_IO        the file cannot be read
 *         ST_LIMIT     it is larger than a pack may be
 *         ST_INVALID   check: faults were printed; else: the pack has faults
 *         ST_MALFORMED an option that is none
 */
MUST_USE enum status regime_cmd_check(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status regime_cmd_graph(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status regime_cmd_diff(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status regime_cmd_list(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status regime_cmd_vocabulary(struct ctx *ctx, const struct cli_args *args);
