/*
 * A thousand random years, reckoned twice: by the fold over what the cases hold, and here, naively,
 * from the ledger's events alone. The naive way keeps nothing between two steps: for each step it
 * looks through the whole ledger again and adds up whatever stands.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/num.h"
#include "engine/score.h"

enum { YEARS = 1000, EVENTS_MAX = 60, CASES = 6, UNITS = 3, LEVELS = 3, MILLION = 1000000 };

static const int64_t LEVEL[LEVELS] = {10 * MILLION, 20 * MILLION, 30 * MILLION};

static const struct score_rule RULES[] = {
    {.id = STR_INIT("film"), .group = STR_INIT("screening"), .once = true},
    {.id = STR_INIT("inspection"), .group = STR_INIT("screening"), .once = true},
    {.id = STR_INIT("item"), .group = STR_INIT("rectification"), .copied = true},
};
static const struct score_threshold THRESHOLDS[LEVELS] = {
    {.at = {10 * MILLION}}, {.at = {20 * MILLION}}, {.at = {30 * MILLION}}};

/* One line of the ledger, as little as the naive way needs. */
struct line {
    bool charges; /* else it takes back line `of` */
    int of;
    int rule, unit, subject, casefile, year;
    int64_t points;
    int64_t minute;
};

struct ledger {
    struct arena *arena;
    uint64_t dice;
    struct line lines[EVENTS_MAX];
    int count;
    struct casefile cases[CASES];
    struct score_terms terms;
};

static int roll(struct ledger *ledger, int sides)
{
    ledger->dice = ledger->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((ledger->dice >> 33) % (uint64_t)sides);
}

/* ---- the ledger ---- */

static struct event event_of(struct ledger *ledger, const struct line *line, int64_t *out_seq)
{
    struct arena *arena = ledger->arena;
    struct casefile *casefile = &ledger->cases[line->casefile];
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "rule", RULES[line->rule].id);
    value_put_text(arena, payload, "unit", str_printf(arena, "%d", line->unit));
    value_put_text(arena, payload, "points",
                   points_format(arena, (struct points){line->points}));
    if (line->subject > 0)
        value_put_text(arena, payload, "subject", str_printf(arena, "420500-%d", line->subject));
    *out_seq = casefile->version + 1;
    struct instant recorded = {day_start(day_of(2026, 6, 1)).ms + line->minute * MS_PER_MINUTE};
    return (struct event){.prefecture = {"420500"},
                          .casefile = casefile->id,
                          .sequence = *out_seq,
                          .recorded_at = recorded,
                          .happened_at = day_start(day_of(line->year, 5, 5)),
                          .command = S("charge"),
                          .type = line->charges ? EVENT_SCORED : EVENT_SCORE_REVERSED,
                          .payload = payload};
}

/* Writes a line and folds it into its case, as the ledger would. */
static void record(struct ledger *ledger, struct line line, int64_t seqs[EVENTS_MAX])
{
    struct event event = event_of(ledger, &line, &seqs[ledger->count]);
    struct value *payload = value_copy(ledger->arena, event.payload);
    if (!line.charges)
        value_put_int(ledger->arena, payload, "of", seqs[line.of]);
    event.payload = payload;
    engine_evolve(ledger->arena, &ledger->cases[line.casefile], &event);
    ledger->lines[ledger->count++] = line;
}

static bool is_taken_back(const struct ledger *ledger, int at, int before)
{
    for (int i = 0; i < before; i++)
        if (!ledger->lines[i].charges && ledger->lines[i].of == at)
            return true;
    return false;
}

static struct line random_charge(struct ledger *ledger, int64_t minute)
{
    static const int64_t points[] = {10 * MILLION, 5 * MILLION};
    int rule = roll(ledger, 3);
    return (struct line){.charges = true,
                         .rule = rule,
                         .unit = 1 + roll(ledger, UNITS),
                         .subject = roll(ledger, 4),
                         .casefile = roll(ledger, CASES),
                         .year = 2025 + roll(ledger, 2),
                         .points = rule < 2 ? points[rule] : (1 + roll(ledger, 24)) * MILLION / 2,
                         .minute = minute};
}

static void fill(struct ledger *ledger)
{
    int64_t seqs[EVENTS_MAX];
    int64_t minute = 0;
    int wanted = 1 + roll(ledger, EVENTS_MAX - 2);
    while (ledger->count < wanted) {
        int at = ledger->count == 0 ? 0 : roll(ledger, ledger->count);
        minute++;
        if (ledger->count > 0 && roll(ledger, 4) == 0 && ledger->lines[at].charges &&
            !is_taken_back(ledger, at, ledger->count)) {
            struct line back = ledger->lines[at];
            back.charges = false;
            back.of = at;
            back.minute = minute;
            record(ledger, back, seqs);
            continue;
        }
        struct line line = random_charge(ledger, minute);
        record(ledger, line, seqs);
        if (roll(ledger, 5) > 0)
            continue;
        struct line second = random_charge(ledger, minute); /* of the same command */
        second.casefile = line.casefile;
        record(ledger, second, seqs);
    }
}

/* ---- naively ---- */

struct naive {
    int64_t total;
    const char *levels[LEVELS];
};

/* Whether the line belongs to the reckoning of a unit, a year and a group (null: all). */
static bool belongs(const struct ledger *ledger, const struct line *line, int unit, int year,
                    const char *group)
{
    return line->unit == unit && (!ledger->terms.by_year || line->year == year) &&
           (group == NULL || str_eq_c(RULES[line->rule].group, group));
}

/* What stands after the first `upto` lines; gross: as if nothing had been taken back. */
static int64_t sum_naively(const struct ledger *ledger, int upto, int unit, int year,
                           const char *group, bool gross)
{
    int64_t sum = 0;
    int64_t best[8] = {0}; /* by subject */
    for (int i = 0; i < upto; i++) {
        const struct line *line = &ledger->lines[i];
        if (!line->charges || !belongs(ledger, line, unit, year, group) ||
            (!gross && is_taken_back(ledger, i, upto)))
            continue;
        if (line->rule == 2 || line->subject == 0 || ledger->terms.add_up)
            sum += line->points;
        else if (line->points > best[line->subject])
            best[line->subject] = line->points;
    }
    for (size_t i = 0; i < COUNT_OF(best); i++)
        sum += best[i];
    return sum;
}

/* The end of the step that begins at a line: charges of one case in one minute. */
static int step_end(const struct ledger *ledger, int from)
{
    int to = from + 1;
    while (to < ledger->count && ledger->lines[from].charges && ledger->lines[to].charges &&
           ledger->lines[to].minute == ledger->lines[from].minute)
        to++;
    return to;
}

static void cross_naively(const struct ledger *ledger, int64_t before, int64_t after,
                          struct naive *out)
{
    int highest = -1;
    for (int i = 0; i < LEVELS; i++)
        if (before < LEVEL[i] && LEVEL[i] <= after)
            highest = i;
    for (int i = 0; i < LEVELS; i++) {
        if (before >= LEVEL[i] || LEVEL[i] > after)
            continue;
        if (i == highest || ledger->terms.each)
            out->levels[i] = "crossed";
        else if (out->levels[i] == NULL)
            out->levels[i] = "absorbed";
    }
}

static struct naive reckon_naively(const struct ledger *ledger, int unit, int year,
                                   const char *group)
{
    struct naive naive = {0};
    for (int from = 0, to = 0; from < ledger->count; from = to) {
        to = step_end(ledger, from);
        cross_naively(ledger, sum_naively(ledger, from, unit, year, group, false),
                      sum_naively(ledger, to, unit, year, group, false), &naive);
    }
    naive.total = sum_naively(ledger, ledger->count, unit, year, group, false);
    int64_t gross = sum_naively(ledger, ledger->count, unit, year, group, true);
    for (int i = 0; i < LEVELS; i++)
        if (naive.levels[i] == NULL)
            naive.levels[i] = gross >= LEVEL[i] ? "blocked" : "ahead";
    return naive;
}

/* ---- both ---- */

/* The rows as the store would keep them of the folded cases. */
static struct score_row_list rows_of(const struct ledger *ledger)
{
    struct score_row_list rows = {0};
    for (int c = 0; c < CASES; c++) {
        const struct casefile *casefile = &ledger->cases[c];
        for (size_t i = 0; i < casefile->scores.len; i++) {
            const struct casefile_score *score = &casefile->scores.at[i];
            struct score_row row = {.prefecture = casefile->prefecture,
                                    .casefile = casefile->id,
                                    .seq = score->seq,
                                    .rule = score->rule,
                                    .unit = score->unit,
                                    .subject = score->subject,
                                    .command = score->command,
                                    .happened_at = score->at,
                                    .recorded_at = score->recorded_at,
                                    .reversed_seq = score->reversed_seq,
                                    .reversed_at = score->reversed_at};
            assert_true(points_parse(score->points, &row.points));
            vec_add(ledger->arena, &rows, row);
        }
    }
    return rows;
}

static size_t compare(const struct ledger *ledger, const struct score_tally_list *tallies, int unit,
                      int year, const char *group)
{
    struct naive naive = reckon_naively(ledger, unit, year, group);
    struct str period =
        ledger->terms.by_year ? str_printf(ledger->arena, "%d", year) : S("all");
    const struct score_tally *tally =
        score_find_tally(tallies, unit, period, group == NULL ? S("") : str_of(group));
    if (tally == NULL) {
        assert_int_equal(naive.total, 0);
        return 0;
    }
    assert_int_equal(tally->total.v, naive.total);
    for (int i = 0; i < LEVELS; i++)
        assert_string_equal(score_crossing_state_name(tally->crossings[i].state),
                            naive.levels[i]);
    return 1;
}

static size_t try_year(uint64_t seed)
{
    struct arena *arena = arena_new();
    struct ledger *ledger = arena_new_of(arena, struct ledger);
    *ledger = (struct ledger){.arena = arena, .dice = seed * 2654435761u + 1};
    for (int i = 0; i < CASES; i++)
        ledger->cases[i] = (struct casefile){.prefecture = {"420500"}, .id = {1 + i}};
    ledger->terms = (struct score_terms){.rules = RULES,
                                         .rule_count = COUNT_OF(RULES),
                                         .thresholds = THRESHOLDS,
                                         .threshold_count = LEVELS,
                                         .by_year = roll(ledger, 4) > 0,
                                         .separate = roll(ledger, 4) == 0,
                                         .each = roll(ledger, 4) == 0,
                                         .add_up = roll(ledger, 4) == 0};
    fill(ledger);
    struct score_tally_list tallies;
    struct score_row_list rows = rows_of(ledger);
    score_fold(arena, &ledger->terms, rows.at, rows.len, &tallies);
    size_t compared = 0;
    for (int unit = 1; unit <= UNITS; unit++)
        for (int year = 2025; year <= (ledger->terms.by_year ? 2026 : 2025); year++) {
            if (!ledger->terms.separate) {
                compared += compare(ledger, &tallies, unit, year, NULL);
                continue;
            }
            compared += compare(ledger, &tallies, unit, year, "screening");
            compared += compare(ledger, &tallies, unit, year, "rectification");
        }
    assert_int_equal(compared, tallies.len);
    arena_free(arena);
    return compared;
}

static void a_thousand_years_agree_with_a_naive_reckoning(void **state)
{
    size_t compared = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= YEARS; seed++)
        compared += try_year(seed);
    assert_true(compared > YEARS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_years_agree_with_a_naive_reckoning),
    };
    return cmocka_run_group_tests_name("engine/score_years", tests, NULL, NULL);
}
