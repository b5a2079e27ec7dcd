/*
 * Whether somebody holds a desk's role follows from the campaign, from their unit's region, or from
 * the cases in which they or their units stand today; nothing of it is stored.
 */
#include "services/desk.h"

#include <inttypes.h>

#include "base/vec.h"
#include "engine/engine.h"
#include "regime/desk.h"
#include "store/casefile_standing.h"

enum { QUEUE_CAP = 1000, GRANTS_MAX = 8 };

struct bench {
    struct ctx *ctx;
    struct db_conn *conn;
    const struct world *world;
    const struct world_campaign *campaign;
    const struct regime *regime;
    const struct actor *actor;
    VEC(struct str) regions; /* of the standing cases by which a live role is held */
};

static struct casefile_filter filter_of(const struct bench *b,
                                        const struct regime_standing *standing)
{
    VEC(struct str) states = {0};
    value_each (state, standing->states)
        vec_add(b->ctx->arena, &states, state->text);
    return (struct casefile_filter){.campaigns = {&b->campaign->name, 1},
                                    .procedures = {&standing->procedure, 1},
                                    .states = {states.at, states.len},
                                    .due_before = INSTANT_NONE,
                                    .due_after = INSTANT_NONE,
                                    .scope = {.everything = true}};
}

static void add_region(struct bench *b, struct str region)
{
    for (size_t i = 0; i < b->regions.len; i++)
        if (str_eq(b->regions.at[i], region))
            return;
    vec_add(b->ctx->arena, &b->regions, region);
}

static enum status holds_live(struct bench *b, const struct regime_role *role, bool *out)
{
    const struct casefile_filter filter = filter_of(b, role->standing);
    const struct casefile_standing_query query = {
        .campaign = b->campaign->name,
        .procedure = role->standing->procedure,
        .states = filter.states.at,
        .state_count = filter.states.count,
        .person = str_printf(b->ctx->arena, "%" PRId64, b->actor->person.v),
    };
    struct casefile_standing_list found;
    TRY(casefile_standing_find(b->ctx, b->conn, &query, &found));
    for (size_t i = 0; i < found.len; i++) {
        const struct casefile *there;
        TRY(world_fold_case(b->ctx, b->world, b->conn, found.at[i].prefecture, found.at[i].id,
                            found.at[i].last_hash, &there));
        if (!engine_stands_there(role, there, b->actor->person))
            continue;
        add_region(b, there->region);
        *out = true;
    }
    return ST_OK;
}

/* One of their units stands in such a case, in whatever role: which one the case's page shows. */
static enum status holds_standing(struct bench *b, const struct regime_role *role, bool *out)
{
    struct casefile_filter filter = filter_of(b, role->standing);
    VEC(struct str) units = {0};
    int64_t count = 0;
    for (size_t i = 0; i < b->actor->post_count && i < CASEFILE_VALUES_MAX; i++)
        vec_add(b->ctx->arena, &units,
                str_printf(b->ctx->arena, "%" PRId64, b->actor->posts[i].unit.v));
    filter.units = (struct casefile_values){units.at, units.len};
    if (units.len > 0)
        TRY(casefile_count(b->ctx, b->conn, &filter, 1, &count));
    *out = count > 0;
    return ST_OK;
}

static bool holds_by_unit(const struct bench *b, const struct regime_role *role)
{
    const struct value *holders = value_find(b->campaign->terms.roles, role->name);
    for (size_t i = 0; i < b->actor->post_count; i++) {
        const struct actor_post *post = &b->actor->posts[i];
        struct str id = str_printf(b->ctx->arena, "%" PRId64, post->unit.v);
        value_each (holder, holders)
            if (role->of_campaign && str_eq(holder->text, id))
                return true;
        for (size_t k = 0; role->from_region && k < role->kind_count; k++)
            if (str_eq(role->kinds[k], post->unit_kind) &&
                world_region_is_within(b->world, post->unit_region, b->campaign->region))
                return true;
    }
    return false;
}

static enum status holds(struct bench *b, struct str name, bool *out)
{
    const struct regime_role *role = regime_find_role(b->regime, name);
    b->regions.len = 0;
    *out = false;
    if (role == NULL)
        return ST_OK;
    if (role->standing == NULL) {
        *out = holds_by_unit(b, role);
        return ST_OK;
    }
    return role->standing->live ? holds_live(b, role, out) : holds_standing(b, role, out);
}

static enum status bench_open(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                              const struct world_campaign *campaign, const struct actor *actor,
                              struct bench *out)
{
    *out = (struct bench){
        .ctx = ctx, .conn = conn, .world = world, .campaign = campaign, .actor = actor};
    return world_load_pack(ctx, world, campaign->pack, &out->regime);
}

/* ---- what may be read ---- */

static void add_grant(struct bench *b, const struct regime_desk *desk, struct actor *actor)
{
    struct arena *arena = b->ctx->arena;
    struct actor_grant *grants = arena_alloc_array(arena, actor->grant_count + 1, sizeof *grants);
    struct value *procedures = value_list(arena), *regions = value_list(arena);
    for (size_t i = 0; i < actor->grant_count; i++)
        grants[i] = actor->grants[i];
    for (size_t i = 0; i < desk->queue_count; i++)
        value_each (name, desk->queues[i].of)
            value_append(procedures, value_text(arena, name->text));
    for (size_t i = 0; i < b->regions.len; i++)
        value_append(regions, value_text(arena, b->regions.at[i]));
    grants[actor->grant_count++] = (struct actor_grant){b->campaign->name, procedures, regions};
    actor->grants = grants;
}

enum status desk_take_grants(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                             struct actor *actor)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    for (size_t i = 0; i < count; i++) {
        struct bench b;
        if (!str_eq_c(all[i].state, "open"))
            continue;
        TRY(bench_open(ctx, conn, world, &all[i], actor, &b));
        for (size_t d = 0; d < b.regime->desk_count && actor->grant_count < GRANTS_MAX; d++) {
            bool held = false;
            if (b.regime->desks[d].reads)
                TRY(holds(&b, b.regime->desks[d].role, &held));
            if (held)
                add_grant(&b, &b.regime->desks[d], actor);
        }
    }
    return ST_OK;
}

/* ---- what there is to do ---- */

static struct str joined(struct arena *arena, const struct value *names)
{
    struct str text = S("");
    value_each (name, names)
        text = str_printf(arena, "%.*s%s%.*s", STR_ARG(text), text.len > 0 ? "," : "",
                          STR_ARG(name->text));
    return text;
}

/* The queue as the list that it opens. */
static struct value *query_of(const struct bench *b, const struct regime_queue *queue)
{
    struct arena *arena = b->ctx->arena;
    struct value *query = value_map(arena), *regions = value_list(arena);
    value_put_text(arena, query, "campaign", b->campaign->name);
    value_put_text(arena, query, "procedure", joined(arena, queue->of));
    if (queue->states == NULL)
        value_put_text(arena, query, "open", S("true"));
    else
        value_put_text(arena, query, "state", joined(arena, queue->states));
    if (queue->late)
        value_put_text(arena, query, "overdue", S("true"));
    for (size_t i = 0; i < b->regions.len; i++)
        value_append(regions, value_text(arena, b->regions.at[i]));
    if (regions->count > 0)
        value_put_text(arena, query, "region", joined(arena, regions));
    struct value *units = value_list(arena);
    for (size_t i = 0; queue->mine && i < b->actor->post_count; i++)
        value_append(units, value_text(arena, str_printf(arena, "%" PRId64,
                                                         b->actor->posts[i].unit.v)));
    if (units->count > 0)
        value_put_text(arena, query, "unit", joined(arena, units));
    value_each (cell, queue->where)
        value_put_text(arena, query,
                       str_c(arena, str_concat(arena, S("field."), cell->key)),
                       cell->kind == VALUE_LIST ? joined(arena, cell) : cell->text);
    return query;
}

static enum status put_queue(const struct bench *b, const struct reader *reader,
                             const struct regime_queue *queue, struct value *list)
{
    struct arena *arena = b->ctx->arena;
    struct value *query = query_of(b, queue);
    struct casefile_filter filter;
    struct casefile_page page;
    int64_t n;
    TRY(case_list_parse(b->ctx, query, &filter, &page));
    filter.scope = case_scope(arena, b->world, b->actor);
    TRY(casefile_count(b->ctx, b->conn, &filter, QUEUE_CAP, &n));
    struct value *row = value_append_map(arena, list);
    value_put_text(arena, row, "id", queue->id);
    value_put_text(arena, row, "label", words_label(reader->lang, queue->words));
    value_put_int(arena, row, "n", n);
    value_put_text(arena, row, "class", n == 0 ? S("none") : queue->late ? S("late") : S("ok"));
    value_put_text(arena, row, "url", case_list_url(arena, "/cases", query, NULL));
    value_put_text(arena, row, "clause", queue->clause);
    return ST_OK;
}

static enum status put_desk(const struct bench *b, const struct reader *reader,
                            const struct regime_desk *desk, struct value *out)
{
    struct arena *arena = b->ctx->arena;
    struct value *row = value_append_map(arena, out);
    value_put_text(arena, row, "id", desk->id);
    value_put_text(arena, row, "label", words_label(reader->lang, desk->words));
    value_put_text(arena, row, "role_label",
                   words_label(reader->lang, regime_find_role(b->regime, desk->role)->words));
    value_put_text(arena, row, "campaign", b->campaign->name);
    value_put_text(arena, row, "campaign_label", words_label(reader->lang, b->campaign->title));
    value_put_text(arena, row, "clause", desk->clause);
    struct value *queues = value_put_list(arena, row, "queues");
    for (size_t i = 0; i < desk->queue_count; i++)
        TRY(put_queue(b, reader, &desk->queues[i], queues));
    return ST_OK;
}

enum status desk_list_document(struct ctx *ctx, struct db_conn *conn, const struct world *world,
                               const struct reader *reader, const struct actor *actor,
                               struct value *out)
{
    size_t count;
    const struct world_campaign *all = world_list_campaigns(world, &count);
    for (size_t i = 0; i < count; i++) {
        struct bench b;
        if (!str_eq_c(all[i].state, "open"))
            continue;
        TRY(bench_open(ctx, conn, world, &all[i], actor, &b));
        for (size_t d = 0; d < b.regime->desk_count; d++) {
            bool held;
            TRY(holds(&b, b.regime->desks[d].role, &held));
            if (held)
                TRY(put_desk(&b, reader, &b.regime->desks[d], out));
        }
    }
    return ST_OK;
}
