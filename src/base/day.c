/*
 * Civil dates by the era arithmetic that counts years from March, so that the leap day comes
 * last; texts by fixed positions, since ISO 8601 and RFC 3339 have them.
 */
#include "base/day.h"

#include "base/num.h"

enum { OFFICE_OFFSET_MS = 8 * MS_PER_HOUR };

bool day_is_none(struct day day)
{
    return day.v == INT32_MIN;
}

bool instant_is_none(struct instant instant)
{
    return instant.ms == INT64_MIN;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int day_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool day_from_civil(int year, int month, int day, struct day *out)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > day_days_in_month(year, month))
        return false;
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    out->v = era * 146097 + day_of_era - 719468;
    return true;
}

struct day day_of(int year, int month, int day)
{
    struct day out;
    must(day_from_civil(year, month, day, &out));
    return out;
}

struct civil day_civil(struct day day)
{
    int z = day.v + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (struct civil){.year = year_of_era + era * 400 + (month <= 2),
                          .month = month,
                          .day = day_of_year - (153 * shifted + 2) / 5 + 1};
}

int day_weekday(struct day day)
{
    int from_thursday = day.v % 7; /* 1970-01-01 was a Thursday */
    return (from_thursday + 7 + 3) % 7 + 1;
}

struct day day_add(struct day day, int32_t days)
{
    return (struct day){day.v + days};
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

struct day day_of_instant(struct instant at)
{
    return (struct day){(int32_t)floor_div(at.ms + OFFICE_OFFSET_MS, MS_PER_DAY)};
}

struct instant day_start(struct day day)
{
    return (struct instant){(int64_t)day.v * MS_PER_DAY - OFFICE_OFFSET_MS};
}

int instant_minute_of_day(struct instant at)
{
    int64_t since_midnight = at.ms - day_start(day_of_instant(at)).ms;
    return (int)(since_midnight / MS_PER_MINUTE);
}

static bool two_digits(struct str text, size_t at, int max, int *out)
{
    int64_t value;
    if (!num_parse_i64(str_part(text, at, 2), 0, max, &value) || text.at[at] == '-')
        return false;
    *out = (int)value;
    return true;
}

bool day_parse(struct str text, struct day *out)
{
    int64_t year;
    int month;
    int day;
    if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
        return false;
    return num_parse_i64(str_part(text, 0, 4), 1, 9999, &year) &&
           two_digits(text, 5, 12, &month) && two_digits(text, 8, 31, &day) &&
           day_from_civil((int)year, month, day, out);
}

/* By hand, since a list of fifty cases prints three hundred times. */
static char *put_digits(char *at, int number, int width, char then)
{
    unsigned rest = (unsigned)number;
    for (int i = width; i-- > 0; rest /= 10)
        at[i] = (char)('0' + rest % 10);
    at[width] = then;
    return at + width + 1;
}

static char *put_day(char *at, struct day day, char then)
{
    struct civil c = day_civil(day);
    at = put_digits(at, c.year, 4, '-');
    at = put_digits(at, c.month, 2, '-');
    return put_digits(at, c.day, 2, then);
}

struct str day_format(struct arena *arena, struct day day)
{
    char *text = arena_alloc(arena, sizeof "2026-11-22");
    (void)put_day(text, day, '\0');
    return (struct str){text, sizeof "2026-11-22" - 1};
}

struct str minute_format(struct arena *arena, struct instant at)
{
    int minute = instant_minute_of_day(at);
    char *text = arena_alloc(arena, sizeof "18:22");
    (void)put_digits(put_digits(text, minute / 60, 2, ':'), minute % 60, 2, '\0');
    return (struct str){text, sizeof "18:22" - 1};
}

/* Z or ±hh:mm at the end of an RFC 3339 text. */
static bool parse_offset(struct str text, int64_t *offset_ms)
{
    int hours;
    int minutes;
    if (str_eq(text, S("Z")) || str_eq(text, S("z"))) {
        *offset_ms = 0;
        return true;
    }
    if (text.len != 6 || (text.at[0] != '+' && text.at[0] != '-') || text.at[3] != ':' ||
        !two_digits(text, 1, 23, &hours) || !two_digits(text, 4, 59, &minutes))
        return false;
    int64_t size = (int64_t)hours * MS_PER_HOUR + (int64_t)minutes * MS_PER_MINUTE;
    *offset_ms = text.at[0] == '-' ? -size : size;
    return true;
}

/* Takes ".123…" off the front of *rest and gives its milliseconds, cut, not rounded. */
static bool parse_fraction(struct str *rest, int64_t *ms)
{
    *ms = 0;
    if (rest->len == 0 || rest->at[0] != '.')
        return true;
    size_t at = 1;
    int64_t unit = 100;
    for (; at < rest->len && rest->at[at] >= '0' && rest->at[at] <= '9'; at++, unit /= 10)
        *ms += (rest->at[at] - '0') * unit;
    *rest = str_from(*rest, at);
    return at > 1;
}

static bool parse_instant(struct str text, bool lenient, struct instant *out)
{
    struct day day;
    int hour;
    int minute;
    int second = 0;
    if (text.len < 16 || !day_parse(str_part(text, 0, 10), &day) || text.at[13] != ':')
        return false;
    bool blank = text.at[10] == ' ' && lenient;
    if ((text.at[10] != 'T' && text.at[10] != 't' && !blank) || !two_digits(text, 11, 23, &hour) ||
        !two_digits(text, 14, 59, &minute))
        return false;
    struct str rest = str_from(text, 16);
    int64_t fraction_ms = 0;
    if (rest.len >= 3 && rest.at[0] == ':') {
        if (!two_digits(rest, 1, 59, &second))
            return false;
        rest = str_from(rest, 3);
        if (!parse_fraction(&rest, &fraction_ms))
            return false;
    } else if (!lenient) {
        return false;
    }
    int64_t offset_ms = OFFICE_OFFSET_MS;
    if (!(lenient && rest.len == 0) && !parse_offset(rest, &offset_ms))
        return false;
    out->ms = (int64_t)day.v * MS_PER_DAY + (int64_t)hour * MS_PER_HOUR +
              (int64_t)minute * MS_PER_MINUTE + (int64_t)second * MS_PER_SECOND + fraction_ms -
              offset_ms;
    return true;
}

bool instant_parse(struct str text, struct instant *out)
{
    return parse_instant(text, false, out);
}

bool instant_parse_lenient(struct str text, struct instant *out)
{
    struct day day;
    if (day_parse(text, &day)) {
        *out = day_start(day);
        return true;
    }
    return parse_instant(text, true, out);
}

struct str instant_format(struct arena *arena, struct instant at)
{
    static const char form[] = "2026-11-22T18:22:03.250+08:00";
    struct day day = day_of_instant(at);
    int ms = (int)(at.ms - day_start(day).ms);
    char *text = arena_copy(arena, form, sizeof form);
    char *time = put_day(text, day, 'T');
    time = put_digits(time, ms / (int)MS_PER_HOUR, 2, ':');
    time = put_digits(time, ms / (int)MS_PER_MINUTE % 60, 2, ':');
    time = put_digits(time, ms / (int)MS_PER_SECOND % 60, 2, '.');
    (void)put_digits(time, ms % 1000, 3, '+');
    return (struct str){text, sizeof form - 1};
}
