#pragma once
/* The file of a region: what a campaign's cases record about it (services/region_file.h). */
#include "api/serve.h"

extern const struct api_table region_api;
