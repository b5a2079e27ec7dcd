#pragma once
/*
 * The button for complaints and suggestions that every page has: faults, unreasonable reporting,
 * harm to personal information.
 */
#include "api/serve.h"

extern const struct api_table suggestion_api;
