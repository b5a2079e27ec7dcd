/*
 * A period is its first month and how many months it has; the rest is counting.
 */
#include "engine/period.h"

#include "base/status.h"
#include "base/num.h"

static const struct {
    const char *name;
    int months;
    const char *letter; /* before its number in a name; null: none */
} kinds[PERIOD_KIND_COUNT] = {
    [PERIOD_YEAR] = {"year", 12, NULL},
    [PERIOD_HALF_YEAR] = {"half_year", 6, "H"},
    [PERIOD_QUARTER] = {"quarter", 3, "Q"},
    [PERIOD_MONTH] = {"month", 1, ""},
};

bool period_kind_parse(struct str text, enum period_kind *out)
{
    for (enum period_kind kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        if (str_eq_c(text, kinds[kind].name)) {
            *out = kind;
            return true;
        }
    return false;
}

/* number: 1 for the first of the year */
static struct period period_at(enum period_kind kind, int year, int number)
{
    int first = (number - 1) * kinds[kind].months + 1;
    int last = first + kinds[kind].months - 1;
    return (struct period){.kind = kind,
                           .first = day_of(year, first, 1),
                           .last = day_of(year, last, day_days_in_month(year, last))};
}

struct period period_of(enum period_kind kind, struct day day)
{
    struct civil civil = day_civil(day);
    return period_at(kind, civil.year, (civil.month - 1) / kinds[kind].months + 1);
}

struct period period_next(struct period period)
{
    return period_of(period.kind, day_add(period.last, 1));
}

struct period period_before(struct period period)
{
    return period_of(period.kind, day_add(period.first, -1));
}

/* What stands behind "2026-": Q3, H1 or a month of two digits. */
static bool parse_part(struct str part, enum period_kind *out_kind, int64_t *out_number)
{
    for (enum period_kind kind = PERIOD_HALF_YEAR; kind < PERIOD_KIND_COUNT; kind++) {
        struct str letter = str_of(kinds[kind].letter);
        size_t digits = letter.len == 0 ? 2 : 1;
        *out_kind = kind;
        if (part.len == letter.len + digits && str_starts(part, letter) &&
            num_parse_i64(str_from(part, letter.len), 1, 12 / kinds[kind].months, out_number))
            return true;
    }
    return false;
}

bool period_parse(struct str text, struct period *out)
{
    enum { YEAR_MIN = 1000, YEAR_MAX = 9998 }; /* its neighbours are years as well */
    enum period_kind kind = PERIOD_YEAR;
    int64_t year, number = 1;
    if (text.len < 4 || !num_parse_i64(str_part(text, 0, 4), YEAR_MIN, YEAR_MAX, &year))
        return false;
    if (text.len > 4 &&
        (text.at[4] != '-' || !parse_part(str_from(text, 5), &kind, &number)))
        return false;
    *out = period_at(kind, (int)year, (int)number);
    return true;
}

struct str period_format(struct arena *arena, struct period period)
{
    struct civil civil = day_civil(period.first);
    int number = (civil.month - 1) / kinds[period.kind].months + 1;
    if (period.kind == PERIOD_YEAR)
        return str_printf(arena, "%d", civil.year);
    if (period.kind == PERIOD_MONTH)
        return str_printf(arena, "%d-%02d", civil.year, number);
    return str_printf(arena, "%d-%s%d", civil.year, kinds[period.kind].letter, number);
}
