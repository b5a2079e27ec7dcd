#pragma once
/*
 * Points: what the ledger charged to units, folded in order. Nothing here is stored but the charges
 * themselves; totals, what counted and why not, and which thresholds were crossed come out of the
 * fold each time, so that any of it can be recomputed and a reversal tried before it is decided.
 *
 * A tally is one unit in one period. A charge counts there by the day it happened, whenever it was
 * taken back. Order is that of recording; charges of one command are one step.
 *
 *   once      of one subject, the charges of all rules marked `once` count together once, at the
 *             highest that stands (reading A2-13)
 *   crossing  a step that takes the total from below a threshold to it or above; where one step
 *             crosses several, the highest is crossed and the others are absorbed (A2-12)
 *   blocked   never crossed, only because charges were taken back before
 */
#include "base/day.h"
#include "base/id.h"
#include "base/vec.h"
#include "engine/engine.h"

/* A number of points in millionths, as a field of kind decimal holds them. */
struct points {
    int64_t v;
};

enum { POINTS_PLACES = 6 };

bool points_parse(struct str text, struct points *out); /* not negative */
struct str points_format(struct arena *arena, struct points points);
/* Of an event or a field: a decimal text or a whole number; false where it is neither. */
bool points_of_value(const struct value *value, struct points *out);

/* One charge of one unit, with its taking back where it was. */
struct score_row {
    struct prefecture prefecture;
    struct casefile_id casefile;
    int64_t seq; /* of its event; with the case, its name */
    struct str rule;
    int64_t unit;
    struct points points;
    struct str subject; /* the problem it is about; empty: none named */
    struct str clause;
    struct str command;
    struct instant happened_at, recorded_at;
    int64_t reversed_seq; /* 0: it stands */
    struct instant reversed_at;
};

struct score_row_list {
    struct score_row *at;
    size_t len;
    size_t cap;
};

/* In how many cases a unit held a role, and their numbers, parted by blanks (the first few). */
struct score_holding {
    int64_t unit;
    struct str role;
    int64_t cases;
    struct str numbers;
};

struct score_holding_list {
    struct score_holding *at;
    size_t len;
    size_t cap;
};

/* ---- what the pack and its campaign say ---- */

struct score_rule {
    struct str id;
    struct words words;
    struct str group;     /* where groups are not added up; or empty */
    struct str as;        /* the role in which a unit is charged; or empty */
    struct points points; /* where not copied */
    bool copied;          /* points come with each charge */
    bool once;
    struct str clause;
};

struct score_threshold {
    struct points at;
    struct str procedure;         /* what its crossing opens */
    struct str blocks;            /* command that stops it where points fall before it took effect */
    const struct value *gives;    /* map: field → literal, or null */
    struct str clause;
};

struct score_weight {
    struct str id;
    struct words words;
    int64_t percent;
    struct str clause;
};

struct score_terms {
    const struct score_rule *rules;
    size_t rule_count;
    const struct score_threshold *thresholds; /* ascending */
    size_t threshold_count;
    const struct score_weight *weights;
    size_t weight_count;
    bool by_year;   /* else one period for the whole campaign (A2-10) */
    bool separate;  /* groups are not added up (A2-11) */
    bool each;      /* every threshold crossed fires (A2-12) */
    bool add_up;    /* `once` is not heeded (A2-13) */
    bool split;     /* several units share the points (A2-15) */
    struct points full;  /* marks from which a year's points are taken */
    int64_t dual_weight; /* percent of the first capacity where a unit has both (A2-14) */
};

/* false: the pack has no section `scores`. Everything borrows from the pack or lives in `arena`. */
bool score_terms_read(struct arena *arena, const struct regime *regime,
                      const struct campaign_terms *campaign, struct score_terms *out);
/* Null where the pack has no such rule. */
const struct score_rule *score_find_rule(const struct score_terms *terms, struct str id);

/* The period a day lies in: "2026", or "all". */
struct str score_period(struct arena *arena, const struct score_terms *terms, struct instant at);

/* ---- the fold ---- */

enum score_line_state { SCORE_COUNTED, SCORE_DOUBLE, SCORE_REVERSED, SCORE_LINE_STATE_COUNT };

struct score_line {
    const struct score_row *row;
    const struct score_rule *rule; /* null: the pack knows it no more */
    enum score_line_state state;
};

enum score_crossing_state {
    SCORE_AHEAD, SCORE_CROSSED, SCORE_ABSORBED, SCORE_BLOCKED, SCORE_CROSSING_STATE_COUNT
};

struct score_crossing {
    const struct score_threshold *threshold;
    enum score_crossing_state state;
    const struct score_row *by; /* the charge that crossed it first; null where none did */
};

struct score_tally {
    int64_t unit;
    struct str period;
    struct str group; /* empty unless groups are kept apart */
    struct points total;
    VEC(struct score_line) lines;  /* in the order of recording */
    struct score_crossing *crossings; /* one for each threshold, ascending */
};

struct score_tally_list {
    struct score_tally *at;
    size_t len;
    size_t cap;
};

/* Tallies by period, unit, group. Rows may come in any order; they are borrowed. */
void score_fold(struct arena *arena, const struct score_terms *terms, const struct score_row *rows,
                size_t count, struct score_tally_list *out);

/* The same with one standing charge taken back now: what a contest would change. */
void score_fold_without(struct arena *arena, const struct score_terms *terms,
                        const struct score_row *rows, size_t count, size_t without,
                        struct score_tally_list *out);

const struct score_tally *score_find_tally(const struct score_tally_list *tallies, int64_t unit,
                                           struct str period, struct str group);

/* The key of the case that a crossing opens: threshold/<at>/<unit>/<period>[/<group>]. */
struct str score_key(struct arena *arena, const struct score_tally *tally,
                     const struct score_threshold *threshold);

const char *score_line_state_name(enum score_line_state state);
const char *score_crossing_state_name(enum score_crossing_state state);
