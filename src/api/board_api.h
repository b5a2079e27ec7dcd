#pragma once
/*
 * Boards: what lasts from a day to a day on a line of time, and what was made meanwhile where.
 */
#include "api/serve.h"

extern const struct api_table board_api;
