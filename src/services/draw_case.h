#pragma once
/*
 * The draw of a case as the file that everyone can check (services/draw_file.h).
 */
#include "services/casework.h"
#include "services/draw_file.h"

/*
 * Errors: ST_NOT_FOUND draw.none: this case draws nothing, or nothing is committed yet
 *         those of draw_sample, where the list can no longer be drawn by the rules
 */
MUST_USE enum status draw_case_file(struct ctx *ctx, const struct case_reading *reading,
                                    struct draw_file *out);
