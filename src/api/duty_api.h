#pragma once
/*
 * What is owed again and again (services/duty_list.h).
 */
#include "api/serve.h"

extern const struct api_table duty_api;
