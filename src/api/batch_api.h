#pragma once
/*
 * Batches: the list, and one of them.
 */
#include "api/serve.h"

extern const struct api_table batch_api;
