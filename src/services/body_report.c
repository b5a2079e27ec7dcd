/*
 * Every case of a body is folded once: its days at work go into the calendar of its region, its people
 * into the seasons of the rules that count them.
 */
#include "services/body_report.h"

#include <inttypes.h>

#include "base/vec.h"
#include "regime/body.h"
#include "regime/coverage.h"
#include "services/coverage.h"
#include "store/casefile_rows.h"
#include "store/ledger.h"

struct calendar {
    struct str region;
    int64_t bodies;
    bool *days; /* from the first day on */
};

/* What somebody was in, in one season of one rule. */
struct seat {
    int64_t times, excepted;
    struct str cases;
    bool listed;
};

struct season {
    const struct regime_body *body;
    const struct regime_body_rule *rule;
    const struct value *lister; /* args of the effect that lists who sat in none, or null */
    struct day from, to;
    bool is_listed; /* the list has been drawn up */
    struct strmap seats; /* person → struct seat */
};

struct proving {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct world_campaign *campaign;
    const struct regime *regime;
    struct day first, last;
    int64_t days;
    VEC(struct calendar) calendars;
    VEC(struct season) seasons;
    bool only_those; /* the regions are those that coverage asks for */
};

static bool has_text(const struct value *list, struct str text)
{
    value_each (one, list)
        if (one->kind == VALUE_TEXT && str_eq(one->text, text))
            return true;
    return false;
}

static struct str text_at(const struct value *map, struct str name)
{
    const struct value *value = value_find(map, name);
    return value == NULL || value->kind != VALUE_TEXT ? (struct str){0} : value->text;
}

static struct day day_at(const struct casefile *casefile, struct str field)
{
    struct day day = DAY_NONE;
    (void)day_parse(text_at(casefile->fields, field), &day);
    return day;
}

static struct str person_key(struct arena *arena, int64_t id)
{
    return str_printf(arena, "%" PRId64, id);
}

/* ---- days ---- */

static struct calendar *calendar_of(struct proving *p, struct str region)
{
    for (size_t i = 0; i < p->calendars.len; i++)
        if (str_eq(p->calendars.at[i].region, region))
            return &p->calendars.at[i];
    if (p->only_those)
        return NULL;
    struct calendar *one = vec_push(p->ctx->arena, &p->calendars);
    one->region = str_copy(p->ctx->arena, region);
    one->bodies = 0;
    one->days = arena_alloc_array(p->ctx->arena, (size_t)p->days, sizeof *one->days);
    return one;
}

static bool asks_for_regions(const struct regime *regime, struct str item)
{
    const struct regime_coverage *coverage = regime_find_coverage(regime, item);
    return coverage != NULL && coverage->every.kind == COVERAGE_REGIONS;
}

/* The regions of the pack's coverage; where it has none, those in which there is a body. */
static enum status take_regions(struct proving *p)
{
    struct value *document;
    TRY(coverage_document(p->ctx, p->conn, p->world, p->reader, NULL, p->campaign->name,
                          (struct str){0}, &document));
    value_each (item, value_find_c(document, "items"))
        if (asks_for_regions(p->regime, value_find_text(item, "id")))
            value_each (row, value_find_c(item, "rows"))
                (void)calendar_of(p, value_find_text(row, "id"));
    p->only_those = p->calendars.len > 0;
    return ST_OK;
}

/* The states in which nobody of the body may be in another one: it is at work. */
static const struct value *states_at_work(const struct regime_body *body)
{
    for (size_t i = 0; i < body->rule_count; i++)
        if (body->rules[i].kind == BODY_APART &&
            str_eq(value_find_text(body->rules[i].args, "procedure"), body->procedure->name))
            return value_find_c(body->rules[i].args, "states");
    return NULL;
}

static void mark_days(struct proving *p, struct calendar *calendar, struct day from, struct day to)
{
    int64_t begin = from.v - p->first.v, end = to.v - p->first.v;
    for (int64_t day = begin < 0 ? 0 : begin; day <= end && day < p->days; day++)
        calendar->days[day] = true;
}

static struct day later(struct day a, struct day b)
{
    return a.v > b.v ? a : b;
}

static struct day earlier(struct day a, struct day b)
{
    return a.v < b.v ? a : b;
}

static void take_days(struct proving *p, const struct regime_body *body,
                      const struct casefile *casefile)
{
    const struct value *states = states_at_work(body);
    struct day from = day_at(casefile, body->from), to = day_at(casefile, body->to);
    struct calendar *calendar = calendar_of(p, casefile->region);
    bool worked = false;
    if (calendar == NULL || day_is_none(from) || day_is_none(to))
        return;
    for (size_t i = 0; i < casefile->entries.len; i++) {
        if (!has_text(states, casefile->entries.at[i].state))
            continue;
        struct day begin = day_of_instant(casefile->entries.at[i].at);
        struct day end = i + 1 < casefile->entries.len
                             ? day_of_instant(casefile->entries.at[i + 1].at)
                             : p->last;
        mark_days(p, calendar, later(begin, from), earlier(end, to));
        worked = true;
    }
    calendar->bodies += worked;
}

/* ---- seasons ---- */

static const struct value *find_lister(const struct regime_effect *effects, size_t count,
                                       const struct regime_body *body,
                                       const struct regime_body_rule *rule)
{
    for (size_t i = 0; i < count; i++)
        if (effects[i].kind == EFFECT_UNSEATED &&
            str_eq(value_find_text(effects[i].args, "body"), body->id) &&
            str_eq(value_find_text(effects[i].args, "rule"), rule->id))
            return effects[i].args;
    return NULL;
}

/* Whose cases list who sat in none; null: nobody's. */
static const struct regime_procedure *find_listing(const struct regime *regime,
                                                   const struct season *season,
                                                   const struct value **out_args)
{
    *out_args = NULL;
    for (size_t i = 0; i < regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &regime->procedures[i];
        for (size_t j = 0; j < procedure->transition_count && *out_args == NULL; j++)
            *out_args = find_lister(procedure->transitions[j].then,
                                    procedure->transitions[j].then_count, season->body,
                                    season->rule);
        for (size_t j = 0; j < procedure->deadline_count && *out_args == NULL; j++)
            *out_args = find_lister(procedure->deadlines[j].on_lapse,
                                    procedure->deadlines[j].lapse_count, season->body,
                                    season->rule);
        if (*out_args != NULL)
            return procedure;
    }
    return NULL;
}

static void add_season(struct proving *p, const struct regime_body *body,
                       const struct regime_body_rule *rule, int year)
{
    struct month_window months = rule->months;
    int end_year = months.last < months.first ? year + 1 : year;
    struct season season = {.body = body, .rule = rule};
    season.from = day_of(year, months.first, 1);
    season.to = day_of(end_year, months.last, day_days_in_month(end_year, months.last));
    if (season.to.v < p->first.v || season.from.v > p->last.v)
        return;
    strmap_init(&season.seats, p->ctx->arena);
    (void)find_listing(p->regime, &season, &season.lister);
    vec_add(p->ctx->arena, &p->seasons, season);
}

static void find_seasons(struct proving *p)
{
    for (size_t i = 0; i < p->regime->body_count; i++) {
        const struct regime_body *body = &p->regime->bodies[i];
        for (size_t j = 0; j < body->rule_count; j++) {
            const struct regime_body_rule *rule = &body->rules[j];
            if (rule->kind != BODY_ONCE || rule->months.first == 0)
                continue;
            for (int year = day_civil(p->first).year - 1; year <= day_civil(p->last).year; year++)
                add_season(p, body, rule, year);
        }
    }
}

static struct seat *seat_of(struct proving *p, struct season *season, struct str person)
{
    struct seat *seat = strmap_find(&season->seats, person);
    if (seat == NULL) {
        seat = arena_new_of(p->ctx->arena, struct seat);
        (void)strmap_put(&season->seats, str_copy(p->ctx->arena, person), seat);
    }
    return seat;
}

/* Whether somebody is of the rank that the rule counts, on a day; kinds: at such a unit, or null. */
static bool is_counted(const struct proving *p, const struct regime_body_rule *rule,
                       const struct world_person *person, struct day day, const struct value *kinds)
{
    bool of_rank = str_is_empty(rule->of_rank), of_kind = kinds == NULL, is_ours = false;
    for (size_t i = 0; i < person->post_count; i++) {
        const struct world_post *post = &person->posts[i];
        is_ours = is_ours || world_region_is_within(p->world, post->unit->facts.region,
                                                    p->campaign->region);
        if (!world_post_is_held(post, day))
            continue;
        of_kind = of_kind || has_text(kinds, post->unit->facts.kind);
        of_rank = of_rank || (!str_is_empty(post->rank) &&
                              regime_rank_order(p->regime, post->rank) <=
                                  regime_rank_order(p->regime, rule->of_rank));
    }
    return of_rank && of_kind && (kinds == NULL || is_ours);
}

static bool is_excepted(const struct regime_body *body, const struct regime_body_rule *rule,
                        const struct casefile *casefile, struct str person)
{
    value_each (row, value_find(casefile->fields, body->exceptions)) {
        struct str whom = text_at(row, body->exception_person);
        if (str_eq(text_at(row, body->exception_rule), rule->id) &&
            (str_is_empty(whom) || str_eq(whom, person)))
            return true;
    }
    return false;
}

static bool stood_in(const struct casefile *casefile, const struct value *states)
{
    for (size_t i = 0; i < casefile->entries.len; i++)
        if (has_text(states, casefile->entries.at[i].state))
            return true;
    return states == NULL;
}

static void take_seats(struct proving *p, struct season *season, const struct casefile *casefile)
{
    const struct value *args = season->rule->args;
    const struct casefile_role *role =
        casefile_find_role(casefile, value_find_text(args, "role"));
    struct day day = day_at(casefile, str_is_empty(season->body->day) ? season->body->from
                                                                      : season->body->day);
    if (role == NULL || day_is_none(day) || day.v < season->from.v || day.v > season->to.v ||
        !stood_in(casefile, value_find_c(args, "states")))
        return;
    for (size_t i = 0; i < role->people.len; i++) {
        const struct world_person *person =
            world_find_person(p->world, (struct person_id){role->people.at[i]});
        if (person == NULL || !is_counted(p, season->rule, person, day, NULL))
            continue;
        struct str id = person_key(p->ctx->arena, person->id.v);
        struct seat *seat = seat_of(p, season, id);
        seat->times++;
        seat->excepted += is_excepted(season->body, season->rule, casefile, id);
        seat->cases = str_printf(p->ctx->arena, "%.*s%s%.*s", STR_ARG(seat->cases),
                                 seat->times == 1 ? "" : " ", STR_ARG(casefile->number));
    }
}

/* Who sat in none, as the case of that season has it. */
static void take_listed(struct proving *p, struct season *season, const struct casefile *casefile)
{
    const struct value *args = season->lister;
    struct day on = day_at(casefile, value_find_text(args, "on"));
    const struct value *rows = value_find(casefile->fields, value_find_text(args, "list"));
    if (rows == NULL || day_is_none(on) || on.v < season->from.v || on.v > season->to.v)
        return;
    season->is_listed = true;
    value_each (row, rows)
        seat_of(p, season, text_at(row, value_find_text(args, "column")))->listed = true;
}

/* ---- reading ---- */

static void take_case(struct proving *p, const struct regime_body *body,
                      const struct casefile *casefile)
{
    if (casefile->withdrawn)
        return;
    if (body != NULL)
        take_days(p, body, casefile);
    for (size_t i = 0; i < p->seasons.len; i++) {
        struct season *season = &p->seasons.at[i];
        if (str_eq(value_find_text(season->rule->args, "procedure"), casefile->procedure))
            take_seats(p, season, casefile);
        if (season->lister != NULL)
            take_listed(p, season, casefile);
    }
}

static enum status read_cases(struct proving *p, const struct regime_procedure *procedure,
                              const struct regime_body *body)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct casefile_place_list places;
    TRY(casefile_rows_list_places(p->ctx, p->conn, p->campaign->name, procedure->name,
                                  (struct instant){0}, &places));
    for (size_t i = 0; i < places.len; i++) {
        struct ctx ctx = {.arena = arena, .now = p->ctx->now};
        struct casefile casefile;
        arena_reset(arena);
        enum status status =
            ledger_load(&ctx, p->conn, places.at[i].prefecture, places.at[i].id, &casefile);
        if (status != ST_OK) {
            (void)fail_reason(p->ctx, status, ctx.failure.reason);
            fail_keep(p->ctx);
            return status;
        }
        take_case(p, body, &casefile);
    }
    return ST_OK;
}

/* The cases that list who sat in none, each procedure once. */
static enum status read_lists(struct proving *p)
{
    for (size_t i = 0; i < p->seasons.len; i++) {
        const struct value *args;
        const struct regime_procedure *listing =
            find_listing(p->regime, &p->seasons.at[i], &args);
        bool is_first = listing != NULL;
        for (size_t j = 0; j < i && is_first; j++)
            is_first = find_listing(p->regime, &p->seasons.at[j], &args) != listing;
        if (is_first)
            TRY(read_cases(p, listing, NULL));
    }
    return ST_OK;
}

/* ---- telling ---- */

static struct str label_of(const struct reader *reader, struct words words)
{
    return words_label(reader->lang, words);
}

static void put_gap(struct proving *p, struct value *gaps, int64_t from, int64_t to)
{
    struct arena *arena = p->ctx->arena;
    struct value *gap = value_append_map(arena, gaps);
    value_put_text(arena, gap, "from", day_format(arena, day_add(p->first, (int32_t)from)));
    value_put_text(arena, gap, "to", day_format(arena, day_add(p->first, (int32_t)to)));
}

/* How many of its days are covered. */
static int64_t put_calendar(struct proving *p, const struct calendar *calendar, struct value *rows,
                            int64_t *io_gaps)
{
    struct arena *arena = p->ctx->arena;
    const struct world_region *region = world_find_region(p->world, calendar->region);
    struct value *row = value_append_map(arena, rows);
    int64_t covered = 0;
    value_put_text(arena, row, "region", calendar->region);
    value_put_text(arena, row, "label", region == NULL ? calendar->region : region->name);
    value_put_int(arena, row, "bodies", calendar->bodies);
    struct value *gaps = value_put_list(arena, row, "gaps");
    for (int64_t day = 0, from = -1; day <= p->days; day++) {
        bool there = day == p->days || calendar->days[day];
        covered += day < p->days && there;
        if (!there && from < 0)
            from = day;
        if (there && from >= 0) {
            put_gap(p, gaps, from, day - 1);
            from = -1;
        }
    }
    *io_gaps += (int64_t)gaps->count;
    value_put_int(arena, row, "covered", covered);
    return covered;
}

/* The number of gaps. */
static int64_t put_item(struct proving *p, const struct regime_body *body, struct value *items)
{
    struct arena *arena = p->ctx->arena;
    struct value *item = value_append_map(arena, items);
    int64_t covered = 0, gaps = 0, bodies = 0;
    value_put_text(arena, item, "id", body->id);
    value_put_text(arena, item, "title", label_of(p->reader, body->words));
    value_put_text(arena, item, "clause", body->clause);
    struct value *rows = value_put_list(arena, item, "rows");
    for (size_t i = 0; i < p->calendars.len; i++) {
        covered += put_calendar(p, &p->calendars.at[i], rows, &gaps);
        bodies += p->calendars.at[i].bodies;
    }
    value_put_int(arena, item, "bodies_n", bodies);
    value_put_int(arena, item, "regions_n", (int64_t)p->calendars.len);
    value_put_int(arena, item, "days_n", (int64_t)p->calendars.len * p->days);
    value_put_int(arena, item, "covered_n", covered);
    value_put_int(arena, item, "gaps_n", gaps);
    return gaps;
}

enum seat_state { SEAT_ONCE, SEAT_LISTED, SEAT_EXCEPTED, SEAT_RUNNING, SEAT_OPEN, SEAT_STATES };

static enum seat_state state_of(const struct season *season, const struct seat *seat)
{
    if (seat->times == 1)
        return SEAT_ONCE;
    if (seat->times > 1)
        return seat->excepted >= seat->times - 1 ? SEAT_EXCEPTED : SEAT_OPEN;
    return seat->listed ? SEAT_LISTED : season->is_listed ? SEAT_OPEN : SEAT_RUNNING;
}

static void put_person(struct proving *p, const struct world_person *person,
                       const struct seat *seat, const char *state, struct value *rows)
{
    struct arena *arena = p->ctx->arena;
    struct value *row = value_append_map(arena, rows);
    value_put_text(arena, row, "id", person_key(arena, person->id.v));
    value_put_text(arena, row, "label", person->name);
    value_put_int(arena, row, "times", seat->times);
    value_put_int(arena, row, "excepted", seat->excepted);
    value_put_text(arena, row, "state", str_of(state));
    value_put_text(arena, row, "cases", str_is_empty(seat->cases) ? S("") : seat->cases);
}

static void put_season_terms(struct proving *p, const struct season *season, struct value *item)
{
    struct arena *arena = p->ctx->arena;
    value_put_text(arena, item, "body", season->body->id);
    value_put_text(arena, item, "rule", season->rule->id);
    value_put_text(arena, item, "title", label_of(p->reader, season->rule->words));
    value_put_text(arena, item, "clause", season->rule->clause);
    value_put_text(arena, item, "from", day_format(arena, season->from));
    value_put_text(arena, item, "to", day_format(arena, season->to));
}

/* How many are open. */
static int64_t put_season(struct proving *p, struct season *season, struct value *seasons)
{
    static const char *const names[SEAT_STATES] = {"once", "listed", "excepted", "running", "open"};
    struct arena *arena = p->ctx->arena;
    struct value *item = value_append_map(arena, seasons);
    struct day day = earlier(season->to, p->last);
    const struct value *kinds = value_find_c(season->lister, "kinds");
    int64_t counts[SEAT_STATES] = {0}, people = 0;
    size_t count;
    const struct world_person *all = world_list_people(p->world, &count);
    put_season_terms(p, season, item);
    struct value *rows = value_put_list(arena, item, "rows");
    for (size_t i = 0; i < count; i++) {
        struct str id = person_key(arena, all[i].id.v);
        if (strmap_find(&season->seats, id) == NULL &&
            (season->lister == NULL || !is_counted(p, season->rule, &all[i], day, kinds)))
            continue;
        const struct seat *seat = seat_of(p, season, id);
        enum seat_state state = state_of(season, seat);
        people++;
        counts[state]++;
        if (state != SEAT_ONCE)
            put_person(p, &all[i], seat, names[state], rows);
    }
    value_put_int(arena, item, "people_n", people);
    for (int i = 0; i < SEAT_STATES; i++)
        value_put_int(arena, item, str_c(arena, str_printf(arena, "%s_n", names[i])), counts[i]);
    return counts[SEAT_OPEN];
}

/* ---- the whole ---- */

/* The first body of each procedure whose cases have a list of members and days. */
static bool is_told(const struct regime *regime, size_t at)
{
    const struct regime_body *body = &regime->bodies[at];
    for (size_t i = 0; i < at; i++)
        if (regime->bodies[i].procedure == body->procedure)
            return false;
    return body->list != NULL && !str_is_empty(body->from) && !str_is_empty(body->to) &&
           states_at_work(body) != NULL;
}

static enum status prove(struct proving *p, struct value *document)
{
    struct arena *arena = p->ctx->arena;
    int64_t wrong = 0;
    struct value *items = value_put_list(arena, document, "items");
    find_seasons(p);
    for (size_t i = 0; i < p->regime->body_count; i++) {
        const struct regime_body *body = &p->regime->bodies[i];
        if (!is_told(p->regime, i))
            continue;
        p->calendars.len = 0;
        p->only_those = false;
        TRY(take_regions(p));
        TRY(read_cases(p, body->procedure, body));
        wrong += put_item(p, body, items);
    }
    TRY(read_lists(p));
    struct value *seasons = value_put_list(arena, document, "seasons");
    for (size_t i = 0; i < p->seasons.len; i++)
        wrong += put_season(p, &p->seasons.at[i], seasons);
    value_put_bool(arena, document, "ok", wrong == 0);
    return ST_OK;
}

enum status body_report_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                 const struct reader *reader, struct str campaign,
                                 struct day first, struct day last, struct value **out)
{
    struct value *document = value_map(ctx->arena);
    struct day today = day_of_instant(reader->now);
    struct proving p = {.ctx = ctx, .conn = conn, .world = world, .reader = reader};
    p.campaign = world_find_campaign(world, campaign);
    if (p.campaign == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", campaign)));
    TRY(world_load_pack(ctx, world, p.campaign->pack, &p.regime));
    p.first = day_is_none(first) ? p.campaign->begins : first;
    p.last = !day_is_none(last) ? last : day_is_none(p.campaign->ends) ? today : p.campaign->ends;
    p.last = earlier(p.last, today);
    if (day_is_none(p.first) || p.first.v > p.last.v)
        p.first = p.last;
    p.days = p.last.v - p.first.v + 1;
    value_put_text(ctx->arena, document, "campaign", p.campaign->name);
    value_put_text(ctx->arena, document, "campaign_label", label_of(reader, p.campaign->title));
    value_put_text(ctx->arena, document, "first", day_format(ctx->arena, p.first));
    value_put_text(ctx->arena, document, "last", day_format(ctx->arena, p.last));
    *out = document;
    return prove(&p, document);
}
