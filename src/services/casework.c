/*
 * Load, decide, record. Inside the writer's transaction the case is folded from its events as they
 * are then, so a decision never rests on what was read before; its new events, rows and whatever it
 * opens go into the same commit.
 */
#include "services/casework.h"

#include "base/num.h"
#include "services/evidence.h"
#include "store/casefile_rows.h"
#include "store/counter_rows.h"

enum { OPEN_DEPTH_MAX = 3 };

/* An engine with the snapshot's eyes on today; both live in the arena. */
static enum status engine_for(struct ctx *ctx, const struct world *world, struct str campaign,
                              struct str procedure, struct str pack, struct engine *out)
{
    struct world_view *view = arena_new_of(ctx->arena, struct world_view);
    view->today = day_of_instant(ctx->now);
    return world_engine(ctx, world, view, campaign, procedure, pack, out);
}

static enum status unknown_case(struct ctx *ctx, struct case_ref ref)
{
    return fail(ctx, ST_NOT_FOUND, "case.unknown",
                ARGS(arg_text("case", casefile_ref_format(ctx->arena, ref.prefecture, ref.id))));
}

static enum status load(struct ctx *ctx, struct db_conn *conn, struct case_ref ref,
                        struct casefile *out)
{
    *out = (struct casefile){0};
    return ledger_load(ctx, conn, ref.prefecture, ref.id, out);
}

/* ---- a new case ---- */

static enum status number_of(struct ctx *ctx, struct ledger_tx *ledger, const struct engine *engine,
                             const struct value *input, struct instant at, struct str *out)
{
    struct str region = value_find_text(input, "region");
    struct str batch = value_find_text(input, "batch");
    struct day day = day_of_instant(at);
    int64_t seq;
    struct str scope = str_printf(ctx->arena, "case/%.*s/%.*s/%.*s/%.*s/%d",
                                  STR_ARG(engine->campaign.id), STR_ARG(engine->procedure->name),
                                  STR_ARG(region), STR_ARG(batch), day_civil(day).year);
    TRY(counter_next(ctx, ledger->conn, scope, &seq));
    *out = engine_format_number(ctx->arena, engine->procedure->number, region, batch, day, seq);
    return ST_OK;
}

static enum status check_region(struct ctx *ctx, const struct world *world, struct str region)
{
    if (world_find_region(world, region) != NULL)
        return ST_OK;
    struct reason reason = reason_make("case.unknown_region", ARGS(arg_text("region", region)));
    reason.field = S("region");
    reason.code = str_is_empty(region) ? "missing" : "unknown_region";
    return fail_reason(ctx, ST_INVALID, reason);
}

/* ---- what a command opens beside itself ---- */

static struct event link_event(struct ctx *ctx, const struct casefile *on, struct str command,
                               const struct casefile *to, struct str kind, struct str pack)
{
    struct value *payload = value_map(ctx->arena);
    value_put_text(ctx->arena, payload, "case",
                   casefile_ref_format(ctx->arena, to->prefecture, to->id));
    value_put_text(ctx->arena, payload, "kind", kind);
    return (struct event){.prefecture = on->prefecture,
                          .casefile = on->id,
                          .sequence = on->version + 1,
                          .recorded_at = ctx->now,
                          .happened_at = ctx->now,
                          .actor = S("system"),
                          .command = command,
                          .type = EVENT_LINKED,
                          .payload = payload,
                          .pack = pack};
}

static enum status link_both(struct ctx *ctx, struct ledger_tx *ledger, const struct engine *engine, struct casefile *parent,
                             const struct engine *child_engine, struct casefile *child,
                             struct str kind)
{
    struct event down = link_event(ctx, parent, S("open"), child, kind, engine->regime->hash);
    struct event up = link_event(ctx, child, S("open"), parent, S("parent"), engine->regime->hash);
    const struct event_list of_parent = {&down, 1, 1};
    const struct event_list of_child = {&up, 1, 1};
    TRY(casefile_record(ctx, ledger, engine, parent, &of_parent));
    return casefile_record(ctx, ledger, child_engine, child, &of_child);
}

static enum status make_case(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                             const struct engine *engine, const struct command *command, int depth,
                             struct casefile *out);

/* One case as the engine wishes it: procedure, link, fields, region and source where they differ. */
static enum status open_one(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                            const struct engine *engine, struct casefile *parent,
                            const struct value *wish, int depth)
{
    static const struct actor system = {.is_system = true};
    struct engine child_engine;
    struct casefile child;
    struct value *input = value_map(ctx->arena);
    struct str region = value_find_text(wish, "region");
    struct str source = value_find_text(wish, "source");
    TRY(engine_for(ctx, world, parent->campaign, value_find_text(wish, "procedure"), parent->pack,
                   &child_engine));
    value_put_text(ctx->arena, input, "region", str_is_empty(region) ? parent->region : region);
    value_put_text(ctx->arena, input, "batch", parent->batch);
    if (!str_is_empty(source))
        value_put_text(ctx->arena, input, "source", source);
    const struct value *fields = value_find_c(wish, "fields");
    if (fields != NULL)
        value_put(input, S("fields"), value_copy(ctx->arena, fields));
    const struct command create = {.name = S("create"),
                                   .input = input,
                                   .happened_at = INSTANT_NONE,
                                   .actor = &system};
    TRY(make_case(ctx, ledger, world, &child_engine, &create, depth + 1, &child));
    return link_both(ctx, ledger, engine, parent, &child_engine, &child,
                     value_find_text(wish, "link"));
}

static enum status follow_up(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                             const struct engine *engine, struct casefile *casefile,
                             const struct event_list *events, int depth)
{
    for (size_t i = 0; i < events->len; i++) {
        const struct value *open = value_find_c(events->at[i].payload, "open");
        if (events->at[i].type != EVENT_NOTED || open == NULL || open->kind != VALUE_LIST)
            continue;
        if (depth >= OPEN_DEPTH_MAX)
            return fail(ctx, ST_LIMIT, "case.opens_too_deep", ARGS(arg_int("limit", depth)));
        value_each (wish, open)
            TRY(open_one(ctx, ledger, world, engine, casefile, wish, depth));
    }
    return ST_OK;
}

static enum status make_case(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                             const struct engine *engine, const struct command *command, int depth,
                             struct casefile *out)
{
    struct event_list events = {0};
    struct str number;
    struct str region = value_find_text(command->input, "region");
    struct instant at = instant_is_none(command->happened_at) ? ctx->now : command->happened_at;
    TRY(check_region(ctx, world, region));
    TRY(number_of(ctx, ledger, engine, command->input, at, &number));
    struct value *input = value_copy(ctx->arena, command->input);
    value_put_text(ctx->arena, input, "number", number);
    struct command numbered = *command;
    numbered.input = input;
    *out = (struct casefile){.prefecture = world_prefecture_of(world, region),
                             .id = {ledger_new_id(ledger, ctx->now)},
                             .fields = value_map(ctx->arena)};
    TRY(engine_decide(ctx, engine, out, &numbered, &events));
    TRY(casefile_record(ctx, ledger, engine, out, &events));
    return follow_up(ctx, ledger, world, engine, out, &events, depth);
}

enum status casework_make(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                          const struct engine *engine, const struct command *command,
                          struct casefile *out)
{
    return make_case(ctx, ledger, world, engine, command, 0, out);
}

/* ---- the job ---- */

static enum status record_new(struct ctx *ctx, struct ledger_tx *ledger, struct case_order *order,
                              const struct command *command)
{
    struct engine engine;
    struct casefile casefile;
    TRY(engine_for(ctx, order->world, order->campaign, order->procedure, (struct str){0}, &engine));
    TRY(casework_make(ctx, ledger, order->world, &engine, command, &casefile));
    order->made = (struct case_ref){casefile.prefecture, casefile.id};
    order->made_version = casefile.version;
    return ST_OK;
}

static enum status check_new_evidence(struct ctx *ctx, const struct casefile *casefile,
                                      const struct value *facts)
{
    int64_t id;
    (void)num_parse_i64(value_find_text(facts, "evidence"), 1, INT64_MAX, &id);
    for (size_t i = 0; i < casefile->evidence.len; i++)
        if (casefile->evidence.at[i].id.v == id)
            return fail(ctx, ST_CONFLICT, "evidence.twice",
                        ARGS(arg_text("name", casefile->evidence.at[i].name)));
    return ST_OK;
}

static enum status record_old(struct ctx *ctx, struct ledger_tx *ledger, struct case_order *order,
                              const struct command *command)
{
    struct engine engine;
    struct casefile casefile;
    struct event_list events = {0};
    TRY(load(ctx, ledger->conn, order->ref, &casefile));
    TRY(engine_for(ctx, order->world, casefile.campaign, casefile.procedure, casefile.pack, &engine));
    if (!order->actor->is_system &&
        !casework_may_see(order->world, &engine, &casefile, order->actor))
        return unknown_case(ctx, order->ref);
    if (order->version != 0 && order->version != casefile.version)
        return fail(ctx, ST_STALE, "case.stale",
                    ARGS(arg_int("version", order->version), arg_int("now", casefile.version)));
    struct command filled = *command;
    struct value *facts = NULL;
    if (str_eq(command->name, S("add_evidence"))) {
        TRY(evidence_fill(ctx, ledger->conn, command->input, &facts));
        TRY(check_new_evidence(ctx, &casefile, facts));
        filled.input = facts;
    }
    TRY(engine_decide(ctx, &engine, &casefile, &filled, &events));
    TRY(casefile_record(ctx, ledger, &engine, &casefile, &events));
    TRY(follow_up(ctx, ledger, order->world, &engine, &casefile, &events, 0));
    order->made = order->ref;
    order->made_version = casefile.version;
    return ST_OK;
}

enum status casework_record(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct case_order *order = arg;
    const struct command command = {.name = order->command,
                                    .input = order->input,
                                    .happened_at = order->happened_at,
                                    .actor = order->actor};
    return str_eq(order->command, S("create")) ? record_new(ctx, ledger, order, &command)
                                               : record_old(ctx, ledger, order, &command);
}

enum status casework_give(struct ctx *ctx, struct case_order *order)
{
    return home_write(ctx, order->home, casework_record, order);
}

/* ---- reading ---- */

static bool holds_campaign_role(const struct engine *engine, struct unit_id unit)
{
    value_each (role, engine->campaign.roles) {
        value_each (holder, role) {
            int64_t id;
            if (num_parse_i64(holder->text, 1, INT64_MAX, &id) && id == unit.v)
                return true;
        }
    }
    return false;
}

bool casework_may_see(const struct world *world, const struct engine *engine,
                      const struct casefile *casefile, const struct actor *actor)
{
    (void)world;
    if (actor == NULL || actor->is_system)
        return true;
    for (size_t i = 0; i < actor->post_count; i++) {
        if (holds_campaign_role(engine, actor->posts[i].unit))
            return true;
        for (size_t j = 0; j < casefile->roles.len; j++) {
            bool lead;
            if (casefile_role_has_unit(casefile, casefile->roles.at[j].role,
                                       actor->posts[i].unit.v, &lead))
                return true;
        }
    }
    for (size_t j = 0; j < casefile->roles.len; j++)
        if (casefile_role_has_person(casefile, casefile->roles.at[j].role, actor->person.v))
            return true;
    return false;
}

enum status casework_read(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                          struct case_ref ref,
                          const struct actor *actor, struct case_reading *out)
{
    *out = (struct case_reading){0};
    TRY(ledger_list(ctx, conn, ref.prefecture, ref.id, 1, &out->events));
    if (out->events.len == 0)
        return unknown_case(ctx, ref);
    out->casefile = arena_new_of(ctx->arena, struct casefile);
    for (size_t i = 0; i < out->events.len; i++)
        engine_evolve(ctx->arena, out->casefile, &out->events.at[i].event);
    out->casefile->last_hash = out->events.at[out->events.len - 1].hash;
    TRY(engine_for(ctx, world, out->casefile->campaign, out->casefile->procedure,
                   out->casefile->pack, &out->engine));
    if (!casework_may_see(world, &out->engine, out->casefile, actor))
        return unknown_case(ctx, ref);
    return ST_OK;
}
