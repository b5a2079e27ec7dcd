#pragma once
/*
 * Cases: lists, one case, its events, the making of cases and every command on them.
 */
#include "api/serve.h"

extern const struct api_table case_api;
