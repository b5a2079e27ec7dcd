/*
 * A case is read and asked first, and only then handed to the writer, which asks again: so a look that
 * finds nothing writes nothing, and one that comes second is refused.
 */
#include "base/log.h"
#include "engine/ladder.h"
#include "services/campaign_walk.h"
#include "services/casework_many.h"
#include "services/measures.h"
#include "store/measure_rows.h"

enum { CASES_AT_ONCE = 250 };

struct looking {
    struct ctx *ctx;
    const struct home *home;
    const struct world *world;
    struct db_conn *conn;
    int64_t done;
};

/* Whether any ground of the ladder can hold while no clock runs. */
static bool looks_beyond_clocks(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->step_count; i++)
        for (size_t j = 0; j < procedure->steps[i].when_count; j++)
            if (str_is_empty(procedure->steps[i].when[j].clock))
                return true;
    return false;
}

static enum status has_something_to_say(const struct looking *l, struct case_ref ref, bool *out)
{
    struct case_reading reading;
    struct proposals found;
    TRY(casework_read(l->ctx, l->conn, l->world, ref, NULL, &reading));
    TRY(engine_propose(l->ctx, &reading.engine, reading.casefile, l->ctx->now, &found));
    *out = found.step != NULL || found.gone.len > 0;
    return ST_OK;
}

static void begin(const struct looking *l, struct case_ref ref, struct casework_turn *turn)
{
    static const struct actor system = {.is_system = true};
    casework_turn_begin(turn, l->ctx->now);
    turn->order = (struct case_order){.home = l->home,
                                      .world = l->world,
                                      .actor = &system,
                                      .ref = ref,
                                      .command = S("propose"),
                                      .happened_at = INSTANT_NONE};
}

/*
 * Refused: somebody else was first, or the case's own rules will not have it, which must not keep the
 * other cases waiting. Trouble of the database is everybody's.
 */
static enum status settle(struct looking *l, const struct casework_turn *turn)
{
    l->done += turn->status == ST_OK;
    if (turn->status == ST_OK || turn->status == ST_CONFLICT || turn->status == ST_STALE)
        return ST_OK;
    if (turn->status == ST_IO || turn->status == ST_UNAVAILABLE)
        return fail_reason(l->ctx, turn->status, turn->ctx.failure.reason);
    /* advise: ok, no caller is waiting */
    log_line(LOG_ERROR, "proposal_failed", "case=%.*s key=%s",
             STR_ARG(casefile_ref_format(l->ctx->arena, turn->order.ref.prefecture,
                                         turn->order.ref.id)),
             turn->ctx.failure.reason.key);
    return ST_OK;
}

static enum status propose_all(struct looking *l, const struct case_ref *refs, size_t count)
{
    struct casework_turn *turns = arena_alloc_array(l->ctx->arena, count, sizeof *turns);
    enum status status = ST_OK;
    if (count == 0)
        return ST_OK;
    for (size_t i = 0; i < count; i++)
        begin(l, refs[i], &turns[i]);
    casework_give_many(turns, count);
    for (size_t i = 0; i < count && status == ST_OK; i++)
        status = settle(l, &turns[i]);
    if (status != ST_OK)
        fail_keep(l->ctx); /* its texts are a turn's */
    casework_turns_end(turns, count);
    return status;
}

static enum status look_at_page(struct looking *l, const struct measure_row_list *page)
{
    struct case_ref *refs = arena_alloc_array(l->ctx->arena, page->len, sizeof *refs);
    size_t count = 0;
    for (size_t i = 0; i < page->len; i++) {
        const struct case_ref ref = {page->at[i].prefecture, page->at[i].casefile};
        struct arena_mark mark = arena_mark(l->ctx->arena);
        bool says;
        TRY(has_something_to_say(l, ref, &says));
        arena_return(l->ctx->arena, mark);
        if (says)
            refs[count++] = ref;
    }
    return propose_all(l, refs, count);
}

static enum status look_at_procedure(struct looking *l, const struct world_campaign *campaign,
                                     const struct regime_procedure *procedure)
{
    struct measure_row after = {0};
    struct measure_row_list page = {.len = CASES_AT_ONCE};
    while (page.len == CASES_AT_ONCE) {
        struct arena_mark mark = arena_mark(l->ctx->arena);
        TRY(measure_rows_list_cases(l->ctx, l->conn, campaign->name, procedure->name,
                                    looks_beyond_clocks(procedure), after, CASES_AT_ONCE, &page));
        if (page.len > 0)
            after = page.at[page.len - 1];
        TRY(look_at_page(l, &page));
        arena_return(l->ctx->arena, mark);
    }
    return ST_OK;
}

static enum status look_at_campaign(void *self, struct ctx *ctx, struct db_conn *conn,
                                    const struct world_campaign *campaign)
{
    const struct regime *regime;
    struct looking *l = self;
    const struct daily_look once = {.work = S("measures"),
                                    .campaign = campaign->name,
                                    .today = day_of_instant(ctx->now),
                                    .stamp = world_generation(l->world)};
    l->conn = conn;
    if (!daily_is_due(l->home->daily, &once))
        return ST_OK;
    TRY(world_load_pack(ctx, l->world, campaign->pack, &regime));
    for (size_t i = 0; i < regime->procedure_count; i++)
        if (regime->procedures[i].step_count > 0)
            TRY(look_at_procedure(l, campaign, &regime->procedures[i]));
    daily_note(l->home->daily, &once);
    return ST_OK;
}

enum status measures_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                          int64_t *out_done)
{
    struct looking l = {.ctx = ctx, .home = home, .world = world};
    enum status status = campaign_walk(ctx, home, world, look_at_campaign, &l);
    *out_done = l.done;
    return status;
}
