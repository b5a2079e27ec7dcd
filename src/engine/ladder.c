/*
 * The grounds of a step are asked of the case as it stands at one instant. Which of them was met is
 * told by a short key (the clock and its last day, the month, or the case), so that the same ground
 * never bears the same step twice.
 */
#include "engine/ladder.h"

#include "engine/decide_int.h"

/* A look at one case. */
struct look {
    struct ctx *ctx;
    const struct engine *engine;
    const struct casefile *casefile;
    struct instant now;
};

/* The clock of a ground, where it names one that runs. */
struct sight {
    const struct casefile_clock *clock; /* or null */
    struct clock_view view;
    int64_t gone_percent; /* of its time */
};

static bool is_asked(const struct regime_term *term)
{
    return term->length.count > 0;
}

/* As the campaign has it. */
static struct length length_of(const struct look *look, const struct regime_term *term)
{
    struct length length = term->length;
    const struct value *own = str_is_empty(term->setting)
                                  ? NULL
                                  : engine_setting(look->engine, term->setting);
    if (own != NULL && own->kind == VALUE_INT && own->number >= 1 &&
        own->number <= length_max(length.unit))
        length.count = (int32_t)own->number;
    return length;
}

/* Whether the length counted from `from` is full by the day of the look. */
static enum status is_past(const struct look *look, struct instant from,
                           const struct regime_term *term, bool *out)
{
    struct deadline end;
    const struct deadline_terms terms = {
        .start = from, .length = length_of(look, term), .fixed = DAY_NONE};
    TRY(deadline_find(look->ctx, look->engine->calendar, &terms, &end));
    *out = day_of_instant(look->now).v >= end.due_day.v;
    return ST_OK;
}

static enum status see_clock(const struct look *look, const struct regime_ground *ground,
                             struct sight *out)
{
    *out = (struct sight){0};
    const struct casefile_clock *clock = casefile_find_clock(look->casefile, ground->clock);
    if (clock == NULL || !instant_is_none(clock->stopped))
        return ST_OK;
    TRY(engine_clock_view(look->ctx, look->engine->calendar, clock, look->now, &out->view));
    if (out->view.deadline.open)
        return ST_OK; /* it stands: nothing comes nearer */
    out->clock = clock;
    int64_t whole = out->view.deadline.end.ms - clock->start.ms;
    int64_t gone = look->now.ms - clock->start.ms;
    out->gone_percent = gone <= 0 ? 0 : gone >= whole ? 100 : gone * 100 / whole;
    return ST_OK;
}

static enum status is_near(const struct look *look, const struct sight *sight,
                           const struct regime_term *left, bool *out)
{
    struct instant near;
    TRY(deadline_find_near(look->ctx, look->engine->calendar, &sight->view.deadline,
                           length_of(look, left), &near));
    *out = look->now.ms >= near.ms && look->now.ms < sight->view.deadline.end.ms;
    return ST_OK;
}

static enum status is_over(const struct look *look, const struct sight *sight,
                           const struct regime_term *over, bool *out)
{
    *out = false;
    if (look->now.ms < sight->view.deadline.end.ms)
        return ST_OK;
    return is_past(look, sight->view.deadline.due, over, out);
}

static int64_t progress_of(const struct look *look, const struct regime_ground *ground)
{
    const struct value *progress = value_find(look->casefile->fields, ground->progress);
    return progress != NULL && progress->kind == VALUE_INT ? progress->number : 0;
}

static bool is_behind(const struct look *look, const struct sight *sight,
                      const struct regime_ground *ground)
{
    const struct value *by = ground->behind;
    if (by->kind == VALUE_TEXT)
        by = engine_setting(look->engine, by->text);
    return by != NULL && by->kind == VALUE_INT &&
           sight->gone_percent - progress_of(look, ground) >= by->number;
}

static bool names_one(const struct str *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

/* When one of the commands was given last, but not before the case came into its state. */
static struct instant active_at(const struct look *look, const struct regime_ground *ground)
{
    const struct casefile *casefile = look->casefile;
    struct instant latest = casefile->created_at;
    if (casefile->entries.len > 0)
        latest = casefile->entries.at[casefile->entries.len - 1].at;
    for (size_t i = 0; i < casefile->acts.len; i++) {
        const struct casefile_act *act = &casefile->acts.at[i];
        if (act->at.ms > latest.ms && names_one(ground->idle, ground->idle_count, act->command))
            latest = act->at;
    }
    return latest;
}

/* The latest confirmed measure of the steps; null: none. */
static const struct casefile_measure *pressed_last(const struct look *look,
                                                   const struct regime_ground *ground)
{
    const struct casefile *casefile = look->casefile;
    for (size_t i = casefile->measures.len; i > 0; i--) {
        const struct casefile_measure *measure = &casefile->measures.at[i - 1];
        if (measure->state == MEASURE_CONFIRMED &&
            names_one(ground->after, ground->after_count, measure->step))
            return measure;
    }
    return NULL;
}

/* All that the ground names; what a clock is asked for fails where it does not run. */
static enum status holds(const struct look *look, const struct regime_ground *ground,
                         struct sight *sight, bool *out)
{
    bool yes = true;
    *out = false;
    if (!str_is_empty(ground->clock)) {
        TRY(see_clock(look, ground, sight));
        if (sight->clock == NULL)
            return ST_OK;
    }
    if (is_asked(&ground->left))
        TRY(is_near(look, sight, &ground->left, &yes));
    if (yes && is_asked(&ground->over))
        TRY(is_over(look, sight, &ground->over, &yes));
    if (yes && ground->behind != NULL)
        yes = is_behind(look, sight, ground);
    if (yes && !str_is_empty(ground->flag))
        yes = casefile_has_flag(look->casefile, ground->flag);
    if (yes && ground->idle_count > 0)
        TRY(is_past(look, active_at(look, ground), &ground->idle_for, &yes));
    const struct casefile_measure *last =
        ground->after_count > 0 ? pressed_last(look, ground) : NULL;
    if (yes && last != NULL)
        TRY(is_past(look, last->decided_at, &ground->after_for, &yes));
    *out = yes && (last != NULL || ground->after_count == 0);
    return ST_OK;
}

static struct str month_of(struct arena *arena, struct instant at)
{
    struct civil civil = day_civil(day_of_instant(at));
    return str_printf(arena, "%04d-%02d", civil.year, civil.month);
}

/* "rectification 2026-06-30", "2026-06" or "case". */
static struct str key_of(const struct look *look, const struct regime_step *step,
                         const struct sight *sight)
{
    struct arena *arena = look->ctx->arena;
    switch (step->once_per) {
    case ONCE_PER_DEADLINE:
        if (sight->clock == NULL)
            break;
        return str_printf(arena, "%.*s %.*s", STR_ARG(sight->clock->name),
                          STR_ARG(day_format(arena, sight->view.deadline.due_day)));
    case ONCE_PER_MONTH: return month_of(arena, look->now);
    case ONCE_PER_CASE:
    case ONCE_PER_COUNT: break;
    }
    return S("case");
}

/* ---- which step ---- */

/* Whether `stronger` stands instead of `step`. */
static bool stands_for(const struct regime_step *stronger, struct str step)
{
    return names_one(stronger->instead_of, stronger->instead_count, step);
}

/* The step was proposed on this ground, or another instead of it. */
static bool is_used(const struct look *look, const struct regime_step *step, struct str key)
{
    const struct casefile *casefile = look->casefile;
    for (size_t i = 0; i < casefile->measures.len; i++) {
        const struct casefile_measure *measure = &casefile->measures.at[i];
        const struct regime_step *other =
            procedure_find_step(look->engine->procedure, measure->step);
        if (str_eq(measure->ground, key) &&
            (str_eq(measure->step, step->row.name) ||
             (other != NULL && stands_for(other, step->row.name))))
            return true;
    }
    return false;
}

static enum status any_holds(const struct look *look, const struct regime_step *step, bool *out)
{
    *out = false;
    for (size_t i = 0; i < step->when_count && !*out; i++) {
        struct sight sight = {0};
        TRY(holds(look, &step->when[i], &sight, out));
    }
    return ST_OK;
}

static enum status is_replaced(const struct look *look, const struct regime_step *step, bool *out)
{
    const struct regime_procedure *procedure = look->engine->procedure;
    *out = false;
    for (size_t i = 0; i < procedure->step_count && !*out; i++)
        if (stands_for(&procedure->steps[i], step->row.name))
            TRY(any_holds(look, &procedure->steps[i], out));
    return ST_OK;
}

static void put_length(struct arena *arena, struct value *out, const char *key,
                       struct length length)
{
    value_put_text(arena, out, key, length_format(arena, length));
}

/* What the proposal tells of its ground, for whoever decides about it. */
static struct value *why(const struct look *look, const struct regime_step *step,
                         const struct regime_ground *ground, const struct sight *sight)
{
    struct arena *arena = look->ctx->arena;
    struct value *out = value_map(arena);
    value_put_text(arena, out, "step", step->row.name);
    value_put_text(arena, out, "ground", key_of(look, step, sight));
    if (sight->clock != NULL) {
        value_put_text(arena, out, "clock", sight->clock->name);
        value_put_text(arena, out, "due", day_format(arena, sight->view.deadline.due_day));
        value_put_int(arena, out, "left", sight->view.left.days);
    }
    if (ground->behind != NULL) {
        value_put_int(arena, out, "gone", sight->gone_percent);
        value_put_int(arena, out, "progress", progress_of(look, ground));
    }
    if (!str_is_empty(ground->flag))
        value_put_text(arena, out, "flag", ground->flag);
    if (ground->idle_count > 0) {
        value_put_text(arena, out, "idle_since",
                       day_format(arena, day_of_instant(active_at(look, ground))));
        put_length(arena, out, "idle_for", length_of(look, &ground->idle_for));
    }
    const struct casefile_measure *last = pressed_last(look, ground);
    if (last != NULL)
        value_put_text(arena, out, "after", last->step);
    return out;
}

/* A ground that holds and has not borne the step; *out null: none. */
static enum status find_ground(const struct look *look, const struct regime_step *step,
                               struct value **out)
{
    *out = NULL;
    for (size_t i = 0; i < step->when_count && *out == NULL; i++) {
        struct sight sight = {0};
        bool yes;
        TRY(holds(look, &step->when[i], &sight, &yes));
        if (yes && !is_used(look, step, key_of(look, step, &sight)))
            *out = why(look, step, &step->when[i], &sight);
    }
    return ST_OK;
}

/* Of a proposal that a timer made. One that an effect made stands until it is answered. */
static enum status still_stands(const struct look *look, const struct casefile_measure *measure,
                                bool *out)
{
    const struct regime_step *step = procedure_find_step(look->engine->procedure, measure->step);
    bool replaced;
    *out = false;
    if (step == NULL)
        return ST_OK;
    if (value_find_c(measure->why, "by") != NULL) {
        *out = true;
        return ST_OK;
    }
    TRY(is_replaced(look, step, &replaced));
    for (size_t i = 0; i < step->when_count && !replaced && !*out; i++) {
        struct sight sight = {0};
        TRY(holds(look, &step->when[i], &sight, out));
        *out = *out && str_eq(measure->ground, key_of(look, step, &sight));
    }
    return ST_OK;
}

static bool has_ended(const struct look *look)
{
    const struct regime_state *state =
        procedure_find_state(look->engine->procedure, look->casefile->state);
    return look->casefile->withdrawn || state == NULL || state->end;
}

static enum status find_gone(const struct look *look, bool *out_waits, struct proposals *out)
{
    const struct casefile *casefile = look->casefile;
    *out_waits = false;
    for (size_t i = 0; i < casefile->measures.len; i++) {
        const struct casefile_measure *measure = &casefile->measures.at[i];
        bool stands = false;
        if (measure->state != MEASURE_OPEN)
            continue;
        if (!has_ended(look))
            TRY(still_stands(look, measure, &stands));
        if (!stands)
            vec_add(look->ctx->arena, &out->gone, measure);
        *out_waits = *out_waits || stands;
    }
    return ST_OK;
}

/* Whether a person could take the step now, the form and the person aside. */
static bool could_be_taken(const struct look *look, const struct regime_step *step)
{
    static const struct actor system = {.is_system = true};
    struct ctx own = {.arena = look->ctx->arena, .now = look->now};
    struct trial trial = {.ctx = &own,
                          .engine = look->engine,
                          .casefile = casefile_copy(look->ctx->arena, look->casefile),
                          .before = look->casefile,
                          .transition = &step->row,
                          .command = S("measure"),
                          .actor = &system,
                          .happened_at = look->now,
                          .clause = step->row.clause,
                          .form_aside = true};
    return trial_check_guards(&trial) == ST_OK;
}

static enum status find_step(const struct look *look, struct proposals *out)
{
    const struct regime_procedure *procedure = look->engine->procedure;
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct regime_step *step = &procedure->steps[i];
        struct value *ground;
        bool replaced;
        TRY(find_ground(look, step, &ground));
        if (ground == NULL)
            continue;
        TRY(is_replaced(look, step, &replaced));
        if (replaced || !could_be_taken(look, step))
            continue;
        out->step = step;
        out->why = ground;
        return ST_OK;
    }
    return ST_OK;
}

enum status engine_propose(struct ctx *ctx, const struct engine *engine,
                           const struct casefile *casefile, struct instant now,
                           struct proposals *out)
{
    const struct look look = {ctx, engine, casefile, now};
    struct proposals found = {0};
    bool waits;
    TRY(find_gone(&look, &waits, &found));
    if (!waits && !has_ended(&look))
        TRY(find_step(&look, &found));
    *out = found;
    return ST_OK;
}

/* ---- commands ---- */

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
    if (has_ended(&look))
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
        return month_of(arena, trial->happened_at);
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
    if (is_used(&look, step, key))
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
