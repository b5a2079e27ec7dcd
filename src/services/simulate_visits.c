/*
 * What clerks do in one go: their visits to cases are planned side by side, handed to one writer in a fixed
 * order and settled in that order, so that a seed gives one ledger.
 */
#include <pthread.h>
#include <unistd.h>

#include "base/num.h"
#include "services/simulate_int.h"
#include "store/news_rows.h"

enum {
    PATIENCE_MAX = 4096, /* days between looks at a case where nothing can be done: each next one twice as late */
    REFUSED_WORTH = 8,   /* looks in vain: what was refused is put off for longer */
    AWAITED_LOOKS = 40,  /* at a case for which others wait, before it is left like any other */
    PAUSE_DAYS = 4       /* until the next command in a case, at most */
};

/* ---- following the campaign ---- */

static void take_news(struct play *play, const struct news_case *news, struct str ref)
{
    struct known *known = strmap_find(&play->by_ref, ref);
    size_t procedure = play_find_procedure(play->regime, news->procedure);
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

enum status visits_follow(struct play *play, struct ctx *ctx)
{
    struct news_cases news;
    TRY(news_rows_cases(ctx, play->conn, play->campaign->name, play->looked, &news));
    for (size_t i = 0; i < news.len; i++)
        take_news(play, &news.at[i],
                  casefile_ref_format(ctx->arena, news.at[i].prefecture, news.at[i].id));
    play->looked = ctx->now;
    return ST_OK;
}

void visits_drop_ended(struct play *play)
{
    size_t left = 0;
    for (size_t i = 0; i < play->open.len; i++)
        if (!play->open.at[i]->ended)
            play->open.at[left++] = play->open.at[i];
    play->open.len = left;
}

/* ---- a list of visits ---- */

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
static void keep_brief(struct play *play, const struct visit *visit, const struct case_order *order)
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
enum status visits_work_off(struct play *play, struct visits *list)
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

void visits_add(struct play *play, struct visits *list, struct visit visit)
{
    casework_turn_begin(&list->turns[list->count], play->now);
    visit.dice = dice_of(play->terms->seed, play->visits++);
    list->visits[list->count++] = visit;
}

enum status visits_work_off_when_full(struct play *play, struct visits *list)
{
    return list->count < VISITS_MAX ? ST_OK : visits_work_off(play, list);
}
