/*
 * Duties are opened for units, for whoever stands in a case, or for the campaign. Of the first and last
 * there are few, and all their keys are read; of the second there may be hundreds a day, so only the
 * periods that can still lack one are read.
 */
#include "services/obligations_int.h"

static void note_duties(struct look *look, const struct casefile_keyed_list *duties)
{
    for (size_t i = 0; i < duties->len; i++)
        (void)strmap_put(&look->keys, duties->at[i].key, &duties->at[i]);
}

static enum status read_duties(struct look *look)
{
    TRY(casefile_rows_list_keyed(look->ctx, look->conn, look->campaign->name,
                                 str_concat(look->ctx->arena, look->item->id, S("/")),
                                 &look->duties));
    note_duties(look, &look->duties);
    return ST_OK;
}

static void add_opening(struct look *look, const struct obligation_period *period,
                        const struct obligation_debtor *debtor, struct order_list *orders)
{
    struct arena *arena = look->ctx->arena;
    struct str key = obligation_key(arena, look->item, period, debtor);
    struct day day = period->last.v < look->today.v ? period->last : look->today;
    const struct world_unit *unit =
        debtor->unit.v == 0 ? NULL : world_find_unit(look->world, debtor->unit);
    bool is_gone = debtor->unit.v != 0 && (unit == NULL || !world_unit_exists(unit, day));
    if (strmap_find(&look->keys, key) != NULL || is_gone)
        return;
    struct order order = {.command = S("create"),
                          .input = obligation_input(arena, look->item, period, debtor),
                          .at = INSTANT_NONE};
    vec_add(arena, orders, order);
    (void)strmap_put(&look->keys, key, look);
}

static struct obligation_debtor debtor_of(const struct world_unit *unit)
{
    return (struct obligation_debtor){.unit = unit->facts.id, .region = unit->facts.region};
}

static void open_for_units(struct look *look, struct order_list *orders)
{
    size_t count;
    const struct world_unit *units = world_list_units(look->world, &count);
    for (size_t i = 0; i < count; i++) {
        const struct obligation_debtor debtor = debtor_of(&units[i]);
        if (!obligation_is_owed_by(&look->engine, look->item, &units[i].facts))
            continue;
        for (size_t j = 0; j < look->periods.len; j++)
            add_opening(look, &look->periods.at[j], &debtor, orders);
    }
}

static void open_for_campaign(struct look *look, struct order_list *orders)
{
    const struct obligation_debtor debtor = {.region = look->campaign->region};
    for (size_t i = 0; i < look->periods.len; i++)
        add_opening(look, &look->periods.at[i], &debtor, orders);
}

/* ---- what is owed in standing cases ---- */

/* The case, folded; read once, whatever asks for it. */
static enum status read_standing(struct look *look, struct casefile_place place,
                                 const struct casefile **out)
{
    struct arena *arena = look->kept->arena;
    struct str ref = casefile_ref_format(arena, place.prefecture, place.id);
    struct casefile *casefile = strmap_find(&look->kept->cases, ref);
    if (casefile == NULL) {
        struct ctx own = {
            .arena = arena, .now = look->ctx->now, .request_id = look->ctx->request_id};
        casefile = arena_new_of(arena, struct casefile);
        if (ledger_load(&own, look->conn, place.prefecture, place.id, casefile) != ST_OK)
            return fail_reason(look->ctx, own.failure.status, own.failure.reason);
        (void)strmap_put(&look->kept->cases, ref, casefile);
    }
    *out = casefile;
    return ST_OK;
}

static void add_places(struct look *look, const struct casefile_place_list *some,
                       struct casefile_place_list *all)
{
    for (size_t i = 0; i < some->len; i++)
        vec_add(look->ctx->arena, all, some->at[i]);
}

/* Cases that may owe: as they stand, and for a period that went by unseen those that moved since.
   One of both kinds is named twice, and has its duty by then. */
static enum status list_standing(struct look *look, const struct obligation_period *period,
                                 struct casefile_place_list *out)
{
    struct ctx *ctx = look->ctx;
    struct casefile_place_list some;
    const struct regime_debtor *standing = look->item->standing;
    const struct str campaign = look->campaign->name, procedure = standing->procedure->name;
    const struct str any = {0};
    size_t count = standing->state_count == 0 ? 1 : standing->state_count;
    *out = (struct casefile_place_list){0};
    for (size_t i = 0; i < count; i++) {
        TRY(casefile_rows_list_in_state(ctx, look->conn, campaign, procedure,
                                        standing->state_count == 0 ? any : standing->states[i],
                                        &some));
        add_places(look, &some, out);
    }
    if (period->last.v >= look->view.today.v)
        return ST_OK;
    TRY(casefile_rows_list_places(ctx, look->conn, campaign, procedure, day_start(period->opens),
                                  &some));
    add_places(look, &some, out);
    return ST_OK;
}

/* The cases that have their duties of the period already. */
static enum status read_served(struct look *look, const struct obligation_period *period,
                               struct strmap *out)
{
    struct arena *arena = look->ctx->arena;
    struct casefile_keyed_list duties;
    strmap_init(out, arena);
    TRY(casefile_rows_list_keyed(look->ctx, look->conn, look->campaign->name,
                                 str_printf(arena, "%.*s/%.*s/", STR_ARG(look->item->id),
                                            STR_ARG(period->name)),
                                 &duties));
    note_duties(look, &duties);
    for (size_t i = 0; i < duties.len; i++) {
        struct obligation_key key;
        if (obligation_key_parse(duties.at[i].key, &key))
            (void)strmap_put(out, key.standing, &duties.at[i]);
    }
    return ST_OK;
}

static enum status open_period_in_standing(struct look *look,
                                           const struct obligation_period *period,
                                           struct order_list *orders)
{
    struct casefile_place_list places;
    struct strmap served;
    TRY(read_served(look, period, &served));
    TRY(list_standing(look, period, &places));
    for (size_t i = 0; i < places.len; i++) {
        const struct casefile *casefile = NULL;
        struct obligation_debtor_list debtors;
        struct str ref =
            casefile_ref_format(look->ctx->arena, places.at[i].prefecture, places.at[i].id);
        if (strmap_find(&served, ref) != NULL)
            continue;
        TRY(read_standing(look, places.at[i], &casefile));
        if (!obligation_is_owed_in(look->item, period, casefile, look->view.today))
            continue;
        obligation_list_debtors(look->ctx->arena, look->item, casefile, &debtors);
        for (size_t j = 0; j < debtors.len; j++)
            add_opening(look, period, &debtors.at[j], orders);
    }
    return ST_OK;
}

/*
 * A period that runs is looked at each morning. One that is over was, while it ran, unless the house
 * stood still: those after the last that has a duty went by unseen.
 */
static enum status open_in_standing(struct look *look, struct order_list *orders)
{
    struct str last;
    struct obligation_key key = {0};
    size_t unseen = 0;
    TRY(casefile_rows_last_key(look->ctx, look->conn, look->campaign->name,
                               str_concat(look->ctx->arena, look->item->id, S("/")), &last));
    (void)obligation_key_parse(last, &key);
    for (size_t i = 0; i < look->periods.len; i++)
        if (str_eq(look->periods.at[i].name, key.period))
            unseen = i + 1;
    for (size_t i = 0; i < look->periods.len; i++) {
        const struct obligation_period *period = &look->periods.at[i];
        if (i >= unseen || period->last.v >= look->view.today.v)
            TRY(open_period_in_standing(look, period, orders));
    }
    return ST_OK;
}

/* ---- what arises from the cases that must count ---- */

/*
 * Where every case must count, a duty arises from the cases. A period that runs is looked at, and one
 * that went by unseen; in others those who owed it then have their duty already, and whoever took a
 * case over since owes nothing for the time before.
 */
static bool is_looked_at(const struct look *look, const struct obligation_period *period)
{
    if (period->last.v >= look->view.today.v)
        return true;
    for (size_t i = 0; i < look->duties.len; i++) {
        struct obligation_key key;
        if (obligation_key_parse(look->duties.at[i].key, &key) && str_eq(key.period, period->name))
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
        if (unit == NULL || !obligation_is_owed_by(&look->engine, look->item, &unit->facts))
            continue;
        const struct obligation_debtor debtor = debtor_of(unit);
        if (obligation_ask(&look->engine, &look->owed, period, &debtor, casefile, &since) !=
            OBLIGATION_NOT_MEANT)
            add_opening(look, period, &debtor, orders);
    }
}

static enum status open_from_cases(struct look *look, struct order_list *orders)
{
    TRY(obligations_read_candidates(look, day_start(look->since)));
    for (size_t j = 0; j < look->periods.len; j++) {
        if (!is_looked_at(look, &look->periods.at[j]))
            continue;
        for (size_t i = 0; i < look->candidate_count; i++)
            open_for_case(look, &look->periods.at[j], look->candidates[i], orders);
    }
    return ST_OK;
}

enum status obligations_open_missing(struct look *look, int64_t *io_done)
{
    struct order_list orders = {0};
    const struct regime_obligation *item = look->item;
    if (item->standing != NULL) {
        TRY(open_in_standing(look, &orders));
        return obligations_give(look, &orders, NULL, io_done);
    }
    TRY(read_duties(look));
    if (obligations_arise_from_cases(item))
        TRY(open_from_cases(look, &orders));
    else if (item->role_count + item->kind_count > 0)
        open_for_units(look, &orders);
    else
        open_for_campaign(look, &orders);
    return obligations_give(look, &orders, NULL, io_done);
}
