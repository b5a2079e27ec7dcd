/*
 * Two looks, each made only when it can find something: what must be opened, once a day and again
 * when the directory moved; what is fulfilled, when the ledger moved. Where every case of a unit must
 * count (`all: true`), both are made once a day, since whether all are there shows only at the end.
 *
 * Keys make it exact: a case that stands already is not opened, and where two programs try at the
 * same time, the second finds the key taken. A fulfilment is told as of the moment at which the last
 * thing it needed came about, so that it is in time although it is told the next morning.
 */
#include "services/obligations_int.h"

#include "base/log.h"
#include "services/campaign_walk.h"
#include "services/casework_many.h"
#include "store/news_rows.h"

enum { AT_ONCE = 250 };

/* ---- giving ---- */

static void begin(const struct look *look, const struct order *order, struct casework_turn *turn)
{
    static const struct actor system = {.is_system = true};
    casework_turn_begin(turn, look->ctx->now);
    turn->order = (struct case_order){.home = look->home,
                                      .world = look->world,
                                      .actor = &system,
                                      .ref = order->ref,
                                      .campaign = look->campaign->name,
                                      .procedure = look->item->procedure->name,
                                      .command = order->command,
                                      .input = order->input,
                                      .happened_at = order->at};
}

/* As with lapses: what somebody else has done is done, what the rules refuse keeps nobody waiting. */
static enum status settle(struct look *look, const struct casework_turn *turn, int64_t *io_done)
{
    const struct failure *failure = &turn->ctx.failure;
    *io_done += turn->status == ST_OK;
    if (turn->status == ST_OK || turn->status == ST_CONFLICT || turn->status == ST_STALE)
        return ST_OK;
    if (turn->status == ST_IO || turn->status == ST_UNAVAILABLE)
        return fail_reason(look->ctx, turn->status, failure->reason);
    /* advise: ok, no caller is waiting */
    log_line(LOG_ERROR, "duty_failed", "campaign=%.*s item=%.*s command=%.*s key=%s",
             STR_ARG(look->campaign->name), STR_ARG(look->item->id),
             STR_ARG(turn->order.command), failure->reason.key);
    return ST_OK;
}

/* `taken[i]`, where wanted, tells whether the i-th order was carried out. */
static enum status give_some(struct look *look, const struct order *orders, size_t count,
                             bool *taken, int64_t *io_done)
{
    struct casework_turn *turns = arena_alloc_array(look->ctx->arena, count, sizeof *turns);
    enum status status = ST_OK;
    for (size_t i = 0; i < count; i++)
        begin(look, &orders[i], &turns[i]);
    casework_give_many(turns, count);
    for (size_t i = 0; i < count; i++) {
        if (status == ST_OK)
            status = settle(look, &turns[i], io_done);
        if (taken != NULL)
            taken[i] = turns[i].status == ST_OK;
    }
    if (status != ST_OK)
        fail_keep(look->ctx); /* its texts are a turn's */
    casework_turns_end(turns, count);
    return status;
}

enum status obligations_give(struct look *look, const struct order_list *orders, bool *taken,
                            int64_t *io_done)
{
    for (size_t i = 0; i < orders->len; i += AT_ONCE) {
        size_t count = orders->len - i < AT_ONCE ? orders->len - i : AT_ONCE;
        TRY(give_some(look, orders->at + i, count, taken == NULL ? NULL : taken + i, io_done));
    }
    return ST_OK;
}

/* ---- what counts ---- */

enum status obligations_read_candidates(struct look *look, struct instant since)
{
    struct ctx *ctx = look->ctx;
    struct casefile_place_list places;
    if (look->candidates != NULL)
        return ST_OK;
    TRY(casefile_rows_list_places(ctx, look->conn, look->campaign->name,
                                  look->item->fulfilment->procedure->name, since, &places));
    look->candidates = arena_alloc_array(ctx->arena, places.len + 1, sizeof *look->candidates);
    for (size_t i = 0; i < places.len; i++) {
        struct casefile *casefile = arena_new_of(ctx->arena, struct casefile);
        TRY(ledger_load(ctx, look->conn, places.at[i].prefecture, places.at[i].id, casefile));
        look->candidates[look->candidate_count++] = casefile;
    }
    return ST_OK;
}

bool obligations_arise_from_cases(const struct regime_obligation *item)
{
    return item->fulfilment != NULL && item->fulfilment->all;
}

/* ---- looks ---- */

/* What a look may depend on beside the day. */
struct moment {
    int64_t directory; /* world_generation */
    int64_t ledger;    /* commits of all writers */
};

static enum status look_at_item(struct look *look, bool opens, bool closes, int64_t *io_done)
{
    struct arena_mark mark = arena_mark(look->ctx->arena);
    TRY(world_engine(look->ctx, look->world, &look->view, look->campaign->name,
                     look->item->procedure->name, (struct str){0}, &look->engine));
    look->owed =
        obligation_of(&look->engine, look->item, look->campaign->begins, look->campaign->ends);
    look->owed.begins = look->since;
    obligation_list_periods(look->ctx->arena, &look->owed, look->today, &look->periods);
    strmap_init(&look->keys, look->ctx->arena);
    if (opens)
        TRY(obligations_open_missing(look, io_done));
    if (closes)
        TRY(obligations_close_fulfilled(look, io_done));
    arena_return(look->ctx->arena, mark);
    return ST_OK;
}

static struct daily_look named(const struct look *look, const char *work, int64_t stamp)
{
    return (struct daily_look){str_of(work), look->campaign->name, look->view.today, stamp};
}

static enum status look_at_all(struct look *base, const struct regime *regime,
                               const struct moment *moment, int64_t *io_done)
{
    struct daily *daily = base->home->daily;
    const struct daily_look morning = named(base, "obligations", moment->directory);
    const struct daily_look moved = named(base, "fulfilments", moment->ledger);
    bool is_morning = daily_is_due(daily, &morning), has_moved = daily_is_due(daily, &moved);
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct kept kept = {.arena = arena};
    strmap_init(&kept.cases, arena);
    for (size_t i = 0; (is_morning || has_moved) && i < regime->obligation_count; i++) {
        struct look look = *base;
        look.item = &regime->obligations[i];
        look.kept = &kept;
        bool closes = look.item->fulfilment != NULL &&
                      (is_morning || (has_moved && !obligations_arise_from_cases(look.item)));
        if (is_morning || closes)
            TRY(look_at_item(&look, is_morning, closes, io_done));
    }
    if (is_morning)
        daily_note(daily, &morning);
    daily_note(daily, &moved);
    return ST_OK;
}

static enum status read_moment(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                               struct moment *out)
{
    struct news_heads heads;
    TRY(news_rows_heads(ctx, conn, &heads));
    *out = (struct moment){.directory = world_generation(world)};
    for (size_t i = 0; i < heads.len; i++)
        out->ledger += heads.at[i].number;
    return ST_OK;
}

/* What the visits share. */
struct round {
    const struct home *home;
    const struct world *world;
    int64_t done;
};

/* A campaign that is over still opens what it owed till then. */
static enum status look_at_campaign(void *self, struct ctx *ctx, struct db_conn *conn,
                                    const struct world_campaign *campaign)
{
    struct round *round = self;
    struct moment moment;
    const struct regime *regime;
    struct day now = day_of_instant(ctx->now);
    bool is_over = !day_is_none(campaign->ends) && campaign->ends.v < now.v;
    struct look look = {.ctx = ctx,
                        .home = round->home,
                        .world = round->world,
                        .conn = conn,
                        .campaign = campaign,
                        .view = {round->world, now},
                        .today = is_over ? campaign->ends : now};
    look.since = day_is_none(campaign->begins) ? look.today : campaign->begins;
    TRY(world_load_pack(ctx, round->world, campaign->pack, &regime));
    if (regime->obligation_count == 0)
        return ST_OK;
    TRY(read_moment(ctx, conn, round->world, &moment));
    return look_at_all(&look, regime, &moment, &round->done);
}

enum status obligations_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                             int64_t *out_done)
{
    struct round round = {.home = home, .world = world};
    enum status status = campaign_walk(ctx, home, world, look_at_campaign, &round);
    *out_done = round.done;
    return status;
}
