#pragma once
/*
 * Opening what is sealed in a case: who may, what for, and once what was told (services/unseal.h).
 */
#include "api/serve.h"

extern const struct api_table sealed_api;
