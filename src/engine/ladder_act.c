/*
 * What is done about steps of the ladder: proposing them, taking them, holding them back, and the
 * effect by which a command or a lapse proposes one. Taking a step runs its row as a command's.
 */
#include "engine/ladder_int.h"

static enum status refused(struct trial *trial, enum status status, const char *key,
                           const char *field)
{
    struct reason reason = reason_make(key, ARGS(arg_c("field", field)));
    reason.field = str_of(field);
    reason.clause = trial->clause;
    reason.code = "state";
    return fail_reason(trial->ctx, status, reason);
}

static struct value *charged(const struct trial *trial, const struct regime_step *step)
{
    return trial_holders(trial, step->charge, false);
}

static void emit_proposed(struct trial *trial, const struct regime_step *step,
                          const struct value *why_it)
{
    struct value *payload = value_copy(trial->ctx->arena, why_it);
    if (!str_is_empty(step->charge))
        value_put(payload, S("units"), charged(trial, step));
    trial_emit(trial, EVENT_MEASURE_PROPOSED, payload, step->row.clause);
}

enum status decide_propose(struct trial *trial, const struct value *input)
{
    struct arena *arena = trial->ctx->arena;
    struct proposals found;
    (void)input;
    if (!trial->actor->is_system)
        return refused(trial, ST_DENIED, "engine.no_relation", "step");
    TRY(trial_catch_up(trial));
    TRY(engine_propose(trial->ctx, trial->engine, trial->casefile, trial->happened_at, &found));
    if (found.step == NULL && found.gone.len == 0)
        return refused(trial, ST_CONFLICT, "engine.nothing_proposed", "step");
    for (size_t i = 0; i < found.gone.len; i++) {
        struct value *payload = value_map(arena);
        value_put_text(arena, payload, "step", found.gone.at[i]->step);
        value_put_text(arena, payload, "ground", found.gone.at[i]->ground);
        value_put_bool(arena, payload, "gone", true);
        trial_emit(trial, EVENT_MEASURE_HELD, payload, found.gone.at[i]->clause);
    }
    if (found.step != NULL)
        emit_proposed(trial, found.step, found.why);
    return ST_OK;
}

/* Who takes steps, and that there is still something to press for. */
static enum status may_step(struct trial *trial, const struct regime_step *step)
{
    const struct look look = {trial->ctx, trial->engine, trial->before, trial->happened_at};
    trial->transition = &step->row;
    trial->clause = step->row.clause;
    if (!trial_find_post(trial, step->row.by, step->row.by_count))
        return fail_reason(trial->ctx, ST_DENIED,
                           trial_not_yours(trial, step->row.by, step->row.by_count));
    if (look_has_ended(&look))
        return refused(trial, ST_CONFLICT, "engine.nothing_to_press", "state");
    return ST_OK;
}

static bool is_answer(const struct trial *trial)
{
    return !str_eq(trial->command, S("measure"));
}

/* One step: who may, that a proposal stands where the command answers one, its guards. */
static enum status may_take(struct trial *trial, const struct regime_step *step)
{
    TRY(may_step(trial, step));
    if (is_answer(trial) && casefile_find_open_measure(trial->before, step->row.name) == NULL)
        return refused(trial, ST_CONFLICT, "engine.not_proposed", "step");
    return str_eq(trial->command, S("hold_measure")) ? ST_OK : trial_check_guards(trial);
}

/* Any step will do; the first refusal is told, one for who last. */
static enum status may_any(struct trial *trial)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    struct ctx *outer = trial->ctx;
    enum status told = ST_NOT_FOUND;
    for (size_t i = 0; i < procedure->step_count; i++) {
        struct ctx own = {.arena = outer->arena, .now = outer->now};
        trial->ctx = &own;
        enum status status = may_take(trial, &procedure->steps[i]);
        trial->ctx = outer;
        if (status == ST_OK)
            return ST_OK;
        if (told == ST_NOT_FOUND || (told == ST_DENIED && status != ST_DENIED)) {
            told = status;
            outer->failure = own.failure;
        }
    }
    return told == ST_NOT_FOUND
               ? refused(trial, ST_NOT_FOUND, "engine.no_such_command", "command")
               : told;
}

enum status may_measure(struct trial *trial)
{
    return may_any(trial);
}

enum status may_hold(struct trial *trial)
{
    return may_any(trial);
}

/* The step that the form names; the rest of the form is the step's own. */
static enum status find_named_step(struct trial *trial, const struct value *input,
                                   const struct regime_step **out, struct value **out_rest)
{
    const struct regime_procedure *procedure = trial->engine->procedure;
    const struct regime_step *step = procedure_find_step(procedure, value_find_text(input, "step"));
    struct value *rest = value_map(trial->ctx->arena);
    if (procedure->step_count == 0)
        return refused(trial, ST_NOT_FOUND, "engine.no_such_command", "command");
    if (step == NULL) {
        TRY(may_step(trial, &procedure->steps[0]));
        return refused(trial, ST_INVALID, "engine.unknown_step", "step");
    }
    value_each (member, input)
        if (!str_eq(member->key, S("step")))
            value_put(rest, member->key, value_copy(trial->ctx->arena, member));
    *out = step;
    *out_rest = rest;
    return ST_OK;
}

static void emit_confirmed(struct trial *trial, const struct regime_step *step,
                           const struct casefile_measure *open)
{
    struct arena *arena = trial->ctx->arena;
    struct value *payload = value_map(arena);
    struct str record = value_find_text(trial->input, "record");
    value_put_text(arena, payload, "step", step->row.name);
    if (open != NULL)
        value_put_text(arena, payload, "ground", open->ground);
    else if (!str_is_empty(step->charge))
        value_put(payload, S("units"), charged(trial, step));
    if (!str_is_empty(record))
        value_put_text(arena, payload, "record", record);
    trial_emit(trial, EVENT_MEASURE_CONFIRMED, payload, step->row.clause);
}

/* confirm_measure and measure: the same act, with a proposal before it or without. */
enum status decide_measure(struct trial *trial, const struct value *input)
{
    const struct regime_step *step;
    struct value *rest;
    TRY(find_named_step(trial, input, &step, &rest));
    TRY(may_step(trial, step));
    TRY(trial_catch_up(trial));
    const struct casefile_measure *open = casefile_find_open_measure(trial->before, step->row.name);
    if (is_answer(trial) && open == NULL)
        return refused(trial, ST_CONFLICT, "engine.not_proposed", "step");
    TRY(trial_take_form(trial, rest));
    emit_confirmed(trial, step, open);
    TRY(trial_run_effects(trial, step->row.then, step->row.then_count));
    trial_close(trial);
    return ST_OK;
}

enum status decide_hold(struct trial *trial, const struct value *input)
{
    struct arena *arena = trial->ctx->arena;
    const struct regime_step *step;
    struct value *rest;
    TRY(find_named_step(trial, input, &step, &rest));
    TRY(may_step(trial, step));
    struct str reason = str_trim(value_find_text(rest, "reason"));
    const struct casefile_measure *open = casefile_find_open_measure(trial->before, step->row.name);
    if (open == NULL)
        return refused(trial, ST_CONFLICT, "engine.not_proposed", "step");
    if (str_is_empty(reason))
        return refused(trial, ST_INVALID, "engine.missing", "reason");
    TRY(trial_catch_up(trial));
    struct value *payload = value_map(arena);
    value_put_text(arena, payload, "step", step->row.name);
    value_put_text(arena, payload, "ground", open->ground);
    value_put_text(arena, payload, "reason", reason);
    trial_emit(trial, EVENT_MEASURE_HELD, payload, step->row.clause);
    return ST_OK;
}

/* ---- the effect ---- */

/* The last day of the clock whose lapse is being said; else none. */
static struct str lapsed_key(const struct trial *trial, struct arena *arena)
{
    for (size_t i = trial->events == NULL ? 0 : trial->events->len; i > 0; i--) {
        const struct event *event = &trial->events->at[i - 1];
        struct instant end;
        if (event->type != EVENT_CLOCK_LAPSED)
            continue;
        if (!instant_parse(value_find_text(event->payload, "end"), &end))
            break;
        struct day due = day_of_instant((struct instant){end.ms - 1});
        return str_printf(arena, "%.*s %.*s",
                          STR_ARG(value_find_text(event->payload, "clock")),
                          STR_ARG(day_format(arena, due)));
    }
    return S("case");
}

static struct str effect_key(const struct trial *trial, const struct regime_step *step)
{
    struct arena *arena = trial->ctx->arena;
    if (step->once_per == ONCE_PER_MONTH)
        return look_month(arena, trial->happened_at);
    return step->once_per == ONCE_PER_DEADLINE ? lapsed_key(trial, arena) : S("case");
}

/* A command or a lapse proposes a step, under the same rule: once on the same ground. */
enum status effect_measure(struct trial *trial, const struct value *args)
{
    struct arena *arena = trial->ctx->arena;
    const struct look look = {trial->ctx, trial->engine, trial->casefile, trial->happened_at};
    const struct regime_step *step =
        procedure_find_step(trial->engine->procedure, value_find_text(args, "step"));
    struct value *payload = value_map(arena);
    struct str charge = value_find_text(args, "charge");
    if (step == NULL)
        return ST_OK;
    struct str key = effect_key(trial, step);
    if (look_is_used(&look, step, key))
        return ST_OK;
    value_put_text(arena, payload, "step", step->row.name);
    value_put_text(arena, payload, "ground", key);
    value_put_text(arena, payload, "by", trial->command);
    value_put(payload, S("units"),
              trial_holders(trial, str_is_empty(charge) ? step->charge : charge, false));
    trial_emit(trial, EVENT_MEASURE_PROPOSED, payload, (struct str){0});
    return ST_OK;
}

/* ---- for readers ---- */

static struct trial trial_of(struct ctx *ctx, const struct engine *engine,
                             const struct casefile *casefile, struct str command,
                             const struct actor *actor)
{
    return (struct trial){.ctx = ctx,
                          .engine = engine,
                          .casefile = casefile_copy(ctx->arena, casefile),
                          .before = casefile,
                          .command = command,
                          .actor = actor,
                          .happened_at = ctx->now,
                          .form_aside = true};
}

void engine_list_steps(struct ctx *ctx, const struct engine *engine,
                       const struct casefile *casefile, const struct actor *actor,
                       struct step_list *out)
{
    const struct regime_procedure *procedure = engine->procedure;
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct regime_step *step = &procedure->steps[i];
        struct ctx own = {.arena = ctx->arena, .now = ctx->now};
        struct trial take = trial_of(&own, engine, casefile, S("measure"), actor);
        enum status status = may_take(&take, step);
        struct step_view view = {
            .step = step,
            .open = casefile_find_open_measure(casefile, step->row.name),
            .may_take = status == ST_OK,
            .why_not = own.failure.reason,
            .is_who = status == ST_DENIED,
        };
        struct ctx again = {.arena = ctx->arena, .now = ctx->now};
        struct trial hold = trial_of(&again, engine, casefile, S("hold_measure"), actor);
        view.may_hold = may_take(&hold, step) == ST_OK;
        vec_add(ctx->arena, out, view);
    }
}

static struct regime_field step_field(struct arena *arena, const struct regime_procedure *procedure,
                                      const struct casefile *casefile, bool answers,
                                      const struct regime_step **out_first)
{
    VEC(struct regime_choice) choices = {0};
    *out_first = NULL;
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct regime_transition *row = &procedure->steps[i].row;
        if (answers && casefile_find_open_measure(casefile, row->name) == NULL)
            continue;
        if (*out_first == NULL)
            *out_first = &procedure->steps[i];
        vec_add(arena, &choices, ((struct regime_choice){row->name, row->words}));
    }
    return (struct regime_field){.name = S("step"),
                                 .kind = FIELD_CHOICE,
                                 .required = true,
                                 .choices = choices.at,
                                 .choice_count = choices.len};
}

const struct regime_field *ladder_form(struct arena *arena, const struct engine *engine,
                                       const struct casefile *casefile, struct str command,
                                       size_t *out_count)
{
    const struct regime_step *first;
    bool hold = str_eq(command, S("hold_measure"));
    bool answers = hold || str_eq(command, S("confirm_measure"));
    size_t asked = 0;
    *out_count = 0;
    if (!answers && !str_eq(command, S("measure")))
        return NULL;
    struct regime_field step =
        step_field(arena, engine->procedure, casefile, answers, &first);
    const struct regime_field *asks =
        first == NULL || hold ? NULL : form_fields(arena, &first->row, &asked);
    struct regime_field *fields = arena_alloc_array(arena, asked + 2, sizeof *fields);
    fields[(*out_count)++] = step;
    if (hold)
        fields[(*out_count)++] = (struct regime_field){
            .name = S("reason"), .kind = FIELD_LONGTEXT, .required = true};
    for (size_t i = 0; i < asked; i++)
        fields[(*out_count)++] = asks[i];
    return fields;
}
