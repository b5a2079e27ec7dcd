#pragma once
/*
 * The calendar of the repository, for tests: read here with the plainest code, so that the reader
 * under test elsewhere is not what the rules are tested with. The file's path comes in CALENDAR_CSV.
 */
#include "base/ctx.h"
#include "engine/calendar.h"

struct fixture_calendar {
    struct calendar_row rows[600];
    size_t count;
    const struct calendar *cal; /* in ctx->arena */
};

void fixture_calendar_load(struct ctx *ctx, struct fixture_calendar *out);
struct day fixture_day(const char *text);         /* YYYY-MM-DD */
struct instant fixture_instant(const char *text); /* as instant_parse_lenient */
