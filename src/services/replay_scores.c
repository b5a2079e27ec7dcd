/*
 * A tally of one side is looked for on the other; where it is missing nothing was charged there.
 */
#include "services/replay_scores.h"

#include "base/num.h"

static struct str kept(const struct replay_scores *scores, const struct value *payload,
                       const char *key)
{
    return str_copy(scores->arena, value_find_text(payload, key));
}

static void charge(struct replay_scores *scores, const struct event *event,
                   struct score_row_list *rows)
{
    struct score_row row = {.prefecture = event->prefecture,
                            .casefile = event->casefile,
                            .seq = event->sequence,
                            .rule = kept(scores, event->payload, "rule"),
                            .subject = kept(scores, event->payload, "subject"),
                            .clause = str_copy(scores->arena, event->clause),
                            .command = str_copy(scores->arena, event->command),
                            .happened_at = event->happened_at,
                            .recorded_at = event->recorded_at,
                            .reversed_at = INSTANT_NONE};
    (void)num_parse_i64(value_find_text(event->payload, "unit"), 1, INT64_MAX, &row.unit);
    (void)points_of_value(value_find_c(event->payload, "points"), &row.points);
    vec_add(scores->arena, rows, row);
}

static void take_back(const struct event *event, struct score_row_list *rows)
{
    int64_t of = value_find_int(event->payload, "of", 0);
    for (size_t i = 0; i < rows->len; i++) {
        struct score_row *row = &rows->at[i];
        if (row->seq != of || row->casefile.v != event->casefile.v)
            continue;
        row->reversed_seq = event->sequence;
        row->reversed_at = event->recorded_at;
    }
}

void replay_scores_add(struct replay_scores *scores, const struct event *event,
                       enum replay_side side)
{
    if (event->type == EVENT_SCORED)
        charge(scores, event, &scores->rows[side]);
    else if (event->type == EVENT_SCORE_REVERSED)
        take_back(event, &scores->rows[side]);
}

/* ---- both sides ---- */

struct both {
    const struct replay_packs *packs;
    struct arena *arena;
    struct score_terms terms[REPLAY_SIDE_COUNT];
    struct score_tally_list tallies[REPLAY_SIDE_COUNT];
};

static bool is_crossed(const struct score_tally *tally, size_t i)
{
    return tally->crossings[i].state == SCORE_CROSSED;
}

static struct value *crossed(const struct both *both, const struct score_tally *tally,
                             enum replay_side side)
{
    struct value *list = value_list(both->arena);
    for (size_t i = 0; tally != NULL && i < both->terms[side].threshold_count; i++)
        if (is_crossed(tally, i))
            value_append(list, value_text(both->arena,
                                          points_format(both->arena,
                                                        tally->crossings[i].threshold->at)));
    return list;
}

static void put_row(const struct both *both, const struct score_tally *was,
                    const struct score_tally *would_be, struct value *list)
{
    struct arena *arena = both->arena;
    const struct score_tally *any = was != NULL ? was : would_be;
    struct points none = {0};
    struct points before = was == NULL ? none : was->total;
    struct points after = would_be == NULL ? none : would_be->total;
    struct value *gone = crossed(both, was, REPLAY_WAS);
    struct value *come = crossed(both, would_be, REPLAY_WOULD_BE);
    if (before.v == after.v && value_eq(gone, come))
        return;
    const struct world *world = both->packs->world;
    const struct world_unit *unit =
        world == NULL ? NULL : world_find_unit(world, (struct unit_id){any->unit});
    struct str id = str_printf(arena, "%lld", (long long)any->unit);
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "unit", id);
    value_put_text(arena, row, "unit_label", unit == NULL ? id : str_copy(arena, unit->name));
    value_put_text(arena, row, "year", any->period);
    value_put_text(arena, row, "points", points_format(arena, before));
    value_put_text(arena, row, "points_new", points_format(arena, after));
    value_put(row, S("crossed"), gone);
    value_put(row, S("crossed_new"), come);
}

void replay_scores_put(const struct replay_scores *scores, const struct replay_packs *packs,
                       struct value *doc)
{
    struct both both = {.packs = packs, .arena = scores->arena};
    struct value *list = value_put_list(scores->arena, doc, "scores");
    for (int side = 0; side < REPLAY_SIDE_COUNT; side++)
        if (score_terms_read(both.arena, packs->regimes[side], packs->campaign,
                             &both.terms[side]))
            score_fold(both.arena, &both.terms[side], scores->rows[side].at,
                       scores->rows[side].len, &both.tallies[side]);
    const struct score_tally_list *was = &both.tallies[REPLAY_WAS];
    const struct score_tally_list *would_be = &both.tallies[REPLAY_WOULD_BE];
    for (size_t i = 0; i < was->len; i++)
        put_row(&both, &was->at[i],
                score_find_tally(would_be, was->at[i].unit, was->at[i].period, was->at[i].group),
                list);
    for (size_t i = 0; i < would_be->len; i++)
        if (score_find_tally(was, would_be->at[i].unit, would_be->at[i].period,
                             would_be->at[i].group) == NULL)
            put_row(&both, NULL, &would_be->at[i], list);
}
