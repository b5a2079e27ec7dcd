#include "bench/fill.h"

enum { CASES_A_JOB = 250 };

static const char campaign[] = "look-back";

void fill_open(struct fill *fill, const struct home *home, const struct world *world)
{
    size_t count;
    const struct world_region *regions = world_list_regions(world, &count);
    *fill = (struct fill){.home = home,
                          .world = world,
                          .clerk = world_find_person_by_login(world, S("taskforce"))};
    must(fill->clerk != NULL);
    struct str city = world_find_campaign(world, str_of(campaign))->region;
    for (size_t i = 0; i < count && fill->region_count < COUNT_OF(fill->regions); i++)
        if (regions[i].parent != NULL && str_eq(regions[i].parent->code, city))
            fill->regions[fill->region_count++] = regions[i].code.at;
    must(fill->region_count > 0);
}

/* ---- complaints ---- */

static const char *const places[] = {"三里庄", "双井村", "陈庄", "南寺村", "前柳村", "石桥头", "沙窝村",
                                     "北小营", "后营村", "老火车站", "古塔社区", "东关街", "杨树湾"};
static const char *const things[] = {"养殖场", "家具作坊", "烧烤店", "拆迁工地", "石料厂", "洗车点",
                                     "垃圾堆放点", "铸造车间", "汽修厂", "豆制品作坊", "印刷厂"};
static const char *const harms[] = {"粪水直接排到河沟", "喷漆不装任何设施", "油烟直排居民楼",
                                    "没有覆盖，一刮风全是土", "夜间机器轰鸣无法入睡",
                                    "异味刺鼻不敢开窗", "废水渗入农田", "黑烟从早冒到晚"};
static const char *const pleas[] = {"多次反映无人管", "希望尽快处理", "一到夏天苍蝇成群",
                                    "影响孩子学习", "晚上十一点还在作业", "渣土车带泥上路"};
static const char *const kinds[] = {"air", "water", "noise", "solid_waste", "dust", "cooking_fumes"};

/* A small generator of our own, so that every machine makes the same cases. */
static uint64_t mix(uint64_t n)
{
    n += UINT64_C(0x9E3779B97F4A7C15);
    n = (n ^ (n >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    n = (n ^ (n >> 27)) * UINT64_C(0x94D049BB133111EB);
    return n ^ (n >> 31);
}

#define PICK(table, bits) ((table)[(bits) % COUNT_OF(table)])

const struct value *fill_input(struct arena *arena, const struct fill *fill, uint64_t n)
{
    uint64_t bits = mix(n);
    struct value *input = value_map(arena);
    value_put_text(arena, input, "region", str_of(fill->regions[bits % fill->region_count]));
    value_put_text(arena, input, "source", S("inspection-petition"));
    struct value *fields = value_put_map(arena, input, "fields");
    value_put_text(arena, fields, "description",
                   str_printf(arena, "%s%llu号附近%s%s，%s，%s。", PICK(places, bits >> 8),
                              (unsigned long long)(bits >> 16) % 997, PICK(things, bits >> 26),
                              PICK(harms, bits >> 32), PICK(harms, bits >> 38),
                              PICK(pleas, bits >> 44)));
    struct value *types = value_put_list(arena, fields, "pollution");
    value_append(types, value_text(arena, str_of(PICK(kinds, bits >> 50))));
    return input;
}

struct case_order fill_order(struct ctx *ctx, const struct fill *fill, uint64_t n)
{
    struct actor *actor = arena_new_of(ctx->arena, struct actor);
    *actor = world_actor_of(ctx->arena, fill->clerk, day_of_instant(ctx->now));
    return (struct case_order){.home = fill->home,
                               .world = fill->world,
                               .actor = actor,
                               .campaign = str_of(campaign),
                               .procedure = S("letter"),
                               .command = S("create"),
                               .input = fill_input(ctx->arena, fill, n),
                               .happened_at = INSTANT_NONE};
}

/* ---- many in one commit ---- */

struct batch {
    const struct fill *fill;
    uint64_t first, count;
};

static enum status record_case(struct ctx *ctx, struct ledger_tx *ledger, const struct fill *fill,
                               uint64_t n)
{
    struct case_order order = fill_order(ctx, fill, n);
    TRY(casework_record(ctx, ledger, &order));
    if (n % 3 != 0)
        return ST_OK;
    struct value *input = value_map(ctx->arena);
    value_put_text(ctx->arena, input, "order_number", S("交〔1〕1号"));
    struct case_order next = order;
    next.ref = order.made;
    next.command = S("hand_over");
    next.input = input;
    return casework_record(ctx, ledger, &next);
}

static enum status record_batch(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct batch *batch = arg;
    for (uint64_t i = 0; i < batch->count; i++) {
        struct arena_mark mark = arena_mark(ctx->arena);
        TRY(record_case(ctx, ledger, batch->fill, batch->first + i));
        arena_return(ctx->arena, mark);
    }
    return ST_OK;
}

enum status fill_cases(struct ctx *ctx, const struct fill *fill, uint64_t first, uint64_t count,
                       void (*progress)(uint64_t done))
{
    for (uint64_t done = 0; done < count;) {
        uint64_t left = count - done;
        struct batch batch = {fill, first + done, left < CASES_A_JOB ? left : CASES_A_JOB};
        TRY(home_write(ctx, fill->home, record_batch, &batch));
        done += batch.count;
        if (progress != NULL)
            progress(done);
    }
    return ST_OK;
}
