/*
 * The clocks of the month are read page by page in the order in which they end, so one walk fills the
 * days; the grid of weeks only points to them.
 */
#include "services/due_calendar.h"

#include "engine/period.h"
#include "kit/ics.h"
#include "services/duty_list.h"

enum { ENTRIES_MAX = 2000, LATE_MAX = 200, SHOWN_A_DAY = 4, FILE_LIMIT_BYTES = 4 << 20 };

struct listing {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
    const struct value *query;
    struct period month;
    struct day today;
    struct value *doc;
    int64_t n;
    bool capped;
};

/* ---- what is asked ---- */

static enum status wrong(const struct listing *l, const char *field)
{
    return fail(l->ctx, ST_MALFORMED, "list.wrong_value",
                ARGS(arg_c("field", field), arg_text("given", value_find_text(l->query, field))));
}

static enum status read_query(struct listing *l)
{
    struct str month = value_find_text(l->query, "month"), view = value_find_text(l->query, "view");
    struct str mine = value_find_text(l->query, "mine");
    l->today = day_of_instant(l->reader->now);
    l->month = period_of(PERIOD_MONTH, l->today);
    if (!str_is_empty(month) &&
        (!period_parse(month, &l->month) || l->month.kind != PERIOD_MONTH))
        return wrong(l, "month");
    if (!str_is_empty(view) && !str_eq(view, S("month")) && !str_eq(view, S("list")))
        return wrong(l, "view");
    return str_is_empty(mine) || str_eq(mine, S("true")) ? ST_OK : wrong(l, "mine");
}

static bool is_mine(const struct listing *l)
{
    return !str_is_empty(value_find_text(l->query, "mine"));
}

/* The address of the page with one member set otherwise; empty: taken out. */
static struct str url_with(const struct listing *l, const char *path, const char *name,
                           struct str text)
{
    struct arena *arena = l->ctx->arena;
    struct value *query = value_map(arena);
    value_each (member, l->query)
        if (!str_eq_c(member->key, name) && !str_is_empty(member->text))
            value_put_text(arena, query, str_c(arena, member->key), member->text);
    if (!str_is_empty(text))
        value_put_text(arena, query, name, text);
    return case_list_url(arena, path, query, NULL);
}

static void put_choice(const struct listing *l, struct value *list, struct str label,
                       const char *name, struct str text)
{
    struct arena *arena = l->ctx->arena;
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "label", label);
    value_put_text(arena, row, "url", url_with(l, "/calendar", name, text));
    value_put_bool(arena, row, "here", str_eq(value_find_text(l->query, name), text));
}

static void put_choices(const struct listing *l)
{
    struct arena *arena = l->ctx->arena;
    const struct casefile_scope scope = case_scope(arena, l->world, l->actor);
    struct value *views = value_put_list(arena, l->doc, "views");
    struct value *of = value_put_list(arena, l->doc, "of");
    struct value *campaigns = value_put_list(arena, l->doc, "campaigns");
    put_choice(l, views, reader_sentence(arena, l->reader, "calendar.as_month", NO_ARGS), "view", S(""));
    put_choice(l, views, reader_sentence(arena, l->reader, "calendar.as_list", NO_ARGS), "view", S("list"));
    put_choice(l, of, reader_sentence(arena, l->reader, "calendar.all", NO_ARGS), "mine", S(""));
    put_choice(l, of, reader_sentence(arena, l->reader, "calendar.mine", NO_ARGS), "mine", S("true"));
    put_choice(l, campaigns, reader_sentence(arena, l->reader, "calendar.all_campaigns", NO_ARGS),
               "campaign", S(""));
    for (size_t i = 0; i < scope.campaigns.count; i++) {
        const struct world_campaign *campaign =
            world_find_campaign(l->world, scope.campaigns.at[i]);
        put_choice(l, campaigns, words_label(l->reader->lang, campaign->title), "campaign",
                   campaign->name);
    }
}

/* ---- entries ---- */

/* Clocks that end after `from` and no later than `to`; DAY_NONE: no matter how long ago. */
static enum status filter_of(const struct listing *l, struct day from, struct day to,
                             struct casefile_filter *out)
{
    struct arena *arena = l->ctx->arena;
    struct value *query = value_map(arena);
    struct casefile_page page;
    struct str campaign = value_find_text(l->query, "campaign");
    if (!str_is_empty(campaign))
        value_put_text(arena, query, "campaign", campaign);
    if (is_mine(l))
        value_put_text(arena, query, "waits", case_waits_for(arena, l->actor));
    TRY(case_list_parse(l->ctx, query, out, &page));
    out->scope = case_scope(arena, l->world, l->actor);
    /* A whole day ends with the first instant of the next one. */
    if (!day_is_none(from))
        out->due_after = (struct instant){day_start(from).ms + 1};
    out->due_before = (struct instant){day_start(day_add(to, 1)).ms + 1};
    return ST_OK;
}

/* The list that a clock's entry goes into. */
typedef struct value *entries_fn(struct listing *l, struct day day);

static enum status walk(struct listing *l, struct day from, struct day to, size_t max,
                        entries_fn *entries_of)
{
    struct casefile_filter filter;
    struct str cursor = {0};
    size_t seen = 0;
    TRY(filter_of(l, from, to, &filter));
    do {
        struct casefile_deadline_list list = {0};
        struct str next = {0};
        TRY(casefile_list_deadlines(l->ctx, l->conn, &filter, CASEFILE_LIST_MAX, cursor, &list, &next));
        for (size_t i = 0; i < list.len && seen < max; i++, seen++)
            TRY(deadline_row_document(
                l->ctx, l->world, l->reader, &list.at[i],
                value_append_map(l->ctx->arena, entries_of(l, day_of_instant(list.at[i].due)))));
        cursor = next;
    } while (!str_is_empty(cursor) && seen < max);
    l->n += (int64_t)seen;
    l->capped = l->capped || !str_is_empty(cursor);
    return ST_OK;
}

static struct value *entries_of_day(struct listing *l, struct day day)
{
    struct arena *arena = l->ctx->arena;
    struct value *days = value_list_at(arena, l->doc, "days");
    struct str name = day_format(arena, day);
    if (days->last == NULL || !str_eq(value_find_text(days->last, "day"), name)) {
        const struct arg text = arg_day("day", day);
        struct value *row = value_append_map(arena, days);
        value_put_text(arena, row, "day", name);
        value_put_text(arena, row, "day_text",
                       words_value(arena, l->reader->words, l->reader->lang, &text));
        value_put_bool(arena, row, "is_today", day.v == l->today.v);
    }
    return value_list_at(arena, days->last, "entries");
}

static struct value *entries_late(struct listing *l, struct day day)
{
    (void)day;
    return value_list_at(l->ctx->arena, l->doc, "late");
}

static enum status fill(struct listing *l)
{
    (void)value_put_list(l->ctx->arena, l->doc, "late");
    (void)value_put_list(l->ctx->arena, l->doc, "days");
    bool present = l->today.v >= l->month.first.v && l->today.v <= l->month.last.v;
    if (present)
        TRY(walk(l, DAY_NONE, day_add(l->month.first, -1), LATE_MAX, entries_late));
    return walk(l, l->month.first, l->month.last, ENTRIES_MAX, entries_of_day);
}

/* ---- the grid ---- */

static const struct value *find_day(const struct listing *l, struct str day)
{
    value_each (row, value_find_c(l->doc, "days"))
        if (str_eq(value_find_text(row, "day"), day))
            return value_find_c(row, "entries");
    return NULL;
}

/* Where a case lies, unless its title says so or it lies everywhere. */
static struct str place_of(const struct listing *l, const struct value *row)
{
    struct str label = value_find_text(row, "region_label");
    const struct world_campaign *campaign =
        world_find_campaign(l->world, value_find_text(row, "campaign"));
    bool everywhere = campaign != NULL && str_eq(value_find_text(row, "region"), campaign->region);
    return everywhere || str_eq(value_find_text(row, "title"), label) ? S("") : label;
}

static void put_cell(const struct listing *l, struct day day, struct value *days)
{
    struct arena *arena = l->ctx->arena;
    struct value *cell = value_append_map(arena, days);
    struct str name = day_format(arena, day);
    const struct value *entries = find_day(l, name);
    size_t count = entries == NULL ? 0 : entries->count, put = 0;
    value_put_text(arena, cell, "day", name);
    value_put_int(arena, cell, "number", day_civil(day).day);
    value_put_bool(arena, cell, "in_month", day.v >= l->month.first.v && day.v <= l->month.last.v);
    value_put_bool(arena, cell, "is_today", day.v == l->today.v);
    value_put_bool(arena, cell, "off", day_weekday(day) > 5);
    value_put_bool(arena, cell, "busy", count > 0);
    struct value *shown = value_put_list(arena, cell, "shown");
    for (const struct value *one = count == 0 ? NULL : entries->first; one != NULL && put < SHOWN_A_DAY;
         one = one->next, put++) {
        struct value *entry = value_copy(arena, one);
        value_put_text(arena, entry, "place", place_of(l, value_find_c(one, "case")));
        value_append(shown, entry);
    }
    if (count > put) {
        value_put_int(arena, cell, "more", (int64_t)(count - put));
        value_put_text(arena, cell, "more_url",
                       str_printf(arena, "%.*s#%.*s",
                                  STR_ARG(url_with(l, "/calendar", "view", S("list"))), STR_ARG(name)));
    }
}

static void put_weeks(const struct listing *l)
{
    struct arena *arena = l->ctx->arena;
    struct value *weeks = value_put_list(arena, l->doc, "weeks");
    struct day day = day_add(l->month.first, 1 - day_weekday(l->month.first));
    while (day.v <= l->month.last.v) {
        struct value *days = value_put_list(arena, value_append_map(arena, weeks), "days");
        for (int i = 0; i < 7; i++, day = day_add(day, 1))
            put_cell(l, day, days);
    }
}

/* ---- what has not begun ---- */

/* Of one campaign, those whose last day lies in the month. */
static enum status put_coming_of(const struct listing *l, const struct world_campaign *campaign,
                                 struct value *list)
{
    struct arena *arena = l->ctx->arena;
    struct value *rows = value_list(arena);
    struct str month = period_format(arena, l->month);
    struct value *query = value_map(arena);
    TRY(duty_list_coming(l->ctx, l->world, l->reader, campaign->name, rows));
    value_put_text(arena, query, "campaign", campaign->name);
    value_put_text(arena, query, "state", S("coming"));
    for (struct value *row = rows->first; row != NULL; row = row->next) {
        if (!str_starts(value_find_text(row, "due"), month))
            continue;
        struct value *one = value_append_map(arena, list);
        value_each (member, row)
            value_put(one, member->key, value_copy(arena, member));
        value_put_text(arena, one, "url", case_list_url(arena, "/obligations", query, NULL));
        value_put_text(arena, one, "campaign_label", words_label(l->reader->lang, campaign->title));
    }
    return ST_OK;
}

/* Duties without a case yet, of the campaigns that the reader sees whole. */
static enum status put_coming(const struct listing *l)
{
    struct arena *arena = l->ctx->arena;
    const struct casefile_scope scope = case_scope(arena, l->world, l->actor);
    struct str chosen = value_find_text(l->query, "campaign");
    struct value *list = value_put_list(arena, l->doc, "coming");
    for (size_t i = 0; i < scope.campaigns.count && !is_mine(l); i++) {
        const struct world_campaign *campaign = world_find_campaign(l->world, scope.campaigns.at[i]);
        bool is_over = !day_is_none(campaign->ends) && campaign->ends.v < l->today.v;
        if (!is_over && (str_is_empty(chosen) || str_eq(chosen, campaign->name)))
            TRY(put_coming_of(l, campaign, list));
    }
    value_put_int(arena, l->doc, "coming_n", (int64_t)list->count);
    return ST_OK;
}

/* ---- the document ---- */

static void put_head(const struct listing *l)
{
    struct arena *arena = l->ctx->arena;
    struct str month = period_format(arena, l->month), view = value_find_text(l->query, "view");
    bool as_list = str_eq(view, S("list"));
    value_put_text(arena, l->doc, "month", month);
    value_put_text(arena, l->doc, "month_text",
                   reader_sentence(arena, l->reader, "calendar.month",
                                   ARGS(arg_text("year", str_part(month, 0, 4)),
                                        arg_int("month", day_civil(l->month.first).month))));
    value_put_text(arena, l->doc, "from", day_format(arena, l->month.first));
    value_put_text(arena, l->doc, "to", day_format(arena, l->month.last));
    value_put_text(arena, l->doc, "today", day_format(arena, l->today));
    value_put_text(arena, l->doc, "view", as_list ? S("list") : S("month"));
    value_put_bool(arena, l->doc, "as_month", !as_list);
    value_put_bool(arena, l->doc, "as_list", as_list);
    value_put_bool(arena, l->doc, "mine", is_mine(l));
    value_put_text(arena, l->doc, "previous_url",
                   url_with(l, "/calendar", "month", period_format(arena, period_before(l->month))));
    value_put_text(arena, l->doc, "next_url",
                   url_with(l, "/calendar", "month", period_format(arena, period_next(l->month))));
    value_put_text(arena, l->doc, "today_url", url_with(l, "/calendar", "month", S("")));
    value_put_text(arena, l->doc, "ics_url", url_with(l, "/calendar.ics", "month", month));
}

static enum status gather(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                          const struct reader *reader, const struct actor *actor,
                          const struct value *query, struct listing *out)
{
    *out = (struct listing){.ctx = ctx,
                            .conn = conn,
                            .world = world,
                            .reader = reader,
                            .actor = actor,
                            .query = query,
                            .doc = value_map(ctx->arena)};
    TRY(read_query(out));
    return fill(out);
}

enum status due_calendar_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                  const struct reader *reader, const struct actor *actor,
                                  const struct value *query, struct value **out)
{
    struct listing l;
    TRY(gather(ctx, conn, world, reader, actor, query, &l));
    put_head(&l);
    put_choices(&l);
    put_weeks(&l);
    TRY(put_coming(&l));
    value_put_int(ctx->arena, l.doc, "n", l.n);
    value_put_int(ctx->arena, l.doc, "late_n", (int64_t)value_find_c(l.doc, "late")->count);
    value_put_bool(ctx->arena, l.doc, "is_capped", l.capped);
    *out = l.doc;
    return ST_OK;
}

/* ---- the file ---- */

static void put_event(const struct listing *l, const struct value *entry, struct buf *file)
{
    struct arena *arena = l->ctx->arena;
    const struct value *row = value_find_c(entry, "case");
    struct str id = value_find_text(row, "id"), due = value_find_text(entry, "due");
    struct ics_event event = {
        .uid = str_printf(arena, "%.*s/%.*s@lantian", STR_ARG(id),
                          STR_ARG(value_find_text(entry, "name"))),
        .summary = reader_sentence(arena, l->reader, "calendar.summary",
                                   ARGS(arg_text("what", value_find_text(entry, "label")),
                                        arg_text("number", value_find_text(row, "number")),
                                        arg_text("title", value_find_text(row, "title")))),
        .description = str_printf(arena, "%.*s\n%.*s %.*s",
                                  STR_ARG(value_find_text(row, "campaign_label")),
                                  STR_ARG(value_find_text(entry, "why")),
                                  STR_ARG(value_find_text(entry, "clause"))),
        .at = INSTANT_NONE,
    };
    if (day_parse(due, &event.day) || instant_parse(due, &event.at))
        ics_put(file, &event, l->reader->now);
}

enum status due_calendar_ics(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                             const struct reader *reader, const struct actor *actor,
                             const struct value *query, struct str *out)
{
    struct listing l;
    struct buf file;
    TRY(gather(ctx, conn, world, reader, actor, query, &l));
    buf_init(&file, ctx->arena, FILE_LIMIT_BYTES);
    ics_begin(&file, reader_sentence(ctx->arena, reader, "title.calendar", NO_ARGS));
    value_each (entry, value_find_c(l.doc, "late"))
        put_event(&l, entry, &file);
    value_each (day, value_find_c(l.doc, "days"))
        value_each (entry, value_find_c(day, "entries"))
            put_event(&l, entry, &file);
    ics_end(&file);
    TRY(buf_status(&file));
    *out = buf_str(&file);
    return ST_OK;
}
