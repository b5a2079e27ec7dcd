/*
 * How a case is pressed, as its readers see it: the level, each measure with its ground in words, and
 * which steps could be taken now.
 */
#include <inttypes.h>

#include "base/num.h"
#include "engine/ladder.h"
#include "services/case_document.h"

static struct str sentence(struct arena *arena, const struct case_view *view, const char *key,
                           struct args args)
{
    return reader_sentence(arena, &view->reader, key, args);
}

static struct str word_of(const struct case_view *view, struct str name)
{
    return words_label(view->reader.lang, regime_flag_words(view->engine->regime, name));
}

static void say(struct arena *arena, const struct case_view *view, struct value *why,
                const char *key, struct args args)
{
    value_append(why, value_text(arena, sentence(arena, view, key, args)));
}

static struct arg day_arg(struct arena *arena, const char *name, struct str text)
{
    struct day day;
    (void)arena;
    return arg_day(name, day_parse(text, &day) ? day : DAY_NONE);
}

/* i18n: measure.why.* */
static void put_why(struct arena *arena, const struct case_view *view,
                    const struct casefile_measure *measure, struct value *row)
{
    const struct value *ground = measure->why;
    struct value *why = value_put_list(arena, row, "why");
    const struct regime_deadline *deadline =
        procedure_find_deadline(view->engine->procedure, value_find_text(ground, "clock"));
    struct str since = value_find_text(ground, "idle_since");
    struct str flag = value_find_text(ground, "flag");
    struct str after = value_find_text(ground, "after");
    if (ground == NULL || value_find_c(ground, "by") != NULL)
        say(arena, view, why, ground == NULL ? "measure.why.hand" : "measure.why.rule", NO_ARGS);
    if (deadline != NULL)
        say(arena, view, why,
            value_find_int(ground, "left", 0) < 0 ? "measure.why.over" : "measure.why.due",
            ARGS(arg_words("clock", deadline->words),
                 day_arg(arena, "day", value_find_text(ground, "due"))));
    if (value_find_c(ground, "gone") != NULL)
        say(arena, view, why, "measure.why.behind",
            ARGS(arg_int("gone", value_find_int(ground, "gone", 0)),
                 arg_int("progress", value_find_int(ground, "progress", 0))));
    if (!str_is_empty(flag))
        say(arena, view, why, "measure.why.flag", ARGS(arg_text("flag", word_of(view, flag))));
    if (!str_is_empty(since))
        say(arena, view, why, "measure.why.idle", ARGS(day_arg(arena, "day", since)));
    if (!str_is_empty(after))
        say(arena, view, why, "measure.why.after", ARGS(arg_text("step", word_of(view, after))));
}

/* Where the ground is a clock that still runs: what is left of it now. */
static void put_left(struct arena *arena, const struct case_view *view,
                     const struct casefile_measure *measure, struct value *row)
{
    struct str name = value_find_text(measure->why, "clock");
    const struct casefile_clock *clock = casefile_find_clock(view->casefile, name);
    struct ctx own = {.arena = arena, .now = view->reader.now};
    struct clock_view seen;
    value_put_text(arena, row, "due", value_find_text(measure->why, "due"));
    if (clock == NULL || !instant_is_none(clock->stopped) ||
        engine_clock_view(&own, view->engine->calendar, clock, view->reader.now, &seen) != ST_OK ||
        seen.deadline.open)
        return;
    value_put_int(arena, row, "left", seen.left.days);
    value_put_text(arena, row, "left_class", str_of(reader_left_class(&seen.left)));
    value_put_text(arena, row, "left_text",
                   reader_left(arena, &view->reader, &seen.deadline, &seen.left, false));
}

static void put_time(struct arena *arena, const struct case_view *view, struct value *row,
                     const char *key, const char *text_key, struct instant at)
{
    if (instant_is_none(at))
        return;
    value_put_text(arena, row, key, instant_format(arena, at));
    value_put_text(arena, row, text_key, reader_time(arena, &view->reader, at));
}

static void put_units(struct arena *arena, const struct case_view *view,
                      const struct casefile_measure *measure, struct value *row)
{
    struct value *units = value_put_list(arena, row, "units");
    for (size_t i = 0; i < measure->units.len; i++) {
        const struct world_unit *unit =
            world_find_unit(view->world, (struct unit_id){measure->units.at[i]});
        value_append(units, value_text(arena, unit != NULL
                                                  ? unit->name
                                                  : str_printf(arena, "%" PRId64,
                                                               measure->units.at[i])));
    }
}

/* Whether taking the step ties the case to others by this word. */
static bool ties_by(const struct regime_step *step, struct str link)
{
    for (size_t i = 0; step != NULL && i < step->row.then_count; i++) {
        const struct regime_effect *effect = &step->row.then[i];
        if ((effect->kind == EFFECT_OPEN || effect->kind == EFFECT_GIVE) &&
            str_eq(value_find_text(effect->args, "link"), link))
            return true;
    }
    return false;
}

/* What came of it: cases that it opened or named. */
static void put_follow(struct arena *arena, const struct case_view *view,
                       const struct casefile_measure *measure, struct value *row)
{
    const struct regime_step *step = procedure_find_step(view->engine->procedure, measure->step);
    struct value *follow = value_put_list(arena, row, "follow");
    for (size_t i = 0; measure->state == MEASURE_CONFIRMED && i < view->casefile->links.len; i++) {
        const struct casefile_link *link = &view->casefile->links.at[i];
        if (!ties_by(step, link->kind))
            continue;
        struct str id = casefile_ref_format(arena, link->prefecture, link->id);
        struct value *one = value_append_map(arena, follow);
        value_put_text(arena, one, "id", id);
        value_put_text(arena, one, "url", str_concat(arena, S("/cases/"), id));
        value_put_text(arena, one, "kind_label", word_of(view, link->kind));
    }
}

static void put_answer(struct arena *arena, const struct case_view *view,
                       const struct casefile_measure *measure, struct value *row)
{
    put_time(arena, view, row, "decided", "decided_text", measure->decided_at);
    if (measure->decided_seq > 0 && measure->state != MEASURE_GONE)
        value_put_text(arena, row, "by", actor_name(arena, view, measure->actor));
    value_put_text(arena, row, "reason", measure->reason);
    value_put_text(arena, row, "record", measure->record);
    if (!str_is_empty(measure->record))
        value_put_text(arena, row, "record_url", str_concat(arena, S("/cases/"), measure->record));
}

void put_measure(struct arena *arena, const struct case_view *view,
                 const struct casefile_measure *measure, struct value *row)
{
    static const struct {
        struct str name;
        const char *key;
    } states[MEASURE_STATE_COUNT] = {
        [MEASURE_OPEN] = {STR_INIT("open"), "measure.state.open"},
        [MEASURE_CONFIRMED] = {STR_INIT("confirmed"), "measure.state.confirmed"},
        [MEASURE_HELD] = {STR_INIT("held"), "measure.state.held"},
        [MEASURE_GONE] = {STR_INIT("gone"), "measure.state.gone"},
    };
    value_put_int(arena, row, "seq", measure->seq);
    value_put_text(arena, row, "step", measure->step);
    value_put_text(arena, row, "step_label", word_of(view, measure->step));
    value_put_text(arena, row, "clause", measure->clause);
    value_put_text(arena, row, "state", states[measure->state].name);
    value_put_text(arena, row, "state_label",
                   sentence(arena, view, states[measure->state].key, NO_ARGS));
    value_put_text(arena, row, "ground", measure->ground);
    put_why(arena, view, measure, row);
    put_units(arena, view, measure, row);
    put_left(arena, view, measure, row);
    put_time(arena, view, row, "proposed", "proposed_text", measure->at);
    put_answer(arena, view, measure, row);
    put_follow(arena, view, measure, row);
}

static void put_step(struct arena *arena, const struct case_view *view,
                     const struct step_view *seen, struct value *row)
{
    const struct regime_transition *step = &seen->step->row;
    value_put_text(arena, row, "step", step->name);
    value_put_text(arena, row, "label", words_label(view->reader.lang, step->words));
    value_put_text(arena, row, "clause", step->clause);
    value_put_bool(arena, row, "present", str_eq(view->casefile->pressing, step->name));
    value_put_bool(arena, row, "proposed", seen->open != NULL);
    value_put_bool(arena, row, "allowed", seen->may_take);
    if (seen->may_take || seen->is_who)
        return;
    value_put_text(arena, row, "why_not",
                   words_reason(arena, view->reader.words, view->reader.lang, &seen->why_not));
    value_put_text(arena, row, "needs",
                   words_needs(arena, view->reader.words, view->reader.lang, &seen->why_not));
    value_put_text(arena, row, "why_clause", seen->why_not.clause);
}

void put_measures(struct ctx *ctx, const struct case_view *view, struct value *doc)
{
    struct arena *arena = ctx->arena;
    struct value *measures = value_put_list(arena, doc, "measures");
    struct value *steps = value_put_list(arena, doc, "steps");
    struct step_list seen = {0};
    if (!str_is_empty(view->casefile->pressing))
        value_put_text(arena, doc, "pressing_label", word_of(view, view->casefile->pressing));
    for (size_t i = view->casefile->measures.len; i > 0; i--)
        put_measure(arena, view, &view->casefile->measures.at[i - 1],
                    value_append_map(arena, measures));
    engine_list_steps(ctx, view->engine, view->casefile, view->actor, &seen);
    for (size_t i = 0; i < seen.len; i++)
        put_step(arena, view, &seen.at[i], value_append_map(arena, steps));
}
