/*
 * Each case is folded twice from the same ledger: as it was, and as the other pack would have had
 * it. Only the difference outlives the case's turn.
 */
#include "services/replay.h"

#include "base/num.h"
#include "engine/replay.h"
#include "regime/load.h"
#include "services/casework.h"
#include "services/reader.h"
#include "services/replay_scores.h"
#include "store/casefile_list.h"

enum { PAGE = 200 };

struct rerun {
    const struct home *home;
    const struct world *world;
    const struct regime *to;
    enum lang lang;
    struct arena *arena; /* of the answer */
    struct instant now;
    struct value *cases;
    struct replay_scores scores;
    int64_t replayed, changed, refused;
};

/* A case both ways. */
struct pair {
    const struct casefile *old, *new;
    const struct engine *engine; /* of the other pack */
    const struct replay *replay;
    struct value *row; /* in the answer's arena */
    bool differs;
};

/* What comes from a case goes with it: the answer holds copies. */
static void put_copy(const struct rerun *rerun, struct value *row, const char *key, struct str text)
{
    value_put_text(rerun->arena, row, key, str_copy(rerun->arena, text));
}

/* ---- people ---- */

static struct actor find_actor(void *self, struct arena *arena, struct str text, struct day day)
{
    const struct world_person *person;
    const struct world_post *post;
    world_find_actor(self, text, &person, &post);
    return person == NULL ? (struct actor){0} : world_actor_of(arena, person, day);
}

/* ---- what differs ---- */

static bool has_text(const struct value *list, struct str text)
{
    value_each (item, list)
        if (str_eq(item->text, text))
            return true;
    return false;
}

static void put_label(const struct rerun *rerun, struct value *row, const char *key,
                      struct words words)
{
    put_copy(rerun, row, key, words_label(rerun->lang, words));
}

/* A name is "<word>" or "<word> <day>". */
static void put_lacking(const struct rerun *rerun, struct value *change, const char *key,
                        const struct value *from, const struct value *of)
{
    struct value *list = value_put_list(rerun->arena, change, key);
    value_each (item, of) {
        struct str rest = item->text, word;
        if (has_text(from, item->text))
            continue;
        (void)str_next(&rest, ' ', &word);
        struct str label = words_label(rerun->lang, regime_flag_words(rerun->to, word));
        struct value *row = value_append_map(rerun->arena, list);
        put_copy(rerun, row, "name", item->text);
        put_copy(rerun, row, "label",
                 str_trim(str_printf(rerun->arena, "%.*s %.*s", STR_ARG(label), STR_ARG(rest))));
    }
}

/* Items of `new` that `old` lacks, and the other way round. */
static void put_change(struct rerun *rerun, struct pair *pair, const char *key,
                       const struct value *old, const struct value *new)
{
    struct value *change = value_map(rerun->arena);
    put_lacking(rerun, change, "gained", old, new);
    put_lacking(rerun, change, "lost", new, old);
    pair->differs = pair->differs || value_find_c(change, "gained")->count > 0 ||
                    value_find_c(change, "lost")->count > 0;
    value_put(pair->row, str_of(key), change);
}

static struct value *flags_of(struct arena *arena, const struct casefile *casefile)
{
    struct value *list = value_list(arena);
    for (size_t i = 0; i < casefile->flags.len; i++)
        value_append(list, value_text(arena, casefile->flags.at[i]));
    return list;
}

/* "<step> <day>": the same measure on another day is another finding. */
static void add_measure(struct arena *arena, struct value *list, const struct event *event)
{
    if (event->type == EVENT_MEASURE_PROPOSED)
        value_append(list, value_text(arena, str_printf(
            arena, "%.*s %.*s", STR_ARG(value_find_text(event->payload, "step")),
            STR_ARG(day_format(arena, day_of_instant(event->happened_at))))));
}

static const char *clock_word(enum clock_state state)
{
    static const char *const words[] = {[CLOCK_RUNNING] = "running",
                                        [CLOCK_PAUSED] = "paused",
                                        [CLOCK_MET] = "met",
                                        [CLOCK_LAPSED] = "lapsed"};
    return words[state];
}

static enum status view_clock(struct ctx *ctx, const struct pair *pair,
                              const struct casefile *casefile, struct str name,
                              struct str *out_due, const char **out_state)
{
    struct clock_view view;
    const struct casefile_clock *clock = casefile_find_clock(casefile, name);
    *out_due = S("");
    *out_state = "none";
    if (clock == NULL)
        return ST_OK;
    TRY(engine_clock_view(ctx, pair->engine->calendar, clock, ctx->now, &view));
    *out_state = clock_word(view.state);
    if (!view.deadline.open)
        *out_due = instant_format(ctx->arena, view.deadline.due);
    return ST_OK;
}

static void put_time(const struct rerun *rerun, struct value *row, const char *key, struct str due)
{
    struct instant at;
    const struct reader reader = {.words = rerun->home->words, .lang = rerun->lang, .now = rerun->now};
    value_put_text(rerun->arena, row, key,
                   instant_parse(due, &at) ? reader_time(rerun->arena, &reader, at) : S(""));
}

static enum status put_clock(struct ctx *ctx, struct rerun *rerun, struct pair *pair,
                             struct str name, struct value *list)
{
    struct str due[2];
    const char *state[2];
    TRY(view_clock(ctx, pair, pair->old, name, &due[0], &state[0]));
    TRY(view_clock(ctx, pair, pair->new, name, &due[1], &state[1]));
    if (str_eq(due[0], due[1]) && state[0] == state[1])
        return ST_OK;
    struct value *row = value_append_map(rerun->arena, list);
    const struct regime_deadline *deadline =
        procedure_find_deadline(pair->engine->procedure, name);
    put_copy(rerun, row, "name", name);
    put_label(rerun, row, "label",
              deadline == NULL ? (struct words){name, name} : deadline->words);
    put_copy(rerun, row, "due", due[0]);
    put_copy(rerun, row, "due_new", due[1]);
    put_time(rerun, row, "due_text", due[0]);
    put_time(rerun, row, "due_new_text", due[1]);
    value_put_text(rerun->arena, row, "state", str_of(state[0]));
    value_put_text(rerun->arena, row, "state_new", str_of(state[1]));
    return ST_OK;
}

/* The newest run of each clock that either has. */
static enum status put_clocks(struct ctx *ctx, struct rerun *rerun, struct pair *pair)
{
    const struct casefile *both[] = {pair->old, pair->new};
    struct value *seen = value_list(ctx->arena);
    struct value *list = value_list(rerun->arena);
    for (size_t side = 0; side < COUNT_OF(both); side++)
        for (size_t i = 0; i < both[side]->clocks.len; i++) {
            struct str name = both[side]->clocks.at[i].name;
            if (has_text(seen, name))
                continue;
            value_append(seen, value_text(ctx->arena, name));
            TRY(put_clock(ctx, rerun, pair, name, list));
        }
    value_put(pair->row, S("deadlines"), list);
    pair->differs = pair->differs || list->count > 0;
    return ST_OK;
}

static struct words command_words(const struct regime_procedure *procedure, struct str command)
{
    for (size_t i = 0; i < procedure->transition_count; i++)
        if (str_eq(procedure->transitions[i].name, command))
            return procedure->transitions[i].words;
    return (struct words){command, command};
}

static void put_refusals(struct rerun *rerun, struct pair *pair)
{
    struct arena *arena = rerun->arena;
    struct value *list = value_put_list(arena, pair->row, "refused");
    for (size_t i = 0; i < pair->replay->refusals.len; i++) {
        const struct replay_refusal *refusal = &pair->replay->refusals.at[i];
        struct value *row = value_append_map(arena, list);
        value_put_int(arena, row, "sequence", refusal->sequence);
        put_copy(rerun, row, "command", refusal->command);
        put_label(rerun, row, "label", command_words(pair->engine->procedure, refusal->command));
        value_put_text(arena, row, "at", instant_format(arena, refusal->at));
        if (!str_is_empty(refusal->reason.clause))
            put_copy(rerun, row, "clause", refusal->reason.clause);
        value_put_text(arena, row, "why",
                       words_reason(arena, rerun->home->words, rerun->lang, &refusal->reason));
    }
    rerun->refused += (int64_t)pair->replay->refusals.len;
    pair->differs = pair->differs || pair->replay->refusals.len > 0;
}

/* ---- one case ---- */

static enum status compare(struct ctx *ctx, struct rerun *rerun, struct pair *pair,
                           const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        replay_scores_add(&rerun->scores, &events[i], REPLAY_WAS);
    for (size_t i = 0; i < pair->replay->events.len; i++)
        replay_scores_add(&rerun->scores, &pair->replay->events.at[i], REPLAY_WOULD_BE);
    if (!str_eq(pair->old->state, pair->new->state)) {
        put_copy(rerun, pair->row, "state_new", pair->new->state);
        put_label(rerun, pair->row, "state_new_label",
                  engine_state_words(pair->engine, pair->new->state));
        pair->differs = true;
    }
    TRY(put_clocks(ctx, rerun, pair));
    put_change(rerun, pair, "flags", flags_of(ctx->arena, pair->old),
               flags_of(ctx->arena, pair->new));
    put_refusals(rerun, pair);
    return ST_OK;
}

static struct value *row_of(const struct rerun *rerun, const struct casefile *casefile)
{
    struct arena *arena = rerun->arena;
    struct value *row = value_map(arena);
    value_put_text(arena, row, "id",
                   casefile_ref_format(arena, casefile->prefecture, casefile->id));
    put_copy(rerun, row, "number", casefile->number);
    put_copy(rerun, row, "procedure", casefile->procedure);
    put_copy(rerun, row, "state", casefile->state);
    return row;
}

static void keep(struct rerun *rerun, struct pair *pair)
{
    rerun->changed += pair->differs;
    if (pair->differs && rerun->cases->count < REPLAY_CASES_LISTED)
        value_append(rerun->cases, pair->row);
}

static enum status measures_under(struct ctx *ctx, const struct rerun *rerun,
                                  const struct engine *engine, const struct event *events,
                                  size_t count, struct value *out)
{
    struct replay replay;
    const struct replay_people people = {(void *)rerun->world, find_actor};
    TRY(engine_replay(ctx, engine, &people, events, count, ctx->now, REPLAY_LOOKS_DAILY, &replay));
    for (size_t i = 0; i < replay.events.len; i++)
        add_measure(ctx->arena, out, &replay.events.at[i]);
    return ST_OK;
}

/*
 * Which measures would have been proposed: a look each day under either pack, so that days on which
 * no program ran are no difference between the two.
 */
static enum status compare_measures(struct ctx *ctx, struct rerun *rerun, struct pair *pair,
                                    const struct engine *old, const struct event *events,
                                    size_t count)
{
    struct value *measures[] = {value_list(ctx->arena), value_list(ctx->arena)};
    if (old->procedure->step_count + pair->engine->procedure->step_count > 0) {
        TRY(measures_under(ctx, rerun, old, events, count, measures[0]));
        TRY(measures_under(ctx, rerun, pair->engine, events, count, measures[1]));
    }
    put_change(rerun, pair, "measures", measures[0], measures[1]);
    return ST_OK;
}

static enum status replay_read(struct ctx *ctx, struct rerun *rerun, struct pair *pair,
                               const struct case_reading *reading)
{
    struct engine engine = reading->engine;
    struct replay replay;
    const struct replay_people people = {(void *)rerun->world, find_actor};
    struct event *events = arena_alloc_array(ctx->arena, reading->events.len, sizeof *events);
    for (size_t i = 0; i < reading->events.len; i++)
        events[i] = reading->events.at[i].event;
    engine.regime = rerun->to;
    engine.procedure = regime_find_procedure(rerun->to, reading->casefile->procedure);
    engine.calendar = world_find_calendar(rerun->world, rerun->to->calendar);
    if (engine.procedure == NULL) {
        put_copy(rerun, pair->row, "lacks", reading->casefile->procedure);
        pair->differs = true;
        return ST_OK;
    }
    TRY(engine_replay(ctx, &engine, &people, events, reading->events.len, ctx->now,
                      REPLAY_LOOKS_RECORDED, &replay));
    pair->engine = &engine;
    pair->replay = &replay;
    pair->new = replay.casefile;
    TRY(compare(ctx, rerun, pair, events, reading->events.len));
    return compare_measures(ctx, rerun, pair, &reading->engine, events, reading->events.len);
}

/* Reading and deciding take place in an arena of the case's own. */
static enum status replay_case(struct ctx *ctx, struct db_conn *conn, struct rerun *rerun,
                               const struct casefile_row *listed)
{
    struct case_reading reading;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx own = {.arena = arena, .now = ctx->now};
    const struct case_ref ref = {listed->prefecture, listed->id};
    enum status status = casework_read(&own, conn, rerun->world, ref, NULL, &reading);
    if (status == ST_OK) {
        struct pair pair = {.old = reading.casefile, .row = row_of(rerun, reading.casefile)};
        put_label(rerun, pair.row, "state_label",
                  engine_state_words(&reading.engine, reading.casefile->state));
        status = replay_read(&own, rerun, &pair, &reading);
        keep(rerun, &pair);
    }
    rerun->replayed++;
    if (status == ST_OK)
        return ST_OK;
    ctx->failure = own.failure;
    fail_keep(ctx);
    return status;
}

static enum status replay_cases(struct ctx *ctx, struct rerun *rerun, struct str campaign)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    const struct casefile_filter filter = {.campaigns = {&campaign, 1},
                                           .due_before = INSTANT_NONE,
                                           .due_after = INSTANT_NONE,
                                           .scope = {.everything = true}};
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = PAGE};
    struct casefile_list list;
    TRY(home_conn_open(ctx, rerun->home, &conn));
    do {
        TRY(casefile_list(ctx, conn, &filter, &page, &list));
        for (size_t i = 0; i < list.rows.len; i++)
            TRY(replay_case(ctx, conn, rerun, &list.rows.at[i]));
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}

static const struct world_campaign *campaign_of(const struct world *world, struct str name,
                                                const struct regime *regime)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    for (size_t i = 0; i < count && str_is_empty(name); i++)
        if (str_eq(all[i].regime, regime->id))
            return &all[i];
    return world_find_campaign(world, name);
}

static enum status check_terms(struct ctx *ctx, const struct rerun *rerun, struct str name,
                               const struct world_campaign **out)
{
    *out = campaign_of(rerun->world, name, rerun->to);
    if (*out == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown",
                    ARGS(arg_text("name", str_is_empty(name) ? rerun->to->id : name)));
    if (!str_eq(rerun->to->id, (*out)->regime))
        return fail(ctx, ST_CONFLICT, "migrate.other_regime",
                    ARGS(arg_text("name", rerun->to->id)));
    return world_find_calendar(rerun->world, rerun->to->calendar) != NULL
               ? ST_OK
               : fail(ctx, ST_NOT_FOUND, "calendar.unknown",
                      ARGS(arg_text("name", rerun->to->calendar)));
}

enum status replay_campaign(struct ctx *ctx, const struct home *home,
                            const struct replay_terms *terms, struct pack_faults *faults,
                            struct value **out)
{
    struct world *world AUTO(world_cleanup) = NULL;
    struct arena *arena = ctx->arena;
    const struct world_campaign *campaign;
    TRY(home_world(ctx, home, &world));
    struct rerun rerun = {.home = home, .world = world, .lang = terms->lang, .arena = arena,
                          .now = ctx->now, .cases = value_list(arena), .scores = {.arena = arena}};
    TRY(regime_load(ctx, terms->bytes, world_cache_lists(home->worlds), faults, &rerun.to));
    TRY(check_terms(ctx, &rerun, terms->campaign, &campaign));
    struct replay_packs packs = {world, {NULL, rerun.to}, &campaign->terms};
    TRY(world_load_pack(ctx, world, campaign->pack, &packs.regimes[REPLAY_WAS]));
    struct value *doc = value_map(arena);
    value_put_text(arena, doc, "campaign", str_copy(arena, campaign->name));
    value_put_text(arena, doc, "regime", rerun.to->id);
    value_put_text(arena, doc, "from", str_copy(arena, campaign->pack));
    value_put_text(arena, doc, "to", rerun.to->hash);
    value_put_text(arena, doc, "until", instant_format(arena, ctx->now));
    TRY(replay_cases(ctx, &rerun, campaign->name));
    value_put_int(arena, doc, "replayed", rerun.replayed);
    value_put_int(arena, doc, "changed", rerun.changed);
    value_put_int(arena, doc, "refused", rerun.refused);
    value_put_int(arena, doc, "listed", (int64_t)rerun.cases->count);
    value_put(doc, S("cases"), rerun.cases);
    replay_scores_put(&rerun.scores, &packs, doc);
    *out = doc;
    return ST_OK;
}
