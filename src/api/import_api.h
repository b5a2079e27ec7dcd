#pragma once
/*
 * Imports of received tables: a file comes in, is read in a dry run, has its columns chosen, is
 * confirmed, can be withdrawn.
 */
#include "api/serve.h"

extern const struct api_table import_api;
