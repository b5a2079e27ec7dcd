#pragma once
/*
 * Points of units: the table of a campaign, and one unit's charges with what a contest would change.
 */
#include "api/serve.h"

extern const struct api_table score_api;
