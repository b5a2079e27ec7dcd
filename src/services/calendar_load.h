#pragma once
/*
 * Calendars out of their csv: UTF-8, a header with the columns date, day (off|work), name and notice
 * in any order, one row for each day that the weekday alone gets wrong.
 */
#include "base/ctx.h"
#include "engine/calendar.h"
#include "kit/furniture.h"

enum { CALENDAR_ROWS_MAX = 20000 };

/*
 * The calendar of the furniture, "data/calendar/<name>.csv"; in `arena`, its texts borrowed from the
 * furniture.
 *
 * Errors: ST_NOT_FOUND  calendar.unknown {name}; else as calendar_parse
 */
MUST_USE enum status calendar_load(struct ctx *ctx, struct arena *arena,
                                   const struct furniture *furniture, struct str name,
                                   const struct calendar **out);

/*
 * Errors: ST_INVALID  calendar.header {column}; calendar.line {line}: not as many cells as the header,
 *                     a quotation mark, no such date, neither off nor work; calendar_build's
 *         ST_LIMIT    calendar.too_many_rows {max}
 */
MUST_USE enum status calendar_parse(struct ctx *ctx, struct arena *arena, struct str text,
                                    const struct calendar **out);
