/*
 * A look costs one count a campaign while nothing was charged since the last one. What is found
 * crossed is opened by a command like any other, under the key of its crossing; two programs that look
 * at one time make one case.
 */
#include "base/log.h"
#include "engine/score.h"
#include "services/campaign_walk.h"
#include "services/scores.h"
#include "store/casefile_rows.h"
#include "store/score_rows.h"

static const struct actor SYSTEM = {.is_system = true};

struct looking {
    struct ctx *ctx;
    const struct home *home;
    const struct world *world;
    struct db_conn *conn;
    const struct world_campaign *campaign;
    const struct regime *regime;
    struct score_terms terms;
    struct casefile_keyed_list opened;
    int64_t done;
};

static void put_where_asked(const struct looking *l, const struct regime_procedure *procedure,
                            struct value *fields, const char *name, struct str text)
{
    if (procedure_find_field(procedure, str_of(name)) != NULL)
        value_put_text(l->ctx->arena, fields, name, text);
}

static struct value *input_of(const struct looking *l, const struct score_tally *tally,
                              const struct score_threshold *threshold)
{
    struct arena *arena = l->ctx->arena;
    const struct regime_procedure *procedure =
        regime_find_procedure(l->regime, threshold->procedure);
    const struct world_unit *unit = world_find_unit(l->world, (struct unit_id){tally->unit});
    struct value *input = value_map(arena);
    struct value *fields = value_put_map(arena, input, "fields");
    value_put_text(arena, input, "key", score_key(arena, tally, threshold));
    value_put_text(arena, input, "region",
                   unit == NULL ? l->campaign->region : unit->facts.region);
    put_where_asked(l, procedure, fields, "unit",
                    str_printf(arena, "%lld", (long long)tally->unit));
    put_where_asked(l, procedure, fields, "points", points_format(arena, tally->total));
    put_where_asked(l, procedure, fields, "threshold", points_format(arena, threshold->at));
    put_where_asked(l, procedure, fields, "period", tally->period);
    value_each (given, threshold->gives)
        value_put(fields, given->key, value_copy(arena, given));
    return input;
}

/*
 * Refused: somebody else was first, or the case's own rules will not have it, which must not keep the
 * other units waiting. Trouble of the database is everybody's.
 */
static enum status give(struct looking *l, struct case_order *order, const char *what)
{
    struct ctx own = {.arena = l->ctx->arena, .now = l->ctx->now, .request_id = l->ctx->request_id};
    enum status status = casework_give(&own, order);
    l->done += status == ST_OK;
    if (status == ST_OK || status == ST_CONFLICT || status == ST_STALE)
        return ST_OK;
    if (status == ST_IO || status == ST_UNAVAILABLE)
        return fail_reason(l->ctx, status, own.failure.reason);
    /* advise: ok, no caller is waiting */
    log_line(LOG_ERROR, "threshold_failed", "what=%s campaign=%.*s key=%s", what,
             STR_ARG(l->campaign->name), own.failure.reason.key);
    return ST_OK;
}

static enum status open_case(struct looking *l, const struct score_tally *tally,
                             const struct score_threshold *threshold)
{
    struct case_order order = {.home = l->home,
                               .world = l->world,
                               .actor = &SYSTEM,
                               .campaign = l->campaign->name,
                               .procedure = threshold->procedure,
                               .command = S("create"),
                               .input = input_of(l, tally, threshold),
                               .happened_at = INSTANT_NONE};
    return give(l, &order, "open");
}

static bool may_block(const struct looking *l, const struct casefile_keyed *opened,
                      const struct score_threshold *threshold)
{
    const struct regime_procedure *procedure =
        regime_find_procedure(l->regime, threshold->procedure);
    return !opened->ended && !opened->withdrawn &&
           procedure_find_transition(procedure, threshold->blocks, opened->state) != NULL;
}

static enum status block_case(struct looking *l, const struct casefile_keyed *opened,
                              const struct score_threshold *threshold)
{
    struct case_order order = {.home = l->home,
                               .world = l->world,
                               .actor = &SYSTEM,
                               .ref = {opened->prefecture, opened->id},
                               .command = threshold->blocks,
                               .happened_at = INSTANT_NONE};
    return give(l, &order, "block");
}

static const struct casefile_keyed *find_opened(const struct looking *l,
                                                const struct score_tally *tally,
                                                const struct score_threshold *threshold)
{
    struct str key = score_key(l->ctx->arena, tally, threshold);
    for (size_t i = 0; i < l->opened.len; i++)
        if (str_eq(l->opened.at[i].key, key))
            return &l->opened.at[i];
    return NULL;
}

/* clause: S2-22.1 S2-22.2 S2-22.3 — once for each crossing that still stands. */
static enum status look_at_tally(struct looking *l, const struct score_tally *tally)
{
    for (size_t i = 0; i < l->terms.threshold_count; i++) {
        const struct score_crossing *crossing = &tally->crossings[i];
        const struct score_threshold *threshold = crossing->threshold;
        const struct casefile_keyed *opened = find_opened(l, tally, threshold);
        bool stands = tally->total.v >= threshold->at.v;
        if (crossing->state == SCORE_CROSSED && stands && opened == NULL)
            TRY(open_case(l, tally, threshold));
        else if (!stands && opened != NULL && !str_is_empty(threshold->blocks) &&
                 may_block(l, opened, threshold))
            TRY(block_case(l, opened, threshold));
    }
    return ST_OK;
}

static enum status look_at_unit(struct looking *l, int64_t unit)
{
    struct score_row_list rows;
    struct score_tally_list tallies;
    TRY(score_rows_list_unit(l->ctx, l->conn, l->campaign->name, unit, &rows));
    score_fold(l->ctx->arena, &l->terms, rows.at, rows.len, &tallies);
    for (size_t i = 0; i < tallies.len; i++)
        TRY(look_at_tally(l, &tallies.at[i]));
    return ST_OK;
}

static enum status look(struct looking *l)
{
    struct score_unit_list laden;
    TRY(casefile_rows_list_keyed(l->ctx, l->conn, l->campaign->name, S("threshold/"), &l->opened));
    TRY(score_rows_list_laden(l->ctx, l->conn, l->campaign->name, l->terms.thresholds[0].at,
                              &laden));
    for (size_t i = 0; i < laden.len; i++)
        TRY(look_at_unit(l, laden.at[i]));
    return ST_OK;
}

static enum status look_at_campaign(void *self, struct ctx *ctx, struct db_conn *conn,
                                    const struct world_campaign *campaign)
{
    int64_t changes;
    struct looking *l = self;
    l->conn = conn;
    l->campaign = campaign;
    TRY(world_load_pack(ctx, l->world, campaign->pack, &l->regime));
    if (!score_terms_read(ctx->arena, l->regime, &campaign->terms, &l->terms) ||
        l->terms.threshold_count == 0)
        return ST_OK;
    TRY(score_rows_count_changes(ctx, l->conn, campaign->name, &changes));
    const struct daily_look once = {.work = S("scores"),
                                    .campaign = campaign->name,
                                    .today = day_of_instant(ctx->now),
                                    .stamp = world_generation(l->world) * SCORE_CHANGES_MAX +
                                             changes};
    if (!daily_is_due(l->home->daily, &once))
        return ST_OK;
    TRY(look(l));
    daily_note(l->home->daily, &once);
    return ST_OK;
}

enum status scores_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                        int64_t *out_done)
{
    struct looking l = {.ctx = ctx, .home = home, .world = world};
    enum status status = campaign_walk(ctx, home, world, look_at_campaign, &l);
    *out_done = l.done;
    return status;
}
