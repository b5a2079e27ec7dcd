/*
 * The list folds a whole campaign, the page of one unit only what is its own. A try without one
 * charge is the same fold once more.
 */
#include "services/scores.h"

#include "base/num.h"
#include "engine/score.h"
#include "store/casefile_rows.h"
#include "store/score_rows.h"

struct telling {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct world_campaign *campaign;
    const struct regime *regime;
    struct score_terms terms;
    struct casefile_keyed_list opened; /* by thresholds */
};

static struct str sentence(const struct telling *t, const char *prefix, const char *name)
{
    struct str key = str_printf(t->ctx->arena, "%s%s", prefix, name);
    return reader_sentence(t->ctx->arena, t->reader, key.at, NO_ARGS); /* i18n: score.state.* score.crossing.* */
}

static struct str label_of(const struct telling *t, struct words words)
{
    return words_label(t->reader->lang, words);
}

static struct str opens_label(const struct telling *t, const struct score_threshold *threshold)
{
    const struct regime_procedure *procedure =
        regime_find_procedure(t->regime, threshold->procedure);
    return procedure == NULL ? threshold->procedure : label_of(t, procedure->words);
}

static struct str unit_label(const struct telling *t, int64_t id)
{
    const struct world_unit *unit = world_find_unit(t->world, (struct unit_id){id});
    return unit == NULL ? str_printf(t->ctx->arena, "%lld", (long long)id) : unit->name;
}

/* ---- who may see ---- */

static bool sees_all(const struct world_campaign *campaign, const struct actor *actor)
{
    if (actor == NULL || actor->is_system)
        return true;
    value_each (role, campaign->terms.roles) {
        value_each (holder, role) {
            int64_t id;
            for (size_t i = 0; i < actor->post_count; i++)
                if (num_parse_i64(holder->text, 1, INT64_MAX, &id) &&
                    actor->posts[i].unit.v == id)
                    return true;
        }
    }
    return false;
}

static bool sees_unit(const struct world_campaign *campaign, const struct actor *actor,
                      int64_t unit)
{
    if (sees_all(campaign, actor))
        return true;
    for (size_t i = 0; i < actor->post_count; i++)
        if (actor->posts[i].unit.v == unit)
            return true;
    return false;
}

/* ---- a tally ---- */

static const struct casefile_keyed *find_opened(const struct telling *t,
                                                const struct score_tally *tally,
                                                const struct score_threshold *threshold)
{
    struct str key = score_key(t->ctx->arena, tally, threshold);
    for (size_t i = 0; i < t->opened.len; i++)
        if (str_eq(t->opened.at[i].key, key))
            return &t->opened.at[i];
    return NULL;
}

static void put_crossings(const struct telling *t, const struct score_tally *tally,
                          struct value *out)
{
    struct arena *arena = t->ctx->arena;
    struct value *list = value_put_list(arena, out, "crossings");
    for (size_t i = 0; i < t->terms.threshold_count; i++) {
        const struct score_crossing *crossing = &tally->crossings[i];
        const struct casefile_keyed *opened = find_opened(t, tally, crossing->threshold);
        const char *state = score_crossing_state_name(crossing->state);
        /* Crossed and taken back again before anything was opened. */
        if (crossing->state == SCORE_CROSSED && opened == NULL &&
            tally->total.v < crossing->threshold->at.v)
            state = score_crossing_state_name(SCORE_BLOCKED);
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "at", points_format(arena, crossing->threshold->at));
        value_put_text(arena, row, "state", str_of(state));
        value_put_text(arena, row, "state_label", sentence(t, "score.crossing.", state));
        value_put_text(arena, row, "opens_label", opens_label(t, crossing->threshold));
        value_put_text(arena, row, "clause", crossing->threshold->clause);
        struct str ref = opened == NULL ? (struct str){0}
                                        : casefile_ref_format(arena, opened->prefecture, opened->id);
        value_put_text(arena, row, "url",
                       opened == NULL ? S("") : str_concat(arena, S("/cases/"), ref));
    }
}

/* What would change the number next: the nearest threshold ahead. */
static void put_next(const struct telling *t, const struct score_tally *tally, struct value *out)
{
    struct arena *arena = t->ctx->arena;
    value_put(out, S("next"), value_null(arena)); /* a page would look further out for what is absent */
    for (size_t i = 0; i < t->terms.threshold_count; i++) {
        const struct score_threshold *threshold = &t->terms.thresholds[i];
        if (tally->total.v >= threshold->at.v)
            continue;
        struct value *next = value_put_map(arena, out, "next");
        struct points left = {threshold->at.v - tally->total.v};
        value_put_text(arena, next, "at", points_format(arena, threshold->at));
        value_put_text(arena, next, "left", points_format(arena, left));
        value_put_text(arena, next, "opens_label", opens_label(t, threshold));
        value_put_text(arena, next, "clause", threshold->clause);
        return;
    }
}

static void put_tally(const struct telling *t, const struct score_tally *tally, struct value *out)
{
    struct arena *arena = t->ctx->arena;
    struct str unit = str_printf(arena, "%lld", (long long)tally->unit);
    value_put_text(arena, out, "unit", unit);
    value_put_text(arena, out, "unit_label", unit_label(t, tally->unit));
    value_put_text(arena, out, "period", tally->period);
    if (!str_is_empty(tally->group))
        value_put_text(arena, out, "group_label",
                       label_of(t, regime_flag_words(t->regime, tally->group)));
    value_put_text(arena, out, "points", points_format(arena, tally->total));
    value_put_text(arena, out, "url",
                   str_printf(arena, "/scores/%.*s/%.*s", STR_ARG(t->campaign->name),
                              STR_ARG(unit)));
    put_next(t, tally, out);
    put_crossings(t, tally, out);
}

/* ---- lines ---- */

static struct str line_name(struct arena *arena, const struct score_row *row)
{
    return str_printf(arena, "%.*s.%lld",
                      STR_ARG(casefile_ref_format(arena, row->prefecture, row->casefile)),
                      (long long)row->seq);
}

static void put_what_if(const struct telling *t, const struct score_tally *tally,
                        const struct score_row_list *rows, const struct score_row *without,
                        struct value *line)
{
    struct arena *arena = t->ctx->arena;
    struct score_tally_list tried;
    score_fold_without(arena, &t->terms, rows->at, rows->len, (size_t)(without - rows->at), &tried);
    const struct score_tally *would =
        score_find_tally(&tried, tally->unit, tally->period, tally->group);
    struct value *out = value_put_map(arena, line, "what_if");
    value_put_text(arena, out, "points_now", points_format(arena, tally->total));
    value_put_text(arena, out, "points", points_format(arena, would->total));
    put_next(t, would, out);
    put_crossings(t, would, out);
}

static enum status put_case(const struct telling *t, const struct score_row *row,
                            struct value *out)
{
    struct arena *arena = t->ctx->arena;
    struct casefile_row found;
    struct str ref = casefile_ref_format(arena, row->prefecture, row->casefile);
    TRY(casefile_rows_find(t->ctx, t->conn, row->prefecture, row->casefile, &found));
    value_put_text(arena, out, "case", ref);
    value_put_text(arena, out, "url", str_concat(arena, S("/cases/"), ref));
    value_put_text(arena, out, "events_url",
                   str_printf(arena, "/cases/%.*s/events#e%lld", STR_ARG(ref),
                              (long long)row->seq));
    value_put_text(arena, out, "number", found.number);
    value_put_text(arena, out, "finding", found.title);
    return ST_OK;
}

static enum status put_line(const struct telling *t, const struct score_tally *tally,
                            const struct score_row_list *rows, const struct score_line *line,
                            struct str without, struct value *out)
{
    struct arena *arena = t->ctx->arena;
    const struct score_row *row = line->row;
    struct str name = line_name(arena, row);
    const char *state = score_line_state_name(line->state);
    struct words words = {row->rule, row->rule};
    value_put_text(arena, out, "name", name);
    value_put_text(arena, out, "rule", row->rule);
    value_put_text(arena, out, "rule_label",
                   label_of(t, line->rule == NULL ? words : line->rule->words));
    value_put_text(arena, out, "points", points_format(arena, row->points));
    value_put_text(arena, out, "state", str_of(state));
    value_put_text(arena, out, "state_label", sentence(t, "score.state.", state));
    value_put_bool(arena, out, "counted", line->state == SCORE_COUNTED);
    value_put_text(arena, out, "clause", row->clause);
    value_put_text(arena, out, "subject", row->subject);
    value_put_text(arena, out, "happened_text", reader_time(arena, t->reader, row->happened_at));
    TRY(put_case(t, row, out));
    if (line->state != SCORE_REVERSED)
        value_put_text(arena, out, "what_if_url", /* of a charge that stands */
                       str_printf(arena, "/scores/%.*s/%lld?without=%.*s",
                                  STR_ARG(t->campaign->name), (long long)row->unit,
                                  STR_ARG(name)));
    if (line->state != SCORE_REVERSED && str_eq(name, without))
        put_what_if(t, tally, rows, row, out);
    return ST_OK;
}

/* ---- documents ---- */

static enum status begin(struct telling *t, const struct world_campaign *campaign)
{
    t->campaign = campaign;
    TRY(world_load_pack(t->ctx, t->world, campaign->pack, &t->regime));
    if (!score_terms_read(t->ctx->arena, t->regime, &campaign->terms, &t->terms))
        return fail(t->ctx, ST_NOT_FOUND, "score.no_scores",
                    ARGS(arg_text("campaign", campaign->name)));
    return casefile_rows_list_keyed(t->ctx, t->conn, campaign->name, S("threshold/"), &t->opened);
}

static void put_head(const struct telling *t, struct value *doc)
{
    struct arena *arena = t->ctx->arena;
    const struct regime_section *section = regime_find_section(t->regime, S("scores"));
    struct str measure = value_find_text(section->items->first, "measure");
    value_put_text(arena, doc, "campaign", t->campaign->name);
    value_put_text(arena, doc, "campaign_label", label_of(t, t->campaign->title));
    value_put_text(arena, doc, "measure_label", label_of(t, regime_flag_words(t->regime, measure)));
}

/* Campaigns whose pack has scores; gives the one that is asked for, or the first. */
static enum status put_campaigns(struct telling *t, struct str wanted, struct value *doc,
                                 const struct world_campaign **out)
{
    size_t count;
    struct arena *arena = t->ctx->arena;
    const struct world_campaign *all = world_list_campaigns(t->world, &count);
    struct value *list = value_put_list(arena, doc, "campaigns");
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        TRY(world_load_pack(t->ctx, t->world, all[i].pack, &regime));
        if (regime_find_section(regime, S("scores")) == NULL)
            continue;
        bool taken = str_is_empty(wanted) ? *out == NULL : str_eq(all[i].name, wanted);
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "id", all[i].name);
        value_put_text(arena, row, "label", label_of(t, all[i].title));
        value_put_text(arena, row, "url", str_concat(arena, S("/scores?campaign="), all[i].name));
        value_put_bool(arena, row, "selected", taken);
        if (taken)
            *out = &all[i];
    }
    if (*out == NULL && !str_is_empty(wanted))
        return fail(t->ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", wanted)));
    return ST_OK;
}

static void put_period(const struct telling *t, struct value *periods, struct str period,
                       struct str chosen)
{
    struct arena *arena = t->ctx->arena;
    value_each (known, periods)
        if (str_eq(value_find_text(known, "id"), period))
            return;
    struct value *row = value_append_map(arena, periods);
    value_put_text(arena, row, "id", period);
    value_put_bool(arena, row, "selected", str_eq(period, chosen));
    value_put_text(arena, row, "url",
                   str_printf(arena, "/scores?campaign=%.*s&period=%.*s",
                              STR_ARG(t->campaign->name), STR_ARG(period)));
}

enum status score_list_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                const struct reader *reader, const struct actor *actor,
                                const struct value *query, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct telling t = {.ctx = ctx, .conn = conn, .world = world, .reader = reader};
    struct value *doc = value_map(arena);
    const struct world_campaign *campaign;
    struct score_row_list rows;
    struct score_tally_list tallies;
    struct str period = value_find_text(query, "period");
    TRY(put_campaigns(&t, value_find_text(query, "campaign"), doc, &campaign));
    struct value *items = value_put_list(arena, doc, "items");
    *out = doc;
    if (campaign == NULL)
        return ST_OK;
    TRY(begin(&t, campaign));
    put_head(&t, doc);
    TRY(score_rows_list(ctx, conn, campaign->name, &rows));
    score_fold(arena, &t.terms, rows.at, rows.len, &tallies);
    struct value *periods = value_put_list(arena, doc, "periods");
    for (size_t i = tallies.len; i > 0; i--) { /* the latest first */
        const struct score_tally *tally = &tallies.at[i - 1];
        if (!sees_unit(campaign, actor, tally->unit))
            continue;
        put_period(&t, periods, tally->period, period);
        if (str_is_empty(period) || str_eq(tally->period, period))
            put_tally(&t, tally, value_append_map(arena, items));
    }
    return ST_OK;
}

static enum status unknown_unit(struct ctx *ctx, struct str unit)
{
    return fail(ctx, ST_NOT_FOUND, "score.unknown_unit", ARGS(arg_text("unit", unit)));
}

enum status score_read_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                const struct reader *reader, const struct actor *actor,
                                struct str campaign, struct str unit, const struct value *query,
                                struct value **out)
{
    struct arena *arena = ctx->arena;
    struct telling t = {.ctx = ctx, .conn = conn, .world = world, .reader = reader};
    struct score_row_list rows;
    struct score_tally_list tallies;
    int64_t id;
    const struct world_campaign *found = world_find_campaign(world, campaign);
    if (found == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", campaign)));
    if (!num_parse_i64(unit, 1, INT64_MAX, &id) ||
        world_find_unit(world, (struct unit_id){id}) == NULL || !sees_unit(found, actor, id))
        return unknown_unit(ctx, unit);
    TRY(begin(&t, found));
    TRY(score_rows_list_unit(ctx, conn, found->name, id, &rows));
    score_fold(arena, &t.terms, rows.at, rows.len, &tallies);
    struct value *doc = value_map(arena);
    put_head(&t, doc);
    value_put_text(arena, doc, "unit", unit);
    value_put_text(arena, doc, "unit_label", unit_label(&t, id));
    struct value *list = value_put_list(arena, doc, "tallies");
    for (size_t i = tallies.len; i > 0; i--) {
        const struct score_tally *tally = &tallies.at[i - 1];
        struct value *row = value_append_map(arena, list);
        put_tally(&t, tally, row);
        struct value *lines = value_put_list(arena, row, "lines");
        for (size_t j = 0; j < tally->lines.len; j++)
            TRY(put_line(&t, tally, &rows, &tally->lines.at[j],
                         value_find_text(query, "without"), value_append_map(arena, lines)));
    }
    *out = doc;
    return ST_OK;
}
