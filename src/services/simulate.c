/*
 * The days. Each morning time asks for its own; then, several times a day, clerks look at the cases
 * that wait for somebody.
 */
#include "services/simulate.h"

#include "services/simulate_int.h"
#include "services/timers.h"

enum { MORNING_HOUR = 8 };

static const int hours[] = {9, 11, 14, 16};

/* ---- a day ---- */

static enum status visit_open_cases(struct play *play, struct visits *list)
{
    for (size_t i = 0; i < play->open.len; i++) {
        struct known *known = play->open.at[i];
        if (known->ended || known->look_on.v > play->today.v)
            continue;
        visits_add(play, list,
                  (struct visit){.kind = VISIT_COMMAND,
                                 .known = known,
                                 .brief = known->brief,
                                 .procedure = &play->regime->procedures[known->procedure]});
        TRY(visits_work_off_when_full(play, list));
    }
    return visits_work_off(play, list);
}

/* How many should have been made by the end of today. */
static int64_t due_by_today(const struct play *play, const struct quota *quota)
{
    int64_t day = play->today.v - play->first.v;
    int64_t making = play->days - play->terms->quiet_days;
    if (!quota->each_period)
        return quota->cases * (day < making ? day + 1 : making) / making;
    int64_t period = day / play->period_days, in_period = day % play->period_days + 1;
    int64_t share = in_period < quota->spread_days ? in_period : quota->spread_days;
    return quota->cases * period + quota->cases * share / quota->spread_days;
}

/* Of what nobody asked for, one in each period, on a day of its own. */
static bool is_its_day(const struct play *play, const struct quota *quota)
{
    int64_t day = play->today.v - play->first.v;
    struct dice dice = dice_of(play->terms->seed + (uint64_t)(quota - play->quotas),
                               (uint64_t)(day / play->period_days));
    return (int64_t)dice_roll(&dice, (uint64_t)play->period_days) == day % play->period_days;
}

static int64_t to_make(const struct play *play, const struct quota *quota)
{
    if (!quota->is_theirs || quota->each_region || quota->is_composed)
        return 0;
    if (quota->cases == 0)
        return is_its_day(play, quota) ? 1 : 0;
    int64_t lag = due_by_today(play, quota) - quota->made;
    int64_t usual = quota->each_period ? quota->cases : quota->cases / play->days + 1;
    return lag < 0 ? 0 : lag < 2 * usual ? lag : 2 * usual;
}

static bool stands_in(const struct play *play, size_t procedure, struct str region)
{
    for (size_t i = 0; i < play->open.len; i++)
        if (play->open.at[i]->procedure == procedure && !play->open.at[i]->ended &&
            str_eq(play->open.at[i]->region, region))
            return true;
    return false;
}

/* What others rest on, in each region where it is missing. */
static enum status make_standing_cases(struct play *play, struct visits *list)
{
    for (size_t i = 0; i < play->regime->procedure_count; i++)
        for (size_t j = 0; play->quotas[i].each_region && j < play->region_count; j++) {
            if (stands_in(play, i, play->regions[j]))
                continue;
            visits_add(play, list,
                      (struct visit){.kind = VISIT_CREATE,
                                     .procedure = &play->regime->procedures[i],
                                     .region = play->regions[j]});
            TRY(visits_work_off_when_full(play, list));
        }
    return visits_work_off(play, list);
}

/* Those that lead on the first day, those that follow them from the next on: half of what is left each day. */
static enum status compose_bodies(struct play *play, struct arena *arena, struct visits *list)
{
    int64_t period = body_period_today(play);
    for (size_t i = 0; i < play->regime->procedure_count && period >= 0; i++) {
        struct quota *quota = &play->quotas[i];
        if (!quota->is_composed)
            continue;
        if (quota->composed_period != period)
            quota->composed = 0;
        quota->composed_period = period;
        int64_t left = quota->cases - quota->composed;
        int64_t first = (int64_t)play->region_count < left ? (int64_t)play->region_count : left;
        int64_t today = quota->composed == 0 ? first : (left + 1) / 2;
        for (int64_t n = 0; n < today; n++, quota->composed++) {
            struct brief *brief;
            struct arena_mark mark = arena_mark(arena);
            TRY(body_compose(play, arena, i, period, quota->composed, &brief));
            arena_return(arena, mark);
            visits_add(play, list,
                      (struct visit){.kind = VISIT_CREATE,
                                     .procedure = &play->regime->procedures[i],
                                     .brief = brief,
                                     .region = play->regions[(size_t)quota->composed %
                                                             play->region_count]});
            TRY(visits_work_off_when_full(play, list));
        }
    }
    TRY(visits_work_off(play, list));
    body_flush(play);
    return ST_OK;
}

/* What must stand behind others. */
static enum status make_wanted(struct play *play, struct visits *list)
{
    for (size_t i = 0; i < play->wants.len; i++) {
        visits_add(play, list,
                  (struct visit){.kind = VISIT_CREATE,
                                 .procedure = &play->regime->procedures[play->wants.at[i].procedure],
                                 .brief = play->wants.at[i].brief,
                                 .region = play->wants.at[i].region});
        TRY(visits_work_off_when_full(play, list));
    }
    play->wants.len = 0;
    return visits_work_off(play, list);
}

static enum status make_cases(struct play *play, struct visits *list)
{
    struct dice dice = dice_of(~play->terms->seed, (uint64_t)play->today.v);
    for (size_t i = 0; i < play->regime->procedure_count; i++)
        for (int64_t n = to_make(play, &play->quotas[i]); n > 0; n--) {
            const struct quota *quota = &play->quotas[i];
            size_t region = quota->each_period ? (size_t)(quota->made + n) % play->region_count
                                               : dice_roll(&dice, play->region_count);
            visits_add(play, list,
                      (struct visit){.kind = VISIT_CREATE,
                                     .procedure = &play->regime->procedures[i],
                                     .region = play->regions[region]});
            TRY(visits_work_off_when_full(play, list));
        }
    return visits_work_off(play, list);
}

static enum status run_timers(struct play *play, struct ctx *ctx)
{
    struct timers_figures figures;
    if (timers_run(ctx, play->home, play->world, &figures) != ST_OK) {
        play->result->troubles++;
        fail_clear(ctx);
    }
    for (int i = 0; i < TIMER_COUNT; i++)
        play->result->timed += figures.done[i];
    return visits_follow(play, ctx);
}

static enum status live_hour(struct play *play, struct ctx *ctx, struct visits *list, size_t hour)
{
    ctx->now.ms = day_start(play->today).ms + (int64_t)hours[hour] * MS_PER_HOUR;
    play->now = ctx->now;
    if (hour == 0) {
        TRY(make_standing_cases(play, list));
        TRY(compose_bodies(play, ctx->arena, list));
        TRY(make_wanted(play, list));
        if (play->today.v >= play->first.v)
            TRY(make_cases(play, list));
    }
    TRY(visit_open_cases(play, list));
    return visits_follow(play, ctx);
}

static enum status live_day(struct play *play, struct arena *arena)
{
    struct ctx ctx = {.arena = arena, .now = day_start(play->today)};
    struct visits list = {.visits = arena_alloc_array(arena, VISITS_MAX, sizeof *list.visits),
                          .turns = arena_alloc_array(arena, VISITS_MAX, sizeof *list.turns)};
    enum status status;
    ctx.now.ms += (int64_t)MORNING_HOUR * MS_PER_HOUR;
    play->now = ctx.now;
    play->ctx = &ctx;
    status = run_timers(play, &ctx);
    visits_drop_ended(play);
    for (size_t i = 0; i < COUNT_OF(hours) && status == ST_OK; i++)
        status = live_hour(play, &ctx, &list, i);
    return status;
}

/* ---- all of it ---- */

static enum status live(struct play *play, struct ctx *ctx)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    int64_t prepared = play->first.v - play->today.v, total = prepared + play->days;
    for (int64_t day = 0; day < total; day++) {
        arena_reset(arena);
        enum status status = live_day(play, arena);
        if (status != ST_OK) {
            (void)fail_reason(ctx, status, play->ctx->failure.reason);
            fail_keep(ctx);
            return status;
        }
        if (play->terms->progress != NULL)
            play->terms->progress(play->terms->progress_arg, day + 1, total);
        ctx->now = play->now;
        play->result->last = play->today;
        play->today = day_add(play->today, 1);
    }
    play->ctx = ctx;
    return ST_OK;
}

static enum status play_with(struct ctx *ctx, const struct home *home,
                             const struct simulate_terms *terms, struct simulate_result *result)
{
    struct play play = {.ctx = ctx,
                        .home = home,
                        .terms = terms,
                        .result = result,
                        .lasting = arena_new()};
    for (size_t i = 0; i < PLANNERS; i++)
        play.planners[i].arena = arena_new();
    enum status status = play_open(&play);
    result->first = play.first;
    if (status == ST_OK)
        status = live(&play, ctx);
    if (status == ST_OK)
        status = simulate_check(&play);
    play_close(&play);
    return status;
}

/* One writing connection of its own: several would write in an order that no seed decides. */
enum status simulate_run(struct ctx *ctx, const struct home *home,
                         const struct simulate_terms *terms, struct simulate_result *out)
{
    struct simulate_result result = {0};
    struct home own = *home;
    if (!home->store->sandbox)
        return fail(ctx, ST_CONFLICT, "simulate.only_sandbox", NO_ARGS);
    TRY(writer_new(ctx, home->store->db, home->store->hash, 1, &own.writer));
    enum status status = play_with(ctx, &own, terms, &result);
    writer_free(own.writer);
    *out = result;
    return status;
}
