#pragma once
/*
 * What recurs: cases by what they have in common.
 */
#include "api/serve.h"

extern const struct api_table counts_api;
