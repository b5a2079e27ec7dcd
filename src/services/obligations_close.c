/*
 * What counts is asked of every open duty; which cases those are the engine knows.
 */
#include "services/obligations_int.h"

/* False: a period that the item no longer has. */
static bool find_named(const struct look *look, struct str name, struct obligation_period *out)
{
    for (size_t i = 0; i < look->periods.len; i++) {
        if (!str_eq(look->periods.at[i].name, name))
            continue;
        *out = look->periods.at[i];
        return true;
    }
    return false;
}

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
                         const struct obligation_debtor *debtor, struct tally *out)
{
    *out = (struct tally){0};
    for (size_t i = 0; i < look->candidate_count; i++) {
        struct instant since = INSTANT_NONE;
        enum obligation_answer answer =
            obligation_ask(&look->engine, &look->owed, period, debtor, look->candidates[i], &since);
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
    if (obligations_arise_from_cases(look->item)) {
        if (tally->missing || look->view.today.v <= period->last.v)
            return false;
        *out_at = tally->since.len == 0 ? day_start(period->last)
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
    struct obligation_key key;
    struct obligation_period period;
    struct tally tally;
    struct instant at;
    bool too_late = duty->lapsed && obligations_arise_from_cases(look->item); /* its cases may be gone by now */
    if (too_late || !obligation_key_parse(duty->key, &key) ||
        !find_named(look, key.period, &period))
        return;
    const struct obligation_debtor debtor = {.unit = key.unit, .region = duty->region};
    count_proofs(look, &period, &debtor, &tally);
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
    return obligations_give(look, &links, NULL, &linked);
}

/* The earliest day that one of the duties asks about; DAY_NONE: there is none. */
static struct day first_open(const struct look *look, const struct casefile_keyed_list *duties)
{
    struct day first = DAY_NONE;
    for (size_t i = 0; i < duties->len; i++) {
        struct obligation_key key;
        struct obligation_period period;
        if (!obligation_key_parse(duties->at[i].key, &key) ||
            !find_named(look, key.period, &period))
            continue;
        if (day_is_none(first) || period.opens.v < first.v)
            first = period.opens;
    }
    return first;
}

enum status obligations_close_fulfilled(struct look *look, int64_t *io_done)
{
    struct order_list orders = {0};
    struct casefile_keyed_list duties; /* still open */
    TRY(casefile_rows_list_keyed_open(look->ctx, look->conn, look->campaign->name,
                                      str_concat(look->ctx->arena, look->item->id, S("/")),
                                      &duties));
    struct day first = first_open(look, &duties);
    if (day_is_none(first))
        return ST_OK;
    TRY(obligations_read_candidates(look, day_start(first)));
    for (size_t i = 0; i < duties.len; i++)
        add_closing(look, &duties.at[i], &orders);
    bool *taken = arena_alloc_array(look->ctx->arena, orders.len + 1, sizeof *taken);
    TRY(obligations_give(look, &orders, taken, io_done));
    return str_is_empty(look->item->fulfilment->link) ? ST_OK : link_proofs(look, &orders, taken);
}
