#pragma once
/*
 * What is owed again and again (`obligations:` of a pack), read for the engine. An item says who
 * owes it, when (periods that follow each other through the years), which case is opened for each
 * who and period, and what fulfils it. Lateness is no word here: the case's own deadline says it.
 */
#include "base/day.h"
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
    RHYTHM_DAYS,    /* `every: 15 days`, counted from the campaign's first day */
    RHYTHM_CUTOFFS, /* `due: [MM-DD …]`: from the day after one to the next */
    RHYTHM_WINDOWS, /* `windows: [MM..MM …]` */
    RHYTHM_DATES,   /* `dates: [YYYY-MM-DD …]`, once: from the day after one to the next */
};

/* Whoever stands in cases owes it: one duty for each such case, or for each unit of a role in it. */
struct regime_debtor {
    const struct regime_procedure *procedure;
    const struct str *states; /* while they stand in one of these; none listed: until they end */
    size_t state_count;
    struct str role; /* its units owe it; absent: the case does, and nobody by name */
    bool lead;       /* the first-listed of them only */
    const struct value *fields; /* map field → value or list of values that it must have, or null */
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
    bool in_region;               /* only cases in the duty's region and below it */
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
    const struct regime_debtor *standing; /* or these owe it; null, and no role or kind: nobody by
                                               name, one case for the campaign */
    enum obligation_rhythm rhythm;
    int months;               /* RHYTHM_MONTHS: 1, 3, 6 or 12 */
    struct regime_term every; /* RHYTHM_DAYS: how many; its setting may hold the word of a rhythm of
                                 months instead */
    const struct month_day *cutoffs; /* RHYTHM_CUTOFFS, ascending */
    size_t cutoff_count;
    const struct month_window *windows; /* RHYTHM_WINDOWS */
    size_t window_count;
    const struct day *dates; /* RHYTHM_DATES, ascending */
    size_t date_count;
    struct day since;        /* periods that begin before this day are not owed; or DAY_NONE */
    struct regime_term ahead; /* days before its first day on which the case is opened; count 0: none */
    struct regime_term grace; /* days after its last day on which it is due; count 0: none */
    const struct value *only; /* {setting, is}: owed only where the campaign reads it so, or null */
    const struct str *passed; /* roles whose holders in the standing case hold them in the duty */
    size_t passed_count;
    const struct regime_procedure *procedure; /* of the case that is opened */
    const struct regime_deadline *deadline;   /* runs from its making to the due day */
    const struct value *fields; /* map field → "period", "ordinal", "opens", "last", "due", "unit", "case" or
                                   {value: literal} */
    const struct regime_fulfilment *fulfilment; /* null: only by hand */
    struct str clause;
    struct pack_place place;
};

/* How many months the word of a rhythm stands for (`month`: 1 …); 0: no such word. */
int obligation_months(struct str word);
/* Null where absent. */
const struct regime_obligation *regime_find_obligation(const struct regime *regime, struct str id);
