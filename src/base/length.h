#pragma once
/*
 * Lengths of time as rules write them: "10 workdays", "3 days", "1 hour", "6 months". A length
 * says nothing about where it starts; engine/deadline.h counts it off.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum length_unit {
    LENGTH_HOURS,
    LENGTH_DAYS,     /* calendar days */
    LENGTH_WORKDAYS, /* days on which the office works, by a loaded calendar */
    LENGTH_MONTHS,   /* to the day of the same number, or the month's last day */
    LENGTH_UNIT_COUNT
};

struct length {
    enum length_unit unit;
    int32_t count; /* 1..length_max(unit) */
};

/* About ten years in any unit: 87840 hours, 3660 days or working days, 120 months. */
int32_t length_max(enum length_unit unit);

/*
 * A number, then a unit, blanks between or not: "10 workdays", "10 working days", "1 hour", "24h",
 * "3天", "10个工作日". Letters of either case. false: another form, or out of range.
 */
bool length_parse(struct str text, struct length *out);
/* Only the unit: "workdays", "working day", "工作日" … */
bool length_unit_parse(struct str text, enum length_unit *out);

const char *length_unit_name(enum length_unit unit); /* hours days workdays months */
/* The form length_parse reads back: "10 workdays", "1 hour". */
struct str length_format(struct arena *arena, struct length length);
