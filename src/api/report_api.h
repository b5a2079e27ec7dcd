#pragma once
/*
 * Compiled reports.
 */
#include "api/serve.h"

extern const struct api_table report_api;
