#pragma once
/*
 * Who covers what, and who is left out.
 */
#include "api/serve.h"

extern const struct api_table coverage_api;
