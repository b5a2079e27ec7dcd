/*
 * The plan is made case by case from the ledger and carried out case by case: each is judged again
 * inside the writer's transaction, as it stands then, so that what a person did between the look
 * and the change is not overrun. The campaign itself goes first; what is opened meanwhile begins
 * with the new pack.
 */
#include "services/migrate.h"

#include "services/campaign.h"
#include "services/casework.h"
#include "store/casefile_list.h"

enum { PAGE = 200 };

struct change {
    const struct home *home;
    const struct world *world;
    const struct migrate_terms *terms;
    const struct regime *to;
    struct value *report; /* of all cases */
    int64_t moved;
    int64_t left;
};

/* ---- does a case fit ---- */

static bool is_running(const struct casefile_clock *clock)
{
    return instant_is_none(clock->stopped) && !clock->lapsed;
}

/* What the new pack lacks; null: nothing. */
static const char *find_lack(const struct regime *to, const struct casefile *casefile)
{
    const struct regime_procedure *procedure = regime_find_procedure(to, casefile->procedure);
    if (procedure == NULL)
        return "procedure";
    if (procedure_find_state(procedure, casefile->state) == NULL)
        return "state";
    for (size_t i = 0; i < casefile->clocks.len; i++)
        if (is_running(&casefile->clocks.at[i]) &&
            procedure_find_deadline(procedure, casefile->clocks.at[i].name) == NULL)
            return "clock";
    return NULL;
}

static enum status engine_of(struct ctx *ctx, const struct change *change,
                             const struct casefile *casefile, struct engine *out)
{
    struct world_view *view = arena_new_of(ctx->arena, struct world_view);
    view->today = day_of_instant(ctx->now);
    return world_engine(ctx, change->world, view, casefile->campaign, casefile->procedure,
                        change->terms->pack, out);
}

/* ---- what would come out otherwise ---- */

static struct length length_under(const struct engine *engine,
                                  const struct regime_deadline *deadline)
{
    static const enum length_unit units[] = {[CLOCK_HOURS] = LENGTH_HOURS,
                                             [CLOCK_DAYS] = LENGTH_DAYS,
                                             [CLOCK_WORKDAYS] = LENGTH_WORKDAYS,
                                             [CLOCK_UNTIL] = LENGTH_DAYS};
    const struct value *count = engine_setting(engine, deadline->setting);
    const struct value *unit = engine_setting(engine, deadline->unit_setting);
    struct length length = {.unit = units[deadline->unit], .count = (int32_t)deadline->length};
    if (count != NULL && count->kind == VALUE_INT)
        length.count = (int32_t)count->number;
    if (unit != NULL && unit->kind == VALUE_TEXT)
        (void)length_unit_parse(unit->text, &length.unit);
    return length;
}

static void put_clock(struct ctx *ctx, const struct engine *engine,
                      const struct casefile_clock *clock, struct value *list)
{
    struct ctx own = {.arena = ctx->arena, .now = ctx->now};
    struct clock_view old, new;
    struct casefile_clock renewed = *clock;
    const struct regime_deadline *deadline =
        procedure_find_deadline(engine->procedure, clock->name);
    if (!is_running(clock) || !day_is_none(clock->until) || deadline == NULL ||
        deadline->unit == CLOCK_UNTIL)
        return;
    renewed.length = length_under(engine, deadline);
    renewed.roll = deadline->roll;
    if (engine_clock_view(&own, engine->calendar, clock, ctx->now, &old) != ST_OK ||
        engine_clock_view(&own, engine->calendar, &renewed, ctx->now, &new) != ST_OK ||
        old.deadline.open || new.deadline.open || old.deadline.end.ms == new.deadline.end.ms)
        return;
    struct value *row = value_append_map(ctx->arena, list);
    value_put_text(ctx->arena, row, "name", clock->name);
    value_put_text(ctx->arena, row, "due", instant_format(ctx->arena, old.deadline.due));
    value_put_text(ctx->arena, row, "due_new", instant_format(ctx->arena, new.deadline.due));
}

static enum status report_case(struct ctx *ctx, struct change *change,
                               const struct casefile *casefile, const char *lack)
{
    struct engine engine;
    struct arena *arena = ctx->arena;
    struct value *row = value_append_map(arena, change->report);
    value_put_text(arena, row, "id",
                   casefile_ref_format(arena, casefile->prefecture, casefile->id));
    value_put_text(arena, row, "number", casefile->number);
    value_put_text(arena, row, "state", casefile->state);
    value_put_bool(arena, row, "fits", lack == NULL);
    if (lack != NULL)
        value_put_text(arena, row, "why", str_of(lack));
    struct value *clocks = value_put_list(arena, row, "clocks");
    if (lack != NULL)
        return ST_OK;
    TRY(engine_of(ctx, change, casefile, &engine));
    for (size_t i = 0; i < casefile->clocks.len; i++)
        put_clock(ctx, &engine, &casefile->clocks.at[i], clocks);
    return ST_OK;
}

/* ---- one case ---- */

struct turn {
    const struct change *change;
    struct case_ref ref;
};

static struct event event_of(struct ctx *ctx, const struct change *change,
                             const struct casefile *casefile)
{
    struct value *payload = value_map(ctx->arena);
    value_put_text(ctx->arena, payload, "from", casefile->pack);
    value_put_text(ctx->arena, payload, "to", change->to->hash);
    return (struct event){.prefecture = casefile->prefecture,
                          .casefile = casefile->id,
                          .sequence = casefile->version + 1,
                          .recorded_at = ctx->now,
                          .happened_at = ctx->now,
                          .actor = change->terms->actor,
                          .command = S("migrate"),
                          .type = EVENT_PACK_CHANGED,
                          .payload = payload,
                          .pack = change->to->hash};
}

/* Judged again: it may have moved on since the look, or been changed over by somebody else. */
static enum status record(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct turn *turn = arg;
    struct casefile casefile = {0};
    struct engine engine;
    TRY(ledger_load(ctx, ledger->conn, turn->ref.prefecture, turn->ref.id, &casefile));
    if (str_eq(casefile.pack, turn->change->to->hash) || casefile.withdrawn ||
        find_lack(turn->change->to, &casefile) != NULL)
        return ST_OK;
    TRY(engine_of(ctx, turn->change, &casefile, &engine));
    struct event event = event_of(ctx, turn->change, &casefile);
    const struct event_list events = {&event, 1, 1};
    return casefile_record(ctx, ledger, &engine, &casefile, &events);
}

static enum status change_case(struct ctx *ctx, struct db_conn *conn, struct change *change,
                               const struct casefile_row *row)
{
    struct casefile casefile = {0};
    struct turn turn = {.change = change, .ref = {row->prefecture, row->id}};
    TRY(ledger_load(ctx, conn, row->prefecture, row->id, &casefile));
    if (str_eq(casefile.pack, change->to->hash))
        return ST_OK;
    const char *lack = find_lack(change->to, &casefile);
    TRY(report_case(ctx, change, &casefile, lack));
    change->moved += lack == NULL;
    change->left += lack != NULL;
    return lack != NULL || change->terms->preview ? ST_OK
                                                  : home_write(ctx, change->home, record, &turn);
}

static enum status change_cases(struct ctx *ctx, struct change *change)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    const struct casefile_filter filter = {.campaigns = {&change->terms->campaign, 1},
                                           .open_only = true,
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = PAGE};
    struct casefile_list list;
    TRY(home_conn_open(ctx, change->home, &conn));
    do {
        TRY(casefile_list(ctx, conn, &filter, &page, &list));
        for (size_t i = 0; i < list.rows.len; i++)
            TRY(change_case(ctx, conn, change, &list.rows.at[i]));
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}

enum status migrate_campaign(struct ctx *ctx, const struct home *home,
                             const struct migrate_terms *terms, struct value **out)
{
    struct world *world AUTO(world_cleanup) = NULL;
    struct arena *arena = ctx->arena;
    TRY(home_world(ctx, home, &world));
    struct change change = {.home = home, .world = world, .terms = terms};
    const struct world_campaign *campaign = world_find_campaign(world, terms->campaign);
    if (campaign == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown",
                    ARGS(arg_text("name", terms->campaign)));
    TRY(world_load_pack(ctx, world, terms->pack, &change.to));
    if (!str_eq(change.to->id, campaign->regime))
        return fail(ctx, ST_CONFLICT, "migrate.other_regime", ARGS(arg_text("name", change.to->id)));
    struct value *doc = value_map(arena);
    value_put_text(arena, doc, "campaign", terms->campaign);
    value_put_text(arena, doc, "from", str_copy(arena, campaign->pack));
    value_put_text(arena, doc, "to", str_copy(arena, change.to->hash));
    value_put_bool(arena, doc, "preview", terms->preview);
    change.report = value_list(arena);
    if (!terms->preview && !str_eq(campaign->pack, change.to->hash))
        TRY(campaign_set_pack(ctx, home, terms->campaign, change.to->hash, terms->actor));
    TRY(change_cases(ctx, &change));
    value_put_int(arena, doc, "moved", change.moved);
    value_put_int(arena, doc, "left", change.left);
    value_put(doc, S("cases"), change.report);
    *out = doc;
    return ST_OK;
}
