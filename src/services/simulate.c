/*
 * The days. Each morning time asks for its own; then, several times a day, clerks look at the cases
 * that wait for somebody. What they plan in one go is planned side by side, handed to one writer in a
 * fixed order and settled in that order, so that a seed gives one ledger.
 */
#include "services/simulate.h"

#include <pthread.h>
#include <unistd.h>

#include "base/num.h"
#include "regime/obligation.h"
#include "services/campaign.h"
#include "services/evidence.h"
#include "services/simulate_int.h"
#include "services/timers.h"
#include "services/world_int.h"
#include "store/news_rows.h"

enum {
    MORNING_HOUR = 8,
    CHUNK = 256,       /* visits planned and given together: a group of the writer */
    PATIENCE_MAX = 4096, /* days between looks at a case where nothing can be done: each next one twice as late */
    REFUSED_WORTH = 8,   /* looks in vain: what was refused is put off for longer */
    AWAITED_LOOKS = 40,  /* at a case for which others wait, before it is left like any other */
    PAUSE_DAYS = 4,    /* until the next command in a case, at most */
    MUSTER_DAYS = 3,   /* of a period, in which all that is wanted each period is made */
    REGIONS_MAX = 400,
    FOLDS_KEPT = 12288,  /* the nominations and teams of two rounds of a large campaign */
    PREPARE_DAYS = 20, /* before the first day: what others rest on, and the bodies of the first period */
};

static const int hours[] = {9, 11, 14, 16};

/* ---- following the campaign ---- */

static size_t procedure_at(const struct regime *regime, struct str name)
{
    for (size_t i = 0; i < regime->procedure_count; i++)
        if (str_eq(regime->procedures[i].name, name))
            return i;
    return SIZE_MAX;
}

static void take_news(struct play *play, const struct news_case *news, struct str ref)
{
    struct known *known = strmap_find(&play->by_ref, ref);
    size_t procedure = procedure_at(play->regime, news->procedure);
    if (procedure == SIZE_MAX)
        return;
    if (known == NULL) {
        known = arena_new_of(play->lasting, struct known);
        *known = (struct known){.ref = {news->prefecture, news->id},
                                .procedure = procedure,
                                .region = str_copy(play->lasting, news->region),
                                .number = str_copy(play->lasting, news->number),
                                .brief = strmap_find(&play->briefs, ref)};
        (void)strmap_put(&play->by_ref, str_copy(play->lasting, ref), known);
        vec_add(play->lasting, &play->cases, known);
        vec_add(play->lasting, &play->open, known);
    }
    if (known->version == news->version)
        return;
    if (!str_eq(known->state, news->state)) {
        const struct regime_state *state =
            procedure_find_state(&play->regime->procedures[procedure], news->state);
        known->state = state == NULL ? str_copy(play->lasting, news->state) : state->name;
    }
    known->version = news->version;
    known->ended = news->ended;
    known->patience = 1;
    if (known->look_on.v > play->today.v + PAUSE_DAYS)
        known->look_on = play->today;
}

static enum status follow(struct play *play, struct ctx *ctx)
{
    struct news_cases news;
    TRY(news_rows_cases(ctx, play->conn, play->campaign->name, play->looked, &news));
    for (size_t i = 0; i < news.len; i++)
        take_news(play, &news.at[i],
                  casefile_ref_format(ctx->arena, news.at[i].prefecture, news.at[i].id));
    play->looked = ctx->now;
    return ST_OK;
}

static void drop_ended(struct play *play)
{
    size_t left = 0;
    for (size_t i = 0; i < play->open.len; i++)
        if (!play->open.at[i]->ended)
            play->open.at[left++] = play->open.at[i];
    play->open.len = left;
}

/* ---- a list of visits ---- */

struct visits {
    struct visit *visits;
    struct casework_turn *turns;
    size_t count;
};

struct planner {
    const struct play *play;
    const struct visits *list;
    struct db_conn *conn;
    size_t first;
    struct ctx ctx; /* of one visit at a time; has the failure that ends the play */
};

static void *plan(void *arg)
{
    struct planner *planner = arg;
    enum status status = ST_OK;
    for (size_t i = planner->first; i < planner->list->count && status == ST_OK; i += PLANNERS) {
        arena_reset(planner->ctx.arena);
        status = clerk_plan(planner->play, &planner->ctx, planner->conn,
                            &planner->list->visits[i], &planner->list->turns[i]);
    }
    return NULL;
}

static enum status plan_all(struct play *play, const struct visits *list)
{
    struct planner planners[PLANNERS];
    pthread_t threads[PLANNERS];
    for (size_t i = 0; i < PLANNERS; i++) {
        planners[i] = (struct planner){play, list, play->planners[i].conn, i,
                                       {.arena = play->planners[i].arena, .now = play->now}};
        must(pthread_create(&threads[i], NULL, plan, &planners[i]) == 0);
    }
    for (size_t i = 0; i < PLANNERS; i++)
        must(pthread_join(threads[i], NULL) == 0);
    for (size_t i = 0; i < PLANNERS; i++)
        if (planners[i].ctx.failure.status != ST_OK) {
            const struct failure *failure = &planners[i].ctx.failure;
            (void)fail_reason(play->ctx, failure->status, failure->reason);
            fail_keep(play->ctx);
            return failure->status;
        }
    return ST_OK;
}

static void count_refusal(struct play *play, const struct visit *visit,
                          const struct casework_turn *turn)
{
    const struct reason *reason = &turn->ctx.failure.reason;
    struct str command = visit->kind == VISIT_CREATE     ? S("create")
                         : visit->kind == VISIT_EVIDENCE ? S("add_evidence")
                                                         : visit->row->name;
    struct str what = str_printf(turn->arena, "%.*s.%.*s %.*s: %s",
                                 STR_ARG(visit->procedure->name), STR_ARG(command),
                                 STR_ARG(reason->field), reason->key);
    struct str key = str_printf(turn->arena, "%.*s %.*s", STR_ARG(what), STR_ARG(reason->clause));
    struct simulate_refusal *refusal = strmap_find(&play->refusals, key);
    if (refusal == NULL) {
        refusal = arena_new_of(play->lasting, struct simulate_refusal);
        refusal->what = str_copy(play->lasting, what);
        refusal->clause = str_copy(play->lasting, reason->clause);
        (void)strmap_put(&play->refusals, str_copy(play->lasting, key), refusal);
    }
    refusal->times++;
    play->result->refused++;
}

static void learn(struct play *play, struct str key, int kind)
{
    int *lesson = strmap_find(&play->lessons, key);
    if (lesson == NULL) {
        lesson = arena_new_of(play->lasting, int);
        (void)strmap_put(&play->lessons, str_copy(play->lasting, key), lesson);
    }
    *lesson = kind;
}

static void remember(struct play *play, const struct visit *visit, struct arena *arena)
{
    for (size_t i = 0; i < visit->answers.len; i++) {
        learn(play, desk_lesson_key(arena, visit, visit->answers.at[i].path),
              visit->answers.at[i].kind);
    if (visit->plain && visit->attempt > 0)
        learn(play, desk_lesson_key(arena, visit, LESSON_PLAIN), LESSON_PASSED);
    if (visit->kind != VISIT_CREATE)
        return;
    learn(play, desk_lesson_key(arena, visit, visit->source), LESSON_PASSED);
    learn(play, desk_lesson_key(arena, visit, desk_kind_lesson(arena, visit->person)),
          LESSON_PASSED);
    }
}

static void note_tried(struct play *play, const struct visit *visit)
{
    struct known *known = visit->known;
    if (visit->row == NULL)
        return;
    if (known->tried == NULL)
        known->tried = arena_alloc_array(play->lasting, visit->procedure->transition_count,
                                         sizeof *known->tried);
    uint16_t *tried = &known->tried[visit->row - visit->procedure->transitions];
    if (*tried < UINT16_MAX)
        ++*tried;
}

/* What was planned goes on at once until its time has come; the rest when somebody finds the time. */
static int32_t pause_after(const struct play *play, struct visit *visit)
{
    int32_t pause = (int32_t)dice_roll(&visit->dice, PAUSE_DAYS);
    const struct regime_state *state = procedure_find_state(visit->procedure, visit->known->state);
    bool awaited = visit->known->brief != NULL || play->quotas[visit->known->procedure].each_region;
    return awaited && state != NULL && !state->rests ? 0 : pause;
}

/* Others wait for it: not for long, and not after the last day of the body that it is or stands behind. */
static bool is_awaited(const struct play *play, const struct known *known)
{
    const struct regime_procedure *procedure = &play->regime->procedures[known->procedure];
    if (known->brief == NULL)
        return play->quotas[known->procedure].each_region;
    const struct casefile planned = {.fields = known->brief->fields};
    struct day last = body_last_day(play->regime, procedure, &planned);
    return day_is_none(last) || last.v >= play->today.v;
}

static void settle_nothing(const struct play *play, const struct visit *visit)
{
    if (visit->known == NULL)
        return;
    if (is_awaited(play, visit->known) && visit->known->looks++ < AWAITED_LOOKS)
        visit->known->patience = 1; /* others wait for it */
    visit->known->look_on = day_add(play->today, visit->known->patience);
    visit->known->patience *= visit->known->patience < PATIENCE_MAX ? 2 : 1;
}

/* What was planned of a new case goes with it. */
static void keep_brief(struct play *play, const struct visit *visit,
                       const struct case_order *order)
{
    struct str ref = casefile_ref_format(play->lasting, order->made.prefecture, order->made.id);
    if (visit->brief == NULL)
        return;
    struct brief *brief = arena_new_of(play->lasting, struct brief);
    *brief = *visit->brief;
    (void)strmap_put(&play->briefs, ref, brief);
    if (brief->lead != NULL)
        *brief->lead = ref;
}

/* Which unit a case that stands in each region was given: another region's takes another. */
static void note_turns(struct play *play, const struct visit *visit, const struct case_order *order)
{
    if (!play->quotas[visit->known->procedure].each_region)
        return;
    for (const struct value *given = order->input->first; given != NULL; given = given->next) {
        int64_t id;
        const struct value *text = given->kind == VALUE_LIST ? given->first : given;
        if (text == NULL || text->kind != VALUE_TEXT || !num_parse_i64(text->text, 1, INT64_MAX, &id))
            continue;
        int64_t *kept = arena_new_of(play->lasting, int64_t);
        *kept = id;
        (void)strmap_put(&play->turns,
                         desk_turn_key(play->lasting, visit, given->key, visit->known->region), kept);
    }
}

static void settle_taken(struct play *play, struct visit *visit, const struct case_order *order,
                         struct arena *arena)
{
    play->result->accepted++;
    remember(play, visit, arena);
    if (visit->kind == VISIT_CREATE) {
        play->quotas[visit->procedure - play->regime->procedures].made++;
        keep_brief(play, visit, order);
        return;
    }
    if (visit->kind == VISIT_COMMAND) {
        note_tried(play, visit);
        note_turns(play, visit, order);
    }
    visit->known->look_on = day_add(play->today, pause_after(play, visit));
}

/* Whether the same command is to be given again. */
static bool settle(struct play *play, struct visit *visit, struct casework_turn *turn)
{
    if (turn->status == ST_OK) {
        settle_taken(play, visit, &turn->order, turn->arena);
        return false;
    }
    count_refusal(play, visit, turn);
    if (clerk_learns(play, visit, turn))
        return true;
    if (visit->known != NULL) {
        note_tried(play, visit);
        visit->known->patience *= REFUSED_WORTH;
        settle_nothing(play, visit);
    }
    return false;
}

static bool is_trouble(const struct casework_turn *turn)
{
    return turn->status == ST_IO || turn->status == ST_UNAVAILABLE || turn->status == ST_INTERNAL ||
           turn->status == ST_BROKEN;
}

/* Those who found nothing to do leave the list. */
static void send_away(const struct play *play, struct visits *list)
{
    size_t left = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->visits[i].kind == VISIT_NOTHING) {
            settle_nothing(play, &list->visits[i]);
            arena_free(list->turns[i].arena);
            continue;
        }
        list->visits[left] = list->visits[i];
        list->turns[left++] = list->turns[i];
    }
    list->count = left;
}

static enum status give_all(struct play *play, struct visits *list)
{
    if (list->count == 0)
        return ST_OK;
    casework_give_many(list->turns, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct failure *failure = &list->turns[i].ctx.failure;
        if (!is_trouble(&list->turns[i]))
            continue;
        (void)fail_reason(play->ctx, failure->status, failure->reason);
        fail_keep(play->ctx);
        return failure->status;
    }
    return ST_OK;
}

/* Plans, gives and settles until nobody wants to try again. */
static enum status work_off(struct play *play, struct visits *list)
{
    while (list->count > 0) {
        size_t left = 0;
        TRY(plan_all(play, list));
        send_away(play, list);
        TRY(give_all(play, list));
        for (size_t i = 0; i < list->count; i++) {
            if (!settle(play, &list->visits[i], &list->turns[i])) {
                arena_free(list->turns[i].arena);
                continue;
            }
            list->visits[left] = list->visits[i];
            list->turns[left++] = list->turns[i];
        }
        list->count = left;
    }
    return ST_OK;
}

static void add_visit(struct play *play, struct visits *list, struct visit visit)
{
    casework_turn_begin(&list->turns[list->count], play->now);
    visit.dice = dice_of(play->terms->seed, play->visits++);
    list->visits[list->count++] = visit;
}

static enum status work_off_when_full(struct play *play, struct visits *list)
{
    return list->count < CHUNK ? ST_OK : work_off(play, list);
}

/* ---- a day ---- */

static enum status visit_open_cases(struct play *play, struct visits *list)
{
    for (size_t i = 0; i < play->open.len; i++) {
        struct known *known = play->open.at[i];
        if (known->ended || known->look_on.v > play->today.v)
            continue;
        add_visit(play, list,
                  (struct visit){.kind = VISIT_COMMAND,
                                 .known = known,
                                 .brief = known->brief,
                                 .procedure = &play->regime->procedures[known->procedure]});
        TRY(work_off_when_full(play, list));
    }
    return work_off(play, list);
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
            add_visit(play, list,
                      (struct visit){.kind = VISIT_CREATE,
                                     .procedure = &play->regime->procedures[i],
                                     .region = play->regions[j]});
            TRY(work_off_when_full(play, list));
        }
    return work_off(play, list);
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
            add_visit(play, list,
                      (struct visit){.kind = VISIT_CREATE,
                                     .procedure = &play->regime->procedures[i],
                                     .brief = brief,
                                     .region = play->regions[(size_t)quota->composed %
                                                             play->region_count]});
            TRY(work_off_when_full(play, list));
        }
    }
    TRY(work_off(play, list));
    body_flush(play);
    return ST_OK;
}

/* What must stand behind others. */
static enum status make_wanted(struct play *play, struct visits *list)
{
    for (size_t i = 0; i < play->wants.len; i++) {
        add_visit(play, list,
                  (struct visit){.kind = VISIT_CREATE,
                                 .procedure = &play->regime->procedures[play->wants.at[i].procedure],
                                 .brief = play->wants.at[i].brief,
                                 .region = play->wants.at[i].region});
        TRY(work_off_when_full(play, list));
    }
    play->wants.len = 0;
    return work_off(play, list);
}

static enum status make_cases(struct play *play, struct visits *list)
{
    struct dice dice = dice_of(~play->terms->seed, (uint64_t)play->today.v);
    for (size_t i = 0; i < play->regime->procedure_count; i++)
        for (int64_t n = to_make(play, &play->quotas[i]); n > 0; n--) {
            const struct quota *quota = &play->quotas[i];
            size_t region = quota->each_period ? (size_t)(quota->made + n) % play->region_count
                                               : dice_roll(&dice, play->region_count);
            add_visit(play, list,
                      (struct visit){.kind = VISIT_CREATE,
                                     .procedure = &play->regime->procedures[i],
                                     .region = play->regions[region]});
            TRY(work_off_when_full(play, list));
        }
    return work_off(play, list);
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
    return follow(play, ctx);
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
    return follow(play, ctx);
}

static enum status live_day(struct play *play, struct arena *arena)
{
    struct ctx ctx = {.arena = arena, .now = day_start(play->today)};
    struct visits list = {.visits = arena_alloc_array(arena, CHUNK, sizeof *list.visits),
                          .turns = arena_alloc_array(arena, CHUNK, sizeof *list.turns)};
    enum status status;
    ctx.now.ms += (int64_t)MORNING_HOUR * MS_PER_HOUR;
    play->now = ctx.now;
    play->ctx = &ctx;
    status = run_timers(play, &ctx);
    drop_ended(play);
    for (size_t i = 0; i < COUNT_OF(hours) && status == ST_OK; i++)
        status = live_hour(play, &ctx, &list, i);
    return status;
}

/* ---- before the first day ---- */

static enum status unknown_procedure(struct ctx *ctx, struct str name)
{
    return fail(ctx, ST_NOT_FOUND, "procedure.unknown", ARGS(arg_text("name", name)));
}

static bool is_made_by_people(const struct regime_procedure *procedure)
{
    for (size_t i = 0; i < procedure->created_by_count; i++)
        if (!str_eq(procedure->created_by[i].role, S("system")))
            return true;
    return false;
}

static bool is_rested_on(const struct regime *regime, struct str procedure)
{
    for (size_t i = 0; i < regime->role_count; i++)
        if (regime->roles[i].standing != NULL && !regime->roles[i].standing->live &&
            str_eq(regime->roles[i].standing->procedure, procedure))
            return true;
    return false;
}

/* The longest way that people may begin: what the campaign is about. */
static size_t main_procedure(const struct regime *regime)
{
    size_t longest = SIZE_MAX;
    for (size_t i = 0; i < regime->procedure_count; i++)
        if (is_made_by_people(&regime->procedures[i]) &&
            (longest == SIZE_MAX || regime->procedures[i].transition_count >
                                        regime->procedures[longest].transition_count))
            longest = i;
    return longest;
}

static bool gives_to(const struct regime_procedure *procedure, struct str other)
{
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        for (size_t j = 0; j < row->then_count; j++)
            if (row->then[j].kind == EFFECT_GIVE &&
                !str_is_empty(value_find_text(row->then[j].args, "to")) &&
                str_eq(value_find_text(row->then[j].args, "procedure"), other))
                return true;
    }
    return false;
}

/* What takes cases that clerks make in quantity a step on is made in each region, each period. */
static void set_carriers(struct play *play)
{
    const struct regime *regime = play->regime;
    for (size_t i = 0; i < regime->procedure_count; i++)
        for (size_t j = 0; j < regime->procedure_count; j++) {
            struct quota *quota = &play->quotas[i];
            if (quota->cases > 0 || play->quotas[j].cases == 0 || play->quotas[j].each_period ||
                !quota->is_theirs || !gives_to(&regime->procedures[i], regime->procedures[j].name))
                continue;
            quota->each_period = true;
            quota->cases = (int64_t)play->region_count;
            quota->spread_days = play->period_days;
        }
}

static enum status set_quotas(struct play *play)
{
    const struct regime *regime = play->regime;
    play->quotas = arena_alloc_array(play->lasting, regime->procedure_count, sizeof *play->quotas);
    for (size_t i = 0; i < regime->procedure_count; i++) {
        play->quotas[i].is_theirs = is_made_by_people(&regime->procedures[i]);
        play->quotas[i].each_region =
            play->quotas[i].is_theirs && is_rested_on(regime, regime->procedures[i].name);
    }
    for (size_t i = 0; i < play->terms->quota_count; i++) {
        const struct simulate_quota *quota = &play->terms->quotas[i];
        size_t at = str_is_empty(quota->procedure) ? main_procedure(regime)
                                                   : procedure_at(regime, quota->procedure);
        if (at == SIZE_MAX)
            return unknown_procedure(play->ctx, quota->procedure);
        play->quotas[at].cases = quota->cases;
        play->quotas[at].each_period = quota->each_period;
        play->quotas[at].spread_days = MUSTER_DAYS;
        play->quotas[at].is_theirs = play->quotas[at].is_theirs && quota->cases > 0;
        play->quotas[at].is_composed = quota->each_period && quota->cases > 0 &&
                                       body_is_composed(regime, &regime->procedures[at]);
    }
    set_carriers(play);
    return ST_OK;
}

/* Where units stand that a role takes from a case's region; else what lies right below the campaign's. */
static bool takes_part(const struct play *play, const struct world_region *region)
{
    bool any = false;
    for (size_t i = 0; i < play->regime->role_count; i++) {
        const struct regime_role *role = &play->regime->roles[i];
        const struct placed_list *units = &play->roster.units_of[i];
        any = any || role->from_region;
        for (size_t j = 0; role->from_region && j < units->len; j++)
            if (str_eq(units->at[j].region, region->code))
                return true;
    }
    return !any && str_eq(region->parent_code, play->campaign->region);
}

static void choose_regions(struct play *play)
{
    size_t count, limit = play->terms->regions > 0 ? (size_t)play->terms->regions : REGIONS_MAX;
    const struct world_region *regions = world_list_regions(play->world, &count);
    play->regions = arena_alloc_array(play->lasting, count + 1, sizeof *play->regions);
    for (size_t i = 0; i < count && play->region_count < limit; i++)
        if (world_region_is_within(play->world, regions[i].code, play->campaign->region) &&
            takes_part(play, &regions[i]))
            play->regions[play->region_count++] = regions[i].code;
    if (play->region_count == 0)
        play->regions[play->region_count++] = play->campaign->region;
}

/* The files that clerks show: one text, kept under many names. */
static enum status keep_files(struct play *play, struct ctx *ctx)
{
    static const char text[] = "simulated\n";
    int fd = -1;
    TRY(blob_temp_open(ctx, play->home->blobs, &fd));
    bool written = write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1;
    enum status status =
        written ? ST_OK : fail(ctx, ST_IO, "io.write", ARGS(arg_c("error", "write")));
    for (size_t i = 0; i < FILES_KEPT && status == ST_OK; i++) {
        struct upload upload;
        const struct evidence_offer offer = {
            .fd = fd,
            .name = str_printf(ctx->arena, "simulated-%02zu.txt", i + 1),
            .taken_at = INSTANT_NONE,
            .lat = INT64_MIN,
            .lon = INT64_MIN};
        status = evidence_keep(ctx, play->home, NULL, &offer, &upload);
        play->files[i] = upload.id;
    }
    close(fd);
    return status;
}

/* The day asked for, else the campaign's first, never one that the ledger has seen. */
static enum status choose_first_day(struct play *play)
{
    struct ctx *ctx = play->ctx;
    struct instant latest;
    TRY(news_rows_latest(ctx, play->conn, &latest));
    struct day seen = instant_is_none(latest) ? DAY_NONE : day_of_instant(latest);
    struct day first = play->terms->from;
    if (!day_is_none(first) && !day_is_none(seen) && first.v <= seen.v)
        return fail(ctx, ST_CONFLICT, "simulate.too_early",
                    ARGS(arg_day("day", first), arg_day("last", seen)));
    if (day_is_none(first))
        first = play->campaign->begins;
    if (day_is_none(first) || (!day_is_none(seen) && first.v <= seen.v))
        first = day_add(seen, 1);
    play->first = first;
    play->today = day_add(first, -PREPARE_DAYS);
    if (!day_is_none(seen) && play->today.v <= seen.v)
        play->today = day_add(seen, 1);
    play->looked = (struct instant){0};
    return ST_OK;
}

static enum status find_campaign(struct play *play)
{
    struct ctx *ctx = play->ctx;
    TRY(home_world(ctx, play->home, &play->world));
    play->campaign = world_find_campaign(play->world, play->terms->campaign);
    if (play->campaign == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown",
                    ARGS(arg_text("name", play->terms->campaign)));
    return world_load_pack(ctx, play->world, play->campaign->pack, &play->regime);
}

/* One like it, from day to day: its units, the pack's own readings. */
static enum status make_campaign(struct play *play)
{
    struct ctx *ctx = play->ctx;
    const struct world_campaign *like = play->campaign;
    const struct simulate_terms *terms = play->terms;
    struct str name = str_printf(play->lasting, "%.*s-%.*s", STR_ARG(like->name),
                                 STR_ARG(day_format(ctx->arena, terms->from)));
    const struct campaign_plan plan = {.name = name,
                                       .regime = like->regime,
                                       .title = like->title,
                                       .region = like->region,
                                       .begins = terms->from,
                                       .ends = terms->until,
                                       .settings = terms->settings,
                                       .roles = like->terms.roles};
    TRY(campaign_create(ctx, play->home, &plan, S("system")));
    struct simulate_terms *own = arena_new_of(play->lasting, struct simulate_terms);
    *own = *terms;
    own->campaign = name;
    play->terms = own;
    world_release(play->world);
    play->world = NULL;
    return find_campaign(play);
}

static void read_roster(struct play *play)
{
    roster_read(play->lasting, play->world, play->regime, play->campaign->region, play->first,
                &play->roster);
}

/* A new snapshot where the directory has grown. */
static enum status staff_units(struct play *play, struct ctx *ctx)
{
    bool changed;
    read_roster(play);
    TRY(simulate_staff(play, ctx, &changed));
    if (!changed)
        return ST_OK;
    world_release(play->world);
    play->world = NULL;
    TRY(find_campaign(play));
    read_roster(play);
    return ST_OK;
}

/* The round of the pack: the one thing that is owed every so many days by nobody in particular. */
static int64_t read_period(const struct play *play)
{
    for (size_t i = 0; i < play->regime->obligation_count; i++) {
        const struct regime_obligation *item = &play->regime->obligations[i];
        const struct regime_setting *setting =
            regime_find_setting(play->regime, item->every.setting);
        const struct value *own = value_find(play->campaign->terms.settings, item->every.setting);
        const struct value *days = own != NULL ? own : setting == NULL ? NULL : setting->value;
        if (item->rhythm != RHYTHM_DAYS || item->standing != NULL ||
            item->role_count + item->kind_count > 0)
            continue;
        if (days != NULL && days->kind == VALUE_INT && days->number > 0)
            return days->number;
        if (item->every.length.count > 0)
            return item->every.length.count;
    }
    return SIMULATE_PERIOD_DAYS;
}

static enum status open_play(struct play *play)
{
    struct ctx *ctx = play->ctx;
    TRY(find_campaign(play));
    world_keep_folds(play->world, FOLDS_KEPT);
    TRY(home_conn_open(ctx, play->home, &play->conn));
    for (size_t i = 0; i < PLANNERS; i++)
        TRY(home_conn_open(ctx, play->home, &play->planners[i].conn));
    strmap_init(&play->by_ref, play->lasting);
    strmap_init(&play->lessons, play->lasting);
    strmap_init(&play->turns, play->lasting);
    strmap_init(&play->refusals, play->lasting);
    strmap_init(&play->briefs, play->lasting);
    strmap_init(&play->wanted, play->lasting);
    play->period_days = read_period(play);
    play->days = play->terms->rounds * play->period_days;
    TRY(choose_first_day(play));
    ctx->now = day_start(play->today);
    if (play->terms->rounds == 0 && !day_is_none(play->campaign->ends))
        play->days = play->campaign->ends.v - play->first.v + 1;
    if (!day_is_none(play->terms->until)) {
        TRY(make_campaign(play));
        play->days = play->terms->until.v - play->first.v + 1;
    }
    TRY(staff_units(play, ctx));
    choose_regions(play);
    size_t people;
    (void)world_list_people(play->world, &people);
    play->seated = arena_alloc_array(play->lasting, people, sizeof *play->seated);
    for (size_t i = 0; i < people; i++)
        play->seated[i].from = play->seated[i].to = DAY_NONE;
    play->leads = arena_alloc_array(play->lasting, play->region_count, sizeof *play->leads);
    play->pools =
        arena_alloc_array(play->lasting, play->regime->procedure_count, sizeof *play->pools);
    TRY(set_quotas(play));
    return keep_files(play, ctx);
}

static void close_play(struct play *play)
{
    for (size_t i = 0; i < PLANNERS; i++) {
        db_conn_close(play->planners[i].conn);
        arena_free(play->planners[i].arena);
    }
    db_conn_close(play->conn);
    world_release(play->world);
    arena_free(play->lasting);
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
    enum status status = open_play(&play);
    result->first = play.first;
    if (status == ST_OK)
        status = live(&play, ctx);
    if (status == ST_OK)
        status = simulate_check(&play);
    close_play(&play);
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
