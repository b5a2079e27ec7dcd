#pragma once
/*
 * My desk: what waits for me and my units; and the sandbox's clock.
 */
#include "api/serve.h"

extern const struct api_table desk_api;
