#pragma once
/*
 * What is owed again and again (`obligations:` of a pack), read for the engine. An item says who
 * owes it, when (periods that follow each other through the years), which case is opened for each
 * who and period, and what fulfils it. Lateness is no word here: the case's own deadline says it.
 */
#include "regime/regime.h"

/* A day of every year. */
struct month_day {
    int month; /* 1..12 */
    int day;   /* 1..31; 29 February is the 28th where the year has none */
};

/* Whole months of a year, the first to the last; last < first runs into the next year. */
struct month_window {
    int first, last; /* 1..12 */
};

/* How the periods of an item lie. */
enum obligation_rhythm {
    RHYTHM_MONTHS,  /* `every: month|quarter|half_year|year` of the civil year */
    RHYTHM_CUTOFFS, /* `due: [MM-DD …]`: from the day after one to the next */
    RHYTHM_WINDOWS, /* `windows: [MM..MM …]` */
};

/* What fulfils a duty without anybody saying so. */
struct regime_fulfilment {
    const struct regime_procedure *procedure; /* cases of it count */
    const struct value *at_least; /* how many: a number, or the name of a setting; null: 1 */
    struct str command;           /* the system gives it to the duty */
    const struct str *states;     /* count while they stand in one of these; none listed: always */
    size_t state_count;
    struct str on;                /* date field that tells the period; absent: the day it came to stand in
                                     such a state, or was made where none is listed */
    struct str entries;           /* or: a list of it that must have a row of the period */
    struct str entry_day;         /* with it: the column that tells the row's day */
    struct str entry_unit;        /* the column that must name the one who owes, or absent */
    struct str role;              /* held in it by the one who owes; absent: anybody's count */
    bool all;                     /* each of these cases that has not ended must count */
    const struct value *fields;   /* map field → value or list of values that it must have, or null */
    struct str link;              /* how the duty is linked to what counts, or absent */
};

struct regime_obligation {
    struct str id;
    struct words words;
    const struct str *roles; /* roles `for: campaign`: their units owe it */
    size_t role_count;
    const struct str *kinds; /* kinds of unit: all such units of the campaign's region owe it */
    size_t kind_count;
    enum obligation_rhythm rhythm;
    int months;                    /* RHYTHM_MONTHS: 1, 3, 6 or 12 */
    const struct month_day *cutoffs; /* RHYTHM_CUTOFFS, ascending */
    size_t cutoff_count;
    const struct month_window *windows; /* RHYTHM_WINDOWS */
    size_t window_count;
    const struct regime_procedure *procedure; /* of the case that is opened */
    const struct regime_deadline *deadline;   /* runs from its making to the due day */
    const struct value *fields; /* map field → "period", "opens", "due", "unit" or {value: literal} */
    const struct regime_fulfilment *fulfilment; /* null: only by hand */
    struct str clause;
    struct pack_place place;
};

/* Null where absent. */
const struct regime_obligation *regime_find_obligation(const struct regime *regime, struct str id);
