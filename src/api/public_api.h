#pragma once
/*
 * What anybody may read without signing in: releases as pages, files and a feed.
 */
#include "api/serve.h"

extern const struct api_table public_api;
