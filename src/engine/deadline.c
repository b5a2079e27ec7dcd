/*
 * Days and minutes are counted the same way: as cells of a line, each of which counts or not. A
 * limit is a chain of legs (the length, then each extension); a leg starts after the last cell of the
 * one before. Running stretches between pauses are jumped over whole, so the cost depends on the
 * number of pauses, never on the length.
 */
#include "engine/deadline.h"

enum { LAST_DAY = 2932896 }; /* 9999-12-31 */

/* A cell no pause reaches; half the range, so that differences of cells cannot overflow. */
static const int64_t NEVER = INT64_MAX / 2;

/* One count: so many cells of a unit after cell `from`. */
struct leg {
    enum length_unit unit;
    int64_t count;
};

/* Where a walk stands: the last cell counted, in days or in minutes. */
struct walk {
    const struct calendar *cal;
    const struct deadline_terms *terms;
    bool in_hours;
    int64_t cell; /* days since 1970, or minutes since 1970 UTC */
    bool open;    /* stopped at a pause that lasts; cell is the last one before it */
    bool provisional;
};

static int64_t floor_minute(struct instant at)
{
    return at.ms / MS_PER_MINUTE - (at.ms % MS_PER_MINUTE < 0);
}

static int64_t cell_of(bool in_hours, struct instant at)
{
    return in_hours ? floor_minute(at) : day_of_instant(at).v;
}

/* A pause covers the cells at whose end the clock stands: [begin, end). */
static int64_t pause_begin(bool in_hours, const struct clock_pause *pause)
{
    return cell_of(in_hours, pause->from);
}

static int64_t pause_end(bool in_hours, const struct clock_pause *pause)
{
    return instant_is_none(pause->to) ? NEVER : cell_of(in_hours, pause->to);
}

/* The cell after the pauses that cover `cell` (NEVER: one lasts), or `cell` where none does. */
static int64_t skip_pauses(const struct deadline_terms *terms, bool in_hours, int64_t cell)
{
    for (size_t i = 0; i < terms->pause_count; i++) {
        int64_t end = pause_end(in_hours, &terms->pauses[i]);
        if (pause_begin(in_hours, &terms->pauses[i]) <= cell && cell < end) {
            cell = end;
            i = SIZE_MAX; /* pauses may overlap in any order: look again from the first */
        }
    }
    return cell;
}

/* The first cell after `cell` that a pause covers, or NEVER. */
static int64_t next_pause(const struct deadline_terms *terms, bool in_hours, int64_t cell)
{
    int64_t next = NEVER;
    for (size_t i = 0; i < terms->pause_count; i++) {
        int64_t begin = pause_begin(in_hours, &terms->pauses[i]);
        if (begin > cell && begin < next && begin < pause_end(in_hours, &terms->pauses[i]))
            next = begin;
    }
    return next;
}

static enum status check_covered(struct ctx *ctx, const struct calendar *cal, struct day day)
{
    if (cal == NULL)
        return fail(ctx, ST_INVALID, "deadline.no_calendar", NO_ARGS);
    if (!calendar_covers(cal, day))
        return fail(ctx, ST_INVALID, "deadline.before_calendar",
                    ARGS(arg_day("day", day), arg_int("year", calendar_first_year(cal))));
    return ST_OK;
}

static enum status check_length(struct ctx *ctx, struct length length)
{
    int32_t max = length_max(length.unit);
    if (length.count < 1 || length.count > max)
        return fail(ctx, ST_INVALID, "deadline.length", ARGS(arg_int("max", max)));
    return ST_OK;
}

static enum status check_reach(struct ctx *ctx, bool in_hours, int64_t cell)
{
    int64_t last = in_hours ? (int64_t)LAST_DAY * 24 * 60 : LAST_DAY;
    if (cell > last)
        return fail(ctx, ST_LIMIT, "deadline.too_far", NO_ARGS);
    return ST_OK;
}

/* Days from `from` to the day of the same number `months` later, or that month's last day. */
static int64_t days_of_months(struct day from, int64_t months)
{
    struct civil c = day_civil(from);
    int64_t index = (int64_t)c.year * 12 + c.month - 1 + months;
    int year = (int)(index / 12);
    int month = (int)(index % 12) + 1;
    if (year > 9999 || year < 1)
        return (int64_t)LAST_DAY + 1;
    int last = day_days_in_month(year, month);
    return day_of(year, month, c.day < last ? c.day : last).v - from.v;
}

/* Counts `left` cells on from walk->cell; every cell counts. */
static enum status count_cells(struct ctx *ctx, struct walk *walk, int64_t left)
{
    for (;;) {
        int64_t next = skip_pauses(walk->terms, walk->in_hours, walk->cell + 1);
        if (next == NEVER) {
            walk->open = true;
            return ST_OK;
        }
        int64_t stop = next_pause(walk->terms, walk->in_hours, next);
        if (stop - next >= left) {
            walk->cell = next + left - 1;
            return check_reach(ctx, walk->in_hours, walk->cell);
        }
        left -= stop - next;
        walk->cell = stop - 1;
    }
}

/* The same where only working days count. */
static enum status count_workdays(struct ctx *ctx, struct walk *walk, int32_t left)
{
    for (;;) {
        int64_t next = skip_pauses(walk->terms, false, walk->cell + 1);
        if (next == NEVER) {
            walk->open = true;
            return ST_OK;
        }
        TRY(check_reach(ctx, false, next));
        struct day after = {(int32_t)next - 1};
        TRY(check_covered(ctx, walk->cal, (struct day){(int32_t)next}));
        int64_t stop = next_pause(walk->terms, false, next);
        int64_t last = stop - 1 < LAST_DAY ? stop - 1 : LAST_DAY;
        int32_t here = calendar_count_work(walk->cal, after, (struct day){(int32_t)last});
        struct day day;
        if (here >= left && calendar_nth_work(walk->cal, after, left, &day)) {
            walk->cell = day.v;
            return ST_OK;
        }
        left -= here;
        walk->cell = last;
    }
}

/* Days and minutes are left for one another at a day's end. */
static void change_cells(struct walk *walk, bool in_hours)
{
    if (walk->in_hours == in_hours)
        return;
    if (in_hours)
        walk->cell = floor_minute(day_start((struct day){(int32_t)walk->cell + 1})) - 1;
    else
        walk->cell = day_of_instant((struct instant){walk->cell * MS_PER_MINUTE}).v;
    walk->in_hours = in_hours;
}

static enum status walk_leg(struct ctx *ctx, struct walk *walk, struct leg leg)
{
    change_cells(walk, leg.unit == LENGTH_HOURS);
    switch (leg.unit) {
    case LENGTH_HOURS: return count_cells(ctx, walk, leg.count * 60);
    case LENGTH_DAYS: return count_cells(ctx, walk, leg.count);
    case LENGTH_MONTHS:
        return count_cells(ctx, walk, days_of_months((struct day){(int32_t)walk->cell}, leg.count));
    case LENGTH_WORKDAYS:
        TRY(count_workdays(ctx, walk, (int32_t)leg.count));
        if (!walk->open)
            walk->provisional |=
                calendar_is_provisional(walk->cal, (struct day){(int32_t)walk->cell});
        return ST_OK;
    case LENGTH_UNIT_COUNT: break;
    }
    must(leg.unit < LENGTH_UNIT_COUNT);
    return ST_INTERNAL;
}

/* The next leg: one length and what follows it in the same unit. 31 January and twice a month is
 * 31 March, not 28. *at counts the extensions used. */
static enum status next_leg(struct ctx *ctx, const struct deadline_terms *terms, size_t *at,
                            bool with_length, struct leg *out)
{
    struct length first = with_length ? terms->length : terms->extensions[(*at)++];
    TRY(check_length(ctx, first));
    *out = (struct leg){.unit = first.unit, .count = first.count};
    while (*at < terms->extension_count && terms->extensions[*at].unit == out->unit) {
        TRY(check_length(ctx, terms->extensions[*at]));
        out->count += terms->extensions[(*at)++].count;
        if (out->count > (int64_t)LAST_DAY * 24)
            return fail(ctx, ST_LIMIT, "deadline.too_far", NO_ARGS);
    }
    return ST_OK;
}

/* From a last day that is not worked to the next working day on which the clock runs. */
static enum status roll(struct ctx *ctx, struct walk *walk)
{
    if (!walk->terms->roll || walk->in_hours || walk->open)
        return ST_OK;
    TRY(check_covered(ctx, walk->cal, (struct day){(int32_t)walk->cell}));
    if (!calendar_is_work(walk->cal, (struct day){(int32_t)walk->cell}))
        TRY(count_workdays(ctx, walk, 1));
    if (!walk->open)
        walk->provisional |= calendar_is_provisional(walk->cal, (struct day){(int32_t)walk->cell});
    return ST_OK;
}

static struct walk walk_from(const struct calendar *cal, const struct deadline_terms *terms)
{
    struct walk walk = {.cal = cal, .terms = terms};
    if (!day_is_none(terms->fixed)) {
        walk.cell = terms->fixed.v;
        return walk;
    }
    walk.in_hours = terms->length.unit == LENGTH_HOURS;
    walk.cell = cell_of(walk.in_hours, terms->start);
    return walk;
}

static void finish(const struct walk *walk, struct deadline *out)
{
    *out = (struct deadline){.open = walk->open,
                             .due_day = DAY_NONE,
                             .due = INSTANT_NONE,
                             .end = INSTANT_NONE,
                             .in_hours = walk->in_hours};
    if (walk->open)
        return;
    out->provisional = walk->provisional;
    if (walk->in_hours)
        out->end.ms = (walk->cell + 1) * MS_PER_MINUTE;
    else
        out->end = day_start((struct day){(int32_t)walk->cell + 1});
    out->due.ms = out->end.ms - MS_PER_MINUTE;
    out->due_day = day_of_instant(out->due);
}

/* What the calendar says of a day, in the words of the trace. */
static struct deadline_day describe(const struct calendar *cal, struct day day)
{
    static const enum deadline_why of_calendar[CALENDAR_WHY_COUNT] = {
        [CALENDAR_WEEKDAY] = DEADLINE_WEEKDAY,
        [CALENDAR_WEEKEND] = DEADLINE_WEEKEND,
        [CALENDAR_HOLIDAY] = DEADLINE_HOLIDAY,
        [CALENDAR_MAKE_UP] = DEADLINE_MAKE_UP,
    };
    struct calendar_day known = calendar_get_day(cal, day);
    return (struct deadline_day){.day = day,
                                 .counts = known.work,
                                 .provisional = known.provisional,
                                 .why = of_calendar[known.why],
                                 .name = known.name,
                                 .notice = known.notice};
}

/* Adds the days after `from` through `last` as a count in `unit` sees them. */
static enum status trace_days(struct ctx *ctx, const struct walk *walk, bool workdays, int64_t from,
                              int64_t last, struct deadline_trace *out)
{
    if (last - from > DEADLINE_TRACE_MAX - (int64_t)out->len)
        return fail(ctx, ST_LIMIT, "deadline.trace_too_long",
                    ARGS(arg_int("max", DEADLINE_TRACE_MAX)));
    for (int64_t cell = from + 1; cell <= last; cell++) {
        struct day day = {(int32_t)cell};
        struct deadline_day *entry = vec_push(ctx->arena, out);
        *entry = (struct deadline_day){.day = day, .counts = true, .why = DEADLINE_EVERY_DAY};
        if (skip_pauses(walk->terms, false, cell) != cell)
            *entry = (struct deadline_day){.day = day, .why = DEADLINE_PAUSED};
        else if (workdays)
            *entry = describe(walk->cal, day);
    }
    return ST_OK;
}

/* One leg, its days added; a clock that stands shows the first day it stood. */
static enum status trace_leg(struct ctx *ctx, struct walk *walk, struct leg leg,
                             struct deadline_trace *out)
{
    change_cells(walk, leg.unit == LENGTH_HOURS);
    int64_t from = walk->cell;
    TRY(walk_leg(ctx, walk, leg));
    if (walk->in_hours)
        return ST_OK;
    return trace_days(ctx, walk, leg.unit == LENGTH_WORKDAYS, from, walk->cell + walk->open, out);
}

static enum status trace_roll(struct ctx *ctx, struct walk *walk, struct deadline_trace *out)
{
    int64_t from = walk->cell;
    TRY(roll(ctx, walk));
    size_t first = out->len;
    TRY(trace_days(ctx, walk, true, from, walk->cell, out));
    for (size_t i = first; i < out->len; i++) {
        out->at[i].counts = false;
        if (out->at[i].why != DEADLINE_PAUSED && out->at[i].day.v == walk->cell)
            out->at[i].why = DEADLINE_ROLLED;
    }
    return ST_OK;
}

/* All legs and the roll; the days go into `trace` where one is wanted. */
static enum status walk_all(struct ctx *ctx, struct walk *walk, struct deadline_trace *trace)
{
    const struct deadline_terms *terms = walk->terms;
    bool with_length = day_is_none(terms->fixed);
    for (size_t at = 0; !walk->open && (with_length || at < terms->extension_count);
         with_length = false) {
        struct leg leg;
        TRY(next_leg(ctx, terms, &at, with_length, &leg));
        TRY(trace == NULL ? walk_leg(ctx, walk, leg) : trace_leg(ctx, walk, leg, trace));
    }
    return trace == NULL ? roll(ctx, walk) : trace_roll(ctx, walk, trace);
}

enum status deadline_find(struct ctx *ctx, const struct calendar *cal,
                          const struct deadline_terms *terms, struct deadline *out)
{
    struct walk walk = walk_from(cal, terms);
    TRY(walk_all(ctx, &walk, NULL));
    finish(&walk, out);
    return ST_OK;
}

enum status deadline_explain(struct ctx *ctx, const struct calendar *cal,
                             const struct deadline_terms *terms, struct deadline_trace *out)
{
    struct walk walk = walk_from(cal, terms);
    struct deadline_trace trace = {0};
    TRY(walk_all(ctx, &walk, &trace));
    *out = trace;
    return ST_OK;
}

struct deadline_left deadline_find_left(const struct calendar *cal, const struct deadline *deadline,
                                        struct instant now)
{
    if (deadline->open)
        return (struct deadline_left){.open = true};
    struct day today = day_of_instant(now);
    struct day due = deadline->due_day;
    struct day first = today.v < due.v ? today : due;
    struct day last = today.v < due.v ? due : today;
    int64_t ms = deadline->end.ms - now.ms;
    struct deadline_left left = {
        .late = ms <= 0,
        .days = due.v - today.v,
        .knows_workdays = cal != NULL && calendar_covers(cal, day_add(first, 1)),
        .minutes = ms / MS_PER_MINUTE - (ms % MS_PER_MINUTE < 0),
    };
    if (left.knows_workdays) {
        int32_t count = calendar_count_work(cal, first, last);
        left.workdays = today.v < due.v ? count : -count;
    }
    return left;
}

/* The earliest day after which no more than n working days follow through `due`. */
static enum status nth_work_back(struct ctx *ctx, const struct calendar *cal, struct day due,
                                 int32_t n, struct day *out)
{
    int32_t seen = 0;
    for (struct day day = due;; day = day_add(day, -1)) {
        TRY(check_covered(ctx, cal, day));
        seen += calendar_is_work(cal, day);
        if (seen > n) {
            *out = day;
            return ST_OK;
        }
    }
}

enum status deadline_find_near(struct ctx *ctx, const struct calendar *cal,
                               const struct deadline *deadline, struct length length,
                               struct instant *out)
{
    must(!deadline->open);
    TRY(check_length(ctx, length));
    struct day day = deadline->due_day;
    switch (length.unit) {
    case LENGTH_HOURS:
        out->ms = deadline->end.ms - (int64_t)length.count * MS_PER_HOUR;
        return ST_OK;
    case LENGTH_DAYS: day = day_add(day, -length.count); break;
    case LENGTH_MONTHS: day.v += (int32_t)days_of_months(day, -length.count); break;
    case LENGTH_WORKDAYS:
        TRY(nth_work_back(ctx, cal, deadline->due_day, length.count, &day));
        break;
    case LENGTH_UNIT_COUNT: must(length.unit < LENGTH_UNIT_COUNT);
    }
    *out = day_start(day);
    return ST_OK;
}

/* name for machines, key for readers */
static const struct {
    const char *name;
    const char *key;
} whys[DEADLINE_WHY_COUNT] = {
    [DEADLINE_EVERY_DAY] = {"day", "deadline.why.day"},
    [DEADLINE_WEEKDAY] = {"weekday", "deadline.why.weekday"},
    [DEADLINE_WEEKEND] = {"weekend", "deadline.why.weekend"},
    [DEADLINE_HOLIDAY] = {"holiday", "deadline.why.holiday"},
    [DEADLINE_MAKE_UP] = {"make-up workday", "deadline.why.make_up"},
    [DEADLINE_PAUSED] = {"paused", "deadline.why.paused"},
    [DEADLINE_ROLLED] = {"rolled", "deadline.why.rolled"},
};

const char *deadline_why_name(enum deadline_why why)
{
    return whys[why].name;
}

const char *deadline_why_key(enum deadline_why why)
{
    return whys[why].key;
}
