#pragma once
/*
 * What everybody may look up: campaigns, regimes, regions, units, people.
 */
#include "api/serve.h"

extern const struct api_table directory_api;
