#pragma once
/*
 * A case's complete file as one zip, made when somebody asks for it.
 */
#include "api/serve.h"

extern const struct api_table casefile_api;
