#pragma once
/*
 * The redaction of a release: its texts with marks, and the person's choice as the pack's own command.
 */
#include "api/serve.h"

extern const struct api_table redaction_api;
