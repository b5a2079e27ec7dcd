#pragma once
/*
 * What is due, by days: a page of the month, the same as JSON, the same as a file for other calendars.
 */
#include "api/serve.h"

extern const struct api_table calendar_api;
