#pragma once
/*
 * The drawing of a flow inside a page. A pack's flow is drawn once, by `dot -Tsvg`, when it is
 * loaded; here it loses what a page cannot use (prologue, fixed size, ids that would stand twice)
 * and the present state gets the class `lit`, states the case has been in the class `passed`.
 */
#include "base/arena.h"
#include "base/str.h"

/*
 *   svg           output of `dot -Tsvg`; a node's <title> is the name of its state
 *   state         the present state, or absent: nothing is lit
 *   passed        states the case has been in, or null
 *
 * Gives an <svg> element, in the arena; empty where `svg` holds none.
 */
struct str flow_light(struct arena *arena, struct str svg, struct str state,
                      const struct str *passed, size_t passed_count);
