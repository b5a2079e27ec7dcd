#pragma once
/*
 * Saved views of lists.
 */
#include "api/serve.h"

extern const struct api_table view_api;
