/*
 * Load, decide, record. Inside the writer's transaction the case is folded from its events as they
 * are then, so a decision never rests on what was read before; its new events, rows and whatever it
 * opens go into the same commit.
 */
#include "services/casework_int.h"

#include "base/num.h"
#include "services/document_issue.h"
#include "services/evidence.h"
#include "services/file_right.h"
#include "store/casefile_rows.h"
#include "store/counter_rows.h"

enum { OPEN_DEPTH_MAX = 3 };

/* An engine with the snapshot's eyes on today and the connection's on the cases; in the arena. */
enum status work_engine(struct ctx *ctx, const struct world *world, struct db_conn *conn,
                              struct str campaign, struct str procedure, struct str pack,
                              struct engine *out)
{
    struct world_view *view = arena_new_of(ctx->arena, struct world_view);
    TRY(world_engine(ctx, world, view, campaign, procedure, pack, out));
    view->conn = conn;
    return ST_OK;
}

void work_hands_on(const struct engine *engine)
{
    ((struct world_view *)engine->world.self)->hands_on = true;
}

static enum status unknown_case(struct ctx *ctx, struct case_ref ref)
{
    return fail(ctx, ST_NOT_FOUND, "case.unknown",
                ARGS(arg_text("case", casefile_ref_format(ctx->arena, ref.prefecture, ref.id))));
}

enum status work_load(struct ctx *ctx, struct db_conn *conn, struct case_ref ref,
                        struct casefile *out)
{
    *out = (struct casefile){0};
    return ledger_load(ctx, conn, ref.prefecture, ref.id, out);
}

enum status work_record(struct ctx *ctx, const struct work *work, struct event_list *io_events)
{
    struct world_view *view = work->engine->world.self;
    TRY(document_issue(ctx, work->ledger, work->world, work->engine, work->casefile, io_events));
    TRY(sealed_keep(ctx, work->ledger->conn, world_keys(work->world), work->casefile->prefecture,
                    work->casefile->id, &view->sealed));
    return casefile_record(ctx, work->ledger, work->engine, work->casefile, io_events);
}

/* ---- a new case ---- */

/* What the pattern does not name does not part the counts: a number must not come twice. */
static struct str number_scope(struct arena *arena, const struct engine *engine, struct str region,
                               struct str batch, struct day day)
{
    struct str pattern = engine->procedure->number;
    bool by_year =
        str_has(pattern, S("{year}")) || str_has(pattern, S("{month}")) || str_has(pattern, S("{day}"));
    return str_printf(
        arena, "case/%.*s/%.*s/%.*s/%.*s/%s", STR_ARG(engine->campaign.id),
        STR_ARG(engine->procedure->name),
        STR_ARG(str_has(pattern, S("{region}")) ? region : S("")),
        STR_ARG(str_has(pattern, S("{batch}")) ? batch : S("")),
        by_year ? str_c(arena, str_printf(arena, "%d", day_civil(day).year)) : "");
}

static enum status number_of(struct ctx *ctx, struct ledger_tx *ledger, const struct engine *engine,
                             const struct value *input, struct instant at, struct str *out)
{
    struct str region = value_find_text(input, "region");
    struct str batch = value_find_text(input, "batch");
    struct day day = day_of_instant(at);
    int64_t seq;
    TRY(counter_next(ctx, ledger->conn, number_scope(ctx->arena, engine, region, batch, day),
                     &seq));
    *out = engine_format_number(
        ctx->arena, engine->procedure->number,
        &(struct number_places){.region = region, .batch = batch, .day = day, .seq = seq});
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

/* ---- what a command does in other cases ---- */

static int depth_of(const struct work *work)
{
    return work->above == NULL ? 0 : depth_of(work->above) + 1;
}

/* Of a case that is being written further up, what is held here would be out of date. */
bool work_has(const struct work *work, struct casefile_id id)
{
    return work != NULL && (work->casefile->id.v == id.v || work_has(work->above, id));
}

static struct event link_event(struct ctx *ctx, const struct casefile *on, struct str command,
                               const struct casefile *to, const struct casefile_link *terms,
                               struct str pack)
{
    struct value *payload = value_map(ctx->arena);
    value_put_text(ctx->arena, payload, "case",
                   casefile_ref_format(ctx->arena, to->prefecture, to->id));
    value_put_text(ctx->arena, payload, "kind", terms->kind);
    if (!str_is_empty(terms->as))
        value_put_text(ctx->arena, payload, "as", terms->as);
    if (!str_is_empty(terms->answer))
        value_put_text(ctx->arena, payload, "answer", terms->answer);
    if (terms->shows)
        value_put_bool(ctx->arena, payload, "shows", true);
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

static bool is_linked(const struct casefile *casefile, const struct casefile *to, struct str kind)
{
    for (size_t i = 0; i < casefile->links.len; i++)
        if (casefile->links.at[i].id.v == to->id.v && str_eq(casefile->links.at[i].kind, kind))
            return true;
    return false;
}

enum status work_link_as(struct ctx *ctx, const struct work *upper, const struct work *lower,
                         struct str command, const struct casefile_link *down,
                         const struct casefile_link *up)
{
    struct event of_upper = link_event(ctx, upper->casefile, command, lower->casefile, down,
                                       upper->engine->regime->hash);
    struct event of_lower = link_event(ctx, lower->casefile, command, upper->casefile, up,
                                       lower->engine->regime->hash);
    const struct event_list upper_events = {&of_upper, 1, 1};
    const struct event_list lower_events = {&of_lower, 1, 1};
    if (!is_linked(upper->casefile, lower->casefile, down->kind))
        TRY(casefile_record(ctx, upper->ledger, upper->engine, upper->casefile, &upper_events));
    if (!is_linked(lower->casefile, upper->casefile, up->kind))
        TRY(casefile_record(ctx, lower->ledger, lower->engine, lower->casefile, &lower_events));
    return ST_OK;
}

/* `down` on the upper case, `up` on the lower. */
static enum status work_link(struct ctx *ctx, const struct work *upper, const struct work *lower,
                             struct str command, struct str down, struct str up)
{
    const struct casefile_link of_upper = {.kind = down}, of_lower = {.kind = up};
    return work_link_as(ctx, upper, lower, command, &of_upper, &of_lower);
}

/* The case that the wish is for, where its procedure wants it once and it is there; id 0: none. */
enum status work_find_same(struct ctx *ctx, const struct work *work, const struct engine *engine,
                           struct str region, const struct value *fields, struct case_ref *out)
{
    struct casefile_keyed_list keyed;
    struct str key = engine_unique_key(ctx->arena, engine->procedure, region, fields);
    *out = (struct case_ref){0};
    if (str_is_empty(key))
        return ST_OK;
    TRY(casefile_rows_list_keyed(ctx, work->ledger->conn, engine->campaign.id, key, &keyed));
    for (size_t i = 0; i < keyed.len; i++)
        if (str_eq(keyed.at[i].key, key))
            *out = (struct case_ref){keyed.at[i].prefecture, keyed.at[i].id};
    return ST_OK;
}

/* One case as the engine wishes it: procedure, link, fields and roles, region and source where they differ. */
static enum status open_one(struct ctx *ctx, const struct work *work, const struct value *wish)
{
    static const struct actor system = {.is_system = true};
    const struct casefile *parent = work->casefile;
    struct engine engine;
    struct casefile child;
    const struct work below = {work->ledger, work->world, &engine, &child, work->actor, work};
    struct value *input = value_map(ctx->arena);
    struct str region = value_find_text(wish, "region");
    struct str source = value_find_text(wish, "source");
    TRY(work_engine(ctx, work->world, work->ledger->conn, parent->campaign,
                   value_find_text(wish, "procedure"), parent->pack, &engine));
    work_hands_on(&engine);
    struct case_ref same;
    region = str_is_empty(region) ? parent->region : region;
    TRY(work_find_same(ctx, work, &engine, region, value_find_c(wish, "fields"), &same));
    if (same.id.v != 0) {
        TRY(work_load(ctx, work->ledger->conn, same, &child));
        return work_link(ctx, work, &below, S("open"), value_find_text(wish, "link"), S("parent"));
    }
    value_put_text(ctx->arena, input, "region", region);
    value_put_text(ctx->arena, input, "batch", parent->batch);
    if (!str_is_empty(source))
        value_put_text(ctx->arena, input, "source", source);
    if (value_find_c(wish, "key") != NULL)
        value_put_text(ctx->arena, input, "key", value_find_text(wish, "key"));
    const struct value *fields = value_find_c(wish, "fields");
    if (fields != NULL)
        value_put(input, S("fields"), value_copy(ctx->arena, fields));
    if (value_find_c(wish, "roles") != NULL)
        value_put(input, S("roles"), value_copy(ctx->arena, value_find_c(wish, "roles")));
    const struct command create = {.name = S("create"),
                                   .input = input,
                                   .happened_at = INSTANT_NONE,
                                   .actor = &system};
    TRY(work_make(ctx, &below, &create));
    return work_link(ctx, work, &below, S("open"), value_find_text(wish, "link"), S("parent"));
}

/* At the field that named it: the case that was asked for the command is there, after all. */
static enum status no_such_case(struct ctx *ctx, const struct value *wish)
{
    struct reason reason =
        reason_make("case.unknown", ARGS(arg_text("case", value_find_text(wish, "case"))));
    reason.field = value_find_text(wish, "field");
    reason.code = "unknown_case";
    fail_clear(ctx);
    return fail_reason(ctx, ST_INVALID, reason);
}

/* As it stands, from what is kept folded: many may ask the same case for something and be refused. */
static enum status load_kept(struct ctx *ctx, const struct work *work, struct case_ref ref,
                             struct casefile *out)
{
    struct casefile_row row;
    const struct casefile *kept;
    struct db_conn *conn = work->ledger->conn;
    TRY(casefile_rows_find(ctx, conn, ref.prefecture, ref.id, &row));
    TRY(world_fold_case(ctx, work->world, conn, ref.prefecture, ref.id, row.last_hash, &kept));
    *out = *casefile_copy(ctx->arena, kept);
    return ST_OK;
}

/* The case that a field names, by its number or its reference. */
static enum status load_named(struct ctx *ctx, const struct work *work, const struct value *wish,
                              struct casefile *out)
{
    struct str name = value_find_text(wish, "case");
    struct case_ref ref;
    enum status status =
        casefile_rows_find_named(ctx, work->ledger->conn, work->casefile->campaign,
                                 value_find_text(wish, "procedure"), name, &ref.prefecture, &ref.id);
    if (status == ST_OK && work_has(work, ref.id))
        return fail(ctx, ST_INVALID, "case.gives_itself", NO_ARGS);
    if (status == ST_OK)
        status = load_kept(ctx, work, ref, out);
    return status == ST_NOT_FOUND ? no_such_case(ctx, wish) : status;
}

/* What the other case refuses is refused here, at the field that named it. */
static enum status decide_there(struct ctx *ctx, const struct work *below,
                                const struct value *wish, struct event_list *events)
{
    static const struct actor system = {.is_system = true};
    struct str field = value_find_text(wish, "field");
    const struct command command = {.name = value_find_text(wish, "command"),
                                    .input = value_find_c(wish, "fields"),
                                    .happened_at = INSTANT_NONE,
                                    .actor = &system};
    enum status status = engine_decide(ctx, below->engine, below->casefile, &command, events);
    if (status != ST_OK && !str_is_empty(field)) {
        ctx->failure.reason.field = field;
        ctx->failure.more_count = 0;
    }
    return status;
}

/* A command in a case that stands already, as the engine wishes it. */
static enum status give_one(struct ctx *ctx, const struct work *work, const struct value *wish)
{
    struct engine engine;
    struct casefile other = {0};
    struct event_list events = {0};
    const struct work below = {work->ledger, work->world, &engine, &other, work->actor, work};
    struct str link = value_find_text(wish, "link");
    TRY(load_named(ctx, work, wish, &other));
    TRY(work_engine(ctx, work->world, work->ledger->conn, other.campaign, other.procedure,
                   other.pack, &engine));
    work_hands_on(&engine);
    bool theirs = str_eq(other.procedure, value_find_text(wish, "procedure")) &&
                  str_eq(other.campaign, work->casefile->campaign);
    /* What the pack has linked is not the giver's choice, nor theirs to see. */
    bool chosen = !str_is_empty(value_find_text(wish, "field"));
    if (!theirs || (chosen && !casework_may_see(work->world, &engine, &other, work->actor)))
        return no_such_case(ctx, wish);
    TRY(decide_there(ctx, &below, wish, &events));
    TRY(work_record(ctx, &below, &events));
    TRY(work_follow_up(ctx, &below, &events));
    return str_is_empty(link) ? ST_OK : work_link(ctx, work, &below, S("give"), link, link);
}

enum status work_follow_up(struct ctx *ctx, const struct work *work,
                             const struct event_list *events)
{
    for (size_t i = 0; i < events->len; i++) {
        const struct value *open = value_find_c(events->at[i].payload, "open");
        const struct value *give = value_find_c(events->at[i].payload, "give");
        const struct value *hand_on = value_find_c(events->at[i].payload, "hand_on");
        if (events->at[i].type != EVENT_NOTED ||
            (open == NULL && give == NULL && hand_on == NULL))
            continue;
        if (depth_of(work) >= OPEN_DEPTH_MAX)
            return fail(ctx, ST_LIMIT, "case.opens_too_deep",
                        ARGS(arg_int("limit", depth_of(work))));
        value_each (wish, open)
            TRY(open_one(ctx, work, wish));
        value_each (wish, give)
            TRY(give_one(ctx, work, wish));
        value_each (wish, hand_on)
            TRY(work_hand_on(ctx, work, wish));
    }
    return work_answer(ctx, work, events);
}

static enum status key_taken(struct ctx *ctx, struct str key)
{
    fail_clear(ctx);
    return fail(ctx, ST_CONFLICT, "case.key_taken", ARGS(arg_text("key", key)));
}

/* work->casefile becomes the new case. */
enum status work_make(struct ctx *ctx, const struct work *work,
                             const struct command *command)
{
    struct event_list events = {0};
    struct str number;
    struct str region = value_find_text(command->input, "region");
    struct instant at = instant_is_none(command->happened_at) ? ctx->now : command->happened_at;
    TRY(check_region(ctx, work->world, region));
    TRY(number_of(ctx, work->ledger, work->engine, command->input, at, &number));
    struct value *input = value_copy(ctx->arena, command->input);
    value_put_text(ctx->arena, input, "number", number);
    struct command numbered = *command;
    numbered.input = input;
    *work->casefile = (struct casefile){.prefecture = world_prefecture_of(work->world, region),
                                        .id = {ledger_new_id(work->ledger, ctx->now)},
                                        .fields = value_map(ctx->arena)};
    TRY(engine_decide(ctx, work->engine, work->casefile, &numbered, &events));
    enum status status = work_record(ctx, work, &events);
    if (!str_is_empty(work->casefile->key) && db_failed_unique(ctx, "casefile"))
        return key_taken(ctx, work->casefile->key);
    TRY(status);
    return work_follow_up(ctx, work, &events);
}

enum status casework_make(struct ctx *ctx, struct ledger_tx *ledger, const struct world *world,
                          const struct engine *engine, const struct command *command,
                          struct casefile *out)
{
    const struct work work = {ledger, world, engine, out, command->actor, NULL};
    return work_make(ctx, &work, command);
}

/* ---- the job ---- */

static enum status record_new(struct ctx *ctx, struct ledger_tx *ledger, struct case_order *order,
                              const struct command *command)
{
    struct engine engine;
    struct casefile casefile;
    TRY(work_engine(ctx, order->world, ledger->conn, order->campaign, order->procedure,
                   (struct str){0}, &engine));
    const struct world_campaign *campaign = world_find_campaign(order->world, order->campaign);
    if (campaign != NULL && str_eq_c(campaign->state, "ended"))
        return fail(ctx, ST_CONFLICT, "campaign.ended",
                    ARGS(arg_words("campaign", campaign->title)));
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

/* A case of the campaign by its reference, or by its number in any of the pack's procedures. */
static enum status find_record(struct ctx *ctx, struct db_conn *conn, const struct engine *engine,
                               struct str name, struct case_ref *out)
{
    const struct regime *regime = engine->regime;
    enum status status = ST_NOT_FOUND;
    for (size_t i = 0; i < regime->procedure_count && status == ST_NOT_FOUND; i++)
        status = casefile_rows_find_number(ctx, conn, engine->campaign.id,
                                           regime->procedures[i].name, name, &out->prefecture,
                                           &out->id);
    bool is_ref = status == ST_NOT_FOUND && casefile_ref_parse(name, &out->prefecture, &out->id);
    return is_ref ? ST_OK : status;
}

static bool needs_record(const struct regime_transition *row)
{
    for (size_t i = 0; i < row->need_count; i++)
        if (row->needs[i].kind == GUARD_RECORD)
            return true;
    return false;
}

/* Whether the command's form, or that of a step it may take, names a record. */
static bool asks_record(const struct regime_procedure *procedure, struct str command)
{
    bool takes_step = str_eq(command, S("measure")) || str_eq(command, S("confirm_measure"));
    for (size_t i = 0; i < procedure->transition_count; i++)
        if (str_eq(procedure->transitions[i].name, command) &&
            needs_record(&procedure->transitions[i]))
            return true;
    for (size_t i = 0; takes_step && i < procedure->step_count; i++)
        if (needs_record(&procedure->steps[i].row))
            return true;
    return false;
}

/*
 * A record that a form names is looked up here, and the engine told of it: it does not read. What is
 * not found, or not the caller's to see, the guard that asks for it refuses.
 */
static enum status fill_record(struct ctx *ctx, const struct case_order *order,
                               struct db_conn *conn, struct engine *engine,
                               struct command *io_command)
{
    struct str name = str_trim(value_find_text(io_command->input, "record"));
    struct world_view *view = engine->world.self;
    struct engine of_record;
    struct casefile record;
    struct case_ref ref;
    if (str_is_empty(name) || !asks_record(engine->procedure, io_command->name))
        return ST_OK;
    enum status status = find_record(ctx, conn, engine, name, &ref);
    if (status == ST_OK)
        status = work_load(ctx, conn, ref, &record);
    if (status == ST_NOT_FOUND) {
        fail_clear(ctx);
        return ST_OK;
    }
    TRY(status);
    TRY(work_engine(ctx, order->world, conn, record.campaign, record.procedure, record.pack,
                   &of_record));
    if (!str_eq(record.campaign, engine->campaign.id) ||
        !casework_may_see(order->world, &of_record, &record, order->actor))
        return ST_OK;
    view->record = casefile_ref_format(ctx->arena, ref.prefecture, ref.id);
    view->record_procedure = record.procedure;
    struct value *input = value_copy(ctx->arena, io_command->input);
    value_put_text(ctx->arena, input, "record", view->record);
    io_command->input = input;
    return ST_OK;
}

static enum status record_old(struct ctx *ctx, struct ledger_tx *ledger, struct case_order *order,
                              const struct command *command)
{
    struct engine engine;
    struct casefile casefile;
    struct event_list events = {0};
    TRY(work_load(ctx, ledger->conn, order->ref, &casefile));
    TRY(work_engine(ctx, order->world, ledger->conn, casefile.campaign, casefile.procedure,
                   casefile.pack, &engine));
    if (!order->actor->is_system &&
        !casework_may_see(order->world, &engine, &casefile, order->actor))
        return unknown_case(ctx, order->ref);
    if (order->version != 0 && order->version != casefile.version)
        return fail(ctx, ST_STALE, "case.stale",
                    ARGS(arg_int("version", order->version), arg_int("now", casefile.version)));
    struct command filled = *command;
    struct value *facts = NULL;
    TRY(fill_record(ctx, order, ledger->conn, &engine, &filled));
    if (str_eq(command->name, S("add_evidence"))) {
        TRY(evidence_fill(ctx, ledger->conn, command->input, &facts));
        TRY(check_new_evidence(ctx, &casefile, facts));
        filled.input = facts;
    }
    TRY(engine_decide(ctx, &engine, &casefile, &filled, &events));
    const struct work work = {ledger, order->world, &engine, &casefile, order->actor, NULL};
    TRY(work_record(ctx, &work, &events));
    TRY(work_follow_up(ctx, &work, &events));
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
    enum status status = home_write(ctx, order->home, casework_record, order);
    if (status != ST_OK)
        casework_keep_attempt(ctx, order);
    return status;
}

/* ---- reading ---- */

static bool is_closed(const struct regime_procedure *procedure, struct str role)
{
    for (size_t i = 0; procedure != NULL && i < procedure->closed_count; i++)
        if (str_eq(procedure->closed_to[i], role))
            return true;
    return false;
}

bool casework_campaign_opens(const struct value *roles, const struct regime_procedure *procedure,
                             const struct actor *actor)
{
    value_each (role, roles) {
        value_each (holder, role) {
            int64_t id;
            if (is_closed(procedure, role->key) ||
                !num_parse_i64(holder->text, 1, INT64_MAX, &id))
                continue;
            for (size_t i = 0; i < actor->post_count; i++)
                if (actor->posts[i].unit.v == id)
                    return true;
        }
    }
    return false;
}

/* What their desk lists they may read. */
static bool is_granted(const struct world *world, const struct casefile *casefile,
                       const struct actor *actor)
{
    for (size_t i = 0; i < actor->grant_count; i++) {
        const struct actor_grant *grant = &actor->grants[i];
        if (!str_eq(grant->campaign, casefile->campaign))
            continue;
        value_each (procedure, grant->procedures) {
            value_each (region, grant->regions)
                if (str_eq(procedure->text, casefile->procedure) &&
                    world_region_is_within(world, casefile->region, region->text))
                    return true;
        }
    }
    return false;
}

bool casework_may_see(const struct world *world, const struct engine *engine,
                      const struct casefile *casefile, const struct actor *actor)
{
    if (actor == NULL || actor->is_system)
        return true;
    if (casework_campaign_opens(engine->campaign.roles, engine->procedure, actor))
        return true;
    for (size_t i = 0; i < actor->post_count; i++) {
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
    return is_granted(world, casefile, actor) ||
           (actor->post_count > 0 && casefile_is_made_by(casefile, actor->person.v));
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
    TRY(work_engine(ctx, world, conn, out->casefile->campaign, out->casefile->procedure,
                   out->casefile->pack, &out->engine));
    bool seen = casework_may_see(world, &out->engine, out->casefile, actor);
    if (!seen)
        TRY(work_shows(ctx, conn, world, out->casefile, actor, &seen));
    if (!seen)
        TRY(file_right_opens(ctx, conn, world, out->engine.regime, out->casefile, actor, &seen));
    return seen ? ST_OK : unknown_case(ctx, ref);
}
