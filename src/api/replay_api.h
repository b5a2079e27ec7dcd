#pragma once
/*
 * What-if: a campaign's cases under another pack, from a file that nobody keeps.
 */
#include "api/serve.h"

extern const struct api_table replay_api;
