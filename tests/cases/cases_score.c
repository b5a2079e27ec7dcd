/* The charges of the example's case and those that its lines name, folded as the program does. */
#include "cases_score.h"

#include "base/num.h"

static bool add_charge(struct arena *arena, struct score_row_list *charged, struct instant now,
                       const struct str *words, size_t count)
{
    struct score_row row = {.prefecture = {"999999"},
                            .casefile = {(int64_t)charged->len + 1},
                            .seq = 1,
                            .command = S("charged"),
                            .happened_at = now,
                            .recorded_at = now,
                            .reversed_at = INSTANT_NONE};
    if (count < 5 || !num_parse_i64(words[2], 1, INT64_MAX, &row.unit) ||
        !points_parse(words[4], &row.points))
        return false;
    row.rule = words[3];
    row.subject = count > 5 ? words[5] : S("");
    vec_add(arena, charged, row);
    return true;
}

bool cases_score_line(struct arena *arena, struct cases_world *world, struct instant now,
                      const struct str *words, size_t count)
{
    if (str_eq_c(words[1], "charged"))
        return add_charge(arena, &cases_world_others(world)->charged, now, words, count);
    return cases_world_hold(world, words + 2, count - 2, day_of_instant(now));
}

static struct score_row_list all_rows(struct arena *arena, const struct casefile *casefile,
                                      const struct score_row_list *others)
{
    struct score_row_list rows = {0};
    for (size_t i = 0; i < others->len; i++)
        vec_add(arena, &rows, others->at[i]);
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
        (void)points_parse(score->points, &row.points);
        vec_add(arena, &rows, row);
    }
    return rows;
}

/* The word after `name=`, else `otherwise`. */
static struct str option(const struct str *words, size_t count, const char *name,
                         struct str otherwise)
{
    for (size_t i = 0; i < count; i++) {
        size_t equals = str_find_char(words[i], '=');
        if (equals != SIZE_MAX && str_eq_c(str_part(words[i], 0, equals), name))
            return str_from(words[i], equals + 1);
    }
    return otherwise;
}

/* FIELD=VALUE says what the opened case is given; blocks=COMMAND what stops it. */
static struct str wrong_gifts(struct arena *arena, const struct score_threshold *threshold,
                              const struct str *words, size_t count)
{
    for (size_t i = 6; i < count; i++) {
        size_t equals = str_find_char(words[i], '=');
        struct str name = str_part(words[i], 0, equals);
        if (str_eq_c(name, "period") || str_eq_c(name, "group"))
            continue;
        if (str_eq_c(name, "blocks")) {
            if (!str_eq(threshold->blocks, str_from(words[i], equals + 1)))
                return S("is not blocked so");
            continue;
        }
        const struct value *given = value_find(threshold->gives, name);
        if (given == NULL || !str_eq(given->text, str_from(words[i], equals + 1)))
            return given == NULL ? str_concat(arena, name, S(" is not given")) : given->text;
    }
    return (struct str){0};
}

static struct str wrong_crossing(struct arena *arena, const struct score_tally *tally,
                                 size_t thresholds, const struct str *words, size_t count)
{
    struct points at = {0};
    const struct score_crossing *crossing = NULL;
    (void)points_parse(words[3], &at);
    for (size_t i = 0; i < thresholds; i++)
        if (tally->crossings[i].threshold->at.v == at.v)
            crossing = &tally->crossings[i];
    if (crossing == NULL)
        return S("no such threshold");
    const struct score_threshold *threshold = crossing->threshold;
    if (!str_eq_c(words[4], score_crossing_state_name(crossing->state)))
        return str_of(score_crossing_state_name(crossing->state));
    if (count > 5 && str_find_char(words[5], '=') == SIZE_MAX &&
        !str_eq(words[5], threshold->procedure))
        return threshold->procedure;
    return wrong_gifts(arena, threshold, words, count);
}

struct str cases_score_expect(struct arena *arena, const struct engine *engine,
                              const struct casefile *casefile, const struct score_row_list *others,
                              struct instant now, const struct str *words, size_t count)
{
    struct score_terms terms;
    struct score_tally_list tallies;
    struct points wanted = {0};
    int64_t unit = 0;
    if (!score_terms_read(arena, engine->regime, &engine->campaign, &terms))
        return S("the pack has no scores");
    struct score_row_list rows = all_rows(arena, casefile, others);
    score_fold(arena, &terms, rows.at, rows.len, &tallies);
    (void)num_parse_i64(words[2], 1, INT64_MAX, &unit);
    const struct score_tally *tally = score_find_tally(
        &tallies, unit, option(words, count, "period", score_period(arena, &terms, now)),
        option(words, count, "group", S("")));
    bool is_total = str_eq_c(words[1], "score");
    if (is_total && count > 3)
        (void)points_parse(words[3], &wanted);
    if (tally == NULL)
        return is_total && wanted.v == 0 ? (struct str){0} : S("nothing is charged");
    if (!is_total)
        return count < 5 ? S("malformed") : wrong_crossing(arena, tally, terms.threshold_count,
                                                         words, count);
    return tally->total.v == wanted.v ? (struct str){0} : points_format(arena, tally->total);
}
