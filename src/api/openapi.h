#pragma once
/*
 * The description of the API (OpenAPI 3.1), made of the route table itself: what is served and what
 * is described cannot differ.
 */
#include "api/call.h"

/* Every route under /api/v1, with words in this language. In the arena. */
struct value *openapi_document(struct arena *arena, const struct api *api, enum lang lang);
