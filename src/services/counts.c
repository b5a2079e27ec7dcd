/*
 * The cases are folded again for each look: how often that is worth while, daily.h remembers.
 */
#include "services/counts.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/vec.h"
#include "engine/counts.h"
#include "services/campaign_choice.h"
#include "services/campaign_walk.h"
#include "services/case_document.h"
#include "services/case_list.h"
#include "services/casework.h"
#include "store/casefile_list.h"

enum { CASES_A_PAGE = 500, DAYS_A_WEEK = 7 };

static const struct actor SYSTEM = {.is_system = true};

/* One campaign at hand. */
struct look {
    struct ctx *ctx;
    const struct home *home; /* the timer's alone */
    struct db_conn *conn;
    const struct world *world;
    const struct world_campaign *campaign;
    const struct regime *regime;
};

struct case_list {
    const struct casefile **at;
    size_t len;
    size_t cap;
};

/* ---- reading ---- */

static enum status take_page(const struct look *look, const struct casefile_row_list *rows,
                             struct case_list *out)
{
    struct arena *arena = look->ctx->arena;
    for (size_t i = 0; i < rows->len; i++) {
        struct casefile *casefile = arena_new_of(arena, struct casefile);
        TRY(ledger_load(look->ctx, look->conn, rows->at[i].prefecture, rows->at[i].id, casefile));
        vec_add(arena, out, casefile);
    }
    return ST_OK;
}

/* The cases of the item's procedure, oldest first. */
static enum status read_cases(const struct look *look, const struct regime_count *item,
                              const struct casefile_scope *scope, struct case_list *out)
{
    const struct casefile_filter filter = {
        .campaigns = {&look->campaign->name, 1},
        .procedures = {&item->of->name, 1},
        .due_before = INSTANT_NONE,
        .due_after = INSTANT_NONE,
        .scope = *scope,
    };
    struct casefile_page page = {.sort = CASEFILE_SORT_CREATED, .limit = CASES_A_PAGE};
    *out = (struct case_list){0};
    do {
        struct casefile_list list = {0};
        TRY(casefile_list(look->ctx, look->conn, &filter, &page, &list));
        TRY(take_page(look, &list.rows, out));
        page.cursor = list.next;
    } while (!str_is_empty(page.cursor));
    return ST_OK;
}

static enum status engine_of(const struct look *look, struct str procedure, struct engine *out)
{
    struct world_view *view = arena_new_of(look->ctx->arena, struct world_view);
    view->today = day_of_instant(look->ctx->now);
    return world_engine(look->ctx, look->world, view, look->campaign->name, procedure,
                        (struct str){0}, out);
}

/* ---- what the timer proposes ---- */

/* Refused: it stands already, or the case's own rules will not have it. Others are not kept waiting. */
static enum status propose(const struct look *look, const struct regime_count *item,
                           struct value *input, int64_t *io_done)
{
    struct ctx own = {.arena = look->ctx->arena, .now = look->ctx->now};
    struct case_order order = {.home = look->home,
                               .world = look->world,
                               .actor = &SYSTEM,
                               .campaign = look->campaign->name,
                               .procedure = item->propose->name,
                               .command = S("create"),
                               .input = input,
                               .happened_at = INSTANT_NONE};
    enum status status = casework_give(&own, &order);
    *io_done += status == ST_OK;
    if (status == ST_OK || status == ST_CONFLICT || status == ST_STALE)
        return ST_OK;
    if (status == ST_IO || status == ST_UNAVAILABLE)
        return fail_reason(look->ctx, status, own.failure.reason);
    /* advise: ok, no caller is waiting */
    log_line(LOG_ERROR, "proposal_failed", "campaign=%.*s item=%.*s key=%s",
             STR_ARG(look->campaign->name), STR_ARG(item->id), own.failure.reason.key);
    return ST_OK;
}

static bool stands(const struct casefile_keyed_list *opened, struct str key)
{
    for (size_t i = 0; i < opened->len; i++)
        if (str_eq(opened->at[i].key, key))
            return true;
    return false;
}

static enum status propose_item(const struct look *look, const struct regime_count *item,
                                int64_t *io_done)
{
    static const struct casefile_scope all = {.everything = true};
    struct arena *arena = look->ctx->arena;
    struct case_list cases;
    struct count_list lines;
    struct engine engine;
    struct casefile_keyed_list opened;
    TRY(engine_of(look, item->propose->name, &engine));
    TRY(read_cases(look, item, &all, &cases));
    TRY(casefile_rows_list_keyed(look->ctx, look->conn, look->campaign->name,
                                 str_concat(arena, item->id, S("/")), &opened));
    counts_list(arena, item, cases.at, cases.len, &lines);
    for (size_t i = 0; i < lines.len; i++)
        if (counts_is_reached(&engine, item, &lines.at[i]) &&
            !stands(&opened, counts_key(arena, item, &lines.at[i])))
            TRY(propose(look, item, counts_input(arena, &engine, item, &lines.at[i]), io_done));
    return ST_OK;
}

static enum status look_at(const struct look *look, int64_t *io_done)
{
    for (size_t i = 0; i < look->regime->count_count; i++)
        if (look->regime->counts[i].propose != NULL)
            TRY(propose_item(look, &look->regime->counts[i], io_done));
    return ST_OK;
}

/* What the visits share. */
struct weekly {
    const struct home *home;
    const struct world *world;
    int64_t done;
};

static enum status look_at_campaign(void *self, struct ctx *ctx, struct db_conn *conn,
                                    const struct world_campaign *campaign)
{
    struct weekly *weekly = self;
    struct day today = day_of_instant(ctx->now);
    struct look look = {.ctx = ctx,
                        .home = weekly->home,
                        .world = weekly->world,
                        .conn = conn,
                        .campaign = campaign};
    const struct daily_look week = {S("counts"), campaign->name,
                                    day_add(today, -(today.v % DAYS_A_WEEK)),
                                    world_generation(weekly->world)};
    if (!daily_is_due(weekly->home->daily, &week))
        return ST_OK;
    TRY(world_load_pack(ctx, weekly->world, campaign->pack, &look.regime));
    TRY(look_at(&look, &weekly->done));
    daily_note(weekly->home->daily, &week);
    return ST_OK;
}

enum status counts_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                        int64_t *out_done)
{
    struct weekly weekly = {.home = home, .world = world};
    enum status status = campaign_walk(ctx, home, world, look_at_campaign, &weekly);
    *out_done = weekly.done;
    return status;
}

/* ---- what is shown ---- */

/* What has the most first, then the latest period. */
static int by_size(const void *a, const void *b)
{
    const struct count_line *x = a, *y = b;
    if (x->units.len != y->units.len)
        return x->units.len < y->units.len ? 1 : -1;
    if (x->cases.len != y->cases.len)
        return x->cases.len < y->cases.len ? 1 : -1;
    return str_compare(y->period, x->period);
}

static void put_cases(struct arena *arena, const struct count_line *line, struct value *to)
{
    struct value *list = value_put_list(arena, to, "cases");
    for (size_t i = 0; i < line->cases.len; i++) {
        const struct casefile *casefile = line->cases.at[i];
        struct value *entry = value_append_map(arena, list);
        value_put_text(arena, entry, "number", casefile->number);
        value_put_text(arena, entry, "url",
                       str_concat(arena, S("/cases/"),
                                  casefile_ref_format(arena, casefile->prefecture, casefile->id)));
    }
    value_put_int(arena, to, "cases_n", (int64_t)line->cases.len);
}

static struct str units_label(const struct case_view *view, struct arena *arena,
                              const struct count_line *line)
{
    struct str all = S("");
    for (size_t i = 0; i < line->units.len; i++) {
        const struct world_unit *unit =
            world_find_unit(view->world, (struct unit_id){line->units.at[i]});
        all = str_printf(arena, "%.*s%s%.*s", STR_ARG(all), i == 0 ? "" : " · ",
                         STR_ARG(unit == NULL ? S("?") : unit->name));
    }
    return all;
}

static void put_line(const struct case_view *view, struct arena *arena,
                     const struct regime_count *item, const struct count_line *line,
                     struct value *to)
{
    struct str group = S("");
    for (size_t g = 0; g < item->group_count; g++)
        group = str_printf(
            arena, "%.*s%s%.*s", STR_ARG(group), g == 0 ? "" : " · ",
            STR_ARG(field_text(arena, view, item->group[g], value_text(arena, line->group[g]))));
    value_put_text(arena, to, "group_label", group);
    value_put_text(arena, to, "period", line->period);
    value_put_int(arena, to, "size", counts_size(item, line));
    value_put_bool(arena, to, "reached", counts_is_reached(view->engine, item, line));
    value_put_text(arena, to, "units_label", units_label(view, arena, line));
    put_cases(arena, line, to);
}

static void put_threshold(struct arena *arena, const struct engine *engine,
                          const struct regime_count *item, struct value *to)
{
    const struct value *threshold = item->threshold;
    if (threshold != NULL && threshold->kind == VALUE_TEXT)
        threshold = engine_setting(engine, threshold->text);
    bool is_known = threshold != NULL && threshold->kind == VALUE_INT;
    value_put_text(arena, to, "threshold",
                   is_known ? str_printf(arena, "%lld", (long long)threshold->number) : S(""));
}

static enum status put_item(const struct look *look, const struct reader *reader,
                            const struct actor *actor, const struct regime_count *item,
                            struct value *to)
{
    struct arena *arena = look->ctx->arena;
    const struct casefile_scope scope = case_scope(arena, look->world, actor);
    struct case_list cases;
    struct count_list lines;
    struct engine engine;
    TRY(engine_of(look, item->of->name, &engine));
    TRY(read_cases(look, item, &scope, &cases));
    counts_list(arena, item, cases.at, cases.len, &lines);
    if (lines.len > 0)
        qsort(lines.at, lines.len, sizeof *lines.at, by_size);
    const struct casefile none = {.region = engine.campaign.region};
    const struct case_view view = {
        .reader = *reader, .world = look->world, .engine = &engine, .casefile = &none};
    value_put_text(arena, to, "id", item->id);
    value_put_text(arena, to, "title", words_label(reader->lang, item->words));
    value_put_text(arena, to, "clause", item->clause);
    value_put_int(arena, to, "lines_n", (int64_t)lines.len);
    put_threshold(arena, &engine, item, to);
    struct value *list = value_put_list(arena, to, "lines");
    for (size_t i = 0; i < lines.len; i++)
        put_line(&view, arena, item, &lines.at[i], value_append_map(arena, list));
    value_put_bool(arena, to, "has_lines", lines.len > 0);
    return ST_OK;
}

static bool counts_something(const struct regime *regime)
{
    return regime->count_count > 0;
}

enum status counts_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                            const struct reader *reader, const struct actor *actor,
                            struct str campaign, struct value **out)
{
    struct value *doc = value_map(ctx->arena);
    struct look look = {.ctx = ctx, .conn = conn, .world = world};
    TRY(campaign_choice_put(ctx, world, reader, campaign, "/counts", counts_something, doc,
                            &look.campaign));
    struct value *items = value_put_list(ctx->arena, doc, "items");
    *out = doc;
    if (look.campaign == NULL)
        return ST_OK;
    TRY(world_load_pack(ctx, world, look.campaign->pack, &look.regime));
    for (size_t i = 0; i < look.regime->count_count; i++)
        TRY(put_item(&look, reader, actor, &look.regime->counts[i],
                     value_append_map(ctx->arena, items)));
    return ST_OK;
}
