/*
 * Each tally is walked once in the order of recording. After every step the total is taken anew from
 * the charges that stand, so a reversal and the rule "once a subject" need no bookkeeping of their
 * own; a unit has a handful of charges a year.
 */
#include "engine/score.h"

#include <stdlib.h>

#include "base/num.h"

bool points_parse(struct str text, struct points *out)
{
    return num_parse_scaled(text, POINTS_PLACES, 0, VALUE_INT_MAX, &out->v);
}

struct str points_format(struct arena *arena, struct points points)
{
    return num_format_scaled(arena, points.v, POINTS_PLACES);
}

bool points_of_value(const struct value *value, struct points *out)
{
    enum { MILLION = 1000000 };
    if (value != NULL && value->kind == VALUE_TEXT)
        return points_parse(value->text, out);
    if (value == NULL || value->kind != VALUE_INT || value->number < 0 ||
        value->number > VALUE_INT_MAX / MILLION)
        return false;
    out->v = value->number * MILLION;
    return true;
}

/* ---- the order of things ---- */

/* A charge or its taking back. */
struct moment {
    const struct score_row *row;
    int64_t seq;
    struct instant at;
    bool is_reversal;
};

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_recording(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    int order = compare_i64(x->at.ms, y->at.ms);
    if (order == 0)
        order = str_compare(prefecture_str(&x->row->prefecture), prefecture_str(&y->row->prefecture));
    if (order == 0)
        order = compare_i64(x->row->casefile.v, y->row->casefile.v);
    return order != 0 ? order : compare_i64(x->seq, y->seq);
}

/* Charges that one command made together. */
static bool is_same_step(const struct moment *a, const struct moment *b)
{
    return !a->is_reversal && !b->is_reversal && a->at.ms == b->at.ms &&
           a->row->casefile.v == b->row->casefile.v &&
           str_eq(prefecture_str(&a->row->prefecture), prefecture_str(&b->row->prefecture)) &&
           str_eq(a->row->command, b->row->command);
}

/* ---- one tally ---- */

static bool counts_once(const struct score_terms *terms, const struct score_line *line)
{
    return !terms->add_up && line->rule != NULL && line->rule->once &&
           !str_is_empty(line->row->subject);
}

/* Whether another standing charge of the subject counts in this one's place. */
static bool is_outdone(const struct score_terms *terms, const struct score_tally *tally, size_t at)
{
    const struct score_line *line = &tally->lines.at[at];
    if (!counts_once(terms, line))
        return false;
    for (size_t i = 0; i < tally->lines.len; i++) {
        const struct score_line *other = &tally->lines.at[i];
        if (i == at || other->state == SCORE_REVERSED || !counts_once(terms, other) ||
            !str_eq(other->row->subject, line->row->subject))
            continue;
        if (other->row->points.v > line->row->points.v ||
            (other->row->points.v == line->row->points.v && i < at))
            return true;
    }
    return false;
}

static void settle(const struct score_terms *terms, struct score_tally *tally)
{
    tally->total.v = 0;
    for (size_t i = 0; i < tally->lines.len; i++) {
        struct score_line *line = &tally->lines.at[i];
        if (line->state == SCORE_REVERSED)
            continue;
        line->state = is_outdone(terms, tally, i) ? SCORE_DOUBLE : SCORE_COUNTED;
        if (line->state == SCORE_COUNTED)
            tally->total.v += line->row->points.v;
    }
}

static void take(struct arena *arena, const struct score_terms *terms, struct score_tally *tally,
                 const struct moment *moment)
{
    if (!moment->is_reversal) {
        vec_add(arena, &tally->lines,
                ((struct score_line){moment->row, score_find_rule(terms, moment->row->rule),
                                     SCORE_COUNTED}));
        return;
    }
    for (size_t i = 0; i < tally->lines.len; i++)
        if (tally->lines.at[i].row == moment->row)
            tally->lines.at[i].state = SCORE_REVERSED;
}

/* clause: S2-22.1 — the highest level of a step alone, unless the campaign reads it otherwise. */
static void cross(const struct score_terms *terms, struct score_tally *tally, struct points before,
                  const struct score_row *by)
{
    bool is_highest = true;
    for (size_t i = terms->threshold_count; i > 0; i--) {
        struct score_crossing *crossing = &tally->crossings[i - 1];
        struct points at = crossing->threshold->at;
        if (before.v >= at.v || tally->total.v < at.v)
            continue;
        if (crossing->by == NULL || crossing->state == SCORE_ABSORBED)
            crossing->by = by;
        if (is_highest || terms->each)
            crossing->state = SCORE_CROSSED;
        else if (crossing->state != SCORE_CROSSED)
            crossing->state = SCORE_ABSORBED;
        is_highest = false;
    }
}

static void fold_moments(struct arena *arena, const struct score_terms *terms,
                         struct score_tally *tally, const struct moment *moments, size_t count)
{
    for (size_t i = 0; i < count;) {
        struct points before = tally->total;
        size_t first = i;
        do {
            take(arena, terms, tally, &moments[i]);
            i++;
        } while (i < count && is_same_step(&moments[first], &moments[i]));
        settle(terms, tally);
        cross(terms, tally, before, moments[first].row);
    }
}

/* What the charges would have come to, had none been taken back. */
static struct points gross_of(struct arena *arena, const struct score_terms *terms,
                              const struct score_tally *tally)
{
    struct score_tally gross = {0};
    for (size_t i = 0; i < tally->lines.len; i++) {
        struct score_line line = tally->lines.at[i];
        line.state = SCORE_COUNTED;
        vec_add(arena, &gross.lines, line);
    }
    settle(terms, &gross);
    return gross.total;
}

static void note_blocked(struct arena *arena, const struct score_terms *terms,
                         struct score_tally *tally)
{
    struct points gross = gross_of(arena, terms, tally);
    for (size_t i = 0; i < terms->threshold_count; i++)
        if (tally->crossings[i].state == SCORE_AHEAD && terms->thresholds[i].at.v <= gross.v)
            tally->crossings[i].state = SCORE_BLOCKED;
}

/* ---- all tallies ---- */

struct placed {
    struct str period, group;
    struct moment moment;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    int order = str_compare(x->period, y->period);
    if (order == 0)
        order = compare_i64(x->moment.row->unit, y->moment.row->unit);
    if (order == 0)
        order = str_compare(x->group, y->group);
    return order != 0 ? order : by_recording(&x->moment, &y->moment);
}

static struct str group_of(const struct score_terms *terms, const struct score_row *row)
{
    const struct score_rule *rule = score_find_rule(terms, row->rule);
    return terms->separate && rule != NULL && rule->group.at != NULL ? rule->group : S("");
}

static bool is_same_place(const struct placed *a, const struct placed *b)
{
    return a->moment.row->unit == b->moment.row->unit && str_eq(a->period, b->period) &&
           str_eq(a->group, b->group);
}

static void fold_place(struct arena *arena, const struct score_terms *terms,
                       const struct placed *placed, size_t count, struct score_tally *out)
{
    struct moment *moments = arena_alloc_array(arena, count, sizeof *moments);
    *out = (struct score_tally){.unit = placed->moment.row->unit,
                                .period = placed->period,
                                .group = placed->group};
    out->crossings = arena_alloc_array(arena, terms->threshold_count, sizeof *out->crossings);
    for (size_t i = 0; i < terms->threshold_count; i++)
        out->crossings[i] = (struct score_crossing){.threshold = &terms->thresholds[i]};
    for (size_t i = 0; i < count; i++)
        moments[i] = placed[i].moment;
    fold_moments(arena, terms, out, moments, count);
    note_blocked(arena, terms, out);
}

void score_fold(struct arena *arena, const struct score_terms *terms, const struct score_row *rows,
                size_t count, struct score_tally_list *out)
{
    VEC(struct placed) all = {0};
    *out = (struct score_tally_list){0};
    for (size_t i = 0; i < count; i++) {
        struct placed placed = {.period = score_period(arena, terms, rows[i].happened_at),
                                .group = group_of(terms, &rows[i]),
                                .moment = {&rows[i], rows[i].seq, rows[i].recorded_at, false}};
        vec_add(arena, &all, placed);
        placed.moment =
            (struct moment){&rows[i], rows[i].reversed_seq, rows[i].reversed_at, true};
        if (rows[i].reversed_seq != 0)
            vec_add(arena, &all, placed);
    }
    if (all.len > 1)
        qsort(all.at, all.len, sizeof *all.at, by_place);
    for (size_t first = 0, i = 0; first < all.len; first = i) {
        while (i < all.len && is_same_place(&all.at[first], &all.at[i]))
            i++;
        fold_place(arena, terms, &all.at[first], i - first, vec_push(arena, out));
    }
}

void score_fold_without(struct arena *arena, const struct score_terms *terms,
                        const struct score_row *rows, size_t count, size_t without,
                        struct score_tally_list *out)
{
    struct score_row *tried = arena_alloc_array(arena, count, sizeof *tried);
    must(without < count);
    for (size_t i = 0; i < count; i++)
        tried[i] = rows[i];
    if (tried[without].reversed_seq == 0) {
        tried[without].reversed_seq = INT64_MAX;
        tried[without].reversed_at = (struct instant){INT64_MAX};
    }
    score_fold(arena, terms, tried, count, out);
}

const struct score_tally *score_find_tally(const struct score_tally_list *tallies, int64_t unit,
                                           struct str period, struct str group)
{
    for (size_t i = 0; i < tallies->len; i++)
        if (tallies->at[i].unit == unit && str_eq(tallies->at[i].period, period) &&
            str_eq(tallies->at[i].group, group))
            return &tallies->at[i];
    return NULL;
}

struct str score_key(struct arena *arena, const struct score_tally *tally,
                     const struct score_threshold *threshold)
{
    struct str at = points_format(arena, threshold->at);
    return str_printf(arena, "threshold/%.*s/%lld/%.*s%s%.*s", STR_ARG(at), (long long)tally->unit,
                      STR_ARG(tally->period), str_is_empty(tally->group) ? "" : "/",
                      STR_ARG(tally->group));
}

const char *score_line_state_name(enum score_line_state state)
{
    static const char *const names[] = {"counted", "double", "reversed"};
    return names[state];
}

const char *score_crossing_state_name(enum score_crossing_state state)
{
    static const char *const names[] = {"ahead", "crossed", "absorbed", "blocked"};
    return names[state];
}
