#pragma once
/*
 * The list as a file: what the list shows under the same filters, to who may see it.
 */
#include "api/serve.h"

extern const struct api_table export_api;
