#pragma once
/*
 * Days and instants. A day is a civil date (proleptic Gregorian); an instant is UTC milliseconds.
 * The office's clock is Asia/Shanghai: UTC+8 all year since 1992, taken as fixed here, because no
 * rule reaches further back.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Days since 1970-01-01; DAY_NONE means absent. */
struct day {
    int32_t v;
};

/* Milliseconds since 1970-01-01T00:00:00Z; INSTANT_NONE means absent. */
struct instant {
    int64_t ms;
};

#define DAY_NONE ((struct day){INT32_MIN})
#define INSTANT_NONE ((struct instant){INT64_MIN})

enum { MS_PER_SECOND = 1000, MS_PER_MINUTE = 60000, MS_PER_HOUR = 3600000, MS_PER_DAY = 86400000 };

struct civil {
    int year;  /* 1..9999 */
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

bool day_is_none(struct day day);
bool instant_is_none(struct instant instant);

struct day day_of(int year, int month, int day); /* asserted: a date that exists */
bool day_from_civil(int year, int month, int day, struct day *out); /* false: no such date */
struct civil day_civil(struct day day);
int day_weekday(struct day day); /* 1 Monday … 7 Sunday (ISO 8601) */
struct day day_add(struct day day, int32_t days);
int day_days_in_month(int year, int month);

/* The office's civil day of an instant, and the instant at which that day begins. */
struct day day_of_instant(struct instant at);
struct instant day_start(struct day day);
/* Minutes since the office's midnight, 0..1439. */
int instant_minute_of_day(struct instant at);

/* ISO 8601 calendar date, exactly YYYY-MM-DD. */
bool day_parse(struct str text, struct day *out);
struct str day_format(struct arena *arena, struct day day);

/*
 * RFC 3339 with any offset, seconds required, fraction optional. instant_parse_lenient also takes
 * a bare date (its start at the office), a date and time without seconds, and no offset (office).
 */
bool instant_parse(struct str text, struct instant *out);
bool instant_parse_lenient(struct str text, struct instant *out);
/* 18:22, at the office */
struct str minute_format(struct arena *arena, struct instant at);
/* 2026-11-22T18:00:00.000+08:00 */
struct str instant_format(struct arena *arena, struct instant at);
