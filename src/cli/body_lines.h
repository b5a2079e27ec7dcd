#pragma once
/* What the bodies of a campaign prove (services/body_report.h), in lines for a reader. */
#include "base/value.h"
#include "cli/cli.h"

void body_lines_print(struct ctx *ctx, const struct cli_args *args, const struct value *document);
