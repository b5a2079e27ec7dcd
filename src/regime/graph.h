#pragma once
/*
 * A procedure as a drawing: states as boxes, commands as arrows with
 * who gives them, clocks at the arrows that start them. Commands that stay where they are stand in the
 * box of their state; those that may be given anywhere stand below the drawing.
 *
 * In the SVG each state is a group with the id "state_<name>" and the class "state" (and "end"), so
 * that a page can light the present one.
 */
#include "kit/words.h"
#include "regime/regime.h"

enum { REGIME_GRAPH_STATES_MAX = 60 };

/*
 * For Graphviz `dot`; ends with a line feed.
 *
 * Errors: ST_LIMIT  regime.too_large_to_draw (name): over REGIME_GRAPH_STATES_MAX states, or over 1 MiB
 */
MUST_USE enum status regime_graph_dot(struct ctx *ctx, const struct regime *regime,
                                      const struct regime_procedure *procedure, enum lang lang,
                                      struct str *out);

/*
 * One <svg> element, drawn by `dot` as a child; draw once and keep it.
 *
 * Errors: those of regime_graph_dot and child_run (ST_UNAVAILABLE: Graphviz is not there)
 */
MUST_USE enum status regime_graph_svg(struct ctx *ctx, const struct regime *regime,
                                      const struct regime_procedure *procedure, enum lang lang,
                                      struct str *out);
