#pragma once
/*
 * When a time limit ends. A due date is always derived, from where the clock started, how long it
 * runs, when it stood and what was added; nobody stores one by hand.
 *
 * How it is counted:
 *   days, working days   from the day after the event; the last day runs to its 24:00. Calendar days
 *                        do not move off a holiday unless `roll` says so.
 *   months               to the day of the same number, or the month's last day where there is none.
 *   hours                in whole minutes from the event's minute, the last one included: 21:25 and
 *                        one hour is in time through 22:25:59.
 *   a fixed day          that day is in time; standing still does not move it, extensions do.
 *   pauses               a day (minute) counts when the clock runs at its end. So a counted length never
 *                        runs out while the clock stands, and a pause moves the due day by the days
 *                        from pause to resumption. Pausing and resuming within one day moves nothing.
 *   extensions           counted on from the last day (minute) of what went before, in order; those of
 *                        one unit add up with it.
 *
 * Everything here is pure and needs no memory but the trace.
 */
#include "base/ctx.h"
#include "base/length.h"
#include "base/vec.h"
#include "engine/calendar.h"

struct clock_pause {
    struct instant from;
    struct instant to; /* INSTANT_NONE while it lasts */
};

struct deadline_terms {
    struct instant start; /* the event */
    struct length length; /* used where `fixed` is absent */
    struct day fixed;     /* the last day in time, or DAY_NONE */
    bool roll; /* a last day that is not worked moves to the next working day; not for hours */
    const struct clock_pause *pauses; /* any order, may overlap; borrowed */
    size_t pause_count;
    const struct length *extensions; /* in the order they were given; borrowed */
    size_t extension_count;
};

struct deadline {
    bool open;          /* the clock stands: it has no due date now, the four below are absent */
    struct day due_day; /* last day in time (for hours: the day of the last minute) */
    struct instant due; /* start of the last minute in time */
    struct instant end; /* first instant that is late: due + 1 minute */
    bool provisional;   /* rests on days after the last announced year */
    bool in_hours;      /* the last count was in hours: `due` is to the minute, not to the day */
};

/*
 *   cal   open days of the office; may be null where neither working days nor roll are asked; borrowed
 *
 * Errors: ST_INVALID  a length out of length_max's range; a working day before the first announced
 *                     year, or no calendar for working days
 *         ST_LIMIT    beyond the year 9999
 */
MUST_USE enum status deadline_find(struct ctx *ctx, const struct calendar *cal,
                                   const struct deadline_terms *terms, struct deadline *out);

/*
 * What is left at `now`, for display and for rules as "near": whole days and working days from today
 * (not counted) to the due day, minutes to the end. Negative when late: days since the due day.
 * While the clock stands only `open` is set.
 */
struct deadline_left {
    bool open;
    bool late; /* now >= end */
    int32_t days;
    bool knows_workdays; /* false without a calendar, or before its first year */
    int32_t workdays;
    int64_t minutes; /* rounded down: 0 in the last minute; negative when late */
};
struct deadline_left deadline_find_left(const struct calendar *cal, const struct deadline *deadline,
                                        struct instant now);

/*
 * The first instant at which no more than `length` is left: the start of the day so many days (months,
 * working days) before the due day, or so many hours before the end. For rules as "30 days before".
 * The deadline must not be open.
 *
 * Errors: as deadline_find.
 */
MUST_USE enum status deadline_find_near(struct ctx *ctx, const struct calendar *cal,
                                        const struct deadline *deadline, struct length length,
                                        struct instant *out);

enum deadline_why {
    DEADLINE_EVERY_DAY, /* calendar days count each day */
    DEADLINE_WEEKDAY,
    DEADLINE_WEEKEND,
    DEADLINE_HOLIDAY,
    DEADLINE_MAKE_UP,
    DEADLINE_PAUSED,
    DEADLINE_ROLLED, /* after the last day of the count, on the way to the next working day */
    DEADLINE_WHY_COUNT
};

struct deadline_day {
    struct day day;
    bool counts;
    bool provisional;
    enum deadline_why why;
    struct str name; /* of a holiday or make-up day; borrowed from the calendar */
    struct str notice;
};

struct deadline_trace {
    struct deadline_day *at;
    size_t len;
    size_t cap;
};

enum { DEADLINE_TRACE_MAX = 20000 };

/* "weekday", "holiday" …, for machines. */
const char *deadline_why_name(enum deadline_why why);
/* i18n key of the same for readers, with {name} and {notice}. */
const char *deadline_why_key(enum deadline_why why);

/*
 * The count day by day, from the day after the event through the due day (through the day it came to
 * stand, where it stands), into ctx->arena. Parts counted in hours and fixed days add nothing.
 *
 * Errors: as deadline_find, and ST_LIMIT beyond DEADLINE_TRACE_MAX days.
 */
MUST_USE enum status deadline_explain(struct ctx *ctx, const struct calendar *cal,
                                      const struct deadline_terms *terms,
                                      struct deadline_trace *out);
