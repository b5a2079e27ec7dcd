/*
 * An act is a run of events with the same command, actor and time of recording, as engine_evolve
 * sees it too. Its form is read back from what its events hold, which is why the readers of forms
 * take what they give (form.c).
 */
#include "engine/replay.h"

#include "engine/decide_int.h"
#include "engine/ladder.h"

struct act {
    const struct event *first;
    size_t count;
};

struct run {
    struct ctx *ctx;
    const struct engine *engine;
    const struct replay_people *people;
    struct replay *replay;
    enum replay_looks looks;
    struct instant passed; /* up to here time has passed */
};

static struct act act_from(const struct event *events, size_t count)
{
    size_t len = 1;
    while (len < count && str_eq(events[len].command, events[0].command) &&
           str_eq(events[len].actor, events[0].actor) &&
           events[len].recorded_at.ms == events[0].recorded_at.ms)
        len++;
    return (struct act){events, len};
}

static const struct event *act_find(const struct act *act, enum event_type type)
{
    for (size_t i = 0; i < act->count; i++)
        if (act->first[i].type == type)
            return &act->first[i];
    return NULL;
}

/* ---- the form, read back ---- */

/* A member of the notes of an act, which may be several. */
static const struct value *noted(const struct act *act, const char *key)
{
    for (size_t i = 0; i < act->count; i++) {
        const struct value *member = act->first[i].type == EVENT_NOTED
                                         ? value_find_c(act->first[i].payload, key)
                                         : NULL;
        if (member != NULL)
            return member;
    }
    return NULL;
}

static const struct value *holders_of(const struct act *act, struct str role)
{
    for (size_t i = 0; i < act->count; i++) {
        const struct value *payload = act->first[i].payload;
        if (act->first[i].type != EVENT_ROLE_SET ||
            !str_eq(value_find_text(payload, "role"), role))
            continue;
        const struct value *units = value_find_c(payload, "units");
        return units != NULL ? units : value_find_c(payload, "people");
    }
    return NULL;
}

/* The form's own field_set comes before those that effects make. */
static const struct value *answer_of(const struct act *act, const struct regime_field *ask)
{
    const struct event *sign = act_find(act, EVENT_SIGNED);
    if (!str_is_empty(ask->role)) {
        const struct value *holders = holders_of(act, ask->role);
        return ask->many || holders == NULL ? holders : holders->first;
    }
    for (size_t i = 0; i < act->count; i++) {
        const struct value *fields = value_find_c(act->first[i].payload, "fields");
        const struct value *answer = act->first[i].type == EVENT_FIELD_SET
                                         ? value_find(fields, ask->name)
                                         : NULL;
        if (answer != NULL)
            return answer;
    }
    if (sign != NULL && str_eq(ask->name, S("sealed")))
        return value_find_c(sign->payload, "seal");
    return value_find(noted(act, "input"), ask->name);
}

/* What the form of a row said; `row` null: nothing. */
static struct value *form_of(const struct run *run, const struct act *act,
                             const struct regime_transition *row)
{
    struct arena *arena = run->ctx->arena;
    struct value *form = value_map(arena);
    size_t count = 0;
    const struct regime_field *asks = row == NULL ? NULL : form_fields(arena, row, &count);
    for (size_t i = 0; i < count; i++) {
        const struct value *answer = answer_of(act, &asks[i]);
        if (answer != NULL)
            value_put(form, asks[i].name, value_copy(arena, answer));
        else if (act_find(act, EVENT_SIGNED) != NULL && str_eq(asks[i].name, S("signed")))
            value_put_bool(arena, form, "signed", true);
    }
    return form;
}

/* Taking a step of the ladder, or holding it back; null: another command. */
static const struct value *measure_form(const struct run *run, const struct act *act)
{
    static const char *const kept[] = {"step", "record", "reason"};
    struct arena *arena = run->ctx->arena;
    const struct event *taken = act_find(act, EVENT_MEASURE_CONFIRMED);
    const struct event *said = taken != NULL ? taken : act_find(act, EVENT_MEASURE_HELD);
    if (said == NULL || value_find_bool(said->payload, "gone"))
        return NULL;
    const struct regime_step *step = procedure_find_step(run->engine->procedure,
                                                         value_find_text(said->payload, "step"));
    struct value *form =
        form_of(run, act, taken == NULL || step == NULL ? NULL : &step->row);
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        struct str text = value_find_text(said->payload, kept[i]);
        if (!str_is_empty(text))
            value_put_text(arena, form, kept[i], text);
    }
    return form;
}

/* The engine's own commands keep their input nearly as it came. */
static const struct value *create_form(const struct run *run, const struct act *act)
{
    struct arena *arena = run->ctx->arena;
    const struct value *kept = noted(act, "kept");
    struct value *form = value_copy(arena, act->first->payload);
    struct value *roles = value_map(arena);
    struct value *fields = value_map(arena);
    value_each (role, value_find_c(act->first->payload, "roles")) {
        const struct regime_role *known = regime_find_role(run->engine->regime, role->key);
        const struct value *units = value_find_c(role, "units");
        if (known != NULL && !known->of_campaign && !known->from_region)
            value_put(roles, role->key,
                      value_copy(arena, units != NULL ? units : value_find_c(role, "people")));
    }
    value_each (field, value_find_c(act->first->payload, "fields"))
        if (procedure_find_field(run->engine->procedure, field->key) != NULL)
            value_put(fields, field->key, value_copy(arena, field));
    value_put(form, S("roles"), roles);
    value_put(form, S("fields"), fields);
    if (kept != NULL)
        value_put(form, S("kept"), value_copy(arena, kept));
    return form;
}

static const struct value *delegate_form(const struct run *run, const struct act *act)
{
    struct value *form = value_map(run->ctx->arena);
    struct str role = value_find_text(act->first->payload, "role");
    const struct value *holders = holders_of(act, role);
    value_put_text(run->ctx->arena, form, "role", role);
    value_each (holder, holders)
        value_put_text(run->ctx->arena, form, "holder", holder->text);
    return form;
}

static const struct value *input_of(const struct run *run, const struct act *act)
{
    struct str command = act->first->command;
    if (str_eq(command, S("create")))
        return create_form(run, act);
    if (str_eq(command, S("delegate")))
        return delegate_form(run, act);
    const struct value *measure = measure_form(run, act);
    if (measure != NULL)
        return measure;
    if (built_in_find(command) != NULL)
        return act->first->payload;
    return form_of(run, act,
                   procedure_find_transition(run->engine->procedure, command,
                                             run->replay->casefile->state));
}

/* ---- deciding again ---- */

static void take(struct run *run, const struct event_list *events)
{
    struct arena *arena = run->ctx->arena;
    for (size_t i = 0; i < events->len; i++) {
        vec_add(arena, &run->replay->events, events->at[i]);
        engine_evolve(arena, run->replay->casefile, &events->at[i]);
    }
}

/* The first clock to have ended by then, that nothing has stopped and nobody has said lapsed. */
static enum status find_lapse(struct run *run, struct instant by,
                              const struct casefile_clock **out, struct instant *out_end)
{
    const struct casefile *casefile = run->replay->casefile;
    *out = NULL;
    for (size_t i = 0; i < casefile->clocks.len; i++) {
        const struct casefile_clock *clock = &casefile->clocks.at[i];
        struct clock_view view;
        if (clock->lapsed || !instant_is_none(clock->stopped))
            continue;
        TRY(engine_clock_view(run->ctx, run->engine->calendar, clock, by, &view));
        if (view.state != CLOCK_LAPSED || (*out != NULL && out_end->ms <= view.deadline.end.ms))
            continue;
        *out = clock;
        *out_end = view.deadline.end;
    }
    return ST_OK;
}

/* A clock that cannot lapse ends the looking. */
static enum status say_lapses(struct run *run, struct instant by)
{
    static const struct actor system = {.is_system = true};
    struct ctx later = {.arena = run->ctx->arena, .now = by};
    for (;;) {
        const struct casefile_clock *clock;
        struct event_list events = {0};
        TRY(find_lapse(run, by, &clock, &later.now));
        if (clock == NULL)
            return ST_OK;
        struct value *input = value_map(later.arena);
        value_put_text(later.arena, input, "clock", clock->name);
        value_put_int(later.arena, input, "started_seq", clock->started_seq);
        const struct command lapse = {.name = S("lapse"),
                                      .input = input,
                                      .happened_at = INSTANT_NONE,
                                      .actor = &system};
        if (engine_decide(&later, run->engine, run->replay->casefile, &lapse, &events) != ST_OK)
            return fail_reason(run->ctx, ST_INVALID, later.failure.reason);
        take(run, &events);
    }
}

static enum status look(struct run *run, struct instant at)
{
    static const struct actor system = {.is_system = true};
    struct ctx then = {.arena = run->ctx->arena, .now = at};
    struct arena_mark mark = arena_mark(then.arena);
    struct event_list events = {0};
    struct proposals found;
    TRY(engine_propose(run->ctx, run->engine, run->replay->casefile, at, &found));
    bool something = found.step != NULL || found.gone.len > 0;
    arena_return(then.arena, mark);
    const struct command propose = {
        .name = S("propose"), .happened_at = INSTANT_NONE, .actor = &system};
    if (something &&
        engine_decide(&then, run->engine, run->replay->casefile, &propose, &events) == ST_OK)
        take(run, &events);
    return ST_OK;
}

/* What time asks for between two acts. */
static enum status let_time_pass(struct run *run, struct instant by)
{
    if (run->looks == REPLAY_LOOKS_DAILY && run->engine->procedure->step_count > 0 &&
        run->replay->casefile->version > 0)
        for (struct day day = day_add(day_of_instant(run->passed), 1);
             day_start(day).ms <= by.ms; day = day_add(day, 1)) {
            TRY(say_lapses(run, day_start(day)));
            TRY(look(run, day_start(day)));
        }
    run->passed = by;
    return say_lapses(run, by);
}

/*
 * How far time has passed when an act comes. People record beside a program that runs, which has said
 * by then what lapsed; a timer's own act is told as of when it came about and precedes the lapses of
 * the same look.
 */
static struct instant time_before(const struct act *act)
{
    return str_eq(act->first->actor, S("system")) ? act->first->happened_at
                                                  : act->first->recorded_at;
}

static struct actor actor_of(const struct run *run, const struct act *act)
{
    if (str_eq(act->first->actor, S("system")))
        return (struct actor){.is_system = true};
    return run->people->find(run->people->self, run->ctx->arena, act->first->actor,
                             day_of_instant(act->first->happened_at));
}

static void decide_again(struct run *run, const struct act *act)
{
    struct ctx then = {.arena = run->ctx->arena, .now = act->first->recorded_at};
    struct actor actor = actor_of(run, act);
    struct event_list events = {0};
    const struct command command = {.name = act->first->command,
                                    .input = input_of(run, act),
                                    .happened_at = act->first->happened_at,
                                    .actor = &actor};
    if (engine_decide(&then, run->engine, run->replay->casefile, &command, &events) == ST_OK) {
        take(run, &events);
        return;
    }
    if (str_eq(command.name, S("propose")))
        return; /* the look of a morning that finds nothing under these rules is no act refused */
    vec_add(run->ctx->arena, &run->replay->refusals,
            ((struct replay_refusal){act->first->sequence, act->first->command, then.now,
                                     then.failure.reason}));
}

/* What other cases or a change of packs did to this one is no act under its rules. */
static void take_over(struct run *run, const struct act *act)
{
    for (size_t i = 0; i < act->count; i++) {
        struct event event = act->first[i];
        const struct event_list one = {&event, 1, 1};
        event.sequence = run->replay->casefile->version + 1;
        event.pack = run->engine->regime->hash;
        take(run, &one);
    }
}

/* Links beside a command, and what became of a document: no rule of a pack judges them. */
static bool is_no_act(struct str command)
{
    static const struct str names[] = {STR_INIT("open"), STR_INIT("give"),
                                       STR_INIT("open_document"), STR_INIT("receive_document"),
                                       STR_INIT("void_document"), STR_INIT("correct_document"),
                                       STR_INIT("open_sealed")};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(command, names[i]))
            return true;
    return false;
}

enum status engine_replay(struct ctx *ctx, const struct engine *engine,
                          const struct replay_people *people, const struct event *events,
                          size_t count, struct instant until, enum replay_looks looks,
                          struct replay *out)
{
    struct act act;
    *out = (struct replay){.casefile = arena_new_of(ctx->arena, struct casefile)};
    /* What kind of case a record was has been judged once; here the name is taken for it. */
    struct engine own = *engine;
    own.world.procedure_of = NULL;
    own.world.list_since = NULL;
    own.world.seal = NULL; /* what was told is not there; the marks are */
    own.world.find_standing = NULL; /* who held a role then, the event says */
    struct run run = {.ctx = ctx, .engine = &own, .people = people, .replay = out, .looks = looks};
    for (size_t i = 0; i < count; i += act.count) {
        act = act_from(&events[i], count - i);
        struct str command = act.first->command;
        if (str_eq(command, S("lapse")) || str_eq(command, S("migrate")) ||
            (looks == REPLAY_LOOKS_DAILY && str_eq(command, S("propose"))))
            continue;
        if (!str_eq(command, S("create")) && out->casefile->version == 0)
            return ST_OK; /* it could not have been made: nothing follows */
        if (str_eq(command, S("create"))) {
            out->casefile->prefecture = act.first->prefecture;
            out->casefile->id = act.first->casefile;
            out->casefile->fields = value_map(ctx->arena);
        }
        TRY(let_time_pass(&run, time_before(&act)));
        if (is_no_act(command))
            take_over(&run, &act);
        else
            decide_again(&run, &act);
    }
    return let_time_pass(&run, until);
}
