#pragma once
/*
 * The auditor's page: the ledger of system records, and the proof of the whole ledger on demand.
 */
#include "api/serve.h"

extern const struct api_table audit_api;
