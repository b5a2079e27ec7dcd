#pragma once
/*
 * What is proposed today and why, what was taken, held back and came of it.
 */
#include "api/serve.h"

extern const struct api_table measure_api;
