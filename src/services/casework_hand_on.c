/*
 * From campaign to campaign. The pack that hands on names what it is; the packs of other campaigns name
 * what they take (`arrivals`). Which campaign it is follows from the place alone, so that nobody has to
 * know the others. What was told and finds no field there is kept with the case as it came.
 */
#include "engine/arrival.h"
#include "services/casework_int.h"
#include "store/casefile_rows.h"

#define ORIGIN S("origin") /* i18n: link_kind.origin */

/* ---- handing on ---- */

/* Of campaigns that all hold the place, the one of the smaller region; of equals the one begun last. */
static bool is_nearer(const struct world *world, const struct world_campaign *campaign,
                      const struct world_campaign *than)
{
    if (than == NULL || !str_eq(campaign->region, than->region))
        return than == NULL || world_region_is_within(world, campaign->region, than->region);
    return campaign->begins.v > than->begins.v;
}

enum status work_find_taker(struct ctx *ctx, const struct world *world, struct str as,
                            struct str region, struct str but,
                            const struct world_campaign **out_campaign,
                            const struct regime_arrival **out_arrival)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    *out_campaign = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        if (!str_eq_c(all[i].state, "open") || str_eq(all[i].name, but) ||
            !world_region_is_within(world, region, all[i].region) ||
            !is_nearer(world, &all[i], *out_campaign))
            continue;
        TRY(world_load_pack(ctx, world, all[i].pack, &regime));
        const struct regime_arrival *arrival = regime_find_arrival(regime, as);
        if (arrival != NULL) {
            *out_campaign = &all[i];
            *out_arrival = arrival;
        }
    }
    return ST_OK;
}

static enum status nobody_takes(struct ctx *ctx, const struct work *work, struct str as,
                                struct str region)
{
    const struct world_region *place = world_find_region(work->world, region);
    struct reason reason = reason_make(
        "case.nobody_takes", ARGS(arg_words("what", regime_flag_words(work->engine->regime, as)),
                                  arg_text("region", place == NULL ? region : place->name)));
    reason.code = "nobody_takes";
    return fail_reason(ctx, ST_CONFLICT, reason);
}

static enum status make_there(struct ctx *ctx, const struct work *below,
                              const struct regime_arrival *arrival, struct str region,
                              const struct value *told, struct str number)
{
    static const struct actor system = {.is_system = true};
    const struct value *input = arrival_take(ctx->arena, arrival, region, number, told);
    struct case_ref same;
    TRY(work_find_same(ctx, below, below->engine, region, value_find_c(input, "fields"), &same));
    if (same.id.v != 0)
        return work_load(ctx, below->ledger->conn, same, below->casefile);
    const struct command create = {.name = S("create"),
                                   .input = input,
                                   .happened_at = INSTANT_NONE,
                                   .actor = &system};
    return work_make(ctx, below, &create);
}

enum status work_hand_on(struct ctx *ctx, const struct work *work, const struct value *wish)
{
    const struct casefile *here = work->casefile;
    struct engine engine;
    struct casefile there = {0};
    const struct world_campaign *campaign;
    const struct regime_arrival *arrival;
    const struct work below = {work->ledger, work->world, &engine, &there, work->actor, work};
    struct str as = value_find_text(wish, "as"), region = value_find_text(wish, "region");
    region = str_is_empty(region) ? here->region : region;
    TRY(work_find_taker(ctx, work->world, as, region, here->campaign, &campaign, &arrival));
    if (campaign == NULL)
        return nobody_takes(ctx, work, as, region);
    TRY(work_engine(ctx, work->world, work->ledger->conn, campaign->name, arrival->procedure->name,
                    (struct str){0}, &engine));
    work_hands_on(&engine);
    TRY(make_there(ctx, &below, arrival, region, value_find_c(wish, "fields"), here->number));
    const struct casefile_link down = {.kind = value_find_text(wish, "link"),
                                       .shows = value_find_bool(wish, "shows")};
    const struct casefile_link up = {
        .kind = ORIGIN, .answer = value_find_text(wish, "answer"), .as = as};
    return work_link_as(ctx, work, &below, S("hand_on"), &down, &up);
}

/* ---- the answer ---- */

/* The axis's word for how the case ended; absent: it has not. What was handed on nobody withdraws. */
static struct str outcome_of(const struct work *work, const struct event_list *events)
{
    struct str outcome = {0};
    for (size_t i = 0; i < events->len; i++) {
        const struct event *event = &events->at[i];
        const struct regime_state *state = procedure_find_state(
            work->engine->procedure, value_find_text(event->payload, "to"));
        if (event->type == EVENT_MOVED)
            outcome = state != NULL && state->end ? state->like : (struct str){0};
    }
    return outcome;
}

/* The form of that command asks for what it wants to know; the rest is not for it. */
static struct value *asked_of(struct arena *arena, const struct regime_procedure *procedure,
                              struct str command, const struct value *told)
{
    struct value *form = value_map(arena);
    for (size_t i = 0; i < procedure->transition_count; i++)
        value_each (one, told)
            if (str_eq(procedure->transitions[i].name, command) &&
                value_find(form, one->key) == NULL &&
                transition_find_ask(&procedure->transitions[i], one->key) != NULL)
                value_put(form, one->key, value_copy(arena, one));
    return form;
}

static enum status keep_note(struct ctx *ctx, const struct work *there, struct str command,
                             struct str kind, struct value *told)
{
    struct value *payload = value_map(ctx->arena);
    value_put_text(ctx->arena, payload, "what", kind);
    value_put(payload, S("answer"), told);
    struct event event = {.prefecture = there->casefile->prefecture,
                          .casefile = there->casefile->id,
                          .sequence = there->casefile->version + 1,
                          .recorded_at = ctx->now,
                          .happened_at = ctx->now,
                          .actor = S("system"),
                          .command = command,
                          .type = EVENT_NOTED,
                          .payload = payload,
                          .pack = there->engine->regime->hash};
    const struct event_list events = {&event, 1, 1};
    return casefile_record(ctx, there->ledger, there->engine, there->casefile, &events);
}

/* How the case that handed on calls its link to this one. */
static struct str kind_there(const struct casefile *there, const struct casefile *here)
{
    for (size_t i = 0; i < there->links.len; i++)
        if (there->links.at[i].id.v == here->id.v)
            return there->links.at[i].kind;
    return ORIGIN;
}

static enum status answer_one(struct ctx *ctx, const struct work *work,
                              const struct casefile_link *link, struct str outcome)
{
    static const struct actor system = {.is_system = true};
    struct engine engine;
    struct casefile there;
    struct event_list events = {0};
    const struct work above = {work->ledger, work->world, &engine, &there, work->actor, work};
    struct str answer = link->answer;
    TRY(work_load(ctx, work->ledger->conn, (struct case_ref){link->prefecture, link->id}, &there));
    TRY(work_engine(ctx, work->world, work->ledger->conn, there.campaign, there.procedure,
                    there.pack, &engine));
    work_hands_on(&engine);
    struct value *told =
        arrival_tell(ctx->arena, regime_find_arrival(work->engine->regime, link->as),
                     work->casefile, outcome, day_of_instant(ctx->now));
    const struct command command = {.name = answer,
                                    .input = asked_of(ctx->arena, engine.procedure, answer, told),
                                    .happened_at = INSTANT_NONE,
                                    .actor = &system};
    enum status status = engine_decide(ctx, &engine, &there, &command, &events);
    if (status == ST_CONFLICT || status == ST_INVALID || status == ST_NOT_FOUND) {
        fail_clear(ctx);
        return keep_note(ctx, &above, answer, kind_there(&there, work->casefile), told);
    }
    TRY(status);
    TRY(work_record(ctx, &above, &events));
    return work_follow_up(ctx, &above, &events);
}

enum status work_answer(struct ctx *ctx, const struct work *work, const struct event_list *events)
{
    struct str outcome = outcome_of(work, events);
    for (size_t i = 0; !str_is_empty(outcome) && i < work->casefile->links.len; i++) {
        const struct casefile_link link = work->casefile->links.at[i];
        if (!str_is_empty(link.answer) && !work_has(work, link.id))
            TRY(answer_one(ctx, work, &link, outcome));
    }
    return ST_OK;
}

/* ---- who reads where it came from ---- */

enum status work_shows(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                       const struct casefile *casefile, const struct actor *actor, bool *out)
{
    *out = false;
    for (size_t i = 0; i < casefile->links.len && !*out; i++) {
        const struct casefile_link *link = &casefile->links.at[i];
        struct engine engine;
        struct casefile there;
        if (!link->shows)
            continue;
        TRY(work_load(ctx, conn, (struct case_ref){link->prefecture, link->id}, &there));
        TRY(work_engine(ctx, world, conn, there.campaign, there.procedure, there.pack, &engine));
        *out = casework_may_see(world, &engine, &there, actor);
    }
    return ST_OK;
}
