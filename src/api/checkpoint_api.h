#pragma once
/*
 * Signed roots of the ledger, for anybody, and the proof that a case's events stand in it.
 */
#include "api/serve.h"

extern const struct api_table checkpoint_api;
