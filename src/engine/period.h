#pragma once
/*
 * Periods that offices count by: years, halves, quarters and months of the calendar.
 *
 *   2026   2026-H1   2026-Q3   2026-06
 */
#include "base/arena.h"
#include "base/day.h"
#include "base/str.h"

enum period_kind { PERIOD_YEAR, PERIOD_HALF_YEAR, PERIOD_QUARTER, PERIOD_MONTH, PERIOD_KIND_COUNT };

struct period {
    enum period_kind kind;
    struct day first, last; /* both in it */
};

/* year, half_year, quarter, month */
bool period_kind_parse(struct str text, enum period_kind *out);

/* The one that holds the day. */
struct period period_of(enum period_kind kind, struct day day);
struct period period_next(struct period period);
struct period period_before(struct period period);

/* False leaves *out untouched. */
bool period_parse(struct str text, struct period *out);
struct str period_format(struct arena *arena, struct period period);
