#pragma once
/*
 * lantian redact FILE: what in a text must not be released, a mark a line; --measure: how many of the
 * marks of a corpus are found.
 */
#include "cli/cli.h"

extern const struct cli_option redact_cmd_options[2];

enum status redact_cmd_run(struct ctx *ctx, const struct cli_args *args);
