/*
 * How far a case is, is told by its place on the axis that all packs share (`like`), so that no state of
 * any pack is named here.
 */
#include "services/batch.h"

#include "base/buf.h"
#include "base/num.h"
#include "base/strmap.h"
#include "regime/vocabulary.h"
#include "store/batch_rows.h"

struct str batch_axis(struct arena *arena, struct str campaign, struct str number)
{
    return str_printf(arena, "%.*s/%.*s", STR_ARG(campaign), STR_ARG(number));
}

/* What a document is made with. */
struct desk {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct reader *reader;
    const struct actor *actor;
};

static struct casefile_filter filter_of(const struct desk *desk, const struct str *axis)
{
    return (struct casefile_filter){.batches = {axis, 1},
                                    .due_before = INSTANT_NONE,
                                    .due_after = INSTANT_NONE,
                                    .scope = case_scope(desk->ctx->arena, desk->world,
                                                        desk->actor)};
}

static struct str batch_url(struct arena *arena, struct str campaign, struct str number)
{
    struct buf url;
    buf_init(&url, arena, 4096);
    buf_c(&url, "/batches/");
    url_part(&url, campaign);
    buf_char(&url, '/');
    url_part(&url, number);
    return buf_str(&url);
}

static struct str campaign_label(const struct desk *desk, struct str name)
{
    const struct world_campaign *campaign = world_find_campaign(desk->world, name);
    return campaign == NULL ? name : words_label(desk->reader->lang, campaign->title);
}

/* ---- how far ---- */

static size_t rank_of(struct str like)
{
    size_t rank = 0;
    while (rank < superset_state_count && !str_eq(superset_states[rank], like))
        rank++;
    return rank;
}

/* Side ends stand behind the last state of the way. */
static bool is_at_least(struct str like, struct str state)
{
    return rank_of(like) >= rank_of(state) && rank_of(like) <= rank_of(S("filed"));
}

/* Its answer has gone out: what comes after that stands on both sides of it on the axis. */
static bool is_answered(struct str like)
{
    return str_eq(like, S("accepting")) || is_at_least(like, S("feedback_sent"));
}

struct progress {
    int64_t rows, handed_over, confirmed, answered, late;
};

static enum status find_progress(const struct desk *desk, const struct casefile_filter *filter,
                                 struct progress *out)
{
    struct casefile_figure_list figures = {0};
    struct progress progress = {0};
    TRY(casefile_figures(desk->ctx, desk->conn, filter, CASEFILE_BY_LIKE_STATE, &figures));
    for (size_t i = 0; i < figures.len; i++) {
        const struct casefile_figure *figure = &figures.at[i];
        progress.rows += figure->count;
        progress.late += figure->overdue;
        if (is_at_least(figure->value, S("handed_over")))
            progress.handed_over += figure->count;
        if (is_at_least(figure->value, S("received")))
            progress.confirmed += figure->count;
        if (is_answered(figure->value))
            progress.answered += figure->count;
    }
    *out = progress;
    return ST_OK;
}

/* ---- the list ---- */

static enum status put_batch(const struct desk *desk, const struct batch_row *batch,
                             struct value *items)
{
    struct arena *arena = desk->ctx->arena;
    struct progress progress;
    struct str axis = batch_axis(arena, batch->campaign, batch->number);
    const struct casefile_filter filter = filter_of(desk, &axis);
    TRY(find_progress(desk, &filter, &progress));
    if (progress.rows == 0)
        return ST_OK;
    struct value *row = value_append_map(arena, items);
    value_put_text(arena, row, "campaign", batch->campaign);
    value_put_text(arena, row, "campaign_label", campaign_label(desk, batch->campaign));
    value_put_text(arena, row, "number", batch->number);
    value_put_text(arena, row, "url", batch_url(arena, batch->campaign, batch->number));
    value_put_text(arena, row, "date",
                   day_is_none(batch->date) ? S("") : day_format(arena, batch->date));
    value_put_int(arena, row, "rows", progress.rows);
    value_put_int(arena, row, "handed_over", progress.handed_over);
    value_put_int(arena, row, "confirmed", progress.confirmed);
    value_put_int(arena, row, "answered", progress.answered);
    value_put_int(arena, row, "late", progress.late);
    return ST_OK;
}

enum status batch_list_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                                const struct reader *reader, const struct actor *actor,
                                struct str before, struct value **out)
{
    const struct desk desk = {ctx, conn, world, reader, actor};
    struct batch_id from = {0};
    struct batch_row_list batches = {0};
    if (!str_is_empty(before) && !num_parse_i64(before, 1, INT64_MAX, &from.v))
        return fail(ctx, ST_MALFORMED, "list.bad_cursor", NO_ARGS);
    TRY(batch_rows_list(ctx, conn, from, BATCH_LIST_MAX, &batches));
    struct value *document = value_map(ctx->arena);
    struct value *items = value_put_list(ctx->arena, document, "items");
    for (size_t i = 0; i < batches.len; i++)
        TRY(put_batch(&desk, &batches.at[i], items));
    if (batches.len == BATCH_LIST_MAX)
        value_put_text(ctx->arena, document, "next",
                       str_printf(ctx->arena, "%lld",
                                  (long long)batches.at[batches.len - 1].id.v));
    *out = document;
    return ST_OK;
}

/* ---- one batch: counts ---- */

struct page {
    struct desk desk;
    struct str campaign;
    struct str axis;
    struct casefile_filter filter;
    const struct regime *regime;
    struct value *document;
};

static void put_count(struct arena *arena, struct value *list, struct str label, int64_t n,
                      struct str url)
{
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "label", label);
    value_put_int(arena, row, "n", n);
    if (!str_is_empty(url))
        value_put_text(arena, row, "url", url);
}

static const struct regime_procedure *main_procedure(const struct page *page)
{
    for (size_t i = 0; i < page->regime->procedure_count; i++)
        if (page->regime->procedures[i].import_count > 0)
            return &page->regime->procedures[i];
    return &page->regime->procedures[0];
}

static struct str state_label(const struct page *page, struct str value)
{
    for (size_t i = 0; i < page->regime->procedure_count; i++) {
        const struct regime_state *state =
            procedure_find_state(&page->regime->procedures[i], value);
        if (state != NULL)
            return words_label(page->desk.reader->lang, state->words);
    }
    return value;
}

static struct str figure_label(const struct page *page, enum casefile_group group,
                               struct str value)
{
    const struct world_region *region = world_find_region(page->desk.world, value);
    if (group == CASEFILE_BY_STATE)
        return state_label(page, value);
    if (group == CASEFILE_BY_TYPE)
        return case_row_types(page->desk.ctx->arena, page->desk.reader, main_procedure(page),
                              value);
    return region == NULL ? value : region->name;
}

static enum status put_figures(const struct page *page, const char *key, const char *filter,
                               enum casefile_group group)
{
    struct casefile_figure_list figures = {0};
    struct arena *arena = page->desk.ctx->arena;
    struct value *list = value_put_list(arena, page->document, key);
    TRY(casefile_figures(page->desk.ctx, page->desk.conn, &page->filter, group, &figures));
    for (size_t i = 0; i < figures.len; i++) {
        const struct casefile_figure *figure = &figures.at[i];
        struct buf url;
        buf_init(&url, arena, 4096);
        buf_c(&url, "/cases?batch=");
        url_part(&url, page->axis);
        buf_printf(&url, "&%s=", filter);
        url_part(&url, figure->value);
        put_count(arena, list, figure_label(page, group, figure->value), figure->count,
                  buf_str(&url));
    }
    return ST_OK;
}

/* ---- one batch: its cases ---- */

/* Whether every confirmation that leads on from here is there. */
static bool is_confirmed(const struct regime_procedure *procedure,
                         const struct casefile *casefile)
{
    bool asked = false;
    for (size_t i = 0; i < procedure->transition_count; i++) {
        const struct regime_transition *row = &procedure->transitions[i];
        if (row->to == NULL || !transition_is_from(row, casefile->state))
            continue;
        for (size_t j = 0; j < row->need_count; j++) {
            const struct value *args = row->needs[j].args;
            if (row->needs[j].kind != GUARD_CONFIRMED || row->needs[j].when != NULL)
                continue;
            asked = true;
            value_each (what, args->kind == VALUE_LIST ? args : value_find_c(args, "all")) {
                bool found = false;
                for (size_t k = 0; k < casefile->marks.len; k++)
                    found = found || (casefile->marks.at[k].type == EVENT_CONFIRMED &&
                                      str_eq(casefile->marks.at[k].what, what->text));
                if (!found)
                    return false;
            }
        }
    }
    return asked;
}

static bool is_unconfirmed(const struct regime_procedure *procedure,
                           const struct casefile_row *row, const struct casefile *casefile)
{
    if (str_eq_c(row->like_state, "handed_over"))
        return true;
    return str_eq_c(row->like_state, "received") && !is_confirmed(procedure, casefile);
}

static struct str channel_of(const struct page *page, const struct regime_procedure *procedure,
                             const struct casefile *casefile)
{
    for (size_t i = 0; i < procedure->import_count; i++) {
        if (!str_eq_c(procedure->imports[i].column, "channel"))
            continue;
        const struct regime_field *field =
            procedure_find_field(procedure, procedure->imports[i].field);
        const struct value *value = value_find(casefile->fields, procedure->imports[i].field);
        for (size_t j = 0; field != NULL && value != NULL && j < field->choice_count; j++)
            if (str_eq(field->choices[j].code, value->text))
                return words_label(page->desk.reader->lang, field->choices[j].words);
    }
    return (struct str){0};
}

static enum status put_case(const struct page *page, const struct casefile_row *row,
                            struct strmap *channels)
{
    struct ctx *ctx = page->desk.ctx;
    struct casefile casefile;
    const struct regime_procedure *procedure =
        regime_find_procedure(page->regime, row->procedure);
    TRY(case_row_document(ctx, page->desk.world, page->desk.reader, row,
                          value_append_map(ctx->arena, value_list_at(ctx->arena, page->document,
                                                                     "items"))));
    if (procedure == NULL)
        return ST_OK;
    TRY(ledger_load(ctx, page->desk.conn, row->prefecture, row->id, &casefile));
    struct str channel = channel_of(page, procedure, &casefile);
    int64_t *count = strmap_find(channels, channel);
    if (count == NULL && !str_is_empty(channel)) {
        count = arena_new_of(ctx->arena, int64_t);
        (void)strmap_put(channels, channel, count);
    }
    if (count != NULL)
        ++*count;
    if (!is_unconfirmed(procedure, row, &casefile))
        return ST_OK;
    return case_row_document(ctx, page->desk.world, page->desk.reader, row,
                             value_append_map(ctx->arena, value_list_at(ctx->arena, page->document,
                                                                        "unconfirmed")));
}

static enum status put_cases(const struct page *page)
{
    struct arena *arena = page->desk.ctx->arena;
    struct casefile_list cases = {0};
    struct strmap channels;
    const struct casefile_page oldest = {.sort = CASEFILE_SORT_CREATED, .limit = BATCH_ITEMS_MAX};
    strmap_init(&channels, arena);
    (void)value_put_list(arena, page->document, "items");
    (void)value_put_list(arena, page->document, "unconfirmed");
    TRY(casefile_list(page->desk.ctx, page->desk.conn, &page->filter, &oldest, &cases));
    for (size_t i = 0; i < cases.rows.len; i++)
        TRY(put_case(page, &cases.rows.at[i], &channels));
    struct value *list = value_put_list(arena, page->document, "by_channel");
    for (size_t i = 0; i < channels.len; i++)
        put_count(arena, list, channels.entries[i].key, *(int64_t *)channels.entries[i].value,
                  (struct str){0});
    return ST_OK;
}

/* The clock of the batch that ends first. */
static enum status put_clock(const struct page *page)
{
    struct arena *arena = page->desk.ctx->arena;
    struct casefile_deadline_list clocks = {0};
    struct str next;
    TRY(casefile_list_deadlines(page->desk.ctx, page->desk.conn, &page->filter, 1,
                                (struct str){0}, &clocks, &next));
    if (clocks.len == 0)
        return ST_OK;
    const struct casefile_deadline *first = &clocks.at[0];
    const struct regime_procedure *procedure =
        regime_find_procedure(page->regime, first->row.procedure);
    const struct regime_deadline *rule =
        procedure == NULL ? NULL : procedure_find_deadline(procedure, first->name);
    const struct instant now = page->desk.reader->now;
    const struct deadline deadline = {.in_hours = rule != NULL && rule->unit == CLOCK_HOURS};
    const struct deadline_left left = {
        .late = now.ms >= first->end.ms,
        .minutes = (first->end.ms - now.ms) / MS_PER_MINUTE,
        .days = day_of_instant(first->due).v - day_of_instant(now).v};
    struct value *clock = value_put_map(arena, page->document, "clock");
    value_put_text(arena, clock, "name", first->name);
    value_put_text(arena, clock, "label",
                   rule == NULL ? first->name
                                : words_label(page->desk.reader->lang, rule->words));
    value_put_text(arena, clock, "due", instant_format(arena, first->due));
    value_put_text(arena, clock, "due_text", reader_time(arena, page->desk.reader, first->due));
    value_put_text(arena, clock, "left",
                   reader_left(arena, page->desk.reader, &deadline, &left, false));
    value_put_text(arena, clock, "class", str_of(reader_left_class(&left)));
    return ST_OK;
}

static enum status unknown_batch(struct ctx *ctx, struct str campaign, struct str number)
{
    return fail(ctx, ST_NOT_FOUND, "batch.unknown",
                ARGS(arg_text("campaign", campaign), arg_text("number", number)));
}

static enum status put_head(const struct page *page, const struct batch_row *batch)
{
    struct arena *arena = page->desk.ctx->arena;
    struct value *document = page->document;
    struct progress progress;
    TRY(find_progress(&page->desk, &page->filter, &progress));
    if (progress.rows == 0)
        return unknown_batch(page->desk.ctx, page->campaign, batch->number);
    value_put_text(arena, document, "campaign", page->campaign);
    value_put_text(arena, document, "campaign_label",
                   campaign_label(&page->desk, page->campaign));
    value_put_text(arena, document, "number", batch->number);
    value_put_text(arena, document, "url", batch_url(arena, page->campaign, batch->number));
    value_put_text(arena, document, "date",
                   day_is_none(batch->date) ? S("") : day_format(arena, batch->date));
    value_put_int(arena, document, "rows", progress.rows);
    value_put_int(arena, document, "handed_over", progress.handed_over);
    value_put_int(arena, document, "answered", progress.answered);
    value_put_int(arena, document, "late", progress.late);
    return ST_OK;
}

enum status batch_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                           const struct reader *reader, const struct actor *actor,
                           struct str campaign, struct str number, struct value **out)
{
    struct batch_row batch;
    const struct world_campaign *known = world_find_campaign(world, campaign);
    struct page page = {.desk = {ctx, conn, world, reader, actor},
                        .campaign = campaign,
                        .axis = batch_axis(ctx->arena, campaign, number),
                        .document = value_map(ctx->arena)};
    enum status status = batch_rows_find(ctx, conn, campaign, number, &batch);
    if (status == ST_NOT_FOUND || known == NULL)
        return unknown_batch(ctx, campaign, number);
    TRY(status);
    page.filter = filter_of(&page.desk, &page.axis);
    TRY(world_load_pack(ctx, world, known->pack, &page.regime));
    TRY(put_head(&page, &batch));
    TRY(put_figures(&page, "by_state", "state", CASEFILE_BY_STATE));
    TRY(put_figures(&page, "by_type", "type", CASEFILE_BY_TYPE));
    TRY(put_figures(&page, "by_region", "region", CASEFILE_BY_REGION));
    TRY(put_cases(&page));
    TRY(put_clock(&page));
    *out = page.document;
    return ST_OK;
}
