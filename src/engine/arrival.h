#pragma once
/*
 * What passes between two campaigns, from values to values: what was told becomes the form of the case
 * that takes over, and how that one ended becomes the answer.
 */
#include "engine/engine.h"
#include "regime/arrival.h"

/*
 * The input of `create`: fields by the item's map, its source, the number it had as received_number;
 * what was told and is not mapped under `kept`.
 *
 *   told   map name → value, as the effect `hand_on` wrote it
 */
struct value *arrival_take(struct arena *arena, const struct regime_arrival *arrival,
                           struct str region, struct str number, const struct value *told);

/*
 * The answer {number, outcome, ended_on, …}: what every regime tells, then what the item maps.
 *
 *   arrival   null: nothing is mapped
 *   outcome   the state's word on the axis of all regimes
 */
struct value *arrival_tell(struct arena *arena, const struct regime_arrival *arrival,
                           const struct casefile *casefile, struct str outcome, struct day ended_on);
