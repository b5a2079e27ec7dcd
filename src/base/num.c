/*
 * Digits are collected with overflow checks.
 */
#include "base/num.h"

#include <inttypes.h>

static bool add_digit(int64_t *value, char c)
{
    return c >= '0' && c <= '9' && !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, c - '0', value);
}

/* Below zero the digits are taken away, since INT64_MIN has no positive twin. */
static bool take_digit(int64_t *value, char c)
{
    return c >= '0' && c <= '9' && !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_sub_overflow(*value, c - '0', value);
}

bool num_parse_i64(struct str text, int64_t min, int64_t max, int64_t *out)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    size_t at = negative ? 1 : 0;
    int64_t value = 0;
    if (at == text.len)
        return false;
    for (; at < text.len; at++)
        if (!(negative ? take_digit : add_digit)(&value, text.at[at]))
            return false;
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

bool num_parse_scaled(struct str text, int places, int64_t min, int64_t max, int64_t *out)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    struct str whole = str_from(text, negative ? 1 : 0);
    size_t dot = str_find_char(whole, '.');
    struct str fraction = {0};
    if (dot != SIZE_MAX) {
        fraction = str_from(whole, dot + 1);
        whole = str_part(whole, 0, dot);
        if (fraction.len == 0 || fraction.len > (size_t)places)
            return false;
    }
    int64_t value = 0;
    if (whole.len == 0)
        return false;
    for (size_t i = 0; i < whole.len; i++)
        if (!add_digit(&value, whole.at[i]))
            return false;
    for (size_t i = 0; i < (size_t)places; i++)
        if (!add_digit(&value, i < fraction.len ? fraction.at[i] : '0'))
            return false;
    value = negative ? -value : value;
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

struct str num_format_scaled(struct arena *arena, int64_t value, int places)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t unit = 1;
    for (int i = 0; i < places; i++)
        unit *= 10;
    struct str text = str_printf(arena, "%s%" PRIu64 ".%0*" PRIu64, value < 0 ? "-" : "",
                                 size / unit, places, size % unit);
    while (text.at[text.len - 1] == '0')
        text.len--;
    if (text.at[text.len - 1] == '.')
        text.len--;
    return text;
}
