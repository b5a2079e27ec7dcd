/*
 * The grounds of a step are asked of the case as it stands at one instant. Which of them was met is
 * told by a short key (the clock and its last day, the month, or the case), so that the same ground
 * never bears the same step twice.
 */
#include "engine/ladder.h"

#include "engine/ladder_int.h"

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

struct str look_month(struct arena *arena, struct instant at)
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
    case ONCE_PER_MONTH: return look_month(arena, look->now);
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
bool look_is_used(const struct look *look, const struct regime_step *step, struct str key)
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
        if (yes && !look_is_used(look, step, key_of(look, step, &sight)))
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

bool look_has_ended(const struct look *look)
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
        if (!look_has_ended(look))
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
    if (!waits && !look_has_ended(&look))
        TRY(find_step(&look, &found));
    *out = found;
    return ST_OK;
}
