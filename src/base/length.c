/*
 * One table of units and one of their spellings. Spellings are what offices type: plural and
 * singular, the ministry's Chinese, and the short "24h".
 */
#include "base/length.h"

#include "base/num.h"

static const struct {
    const char *name;
    const char *singular;
    int32_t max;
} units[LENGTH_UNIT_COUNT] = {
    [LENGTH_HOURS] = {"hours", "hour", 3660 * 24},
    [LENGTH_DAYS] = {"days", "day", 3660},
    [LENGTH_WORKDAYS] = {"workdays", "workday", 3660},
    [LENGTH_MONTHS] = {"months", "month", 120},
};

static const struct {
    struct str text;
    enum length_unit unit;
} spellings[] = {
    {STR_INIT("hours"), LENGTH_HOURS},
    {STR_INIT("hour"), LENGTH_HOURS},
    {STR_INIT("h"), LENGTH_HOURS},
    {STR_INIT("小时"), LENGTH_HOURS},   /* advise: ok, typed by people */
    {STR_INIT("个小时"), LENGTH_HOURS}, /* advise: ok, typed by people */
    {STR_INIT("days"), LENGTH_DAYS},
    {STR_INIT("day"), LENGTH_DAYS},
    {STR_INIT("d"), LENGTH_DAYS},
    {STR_INIT("天"), LENGTH_DAYS},       /* advise: ok, typed by people */
    {STR_INIT("日"), LENGTH_DAYS},       /* advise: ok, typed by people */
    {STR_INIT("个自然日"), LENGTH_DAYS}, /* advise: ok, typed by people */
    {STR_INIT("自然日"), LENGTH_DAYS},   /* advise: ok, typed by people */
    {STR_INIT("calendar days"), LENGTH_DAYS},
    {STR_INIT("calendar day"), LENGTH_DAYS},
    {STR_INIT("workdays"), LENGTH_WORKDAYS},
    {STR_INIT("workday"), LENGTH_WORKDAYS},
    {STR_INIT("wd"), LENGTH_WORKDAYS},
    {STR_INIT("working days"), LENGTH_WORKDAYS},
    {STR_INIT("working day"), LENGTH_WORKDAYS},
    {STR_INIT("个工作日"), LENGTH_WORKDAYS}, /* advise: ok, typed by people */
    {STR_INIT("工作日"), LENGTH_WORKDAYS},   /* advise: ok, typed by people */
    {STR_INIT("months"), LENGTH_MONTHS},
    {STR_INIT("month"), LENGTH_MONTHS},
    {STR_INIT("个月"), LENGTH_MONTHS}, /* advise: ok, typed by people */
};

int32_t length_max(enum length_unit unit)
{
    return units[unit].max;
}

bool length_unit_parse(struct str text, enum length_unit *out)
{
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        if (str_eq_nocase(text, spellings[i].text)) {
            *out = spellings[i].unit;
            return true;
        }
    }
    return false;
}

bool length_parse(struct str text, struct length *out)
{
    struct str trimmed = str_trim(text);
    size_t digits = 0;
    while (digits < trimmed.len && trimmed.at[digits] >= '0' && trimmed.at[digits] <= '9')
        digits++;
    enum length_unit unit;
    if (!length_unit_parse(str_trim(str_from(trimmed, digits)), &unit))
        return false;
    int64_t count;
    if (!num_parse_i64(str_part(trimmed, 0, digits), 1, units[unit].max, &count))
        return false;
    *out = (struct length){.unit = unit, .count = (int32_t)count};
    return true;
}

const char *length_unit_name(enum length_unit unit)
{
    return units[unit].name;
}

struct str length_format(struct arena *arena, struct length length)
{
    const char *name = length.count == 1 ? units[length.unit].singular : units[length.unit].name;
    return str_printf(arena, "%d %s", (int)length.count, name);
}
