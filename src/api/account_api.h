#pragma once
/*
 * Accounts: who may list, make, close, open and give posts of the platform is the table of
 * services/platform.h; nobody acts on their own account here.
 */
#include "api/serve.h"

extern const struct api_table account_api;
