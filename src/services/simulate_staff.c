/*
 * People for units that have none: the example's directory names hundreds of units, and staff only
 * where its story needs somebody. They come as any directory does, as a table.
 */
#include "base/buf.h"
#include "services/directory.h"
#include "services/simulate_int.h"

enum { POSTS_MAX = 24, TABLE_LIMIT = 16 << 20 };

struct posts {
    struct str at[POSTS_MAX];
    size_t len;
};

static void add_post(struct posts *posts, struct str post)
{
    if (str_is_empty(post) || str_eq_c(post, "self") || posts->len == POSTS_MAX)
        return;
    for (size_t i = 0; i < posts->len; i++)
        if (str_eq(posts->at[i], post))
            return;
    posts->at[posts->len++] = post;
}

static void add_posts_of(struct posts *posts, const struct regime_actor *by, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_post(posts, by[i].post);
}

/* Whoever the pack wants to act or to sign, and one more who just works there. */
static void read_posts(const struct regime *regime, struct posts *out)
{
    *out = (struct posts){0};
    add_post(out, S("clerk"));
    for (size_t i = 0; i < regime->role_count; i++)
        add_post(out, regime->roles[i].post);
    for (size_t i = 0; i < regime->procedure_count; i++) {
        const struct regime_procedure *procedure = &regime->procedures[i];
        add_posts_of(out, procedure->created_by, procedure->created_by_count);
        for (size_t j = 0; j < procedure->transition_count; j++) {
            const struct regime_transition *row = &procedure->transitions[j];
            add_posts_of(out, row->by, row->by_count);
            for (size_t k = 0; k < row->need_count; k++)
                if (row->needs[k].kind == GUARD_SIGNATURE)
                    add_post(out, value_find_text(row->needs[k].args, "of"));
        }
    }
}

/* The ranks that bodies ask for, and none. */
static void read_ranks(const struct regime *regime, struct posts *out)
{
    *out = (struct posts){0};
    for (size_t i = 0; i < regime->body_count; i++)
        for (size_t j = 0; j < regime->bodies[i].rule_count; j++) {
            const struct regime_body_rule *rule = &regime->bodies[i].rules[j];
            if (rule->kind == BODY_RANK)
                add_post(out, rule->args->text);
            add_post(out, rule->of_rank);
        }
    if (out->len < POSTS_MAX)
        out->at[out->len++] = S("");
}

static void put_line(struct buf *table, const struct world_unit *unit, size_t n, struct str post,
                     struct str rank)
{
    buf_printf(table, "sim-%.*s-%zu,sim-%.*s-%zu,%.*s,%.*s,%.*s,,,\n", STR_ARG(unit->code), n,
               STR_ARG(unit->code), n, STR_ARG(unit->code), STR_ARG(post), STR_ARG(rank));
}

static bool holds_post(const struct placed_list *staff, struct str post)
{
    for (size_t i = 0; i < staff->len; i++)
        if (str_eq(staff->at[i].post, post))
            return true;
    return false;
}

/* How many lines were written. */
static size_t write_table(const struct play *play, const struct posts *posts, struct buf *table)
{
    size_t count, lines = 0;
    struct posts ranks;
    size_t least = (size_t)play->terms->staff;
    const struct world_unit *units = world_list_units(play->world, &count);
    read_ranks(play->regime, &ranks);
    buf_c(table, "login,name,unit,post,rank,phone,valid_from,valid_to\n");
    for (size_t i = 0; i < count; i++) {
        if (!world_unit_exists(&units[i], play->first) ||
            !world_region_is_within(play->world, units[i].facts.region, play->campaign->region))
            continue;
        const struct placed_list staff = roster_staff(&play->roster, units[i].facts.id.v);
        size_t there = staff.len;
        for (size_t p = 0; p < posts->len && (there == 0 || least > 0); p++)
            if (!holds_post(&staff, posts->at[p])) {
                put_line(table, &units[i], there + 1, posts->at[p], ranks.at[there % ranks.len]);
                there++;
                lines++;
            }
        for (; there < least; there++, lines++)
            put_line(table, &units[i], there + 1, posts->at[0], ranks.at[there % ranks.len]);
    }
    return lines;
}

enum status simulate_staff(struct play *play, struct ctx *ctx, bool *out_changed)
{
    struct posts posts;
    struct directory_report report;
    struct buf table;
    buf_init(&table, ctx->arena, TABLE_LIMIT);
    read_posts(play->regime, &posts);
    *out_changed = write_table(play, &posts, &table) > 0;
    TRY(buf_status(&table));
    if (!*out_changed)
        return ST_OK;
    const struct directory_order order = {
        .kind = DIRECTORY_PEOPLE, .bytes = buf_str(&table), .actor = S("system")};
    return directory_import(ctx, play->home, &order, &report);
}
