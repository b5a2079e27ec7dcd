#pragma once
/*
 * `expect queue DESK QUEUE [PROCEDURE STATE [FIELD=VALUE]]`: the case at hand, or one that stands so, is
 * listed in that queue of that desk; `expect no queue`: it is not. `expect queue DESK QUEUE mine|late`. `expect desk DESK ROLE N [reads]`: whose it is, and how many queues it has.
 */
#include "engine/engine.h"

/* What is wrong, or absent. */
struct str cases_desk_expect(struct arena *arena, const struct regime *regime,
                             const struct casefile *casefile, const struct str *words,
                             size_t count);
