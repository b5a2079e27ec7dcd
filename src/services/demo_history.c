/*
 * The years before the story: campaigns that came and went, one after the other. Nobody tells what
 * happened in them; seeded clerks play them, and what they left open stays with the ended campaign,
 * off everybody's desk.
 */
#include "services/demo_int.h"

#include "base/num.h"
#include "services/campaign.h"
#include "services/simulate.h"

enum { CASES_MAX = 10000 };

struct quotas {
    VEC(struct simulate_quota) list;
};

static bool has_quota(const struct quotas *quotas, struct str procedure)
{
    for (size_t i = 0; i < quotas->list.len; i++)
        if (str_eq(quotas->list.at[i].procedure, procedure))
            return true;
    return false;
}

/* PROCEDURE=NUMBER;PROCEDURE=NUMBER */
static bool read_quotas(struct arena *arena, struct str text, bool each_period,
                        struct quotas *io_quotas)
{
    struct str rest = text, item, name;
    while (!str_is_empty(rest) && str_next(&rest, ';', &item)) {
        struct simulate_quota quota = {.each_period = each_period};
        if (!str_next(&item, '=', &name) || !num_parse_i64(item, 0, CASES_MAX, &quota.cases))
            return false;
        quota.procedure = name;
        vec_add(arena, &io_quotas->list, quota);
    }
    return true;
}

/* What the table does not name nobody makes. */
static enum status find_quotas(struct ctx *ctx, const struct home *home,
                               const struct demo_table *table, size_t row, struct quotas *out)
{
    struct world *world AUTO(world_cleanup) = NULL;
    const struct regime *regime;
    *out = (struct quotas){0};
    if (!read_quotas(ctx->arena, demo_cell(table, row, "cases"), false, out) ||
        !read_quotas(ctx->arena, demo_cell(table, row, "each_round"), true, out))
        return fail(ctx, ST_INVALID, "demo.unknown_name", NO_ARGS);
    TRY(home_world(ctx, home, &world));
    TRY(world_load_pack(ctx, world,
                        world_find_campaign(world, demo_cell(table, row, "id"))->pack, &regime));
    for (size_t i = 0; i < regime->procedure_count; i++)
        if (!has_quota(out, regime->procedures[i].name))
            vec_add(ctx->arena, &out->list,
                    ((struct simulate_quota){
                        .procedure = str_copy(ctx->arena, regime->procedures[i].name)}));
    return ST_OK;
}

static enum status play_campaign(struct ctx *ctx, const struct demo_play *play,
                                 const struct demo_table *table, size_t row,
                                 struct demo_result *io_result)
{
    struct quotas quotas;
    struct simulate_result result;
    struct str name = demo_cell(table, row, "id");
    TRY(find_quotas(ctx, play->home, table, row, &quotas));
    const struct day first = demo_day_parse(demo_cell(table, row, "from"), play->end);
    const struct day last = demo_day_parse(demo_cell(table, row, "to"), play->end);
    const struct simulate_terms terms = {.campaign = name,
                                         .seed = row + 1,
                                         .until = DAY_NONE,
                                         .from = first,
                                         .quiet_days = (last.v - first.v) / 2,
                                         .quotas = quotas.list.at,
                                         .quota_count = quotas.list.len,
                                         .skip_proof = true};
    TRY(simulate_run(ctx, play->home, &terms, &result));
    io_result->commands += result.accepted;
    return campaign_set_open(ctx, play->home, name, false, S("system"));
}

static enum status open_campaign(struct ctx *ctx, const struct demo_play *play,
                                 const struct demo_table *table, size_t row, bool *out_made)
{
    struct world *world AUTO(world_cleanup) = NULL;
    TRY(home_world(ctx, play->home, &world));
    return demo_campaign_make(ctx, play->home, world, table, row, play->end, out_made);
}

enum status demo_history_begins(struct ctx *ctx, const struct home *home, struct instant end,
                                struct instant *out)
{
    struct demo_table table;
    TRY(demo_table_read(ctx, home, "history.csv", &table));
    *out = end;
    if (table.rows.len > 0 && !demo_time_parse(demo_cell(&table, 0, "from"), end, out))
        return demo_fail_line(ctx, home, &table, 0);
    return ST_OK;
}

enum status demo_history_play(struct ctx *ctx, const struct demo_play *play,
                              struct demo_result *io_result)
{
    struct demo_table table;
    TRY(demo_table_read(ctx, play->home, "history.csv", &table));
    for (size_t i = 0; i < table.rows.len; i++) {
        bool made;
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(open_campaign(ctx, play, &table, i, &made));
        if (made && play_campaign(ctx, play, &table, i, io_result) != ST_OK)
            return demo_fail_line(ctx, play->home, &table, i);
        io_result->campaigns += made;
        arena_return(ctx->arena, mark);
        if (play->progress != NULL)
            play->progress(play->progress_arg, (int64_t)i + 1, (int64_t)table.rows.len);
    }
    return ST_OK;
}
