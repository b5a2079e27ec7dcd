#pragma once
/*
 * lantian user: accounts from the machine itself, as `system`; how the first security administrator
 * and auditor come to be.
 *
 *   lantian user add --data DIR LOGIN [--name NAME] [--platform sysadmin|secadmin|auditor]
 *   lantian user passwd --data DIR LOGIN          a one-time password; opens a lock
 *   lantian user list --data DIR [--json]
 */
#include "cli/cli.h"

extern const struct cli_option user_cmd_add_options[3];
extern const struct cli_option user_cmd_passwd_options[1];
extern const struct cli_option user_cmd_list_options[2];

/* Errors: ST_MALFORMED cli.user.not_a_platform {value}; those of account_create */
MUST_USE enum status user_cmd_add(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status user_cmd_passwd(struct ctx *ctx, const struct cli_args *args);
MUST_USE enum status user_cmd_list(struct ctx *ctx, const struct cli_args *args);
