/*
 * The only door through which a case changes. A decision is tried on a copy of the case: the form
 * is read, then who, state and guards are asked, then events are made and folded one by one, so
 * that what a later rule sees is what will stand in the ledger.
 */
#include "base/num.h"
#include "engine/body_int.h"
#include "engine/decide_int.h"
#include "engine/place.h"

static enum status refuse(struct ctx *ctx, enum status status, const struct reason_list *reasons)
{
    if (ctx->failure.status != ST_OK)
        return status;
    (void)fail_reason(ctx, status, reasons->at[0]);
    ctx->failure.more = reasons->at + 1;
    ctx->failure.more_count = reasons->len - 1;
    return status;
}

static bool post_fits(const struct trial *trial, const struct regime_actor *by,
                      const struct actor_post *post)
{
    bool lead = false;
    if (!str_is_empty(by->post) && !str_eq(by->post, post->post))
        return false;
    if (str_eq(by->role, S("anyone"))) {
        const struct engine_world *world = &trial->engine->world;
        return world->region_is_within(world->self, post->unit_region,
                                       trial->engine->campaign.region);
    }
    return casefile_role_has_unit(trial->casefile, by->role, post->unit.v, &lead) &&
           (lead || !by->lead);
}

/* Picks the post that may act; *out is null for the system. */
static bool actor_fits(const struct trial *trial, const struct regime_actor *by,
                       const struct actor_post **out)
{
    const struct actor *actor = trial->actor;
    if (actor->is_system || str_eq(by->role, S("system"))) {
        *out = NULL;
        return actor->is_system && str_eq(by->role, S("system"));
    }
    bool named = casefile_role_has_person(trial->casefile, by->role, actor->person.v) ||
                 trial_holds_live(trial, by->role, true) ||
                 (str_eq(by->role, S("creator")) && casefile_is_made_by(trial->casefile, trial->actor->person.v));
    for (size_t i = 0; i < actor->post_count; i++) {
        bool post_named = str_is_empty(by->post) || str_eq(by->post, actor->posts[i].post);
        if (!(named && post_named) && !post_fits(trial, by, &actor->posts[i]))
            continue;
        *out = &actor->posts[i];
        return true;
    }
    return false;
}

bool trial_find_post(struct trial *trial, const struct regime_actor *by, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (actor_fits(trial, &by[i], &trial->post))
            return true;
    return false;
}

/* Tells who may: the first role named, and the post it is narrowed to. */
struct reason trial_not_yours(const struct trial *trial, const struct regime_actor *by,
                              size_t count)
{
    const struct regime_actor *first = count > 0 ? &by[0] : NULL;
    struct str role = first == NULL ? S("system") : first->role;
    struct str post = first == NULL || first->post.at == NULL ? S("") : first->post;
    struct reason reason = reason_make(
        "engine.not_yours",
        ARGS(regime_find_role(trial->engine->regime, role) == NULL
                 ? arg_key("role", str_concat(trial->ctx->arena, S("actor."), role))
                 : arg_words("role", engine_role_words(trial->engine, role)),
             arg_words("post", regime_post_words(trial->engine->regime, post))));
    reason.needs = str_is_empty(post) ? "engine.not_yours.needs" : "engine.not_yours.needs_post";
    reason.clause = trial->clause;
    reason.code = "denied";
    return reason;
}

static struct reason wrong_state(const struct trial *trial,
                                 const struct regime_transition *some_row)
{
    struct reason reason = reason_make(
        "engine.wrong_state",
        ARGS(arg_words("state", engine_state_words(trial->engine, trial->before->state)),
             arg_words("from", some_row->from[0]->words)));
    reason.needs = "engine.wrong_state.needs";
    reason.field = S("state");
    reason.clause = some_row->clause;
    reason.code = "state";
    return reason;
}

static const struct regime_transition *any_row(const struct regime_procedure *procedure,
                                               struct str command)
{
    for (size_t i = 0; i < procedure->transition_count; i++)
        if (str_eq(procedure->transitions[i].name, command))
            return &procedure->transitions[i];
    return NULL;
}

/* Who first, then the state: a stranger learns nothing of the case from a refusal. */
enum status trial_find_row(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    const struct regime_transition *row = any_row(procedure, trial->command);
    if (row == NULL)
        return fail(trial->ctx, ST_NOT_FOUND, "engine.no_such_command",
                    ARGS(arg_text("command", trial->command)));
    bool someone = false;
    for (size_t i = 0; i < procedure->transition_count && !someone; i++) {
        const struct regime_transition *other = &procedure->transitions[i];
        someone = str_eq(other->name, trial->command) &&
                  trial_find_post(trial, other->by, other->by_count);
    }
    const struct regime_transition *from_here =
        procedure_find_transition(procedure, trial->command, trial->before->state);
    trial->transition = from_here == NULL ? row : from_here;
    trial->clause = trial->transition->clause;
    TRY(trial_forbid(trial));
    if (!someone)
        return fail_reason(trial->ctx, ST_DENIED, trial_not_yours(trial, row->by, row->by_count));
    if (from_here == NULL || trial->before->withdrawn)
        return fail_reason(trial->ctx, ST_CONFLICT, wrong_state(trial, row));
    if (!trial_find_post(trial, from_here->by, from_here->by_count))
        return fail_reason(trial->ctx, ST_DENIED,
                           trial_not_yours(trial, from_here->by, from_here->by_count));
    return ST_OK;
}

static enum status check_guards(struct trial *trial, const struct regime_guard *needs,
                                size_t count)
{
    struct reason_list reasons = {0};
    bool of_form = true;
    for (size_t i = 0; i < count; i++) {
        size_t before = reasons.len;
        if (needs[i].kind == GUARD_BODY)
            TRY(body_guard(trial, &needs[i], &reasons));
        else
            (void)guard_holds(trial, &needs[i], &reasons);
        if (reasons.len == before)
            continue;
        of_form = of_form && str_eq_c(S("form"), reasons.at[reasons.len - 1].code);
    }
    if (reasons.len == 0)
        return ST_OK;
    return refuse(trial->ctx, of_form ? ST_INVALID : ST_CONFLICT, &reasons);
}

enum status trial_check_guards(struct trial *trial)
{
    return check_guards(trial, trial->transition->needs, trial->transition->need_count);
}

/* Answers that name a field of the procedure set it; those that fill a role set that. */
static void take_answers(struct trial *trial, const struct regime_field *fields, size_t count)
{
    struct arena *arena = trial->ctx->arena;
    struct value *payload = value_map(arena);
    struct value *set = value_put_map(arena, payload, "fields");
    struct value *kept = value_map(arena);
    for (size_t i = 0; i < count; i++) {
        const struct value *answer = value_find(trial->input, fields[i].name);
        if (answer == NULL)
            continue;
        bool of_case = procedure_find_field(trial->engine->procedure, fields[i].name) != NULL;
        if (!str_is_empty(fields[i].role))
            trial_set_role(trial, fields[i].role, answer);
        if (of_case || str_is_empty(fields[i].role))
            value_put(of_case ? set : kept, fields[i].name, value_copy(arena, answer));
    }
    if (set->count > 0)
        trial_emit(trial, EVENT_FIELD_SET, payload, (struct str){0});
    if (kept->count > 0)
        value_put(trial_note(trial), S("input"), kept);
}

static bool names(const struct str *list, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i], name))
            return true;
    return false;
}

/* Clocks that the pack ties to this command. Stopping comes before starting. */
static void run_clocks(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    for (size_t i = 0; i < procedure->deadline_count; i++) {
        const struct regime_deadline *deadline = &procedure->deadlines[i];
        if (names(deadline->stops_on, deadline->stop_count, trial->command))
            clock_stop(trial, deadline->name);
        if (names(deadline->pauses_on, deadline->pause_count, trial->command))
            clock_pause(trial, deadline->name, false);
        if (names(deadline->resumes_on, deadline->resume_count, trial->command))
            clock_pause(trial, deadline->name, true);
    }
    for (size_t i = 0; i < procedure->deadline_count; i++)
        if (names(procedure->deadlines[i].starts_on, procedure->deadlines[i].start_count,
                  trial->command))
            clock_start(trial, &procedure->deadlines[i]);
}

/* Nothing counts on in a case that has come to its end. */
void trial_stop_all_clocks(struct trial *trial)
{
    for (size_t i = 0; i < trial->casefile->clocks.len; i++)
        clock_stop(trial, trial->casefile->clocks.at[i].name);
}

enum status trial_run_effects(struct trial *trial, const struct regime_effect *then, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(effect_run(trial, &then[i]));
    return ST_OK;
}

/* One closing event holds what the form said beyond fields, and what is to be told or opened. */
void trial_close(struct trial *trial)
{
    if (trial->note != NULL || trial->events->len == trial->own_from)
        trial_emit(trial, EVENT_NOTED, trial_note(trial), (struct str){0});
}

static void move(struct trial *trial)
{
    const struct regime_state *to = trial->transition->to;
    if (to == NULL)
        return;
    struct arena *arena = trial->ctx->arena;
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "from", trial->before->state);
    value_put_text(arena, payload, "to", to->name);
    trial_emit(trial, EVENT_MOVED, payload, (struct str){0});
}

static void sign_as_needed(struct trial *trial)
{
    for (size_t i = 0; i < trial->transition->need_count; i++) {
        const struct regime_guard *guard = &trial->transition->needs[i];
        if (guard->kind == GUARD_SIGNATURE && condition_holds(trial, guard->when))
            trial_sign(trial, guard->args, guard->clause);
    }
}

/* The record that a guard made the form name is linked to the case. */
static void link_as_needed(struct trial *trial)
{
    for (size_t i = 0; i < trial->transition->need_count; i++) {
        const struct regime_guard *guard = &trial->transition->needs[i];
        const struct value *record = value_find_c(trial->input, "record");
        if (guard->kind != GUARD_RECORD || record == NULL || !condition_holds(trial, guard->when))
            continue;
        struct value *payload = value_map(trial->ctx->arena);
        value_put_text(trial->ctx->arena, payload, "case", record->text);
        value_put_text(trial->ctx->arena, payload, "kind", S("record"));
        trial_emit(trial, EVENT_LINKED, payload, guard->clause);
        return;
    }
}

enum status trial_take_form(struct trial *trial, const struct value *input)
{
    struct reason_list reasons = {0};
    size_t count;
    const struct regime_transition *row = trial->transition;
    const struct regime_field *fields = form_fields(trial->ctx->arena, row, &count);
    trial->input = form_read(trial->ctx, trial->engine, fields, count,
                             trial_take_heed(trial, input), row->clause, &reasons);
    if (reasons.len > 0)
        return refuse(trial->ctx, ST_INVALID, &reasons);
    take_answers(trial, fields, count);
    TRY(trial_forbid_form(trial));
    TRY(trial_want_explanations(trial));
    TRY(trial_check_guards(trial));
    sign_as_needed(trial);
    link_as_needed(trial);
    return ST_OK;
}

enum status decide_transition(struct trial *trial, const struct value *input)
{
    TRY(trial_find_row(trial));
    TRY(trial_catch_up(trial));
    const struct regime_transition *row = trial->transition;
    TRY(trial_take_form(trial, input));
    move(trial);
    TRY(trial_run_effects(trial, row->then, row->then_count));
    run_clocks(trial);
    if (row->to != NULL && row->to->end)
        trial_stop_all_clocks(trial);
    trial_close(trial);
    return ST_OK;
}

static void put_holders(struct trial *trial, struct value *roles, const struct regime_role *role,
                        const struct value *holders)
{
    struct arena *arena = trial->ctx->arena;
    struct value *row = value_map(arena);
    struct value *list = value_put_list(arena, row, role->of_people ? "people" : "units");
    names_each (holder, holders)
        value_append(list, value_text(arena, holder->text));
    if (list->count > 0)
        value_put(roles, role->name, row);
}

static struct value *units_of_region(struct trial *trial, const struct regime_role *role,
                                     struct str region)
{
    const struct engine_world *world = &trial->engine->world;
    struct arena *arena = trial->ctx->arena;
    struct value *list = value_list(arena);
    for (size_t i = 0; i < role->kind_count && list->count == 0; i++) {
        const struct unit_facts *found[1];
        if (world->units_in_region(world->self, role->kinds[i], region, found, 1) > 0)
            value_append(list, value_text(arena, str_printf(arena, "%lld",
                                                            (long long)found[0]->id.v)));
    }
    return list;
}

static bool is_taken_over(const struct trial *trial, const struct regime_role *role)
{
    return regime_role_is_taken_over(role, trial->engine->procedure->name);
}

/* The standing case that roles are taken over from, kept while the next role asks for the same. */
struct standing_case {
    const struct regime_standing *asked;
    const struct value *roles; /* null: there is none */
};

static bool asks_same(const struct regime_standing *a, const struct regime_standing *b)
{
    return a != NULL && str_eq(a->procedure, b->procedure) && value_eq(a->states, b->states);
}

/* Who holds the role there; null: there is no such case, or nobody does. */
static enum status holders_there(struct trial *trial, const struct regime_role *role,
                                 struct str region, struct standing_case *at,
                                 const struct value **out)
{
    const struct engine_world *world = &trial->engine->world;
    *out = NULL;
    if (world->find_standing == NULL)
        return ST_OK;
    if (!asks_same(at->asked, role->standing))
        TRY(world->find_standing(world->self, trial->ctx, role->standing->procedure,
                                 role->standing->states, region, &at->roles));
    at->asked = role->standing;
    *out = value_find_c(value_find(at->roles, role->standing->role),
                        role->of_people ? "people" : "units");
    return ST_OK;
}

/* Whom neither campaign, region nor standing case brings in: they would see what is not for them. */
static bool is_closed_to(const struct trial *trial, const struct regime_role *role)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    for (size_t i = 0; i < procedure->closed_count; i++)
        if (str_eq(procedure->closed_to[i], role->name))
            return true;
    return false;
}

/* Who stands where from the beginning: given, by the campaign, by the region, or by a standing case. */
static enum status first_holders(struct trial *trial, const struct value *given, struct str region,
                                 struct value **out)
{
    const struct regime *regime = trial->engine->regime;
    struct value *roles = value_map(trial->ctx->arena);
    struct standing_case at = {0};
    struct str home = place_home(trial->engine, region);
    for (size_t i = 0; i < regime->role_count; i++) {
        const struct regime_role *role = &regime->roles[i];
        const struct value *holders = value_find(given, role->name);
        bool is_open = value_is_empty(holders) && !is_closed_to(trial, role);
        if (is_open && role->of_campaign)
            holders = value_find(trial->engine->campaign.roles, role->name);
        is_open = is_open && value_is_empty(holders);
        if (is_open && role->from_region)
            holders = units_of_region(trial, role, region);
        if (is_open && value_is_empty(holders) && role->from_region && !str_eq(home, region))
            holders = units_of_region(trial, role, home);
        if (is_open && is_taken_over(trial, role))
            TRY(holders_there(trial, role, home, &at, &holders));
        if (!value_is_empty(holders))
            put_holders(trial, roles, role, holders);
    }
    *out = roles;
    return ST_OK;
}

static void copy_text(struct arena *arena, struct value *to, const struct value *from,
                      const char *key)
{
    struct str text = value_find_text(from, key);
    if (!str_is_empty(text))
        value_put_text(arena, to, key, text);
}

static const struct regime_state *first_state(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->state_count; i++)
        if (procedure->states[i].start)
            return &procedure->states[i];
    return &procedure->states[0];
}

static enum status wrong_roles(struct trial *trial, const char *key, struct str role)
{
    struct reason reason = reason_make(key, ARGS(arg_text("field", role)));
    reason.field = S("roles");
    reason.clause = trial->clause;
    reason.code = "wrong_roles";
    return fail_reason(trial->ctx, ST_INVALID, reason);
}

/* Roles that a standing case fills are said by nobody but the system, which hands them on. */
static bool is_not_to_be_said(const struct trial *trial, const struct regime_role *role)
{
    return is_taken_over(trial, role) && !trial->actor->is_system &&
           trial->engine->world.find_standing != NULL;
}

/*
 * What a maker may say of the first holders: roles of this regime, held by units that exist. Those
 * of the campaign are the campaign's alone, those of a standing case its own; else a maker could name
 * their own unit the office, and pass for it.
 */
static enum status check_given_roles(struct trial *trial, const struct value *given)
{
    const struct engine_world *world = &trial->engine->world;
    if (!value_is_empty(given) && given->kind != VALUE_MAP)
        return wrong_roles(trial, "form.wrong_type", S("roles"));
    value_each (member, given) {
        const struct regime_role *role = regime_find_role(trial->engine->regime, member->key);
        if (role == NULL || role->of_campaign || is_not_to_be_said(trial, role))
            return wrong_roles(trial, "engine.unknown_role", member->key);
        names_each (holder, member) {
            int64_t id;
            if (!num_parse_i64(holder->text, 1, INT64_MAX, &id) ||
                (!role->of_people &&
                 world->find_unit(world->self, (struct unit_id){id}) == NULL))
                return wrong_roles(trial, "form.unknown_unit", member->key);
        }
    }
    return ST_OK;
}

static enum status check_source(struct trial *trial, struct str source)
{
    if (str_is_empty(source) || regime_find_source(trial->engine->regime, source) != NULL)
        return ST_OK;
    struct reason reason = reason_make("engine.unknown_source", ARGS(arg_text("source", source)));
    reason.field = S("source");
    reason.code = "unknown_source";
    return fail_reason(trial->ctx, ST_INVALID, reason);
}

/* Whom the maker names to roles, and whom the answers of fields that fill a role name besides. */
static struct value *named_holders(struct trial *trial, const struct value *given)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    struct arena *arena = trial->ctx->arena;
    struct value *named = given == NULL ? value_map(arena) : value_copy(arena, given);
    for (size_t i = 0; i < procedure->field_count; i++) {
        const struct regime_field *field = &procedure->fields[i];
        const struct value *answer = value_find(trial->input, field->name);
        if (!str_is_empty(field->role) && answer != NULL &&
            value_is_empty(value_find(named, field->role)))
            value_put(named, field->role, value_copy(arena, answer));
    }
    return named;
}

enum status trial_begin(struct trial *trial, struct str region)
{
    struct value *payload = value_map(trial->ctx->arena);
    struct value *roles;
    TRY(first_holders(trial, NULL, region, &roles));
    value_put_text(trial->ctx->arena, payload, "region", region);
    value_put(payload, S("roles"), roles);
    const struct event made = {.type = EVENT_CREATED, .sequence = 1, .payload = payload};
    engine_evolve(trial->ctx->arena, trial->casefile, &made);
    return ST_OK;
}

enum status trial_may_create(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    TRY(trial_begin(trial, trial->before->region));
    trial->clause = procedure->clause;
    (void)trial_find_post(trial, procedure->created_by, procedure->created_by_count);
    TRY(trial_forbid(trial));
    if (trial->actor->is_system ||
        trial_find_post(trial, procedure->created_by, procedure->created_by_count))
        return ST_OK;
    return fail_reason(trial->ctx, ST_DENIED,
                       trial_not_yours(trial, procedure->created_by, procedure->created_by_count));
}

/* Before the form is read: whom it is forbidden to is not sent round for a missing answer. */
static enum status forbid_making(const struct trial *trial, struct str region)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    struct trial look = *trial;
    if (procedure->prohibition_count == 0 || trial->actor->is_system)
        return ST_OK;
    look.casefile = arena_new_of(trial->ctx->arena, struct casefile);
    look.casefile->fields = value_map(trial->ctx->arena);
    look.events = NULL;
    TRY(trial_begin(&look, region));
    (void)trial_find_post(&look, procedure->created_by, procedure->created_by_count);
    return trial_forbid(&look);
}

enum status decide_create(struct trial *trial, const struct value *input)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    struct arena *arena = trial->ctx->arena;
    struct reason_list reasons = {0};
    struct str region = value_find_text(input, "region");
    struct value *roles;
    trial->clause = procedure->clause;
    TRY(check_source(trial, value_find_text(input, "source")));
    TRY(check_given_roles(trial, value_find_c(input, "roles")));
    TRY(forbid_making(trial, region));
    trial->given_roles = value_find_c(input, "roles");
    (void)trial_take_heed(trial, input);
    trial->input = form_read(trial->ctx, trial->engine, procedure->fields, procedure->field_count,
                             value_find_c(input, "fields"), procedure->clause, &reasons);
    if (reasons.len > 0)
        return refuse(trial->ctx, ST_INVALID, &reasons);
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "campaign", trial->engine->campaign.id);
    value_put_text(arena, payload, "procedure", procedure->name);
    value_put_text(arena, payload, "state", first_state(procedure)->name);
    value_put_text(arena, payload, "number", value_find_text(input, "number"));
    value_put_text(arena, payload, "region", region);
    copy_text(arena, payload, input, "source");
    copy_text(arena, payload, input, "batch");
    copy_text(arena, payload, input, "received_number");
    if (trial->actor->is_system)
        copy_text(arena, payload, input, "key");
    struct str key = engine_unique_key(arena, procedure, region, trial->input);
    if (!str_is_empty(key) && value_find_c(payload, "key") == NULL) {
        value_put_text(arena, payload, "key", key);
        value_put_bool(arena, payload, "key_of_fields", true);
    }
    value_put(payload, S("fields"), value_copy(arena, trial->input));
    TRY(first_holders(trial, named_holders(trial, value_find_c(input, "roles")), region, &roles));
    value_put(payload, S("roles"), roles);
    trial_emit(trial, EVENT_CREATED, payload, (struct str){0});
    if (!trial->actor->is_system &&
        !trial_find_post(trial, procedure->created_by, procedure->created_by_count))
        return fail_reason(trial->ctx, ST_DENIED,
                           trial_not_yours(trial, procedure->created_by, procedure->created_by_count));
    trial->events->at[0].actor = trial_actor(trial);
    trial->casefile->acts.at[0].actor = trial->events->at[0].actor;
    TRY(trial_forbid_form(trial));
    TRY(check_guards(trial, procedure->create_needs, procedure->create_need_count));
    TRY(trial_run_effects(trial, procedure->create_then, procedure->create_then_count));
    run_clocks(trial);
    const struct value *kept = value_find_c(input, "kept");
    if (!value_is_empty(kept))
        value_put(trial_note(trial), S("kept"), value_copy(arena, kept));
    if (trial->note != NULL)
        trial_close(trial);
    return ST_OK;
}
