/*
 * The items of the section are read as the pack's checker left them: known keys, known kinds.
 */
#include "services/report.h"

#include "base/num.h"
#include "engine/period.h"
#include "services/report_time.h"

enum { LISTED_MAX = 500, COUNT_MAX = 1000000000, PERCENT_PLACES = 2 };

struct compiling {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
    const struct world_campaign *campaign;
    const struct regime *regime;
    struct str procedure;
    bool has_period;
    struct period period;
};

static struct str label_of(const struct reader *reader, const struct value *item)
{
    return words_label(reader->lang, (struct words){value_find_text(item, "zh"),
                                                    value_find_text(item, "en")});
}

static const struct value *section_of(const struct regime *regime, struct str name)
{
    for (size_t i = 0; i < regime->section_count; i++)
        if (str_eq(regime->sections[i].name, name))
            return regime->sections[i].items;
    return NULL;
}

/* The words of a list, parted by commas as addresses have them. */
static struct str joined(struct arena *arena, const struct value *words)
{
    struct str all = S("");
    value_each (word, words)
        all = str_printf(arena, "%.*s%s%.*s", STR_ARG(all), all.len == 0 ? "" : ",",
                         STR_ARG(word->text));
    return all;
}

static struct value *query_of(const struct compiling *c, struct str states)
{
    struct arena *arena = c->ctx->arena;
    struct value *query = value_map(arena);
    value_put_text(arena, query, "campaign", c->campaign->name);
    if (!str_is_empty(c->procedure))
        value_put_text(arena, query, "procedure", c->procedure);
    if (!str_is_empty(states))
        value_put_text(arena, query, "state", states);
    if (c->has_period) {
        value_put_text(arena, query, "created_after", day_format(arena, c->period.first));
        value_put_text(arena, query, "created_before", day_format(arena, c->period.last));
    }
    return query;
}

static enum status filter_of(const struct compiling *c, const struct value *query,
                             struct casefile_filter *out)
{
    struct casefile_page page;
    TRY(case_list_parse(c->ctx, query, out, &page));
    out->scope = case_scope(c->ctx->arena, c->world, c->actor);
    return ST_OK;
}

static enum status count_cases(const struct compiling *c, struct str states, int64_t *out)
{
    struct casefile_filter filter;
    TRY(filter_of(c, query_of(c, states), &filter));
    return casefile_count(c->ctx, c->conn, &filter, COUNT_MAX, out);
}

static enum status count_batches(const struct compiling *c, int64_t *out)
{
    struct casefile_filter filter;
    struct casefile_figure_list figures = {0};
    TRY(filter_of(c, query_of(c, (struct str){0}), &filter));
    TRY(casefile_figures(c->ctx, c->conn, &filter, CASEFILE_BY_BATCH, &figures));
    *out = 0;
    for (size_t i = 0; i < figures.len; i++)
        *out += !str_is_empty(figures.at[i].value);
    return ST_OK;
}

static enum status figure_number(const struct compiling *c, const struct value *figure,
                                 int64_t *out)
{
    int64_t without = 0;
    struct arena *arena = c->ctx->arena;
    struct str excluded = joined(arena, value_find_c(figure, "not_in"));
    if (str_eq(value_find_text(figure, "count"), S("batches")))
        return count_batches(c, out);
    if (!str_is_empty(excluded))
        TRY(count_cases(c, excluded, &without));
    TRY(count_cases(c, joined(arena, value_find_c(figure, "in")), out));
    *out -= without;
    return ST_OK;
}

/* From the first day of the report's period, or of the campaign's, up to its end or to now. */
static enum status free_time_share(const struct compiling *c, const struct value *free_time,
                                   int64_t *out)
{
    struct instant from = day_start(c->has_period ? c->period.first : c->campaign->begins);
    struct instant to = c->reader->now;
    if (c->has_period && day_start(day_add(c->period.last, 1)).ms < to.ms)
        to = day_start(day_add(c->period.last, 1));
    return report_time_share(c->ctx, c->conn, c->campaign->name, c->procedure, free_time, from, to,
                             out);
}

/* A number of cases, or a percentage with what it is made of. */
static enum status put_number(const struct compiling *c, const struct value *figure,
                              struct value *row)
{
    int64_t n;
    struct arena *arena = c->ctx->arena;
    const struct value *free_time = value_find_c(figure, "free_time");
    if (free_time == NULL)
        TRY(figure_number(c, figure, &n));
    else
        TRY(free_time_share(c, free_time, &n));
    value_put_int(arena, row, "n", n);
    value_put_text(arena, row, "text",
                   free_time == NULL ? str_printf(arena, "%lld", (long long)n)
                   : n < 0           ? S("–")
                                     : str_concat(arena, num_format_scaled(arena, n, PERCENT_PLACES),
                                                  S(" %")));
    return ST_OK;
}

/* All states of the procedure but those. */
static struct str states_without(const struct compiling *c, const struct value *excluded)
{
    const struct regime_procedure *of = regime_find_procedure(c->regime, c->procedure);
    struct value *states = value_list(c->ctx->arena);
    for (size_t i = 0; of != NULL && i < of->state_count; i++) {
        bool is_out = false;
        value_each (one, excluded)
            is_out = is_out || str_eq(one->text, of->states[i].name);
        if (!is_out)
            value_append(states, value_text(c->ctx->arena, of->states[i].name));
    }
    return joined(c->ctx->arena, states);
}

/* The rows that the number counts: a list of as many cases, of as many batches. */
static struct str figure_url(const struct compiling *c, const struct value *figure)
{
    struct arena *arena = c->ctx->arena;
    const struct value *excluded = value_find_c(figure, "not_in");
    struct value *query = query_of(c, excluded != NULL
                                          ? states_without(c, excluded)
                                          : joined(arena, value_find_c(figure, "in")));
    if (!str_eq(value_find_text(figure, "count"), S("batches")))
        return case_list_url(arena, "/cases", query, NULL);
    value_put_text(arena, query, "by", S("batch"));
    return case_list_url(arena, "/stats", query, NULL);
}

static enum status put_figure(const struct compiling *c, const struct value *figure,
                              struct value *figures)
{
    struct arena *arena = c->ctx->arena;
    struct str states = joined(arena, value_find_c(figure, "in"));
    struct value *row = value_append_map(arena, figures);
    value_put_text(arena, row, "id", value_find_text(figure, "id"));
    value_put_text(arena, row, "label", label_of(c->reader, figure));
    TRY(put_number(c, figure, row));
    value_put_text(arena, row, "url", figure_url(c, figure));
    value_put_bool(arena, row, "has_items", false);
    if (!value_find_bool(figure, "listed"))
        return ST_OK;
    struct value *list;
    struct value *query = query_of(c, states);
    value_put_text(arena, query, "limit", str_printf(arena, "%d", LISTED_MAX));
    TRY(case_list_document(c->ctx, c->conn, c->world, c->reader, c->actor, query, &list));
    value_put(row, S("items"), value_copy(arena, value_find_c(list, "items")));
    value_put_bool(arena, row, "has_items", value_find_c(row, "items")->count > 0);
    return ST_OK;
}

static enum status put_table(const struct compiling *c, const struct value *table,
                             struct value *tables)
{
    struct arena *arena = c->ctx->arena;
    struct value *row = value_append_map(arena, tables);
    value_put_text(arena, row, "id", value_find_text(table, "id"));
    value_put_text(arena, row, "label", label_of(c->reader, table));
    value_put_text(arena, row, "by", value_find_text(table, "by"));
    return case_figures_add(c->ctx, c->conn, c->world, c->reader, c->actor,
                            query_of(c, (struct str){0}), value_find_text(table, "by"),
                            value_put_list(arena, row, "rows"));
}

static enum status read_period(struct compiling *c, const struct value *report, struct str text)
{
    enum period_kind kind;
    c->has_period = period_kind_parse(value_find_text(report, "per"), &kind);
    if (!c->has_period)
        return str_is_empty(text) ? ST_OK
                                  : fail(c->ctx, ST_MALFORMED, "report.no_period",
                                         ARGS(arg_text("period", text)));
    if (str_is_empty(text))
        c->period = period_of(kind, day_of_instant(c->reader->now));
    else if (!period_parse(text, &c->period) || c->period.kind != kind)
        return fail(c->ctx, ST_MALFORMED, "report.no_period", ARGS(arg_text("period", text)));
    return ST_OK;
}

static void put_period(const struct compiling *c, struct str id, struct value *doc)
{
    struct arena *arena = c->ctx->arena;
    const struct {
        const char *key;
        struct period period;
    } beside[] = {{"before_url", period_before(c->period)}, {"after_url", period_next(c->period)}};
    value_put_text(arena, doc, "period", period_format(arena, c->period));
    for (size_t i = 0; i < COUNT_OF(beside); i++)
        value_put_text(arena, doc, beside[i].key,
                       str_printf(arena, "/reports/%.*s/%.*s?period=%.*s",
                                  STR_ARG(c->campaign->name), STR_ARG(id),
                                  STR_ARG(period_format(arena, beside[i].period))));
}

static const struct value *report_of(const struct regime *regime, struct str id)
{
    value_each (report, section_of(regime, S("reports")))
        if (str_eq(value_find_text(report, "id"), id))
            return report;
    return NULL;
}

enum status report_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                            const struct reader *reader, const struct actor *actor,
                            struct str campaign, struct str id, struct str period,
                            struct value **out)
{
    struct arena *arena = ctx->arena;
    const struct regime *regime;
    const struct world_campaign *found = world_find_campaign(world, campaign);
    if (found == NULL)
        return fail(ctx, ST_NOT_FOUND, "campaign.unknown", ARGS(arg_text("name", campaign)));
    TRY(world_load_pack(ctx, world, found->pack, &regime));
    const struct value *report = report_of(regime, id);
    if (report == NULL)
        return fail(ctx, ST_NOT_FOUND, "report.unknown", ARGS(arg_text("id", id)));
    struct compiling c = {.ctx = ctx,
                          .conn = conn,
                          .world = world,
                          .reader = reader,
                          .actor = actor,
                          .campaign = found,
                          .regime = regime,
                          .procedure = value_find_text(report, "of")};
    TRY(read_period(&c, report, period));
    struct value *doc = value_map(arena);
    value_put_text(arena, doc, "id", id);
    value_put_text(arena, doc, "title", label_of(reader, report));
    value_put_text(arena, doc, "campaign", found->name);
    value_put_text(arena, doc, "campaign_label", words_label(reader->lang, found->title));
    value_put_text(arena, doc, "clause", value_find_text(report, "clause"));
    value_put_text(arena, doc, "at", instant_format(arena, reader->now));
    value_put_text(arena, doc, "at_text", reader_time(arena, reader, reader->now));
    if (c.has_period)
        put_period(&c, id, doc);
    struct value *figures = value_put_list(arena, doc, "figures");
    value_each (figure, value_find_c(report, "figures"))
        TRY(put_figure(&c, figure, figures));
    struct value *tables = value_put_list(arena, doc, "tables");
    value_each (table, value_find_c(report, "tables"))
        TRY(put_table(&c, table, tables));
    *out = doc;
    return ST_OK;
}

enum status report_list(struct ctx *ctx, const struct world *world, const struct reader *reader,
                        struct value **out)
{
    size_t count;
    struct arena *arena = ctx->arena;
    const struct world_campaign *campaigns = world_list_campaigns(world, &count);
    struct value *doc = value_map(arena);
    struct value *items = value_put_list(arena, doc, "items");
    for (size_t i = 0; i < count; i++) {
        const struct regime *regime;
        TRY(world_load_pack(ctx, world, campaigns[i].pack, &regime));
        value_each (report, section_of(regime, S("reports"))) {
            struct value *row = value_append_map(arena, items);
            struct str id = value_find_text(report, "id");
            value_put_text(arena, row, "campaign", campaigns[i].name);
            value_put_text(arena, row, "campaign_label",
                           words_label(reader->lang, campaigns[i].title));
            value_put_text(arena, row, "id", id);
            value_put_text(arena, row, "title", label_of(reader, report));
            value_put_text(arena, row, "clause", value_find_text(report, "clause"));
            value_put_text(arena, row, "url",
                           str_printf(arena, "/reports/%.*s/%.*s", STR_ARG(campaigns[i].name),
                                      STR_ARG(id)));
        }
    }
    *out = doc;
    return ST_OK;
}
