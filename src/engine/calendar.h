#pragma once
/*
 * Which days the office works: Monday to Friday, except as the yearly notices say. Read-only once
 * built, so any number of threads may ask.
 *
 * A calendar knows whole years. It answers for every day from the first announced year on: days of
 * announced years as announced, later days Monday to Friday and marked provisional. Days before the
 * first announced year have no answer, never a guess.
 */
#include "base/ctx.h"

/* One day that the weekday alone gets wrong, or a weekend day that belongs to a holiday. */
struct calendar_row {
    struct day day;
    bool work;         /* true: a weekend day worked in exchange; false: a day off */
    struct str name;   /* the holiday, or the one the day pays for; may be empty */
    struct str notice; /* number of the notice; may be empty */
};

enum calendar_why {
    CALENDAR_WEEKDAY,
    CALENDAR_WEEKEND,
    CALENDAR_HOLIDAY,
    CALENDAR_MAKE_UP, /* a weekend day worked in exchange */
    CALENDAR_WHY_COUNT
};

struct calendar_day {
    bool work;
    bool provisional; /* after the last announced year */
    enum calendar_why why;
    struct str name;   /* of a holiday or make-up day, else absent; borrowed from the rows */
    struct str notice; /* likewise */
};

struct calendar;

enum { CALENDAR_YEARS_MAX = 100 };

/*
 * Builds a calendar from rows in any order.
 *
 * A year counts as announced when it has a row before December: the last days of December may
 * be given by the next year's notice (2018-12-29, 2022-12-31), so they announce nothing.
 *
 *   arena   owns the calendar; rows are copied, their texts borrowed
 *
 * Errors: ST_INVALID  no announced year, a day twice, a year left out between two announced ones
 *         ST_LIMIT    more than CALENDAR_YEARS_MAX years from the first to the last row
 */
MUST_USE enum status calendar_build(struct ctx *ctx, struct arena *arena,
                                    const struct calendar_row *rows, size_t count,
                                    const struct calendar **out);

int calendar_first_year(const struct calendar *cal); /* announced */
int calendar_last_year(const struct calendar *cal);

/* May the calendar be asked about this day? Not before the first announced year. */
bool calendar_covers(const struct calendar *cal, struct day day);
/* After the last announced year: only Monday to Friday is known. */
bool calendar_is_provisional(const struct calendar *cal, struct day day);

/* The four below assert that every day they look at is covered. */
bool calendar_is_work(const struct calendar *cal, struct day day);
struct calendar_day calendar_get_day(const struct calendar *cal, struct day day);
/* Working days after `after`, through `last`; 0 when last is not later. Constant time. */
int32_t calendar_count_work(const struct calendar *cal, struct day after, struct day last);
/* The n-th working day after `after`, n >= 1. false: it lies beyond the year 9999. */
bool calendar_nth_work(const struct calendar *cal, struct day after, int32_t n, struct day *out);
