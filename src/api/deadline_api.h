#pragma once
/*
 * Clocks that run, over all cases that the caller may see: what ends next.
 */
#include "api/serve.h"

extern const struct api_table deadline_api;
