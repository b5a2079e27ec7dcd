/*
 * The desk is a handful of lists with their counts; every count links to its rows.
 */
#include "api/desk_api.h"

#include "api/office.h"
#include "regime/vocabulary.h"
#include "services/case_list.h"
#include "services/casework.h"
#include "services/desk.h"
#include "services/document_list.h"
#include "services/timers.h"

enum { COUNT_CAP = 1000, SHOWN = 30 };

static struct value *query_of(struct arena *arena, const char *name, struct str text)
{
    struct value *query = value_map(arena);
    if (name != NULL)
        value_put_text(arena, query, name, text);
    return query;
}

/* What an ended campaign left open is no day's work: it waits behind the campaign's own line. */
static struct value *running_query(struct arena *arena, const char *name, struct str text)
{
    struct value *query = query_of(arena, name, text);
    value_put_text(arena, query, "running", S("true"));
    return query;
}

/* i18n: desk.* */
static enum status put_count(struct api_call *call, const struct world *world, struct value *counts,
                             const char *key, const char *class, struct value *query)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    struct casefile_filter filter;
    struct casefile_page page;
    int64_t n;
    TRY(case_list_parse(call->ctx, query, &filter, &page));
    filter.scope = case_scope(arena, world, office_actor(call));
    TRY(casefile_count(call->ctx, office_conn(call), &filter, COUNT_CAP, &n));
    struct value *row = value_append_map(arena, counts);
    value_put_text(arena, row, "key", str_of(key));
    value_put_text(arena, row, "label", reader_sentence(arena, &reader, key, NO_ARGS));
    value_put_text(arena, row, "class", str_of(class));
    value_put_int(arena, row, "n", n);
    struct str url = S("/cases");
    char joint = '?';
    value_each (member, query) {
        url = str_printf(arena, "%.*s%c%.*s=%.*s", STR_ARG(url), joint, STR_ARG(member->key),
                         STR_ARG(member->text));
        joint = '&';
    }
    value_put_text(arena, row, "url", url);
    return ST_OK;
}

static enum status put_counts(struct api_call *call, const struct world *world, struct str waits)
{
    struct arena *arena = call->ctx->arena;
    struct value *counts = value_put_list(arena, call->document, "counts");
    struct str today = day_format(arena, day_of_instant(call->ctx->now));
    struct value *due = running_query(arena, "waits", waits);
    value_put_text(arena, due, "due_before", today);
    struct value *late = running_query(arena, "overdue", S("true"));
    value_put_text(arena, late, "open", S("true"));
    TRY(put_count(call, world, counts, "desk.waiting", "ok",
                  running_query(arena, "waits", waits)));
    TRY(put_count(call, world, counts, "desk.due_today", "near", due));
    TRY(put_count(call, world, counts, "desk.overdue", "late", late));
    return put_count(call, world, counts, "desk.open", "none",
                     running_query(arena, "open", S("true")));
}

static enum status put_rows(struct api_call *call, const struct world *world, const char *name,
                            const struct value *query)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    struct value *rows = value_put_list(arena, call->document, name);
    struct casefile_filter filter;
    struct casefile_page page;
    struct casefile_list found;
    TRY(case_list_parse(call->ctx, query, &filter, &page));
    filter.scope = case_scope(arena, world, office_actor(call));
    page.limit = SHOWN;
    page.wants_count = false;
    TRY(casefile_list(call->ctx, office_conn(call), &filter, &page, &found));
    for (size_t i = 0; i < found.rows.len; i++) {
        struct value *row = value_append_map(arena, rows);
        TRY(case_row_document(call->ctx, world, &reader, &found.rows.at[i], row));
        if (filter.scope.campaigns.count > 1)
            value_put_text(arena, row, "in_campaign", value_find_text(row, "campaign_label"));
    }
    return ST_OK;
}

/* ---- the next step of a case ---- */

static size_t rank_of(const struct regime_state *state)
{
    size_t rank = 0;
    while (rank < superset_state_count && !str_eq(superset_states[rank], state->like))
        rank++;
    return rank;
}

/* 0: not a step to take with one click; 1: an act that stays in the state; 2: one that leads on. */
static int step_rank(const struct case_reading *reading, const struct action *action)
{
    const struct regime_procedure *procedure = reading->engine.procedure;
    const struct regime_transition *row = action->transition;
    const struct regime_state *now = procedure_find_state(procedure, reading->casefile->state);
    if (!action->allowed || row == NULL || row->danger || now == NULL)
        return 0;
    if (row->to != NULL)
        return rank_of(row->to) > rank_of(now) ? 2 : 0;
    return row->from_count + 1 < procedure->state_count; /* what may be done at any time waits for nobody */
}

static const struct action *next_step(const struct case_reading *reading,
                                      const struct action_list *actions)
{
    const struct action *best = NULL;
    for (size_t i = 0; i < actions->len; i++)
        if (step_rank(reading, &actions->at[i]) > (best == NULL ? 0 : step_rank(reading, best)))
            best = &actions->at[i];
    return best;
}

/* What may be done in a row of the list, by one click: {label, url}. */
static enum status put_step(struct api_call *call, const struct world *world, struct value *row)
{
    struct arena *arena = call->ctx->arena;
    struct action_list actions = {0};
    struct case_reading reading;
    struct case_ref ref;
    if (!casefile_ref_parse(value_find_text(row, "id"), &ref.prefecture, &ref.id))
        return ST_OK;
    TRY(casework_read(call->ctx, office_conn(call), world, ref, office_actor(call), &reading));
    TRY(engine_list_actions(call->ctx, &reading.engine, reading.casefile, office_actor(call),
                            &actions));
    const struct action *step = next_step(&reading, &actions);
    if (step == NULL)
        return ST_OK;
    struct value *action = value_put_map(arena, row, "action");
    value_put_text(arena, action, "command", step->command);
    value_put_text(arena, action, "label", words_label(call->lang, step->label));
    value_put_text(arena, action, "url",
                   str_printf(arena, "%.*s#do-%.*s", STR_ARG(value_find_text(row, "url")),
                              STR_ARG(step->command)));
    return ST_OK;
}

static enum status put_steps(struct api_call *call, const struct world *world, const char *name)
{
    struct value *rows = value_list_at(call->ctx->arena, call->document, name);
    for (struct value *row = rows->first; row != NULL; row = row->next)
        TRY(put_step(call, world, row));
    return ST_OK;
}

/* How many cases of the campaign the query finds, and their list. */
static enum status put_share(struct api_call *call, const struct casefile_scope *scope,
                             struct str campaign, const char *name, struct value *query,
                             struct value *row)
{
    struct arena *arena = call->ctx->arena;
    struct casefile_filter filter;
    struct casefile_page page;
    int64_t n;
    value_put_text(arena, query, "campaign", campaign);
    TRY(case_list_parse(call->ctx, query, &filter, &page));
    filter.scope = *scope;
    TRY(casefile_count(call->ctx, office_conn(call), &filter, COUNT_CAP, &n));
    struct value *share = value_put_map(arena, row, name);
    value_put_int(arena, share, "n", n);
    value_put_text(arena, share, "url", case_list_url(arena, "/cases", query, NULL));
    return ST_OK;
}

static enum status put_shares(struct api_call *call, const struct casefile_scope *scope,
                              struct str campaign, struct value *row)
{
    struct arena *arena = call->ctx->arena;
    struct value *late = query_of(arena, "overdue", S("true"));
    value_put_text(arena, late, "open", S("true"));
    TRY(put_share(call, scope, campaign, "waiting",
                  query_of(arena, "waits", case_waits_for(arena, office_actor(call))), row));
    return put_share(call, scope, campaign, "overdue", late, row);
}

static enum status put_campaigns(struct api_call *call, const struct world *world)
{
    struct arena *arena = call->ctx->arena;
    const struct casefile_scope scope = case_scope(arena, world, office_actor(call));
    struct value *list = value_put_list(arena, call->document, "campaigns");
    for (size_t i = 0; i < scope.campaigns.count; i++) {
        const struct world_campaign *campaign =
            world_find_campaign(world, scope.campaigns.at[i]);
        struct value *row = value_append_map(arena, list);
        value_put_text(arena, row, "id", campaign->name);
        value_put_text(arena, row, "label", words_label(call->lang, campaign->title));
        value_put_text(arena, row, "url", str_concat(arena, S("/cases?campaign="), campaign->name));
        const struct regime *regime;
        TRY(world_load_pack(call->ctx, world, campaign->pack, &regime));
        if (!str_is_empty(regime->goal.zh))
            value_put_text(arena, row, "goal", words_label(call->lang, regime->goal));
        TRY(put_shares(call, &scope, campaign->name, row));
    }
    return ST_OK;
}

static enum status show_desk(struct api_call *call)
{
    const struct world *world;
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    struct str waits = case_waits_for(arena, office_actor(call));
    TRY(office_world(call, &world));
    call->document = value_map(arena);
    const struct arg today = arg_day("day", day_of_instant(call->ctx->now));
    value_put_text(arena, call->document, "today_text",
                   words_value(arena, reader.words, reader.lang, &today));
    TRY(put_counts(call, world, waits));
    struct value *first = running_query(arena, "waits", waits);
    value_put_text(arena, first, "sort", S("due"));
    TRY(put_rows(call, world, "items", first));
    TRY(put_steps(call, world, "items"));
    struct value *latest = running_query(arena, "open", S("true"));
    value_put_text(arena, latest, "sort", S("-updated"));
    TRY(put_rows(call, world, "mine", latest));
    TRY(desk_list_document(call->ctx, office_conn(call), world, &reader, office_actor(call),
                           value_put_list(arena, call->document, "desks")));
    TRY(document_inbox(call->ctx, office_conn(call), world, &reader, office_actor(call),
                       value_put_list(arena, call->document, "inbox")));
    return put_campaigns(call, world);
}

static enum status go_home(struct api_call *call)
{
    call->document = value_map(call->ctx->arena);
    http_reply_redirect(call->http, call->session.account.v == 0 ? S("/login") : S("/desk"));
    return ST_OK;
}

/* ---- the sandbox's clock ---- */

static enum status move_clock(struct api_call *call)
{
    struct instant to;
    const struct world *world;
    struct timers_figures figures;
    struct arena *arena = call->ctx->arena;
    if (!instant_parse(value_find_text(call->input, "now"), &to))
        return api_field_wrong(call, "now", "form.not_a_time", ARGS(arg_c("field", "now")));
    TRY(clock_move(call->ctx, office_of(call)->clock, to));
    call->ctx->now = clock_now(office_of(call)->clock);
    TRY(office_world(call, &world));
    TRY(timers_run(call->ctx, office_home(call), world, &figures));
    call->document = value_map(arena);
    value_put_text(arena, call->document, "now", instant_format(arena, call->ctx->now));
    value_put_int(arena, call->document, "lapsed", figures.done[TIMER_LAPSES]);
    return ST_OK;
}

static const struct api_field clock_fields[] = {{"now", API_INSTANT, true, NULL}};

static const struct api_route routes[] = {
    {.name = "home", .method = HTTP_GET, .path = "/", .handler = go_home, .access = API_PUBLIC,
     .flags = API_PAGE_ONLY | API_RAW},
    {.name = "desk", .method = HTTP_GET, .path = "/desk", .handler = show_desk,
     .access = API_SIGNED_IN, .page = "desk"},
    {.name = "clock_move", .method = HTTP_PUT, .path = "/clock", .handler = move_clock,
     .access = API_PUBLIC, .flags = API_ONLY | API_SANDBOX | HTTP_ROUTE_JSON | HTTP_ROUTE_SLOW,
     .body_limit = 1024, .fields = clock_fields, .field_count = COUNT_OF(clock_fields)},
};

const struct api_table desk_api = {routes, COUNT_OF(routes)};
