/*
 * Commands that need no pack: the making of a case, evidence, notes, links, delegation, withdrawal,
 * and the lapse of a clock, which only the system gives.
 */
#include "base/num.h"
#include "engine/decide_int.h"

static enum status denied(struct trial *trial)
{
    struct reason reason = reason_make("engine.no_relation", NO_ARGS);
    reason.needs = "engine.no_relation.needs";
    reason.code = "denied";
    return fail_reason(trial->ctx, ST_DENIED, reason);
}

static enum status faulty(struct trial *trial, const char *key, const char *field)
{
    struct reason reason = reason_make(key, ARGS(arg_c("field", field)));
    reason.field = str_of(field);
    reason.code = "wrong";
    return fail_reason(trial->ctx, ST_INVALID, reason);
}

static enum status conflict(struct trial *trial, const char *key)
{
    struct reason reason = reason_make(key, NO_ARGS);
    reason.code = "state";
    return fail_reason(trial->ctx, ST_CONFLICT, reason);
}

/* Any unit or person that stands in a role of the case. Sets trial->post. */
static enum status may_related(struct trial *trial)
{
    if (trial->actor->is_system)
        return ST_OK;
    const struct regime *regime = trial->engine->regime;
    for (size_t i = 0; i < regime->role_count; i++) {
        const struct regime_actor holder = {.role = regime->roles[i].name};
        if (trial_find_post(trial, &holder, 1))
            return ST_OK;
    }
    return denied(trial);
}

static enum status may_maker(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    if (trial->actor->is_system ||
        trial_find_post(trial, procedure->created_by, procedure->created_by_count))
        return ST_OK;
    return denied(trial);
}

/* A case on which nobody has acted yet but who made it. */
static enum status may_withdraw(struct trial *trial)
{
    static const struct str harmless[] = {STR_INIT("create"), STR_INIT("link"),
                                          STR_INIT("unlink"), STR_INIT("lapse")};
    TRY(may_maker(trial));
    if (trial->before->withdrawn)
        return conflict(trial, "engine.withdrawn");
    for (size_t i = 0; i < trial->before->acts.len; i++) {
        bool is_harmless = false;
        for (size_t j = 0; j < COUNT_OF(harmless); j++)
            is_harmless = is_harmless || str_eq(trial->before->acts.at[i].command, harmless[j]);
        if (!is_harmless)
            return conflict(trial, "engine.already_worked_on");
    }
    return ST_OK;
}

/* Evidence is added for as long as the case stands, its end included. */
static enum status may_add_evidence(struct trial *trial)
{
    TRY(may_related(trial));
    return trial->before->withdrawn ? conflict(trial, "engine.withdrawn") : ST_OK;
}

static enum status may_unlink(struct trial *trial)
{
    TRY(may_related(trial));
    return trial->before->links.len == 0 ? conflict(trial, "engine.nothing_linked") : ST_OK;
}

static enum status decide_evidence(struct trial *trial, const struct value *input)
{
    static const char *const needed[] = {"evidence", "kind", "sha256", "name", "type"};
    const struct regime_procedure *procedure = trial->engine->procedure;
    TRY(may_add_evidence(trial));
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (str_is_empty(value_find_text(input, needed[i])))
            return faulty(trial, "engine.missing", needed[i]);
    struct str kind = value_find_text(input, "kind");
    bool known = false;
    for (size_t i = 0; i < procedure->evidence_kind_count; i++)
        known = known || str_eq(procedure->evidence_kinds[i], kind);
    if (!known && value_find_c(input, "document") == NULL)
        return faulty(trial, "engine.unknown_evidence_kind", "kind");
    TRY(document_check_scan(trial, input));
    trial_emit(trial, EVENT_EVIDENCE_ADDED, value_copy(trial->ctx->arena, input), (struct str){0});
    return ST_OK;
}

static enum status decide_note(struct trial *trial, const struct value *input)
{
    TRY(may_related(trial));
    struct str text = str_trim(value_find_text(input, "text"));
    if (str_is_empty(text))
        return faulty(trial, "engine.missing", "text");
    value_put_text(trial->ctx->arena, trial_note(trial), "text", text);
    trial_close(trial);
    return ST_OK;
}

static enum status decide_linking(struct trial *trial, const struct value *input)
{
    struct prefecture prefecture;
    struct casefile_id id;
    TRY(may_related(trial));
    if (!casefile_ref_parse(value_find_text(input, "case"), &prefecture, &id) ||
        id.v == trial->before->id.v)
        return faulty(trial, "engine.wrong_case", "case");
    if (str_is_empty(value_find_text(input, "kind")))
        return faulty(trial, "engine.missing", "kind");
    struct value *payload = value_map(trial->ctx->arena);
    value_put_text(trial->ctx->arena, payload, "case", value_find_text(input, "case"));
    value_put_text(trial->ctx->arena, payload, "kind", value_find_text(input, "kind"));
    trial_emit(trial,
               str_eq(trial->command, S("link")) ? EVENT_LINKED : EVENT_UNLINKED, payload,
               (struct str){0});
    return ST_OK;
}

/* Whether the unit or person may hold the role at all. */
static enum status check_holder(struct trial *trial, const struct regime_role *role, int64_t id)
{
    const struct engine_world *world = &trial->engine->world;
    if (role->of_people)
        return str_is_empty(role->post) ||
                       world->person_holds_post(world->self, (struct person_id){id}, role->post)
                   ? ST_OK
                   : faulty(trial, "form.not_in_post", "holder");
    const struct unit_facts *unit = world->find_unit(world->self, (struct unit_id){id});
    if (unit == NULL)
        return faulty(trial, "form.unknown_unit", "holder");
    return regime_role_takes_kind(role, unit->kind) ? ST_OK : faulty(trial, "form.wrong_unit_kind", "holder");
}

/* A holder of a role takes another in beside it: to delegate, or to add a signer. */
static enum status decide_delegate(struct trial *trial, const struct value *input)
{
    struct str name = value_find_text(input, "role");
    struct str given = value_find_text(input, "holder");
    const struct regime_role *role = regime_find_role(trial->engine->regime, name);
    int64_t id;
    if (role == NULL || role->of_campaign)
        return faulty(trial, "engine.unknown_role", "role");
    const struct regime_actor holder = {.role = name};
    if (!trial->actor->is_system && !trial_find_post(trial, &holder, 1))
        TRY(may_maker(trial));
    if (!num_parse_i64(given, 1, INT64_MAX, &id))
        return faulty(trial, "engine.missing", "holder");
    TRY(check_holder(trial, role, id));
    const struct casefile_role *present = casefile_find_role(trial->before, name);
    struct arena *arena = trial->ctx->arena;
    struct value *all = value_list(arena);
    size_t count = present == NULL ? 0 : role->of_people ? present->people.len : present->units.len;
    for (size_t i = 0; i < count; i++) {
        int64_t old = role->of_people ? present->people.at[i] : present->units.at[i];
        if (old == id)
            return conflict(trial, "engine.already_holds");
        value_append(all, value_text(arena, str_printf(arena, "%lld", (long long)old)));
    }
    if (count > 0 && !role->many)
        return conflict(trial, "engine.one_holder");
    value_append(all, value_text(arena, given));
    trial_set_role(trial, name, all);
    return ST_OK;
}

/* The system says once that a clock has run out; what follows is the pack's. */
static enum status lapse(struct trial *trial, struct str name, struct instant end)
{
    const struct regime_deadline *deadline =
        procedure_find_deadline(trial->engine->procedure, name);
    struct arena *arena = trial->ctx->arena;
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "clock", name);
    value_put_text(arena, payload, "end", instant_format(arena, end));
    trial->happened_at = end;
    trial->clause = deadline == NULL ? (struct str){0} : deadline->clause;
    trial_emit(trial, EVENT_CLOCK_LAPSED, payload, (struct str){0});
    if (deadline != NULL)
        TRY(trial_run_effects(trial, deadline->on_lapse, deadline->lapse_count));
    if (trial->note != NULL)
        trial_close(trial);
    return ST_OK;
}

/*
 * A command may come between a clock's end and the timer that would say so. The lapse is said
 * first, or a command that stops the clock would pass it over in silence. What lapses may start a clock
 * that has ended since as well: it stands behind the others and has its turn.
 */
enum status trial_catch_up(struct trial *trial)
{
    static const struct actor system = {.is_system = true};
    struct trial late = *trial;
    late.command = S("lapse");
    late.actor = &system;
    late.transition = NULL;
    late.post = NULL;
    for (size_t i = 0; i < trial->casefile->clocks.len; i++) {
        const struct casefile_clock *clock = &trial->casefile->clocks.at[i];
        struct clock_view view;
        if (clock->lapsed || !instant_is_none(clock->stopped))
            continue;
        TRY(engine_clock_view(trial->ctx, trial->engine->calendar, clock, trial->happened_at,
                              &view));
        late.note = NULL;
        if (view.state == CLOCK_LAPSED) /* the name outlives the row, which a new clock may move */
            TRY(lapse(&late, clock->name, view.deadline.end));
    }
    trial->own_from = trial->events->len;
    return ST_OK;
}

static enum status decide_withdraw(struct trial *trial, const struct value *input)
{
    struct str reason = str_trim(value_find_text(input, "reason"));
    TRY(may_withdraw(trial));
    if (str_is_empty(reason))
        return faulty(trial, "engine.missing", "reason");
    TRY(trial_catch_up(trial));
    trial_stop_all_clocks(trial);
    (void)trial_take_back(trial, NULL);
    struct value *payload = value_map(trial->ctx->arena);
    value_put_text(trial->ctx->arena, payload, "reason", reason);
    trial_emit(trial, EVENT_WITHDRAWN, payload, (struct str){0});
    return ST_OK;
}

static enum status decide_lapse(struct trial *trial, const struct value *input)
{
    struct str name = value_find_text(input, "clock");
    const struct casefile_clock *clock = casefile_find_clock(trial->before, name);
    struct clock_view view;
    if (!trial->actor->is_system)
        return denied(trial);
    if (clock == NULL || clock->lapsed || !instant_is_none(clock->stopped) ||
        clock->started_seq != value_find_int(input, "started_seq", 0))
        return conflict(trial, "engine.nothing_lapses");
    TRY(engine_clock_view(trial->ctx, trial->engine->calendar, clock, trial->ctx->now, &view));
    if (view.state != CLOCK_LAPSED)
        return conflict(trial, "engine.nothing_lapses");
    return lapse(trial, name, view.deadline.end);
}

const struct built_in built_ins[] = {
    {STR_INIT("create"), "command.create", false, decide_create, trial_may_create},
    {STR_INIT("add_evidence"), "command.add_evidence", true, decide_evidence, may_add_evidence},
    {STR_INIT("note"), "command.note", true, decide_note, may_related},
    {STR_INIT("link"), "command.link", true, decide_linking, may_related},
    {STR_INIT("unlink"), "command.unlink", true, decide_linking, may_unlink},
    {STR_INIT("delegate"), "command.delegate", true, decide_delegate, may_related},
    {STR_INIT("withdraw"), "command.withdraw", true, decide_withdraw, may_withdraw},
    {STR_INIT("lapse"), "command.lapse", false, decide_lapse, NULL},
    {STR_INIT("propose"), "command.propose", false, decide_propose, NULL},
    {STR_INIT("confirm_measure"), "command.confirm_measure", true, decide_measure, may_measure},
    {STR_INIT("hold_measure"), "command.hold_measure", true, decide_hold, may_hold},
    {STR_INIT("measure"), "command.measure", true, decide_measure, may_measure},
    {STR_INIT("open_document"), "command.open_document", false, decide_open_document, NULL},
    {STR_INIT("receive_document"), "command.receive_document", false, decide_receive_document, NULL},
    {STR_INIT("void_document"), "command.void_document", false, decide_void_document, NULL},
    {STR_INIT("correct_document"), "command.correct_document", false, decide_correct_document, NULL},
    {STR_INIT("open_sealed"), "command.open_sealed", false, decide_open_sealed, may_open_sealed},
};
_Static_assert(COUNT_OF(built_ins) == 17, "regime_owns_command names them all");
const size_t built_in_count = COUNT_OF(built_ins);

const struct built_in *built_in_find(struct str name)
{
    for (size_t i = 0; i < built_in_count; i++)
        if (str_eq(built_ins[i].name, name))
            return &built_ins[i];
    return NULL;
}
