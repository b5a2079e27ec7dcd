#pragma once
#include "api/serve.h"

extern const struct api_table team_api;
