#pragma once
/*
 * One command on many cases: first what would happen to each, then, once confirmed, each by itself.
 */
#include "api/serve.h"

extern const struct api_table bulk_api;
