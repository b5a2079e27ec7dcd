#pragma once
/*
 * The draw of a case, for whoever wants to repeat it.
 */
#include "api/serve.h"

extern const struct api_table draw_api;
