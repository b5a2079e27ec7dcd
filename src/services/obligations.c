/*
 * Two looks, each made only when it can find something: what must be opened, once a day and again
 * when the directory moved; what is fulfilled, when the ledger moved. Where every case of a unit must
 * count (`all: true`), both are made once a day, since whether all are there shows only at the end.
 *
 * Keys make it exact: a case that stands already is not opened, and where two programs try at the
 * same time, the second finds the key taken. A fulfilment is told as of the moment at which the last
 * thing it needed came about, so that it is in time although it is told the next morning.
 */
#include "services/obligations.h"

#include "base/log.h"
#include "engine/obligation.h"
#include "services/casework_many.h"
#include "store/casefile_rows.h"
#include "store/news_rows.h"

enum { AT_ONCE = 250 };

/* One item of one campaign at hand. */
struct look {
    struct ctx *ctx;
    const struct home *home;
    const struct world *world;
    struct db_conn *conn;
    const struct world_campaign *campaign;
    const struct regime_obligation *item;
    struct engine engine; /* of the procedure that it opens */
    struct world_view view;
    struct day since, today; /* of the campaign: nothing is owed for what was over before, or began after */
    struct casefile_keyed_list duties;
    struct strmap keys; /* of duties: key → struct casefile_keyed */
    struct casefile **candidates; /* what may count; null: not read yet */
    size_t candidate_count;
};

/* A command that is to be given. */
struct order {
    struct str command;
    struct case_ref ref;
    struct value *input;
    struct instant at; /* or INSTANT_NONE */
    struct casefile **proofs; /* linked when it was taken */
    size_t proof_count;
};

struct order_list {
    struct order *at;
    size_t len;
    size_t cap;
};

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

static enum status give_all(struct look *look, const struct order_list *orders, bool *taken,
                            int64_t *io_done)
{
    for (size_t i = 0; i < orders->len; i += AT_ONCE) {
        size_t count = orders->len - i < AT_ONCE ? orders->len - i : AT_ONCE;
        TRY(give_some(look, orders->at + i, count, taken == NULL ? NULL : taken + i, io_done));
    }
    return ST_OK;
}

/* ---- what stands ---- */

static enum status read_duties(struct look *look)
{
    struct ctx *ctx = look->ctx;
    TRY(casefile_rows_list_keyed(ctx, look->conn, look->campaign->name,
                                 str_concat(ctx->arena, look->item->id, S("/")), &look->duties));
    strmap_init(&look->keys, ctx->arena);
    for (size_t i = 0; i < look->duties.len; i++)
        (void)strmap_put(&look->keys, look->duties.at[i].key, &look->duties.at[i]);
    return ST_OK;
}

static enum status read_candidates(struct look *look, struct instant since)
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

/* Of the names in keys there are few; the period is found among those the item has. */
static bool find_named(struct look *look, struct str name, struct obligation_period *out)
{
    struct obligation_period_list list;
    obligation_list_periods(look->ctx->arena, look->item, look->since, look->today, &list);
    for (size_t i = 0; i < list.len; i++) {
        if (!str_eq(list.at[i].name, name))
            continue;
        *out = list.at[i];
        return true;
    }
    return false;
}

/* ---- opening ---- */

static void add_opening(struct look *look, const struct obligation_period *period,
                        const struct world_unit *unit, struct order_list *orders)
{
    struct arena *arena = look->ctx->arena;
    struct str key = obligation_key(arena, look->item, period, unit->facts.id);
    struct day day = period->due.v < look->today.v ? period->due : look->today;
    if (strmap_find(&look->keys, key) != NULL || !world_unit_exists(unit, day))
        return;
    struct order order = {.command = S("create"),
                          .input = obligation_input(arena, look->item, period, &unit->facts),
                          .at = INSTANT_NONE};
    vec_add(arena, orders, order);
    (void)strmap_put(&look->keys, key, look);
}

static void open_for_units(struct look *look, struct order_list *orders)
{
    size_t count;
    struct obligation_period_list periods;
    const struct world_unit *units = world_list_units(look->world, &count);
    obligation_list_periods(look->ctx->arena, look->item, look->since, look->today, &periods);
    for (size_t i = 0; i < count; i++) {
        if (!obligation_is_owed_by(&look->engine, look->item, &units[i].facts))
            continue;
        for (size_t j = 0; j < periods.len; j++)
            add_opening(look, &periods.at[j], &units[i], orders);
    }
}

/*
 * Where every case must count, a duty arises from the cases. A period that runs is looked at, and one
 * that went by unseen; in others those who owed it then have their duty already, and whoever took a
 * case over since owes nothing for the time before.
 */
static bool is_looked_at(const struct look *look, const struct obligation_period *period)
{
    if (period->due.v >= look->view.today.v)
        return true;
    for (size_t i = 0; i < look->duties.len; i++) {
        struct str item, name;
        struct unit_id unit;
        if (obligation_key_parse(look->duties.at[i].key, &item, &name, &unit) &&
            str_eq(name, period->name))
            return false;
    }
    return true;
}

static void open_for_case(struct look *look, const struct obligation_period *period,
                          const struct casefile *casefile, struct order_list *orders)
{
    struct instant since;
    const struct casefile_role *role = casefile_find_role(casefile, look->item->fulfilment->role);
    for (size_t i = 0; role != NULL && i < role->units.len; i++) {
        const struct world_unit *unit =
            world_find_unit(look->world, (struct unit_id){role->units.at[i]});
        if (unit != NULL && obligation_is_owed_by(&look->engine, look->item, &unit->facts) &&
            obligation_ask(look->item, period, unit->facts.id, casefile, &since) !=
                OBLIGATION_NOT_MEANT)
            add_opening(look, period, unit, orders);
    }
}

static enum status open_from_cases(struct look *look, struct order_list *orders)
{
    struct obligation_period_list periods;
    TRY(read_candidates(look, day_start(look->since)));
    obligation_list_periods(look->ctx->arena, look->item, look->since, look->today, &periods);
    for (size_t j = 0; j < periods.len; j++) {
        if (!is_looked_at(look, &periods.at[j]))
            continue;
        for (size_t i = 0; i < look->candidate_count; i++)
            open_for_case(look, &periods.at[j], look->candidates[i], orders);
    }
    return ST_OK;
}

static bool arises_from_cases(const struct regime_obligation *item)
{
    return item->fulfilment != NULL && item->fulfilment->all;
}

static enum status open_missing(struct look *look, int64_t *io_done)
{
    struct order_list orders = {0};
    if (arises_from_cases(look->item))
        TRY(open_from_cases(look, &orders));
    else
        open_for_units(look, &orders);
    return give_all(look, &orders, NULL, io_done);
}

/* ---- closing ---- */

/* What counts for one duty, and since when. */
struct tally {
    VEC(struct instant) since; /* ascending */
    VEC(struct casefile *) proofs;
    bool missing; /* one that must count does not */
};

static void add_since(struct arena *arena, struct tally *tally, struct instant since)
{
    vec_add(arena, &tally->since, since);
    for (size_t i = tally->since.len - 1; i > 0 && tally->since.at[i - 1].ms > since.ms; i--) {
        tally->since.at[i] = tally->since.at[i - 1];
        tally->since.at[i - 1] = since;
    }
}

static void count_proofs(const struct look *look, const struct obligation_period *period,
                         struct unit_id unit, struct tally *out)
{
    *out = (struct tally){0};
    for (size_t i = 0; i < look->candidate_count; i++) {
        struct instant since = INSTANT_NONE;
        enum obligation_answer answer =
            obligation_ask(look->item, period, unit, look->candidates[i], &since);
        out->missing = out->missing || answer == OBLIGATION_MISSING;
        if (answer != OBLIGATION_COUNTS)
            continue;
        add_since(look->ctx->arena, out, since);
        vec_add(look->ctx->arena, &out->proofs, look->candidates[i]);
    }
}

/*
 * Since when the duty is fulfilled. False: it is not yet. Where all must count this shows after the
 * period only, and where nothing is left to count, nothing was owed.
 */
static bool find_fulfilment(const struct look *look, const struct obligation_period *period,
                            const struct tally *tally, struct instant *out_at)
{
    if (arises_from_cases(look->item)) {
        if (tally->missing || look->view.today.v <= period->due.v)
            return false;
        *out_at = tally->since.len == 0 ? day_start(period->due)
                                        : tally->since.at[tally->since.len - 1];
        return true;
    }
    int64_t least = obligation_least(&look->engine, look->item);
    if ((int64_t)tally->since.len < least)
        return false;
    *out_at = tally->since.at[least - 1];
    return true;
}

static void add_closing(struct look *look, const struct casefile_keyed *duty,
                        struct order_list *orders)
{
    struct str item, name;
    struct unit_id unit;
    struct obligation_period period;
    struct tally tally;
    struct instant at;
    bool too_late = duty->lapsed && arises_from_cases(look->item); /* its cases may be gone by now */
    if (duty->ended || duty->withdrawn || too_late ||
        !obligation_key_parse(duty->key, &item, &name, &unit) || !find_named(look, name, &period))
        return;
    count_proofs(look, &period, unit, &tally);
    if (!find_fulfilment(look, &period, &tally, &at))
        return;
    struct order order = {.command = look->item->fulfilment->command,
                          .ref = {duty->prefecture, duty->id},
                          .at = duty->lapsed                   ? INSTANT_NONE
                                : at.ms < duty->created_at.ms ? duty->created_at
                                                              : at,
                          .proofs = tally.proofs.at,
                          .proof_count = tally.proofs.len};
    vec_add(look->ctx->arena, orders, order);
}

/* Of each duty that was closed: the cases that closed it. */
static enum status link_proofs(struct look *look, const struct order_list *closed,
                               const bool *taken)
{
    struct arena *arena = look->ctx->arena;
    struct order_list links = {0};
    int64_t linked = 0;
    for (size_t i = 0; i < closed->len; i++)
        for (size_t j = 0; taken[i] && j < closed->at[i].proof_count; j++) {
            const struct casefile *proof = closed->at[i].proofs[j];
            struct value *input = value_map(arena);
            value_put_text(arena, input, "case",
                           casefile_ref_format(arena, proof->prefecture, proof->id));
            value_put_text(arena, input, "kind", look->item->fulfilment->link);
            struct order link = {.command = S("link"),
                                 .ref = closed->at[i].ref,
                                 .input = input,
                                 .at = INSTANT_NONE};
            vec_add(arena, &links, link);
        }
    return give_all(look, &links, NULL, &linked);
}

/* The earliest day that a duty still open asks about; DAY_NONE: none is open. */
static struct day first_open(struct look *look)
{
    struct day first = DAY_NONE;
    for (size_t i = 0; i < look->duties.len; i++) {
        const struct casefile_keyed *duty = &look->duties.at[i];
        struct str item, name;
        struct unit_id unit;
        struct obligation_period period;
        if (duty->ended || duty->withdrawn ||
            !obligation_key_parse(duty->key, &item, &name, &unit) ||
            !find_named(look, name, &period))
            continue;
        if (day_is_none(first) || period.opens.v < first.v)
            first = period.opens;
    }
    return first;
}

static enum status close_fulfilled(struct look *look, int64_t *io_done)
{
    struct order_list orders = {0};
    struct day first = first_open(look);
    if (day_is_none(first))
        return ST_OK;
    TRY(read_candidates(look, day_start(first)));
    for (size_t i = 0; i < look->duties.len; i++)
        add_closing(look, &look->duties.at[i], &orders);
    bool *taken = arena_alloc_array(look->ctx->arena, orders.len + 1, sizeof *taken);
    TRY(give_all(look, &orders, taken, io_done));
    return str_is_empty(look->item->fulfilment->link) ? ST_OK : link_proofs(look, &orders, taken);
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
    enum status status = world_engine(look->ctx, look->world, &look->view, look->campaign->name,
                                      look->item->procedure->name, (struct str){0}, &look->engine);
    if (status == ST_OK)
        status = read_duties(look);
    if (status == ST_OK && opens)
        status = open_missing(look, io_done);
    if (status == ST_OK && closes && look->item->fulfilment != NULL)
        status = close_fulfilled(look, io_done);
    if (status == ST_OK)
        arena_return(look->ctx->arena, mark);
    return status;
}

static struct daily_look named(const struct look *look, const char *work, int64_t stamp)
{
    return (struct daily_look){str_of(work), look->campaign->name, look->view.today, stamp};
}

static enum status look_at_campaign(struct look *base, const struct regime *regime,
                                    const struct moment *moment, int64_t *io_done)
{
    struct daily *daily = base->home->daily;
    const struct daily_look morning = named(base, "obligations", moment->directory);
    const struct daily_look moved = named(base, "fulfilments", moment->ledger);
    bool is_morning = daily_is_due(daily, &morning), has_moved = daily_is_due(daily, &moved);
    for (size_t i = 0; (is_morning || has_moved) && i < regime->obligation_count; i++) {
        struct look look = *base;
        look.item = &regime->obligations[i];
        bool closes = is_morning || (has_moved && !arises_from_cases(look.item));
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

/* Whether it is at work today or was until its end; what it owed until then is still opened. */
static bool is_at_work(const struct world_campaign *campaign, struct day today)
{
    return str_eq(campaign->state, S("open")) &&
           (day_is_none(campaign->begins) || campaign->begins.v <= today.v);
}

enum status obligations_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                             int64_t *out_done)
{
    size_t count;
    struct moment moment = {0};
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct day now = day_of_instant(ctx->now);
    const struct world_campaign *campaigns = world_list_campaigns(world, &count);
    *out_done = 0;
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        const struct world_campaign *campaign = &campaigns[i];
        bool is_over = !day_is_none(campaign->ends) && campaign->ends.v < now.v;
        if (!is_at_work(campaign, now))
            continue;
        TRY(world_load_pack(ctx, world, campaign->pack, &regime));
        if (regime->obligation_count == 0)
            continue;
        if (conn == NULL) {
            TRY(home_conn_open(ctx, home, &conn));
            TRY(read_moment(ctx, conn, world, &moment));
        }
        struct look look = {.ctx = ctx,
                            .home = home,
                            .world = world,
                            .conn = conn,
                            .campaign = campaign,
                            .view = {world, now},
                            .today = is_over ? campaign->ends : now};
        look.since = day_is_none(campaign->begins) ? look.today : campaign->begins;
        TRY(look_at_campaign(&look, regime, &moment, out_done));
    }
    return ST_OK;
}
