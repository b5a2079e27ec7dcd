#pragma once
#include "api/serve.h"

/* What anybody may bring without a login, and what became of it. */
extern const struct api_table complaint_api;
