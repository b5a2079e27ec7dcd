#pragma once
/*
 * Where a campaign works: the pack's `regions`, and to whom an area counts that has no line of its own.
 */
#include "engine/engine.h"

/* The item that the region lies in, an area before the region around it; null: outside. */
const struct regime_place *place_find(const struct engine *engine, struct str region);

/* The region that a case of `region` is counted to: where an area belongs, as the campaign has it; else itself. */
struct str place_home(const struct engine *engine, struct str region);
