#pragma once
/*
 * lantian campaign: a regime set to work.
 *
 *   lantian campaign open NAME --regime ID --region CODE [--zh TITLE] [--en TITLE] [--from DAY] [--to DAY]
 *                              [--roles ROLE=UNIT,UNIT;…] [--settings KEY=VALUE;…] [--data DIR]
 *
 * Units are named by their codes. A role that is not named is given to the units of its kinds in the
 * region, as services/campaign.h says.
 */
#include "cli/cli.h"

extern const struct cli_option campaign_cmd_options[9];

/* Errors: ST_MALFORMED cli.campaign.not_a_day {value}; those of campaign_read_roles, campaign_create */
MUST_USE enum status campaign_cmd_open(struct ctx *ctx, const struct cli_args *args);
