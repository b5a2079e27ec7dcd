/*
 * Draws. That no sample is likelier than another is shown without statistics: where every number
 * that the source could give is tried once, every sample comes up equally often.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/draw.h"

/* Stands in for SHA-256: four FNV-1a of the bytes, each from its own start. */
static struct draw_digest toy_hash(struct str bytes)
{
    struct draw_digest out;
    for (size_t part = 0; part < 4; part++) {
        uint64_t h = UINT64_C(14695981039346656037) + part * UINT64_C(0x9E3779B97F4A7C15);
        for (size_t i = 0; i < bytes.len; i++)
            h = (h ^ (unsigned char)bytes.at[i]) * UINT64_C(1099511628211);
        for (size_t i = 0; i < 8; i++)
            out.bytes[8 * part + i] = (unsigned char)(h >> (8 * i));
    }
    return out;
}

static const struct str COLUMNS[] = {STR_INIT("site"), STR_INIT("risk")};
static const struct str CELLS[] = {
    STR_INIT("a"), STR_INIT("high"), STR_INIT("b"), STR_INIT("low"),  STR_INIT("c"),
    STR_INIT("low"), STR_INIT("d"), STR_INIT("low"), STR_INIT("e"), STR_INIT("high"),
};
static const struct draw_list LIST = {COLUMNS, 2, CELLS, 5};

/* clause: S3-1.4 test */
static void every_residue_comes_equally_often(void **state)
{
    (void)state;
    for (uint64_t max = 1; max < 64; max++) {
        for (uint64_t n = 1; n <= max; n++) {
            uint64_t count[64] = {0};
            uint64_t thrown = 0;
            for (uint64_t number = 0; number <= max; number++) {
                uint64_t out;
                if (draw_reduce(number, max, n, &out))
                    count[out]++;
                else
                    thrown++;
            }
            for (uint64_t i = 0; i < n; i++)
                assert_int_equal(count[i], (max + 1) / n);
            assert_true(thrown < n);
        }
    }
}

/* The i-th of all ways in which the source could answer. */
static uint64_t digit(void *self, uint64_t n)
{
    uint64_t *way = self;
    uint64_t out = *way % n;
    *way /= n;
    return out;
}

/* clause: S3-1.4 test */
static void every_subset_comes_equally_often(void **state)
{
    (void)state;
    enum { COUNT = 6, TAKE = 3, WAYS = 6 * 5 * 4, SUBSETS = 20 };
    size_t met[1 << COUNT] = {0};
    size_t subsets = 0;
    for (uint64_t i = 0; i < WAYS; i++) {
        uint64_t way = i;
        size_t items[COUNT] = {0, 1, 2, 3, 4, 5};
        size_t set = 0;
        draw_shuffle(items, COUNT, TAKE, digit, &way);
        for (size_t j = 0; j < TAKE; j++)
            set |= (size_t)1 << items[j];
        met[set]++;
    }
    for (size_t set = 0; set < COUNT_OF(met); set++) {
        subsets += met[set] > 0;
        assert_true(met[set] == 0 || met[set] == WAYS / SUBSETS);
    }
    assert_int_equal(subsets, SUBSETS);
}

static void shares_are_one_each_and_then_in_proportion(void **state)
{
    (void)state;
    static const struct {
        size_t sizes[4];
        size_t count, take;
        size_t shares[4];
        const char *why;
    } rows[] = {
        {{10}, 1, 3, {3}, "one stratum takes all"},
        {{1, 1, 1}, 3, 3, {1, 1, 1}, "nothing beyond one each"},
        {{1, 99}, 2, 10, {1, 9}, "the small one is not passed over"},
        {{10, 10, 10}, 3, 5, {2, 2, 1}, "of equal remainders the earlier first"},
        {{31, 61, 11}, 3, 13, {4, 7, 2}, "exact"},
        {{3, 2, 7}, 3, 12, {3, 2, 7}, "all of them"},
        {{5, 21, 6}, 3, 6, {1, 3, 2}, "the largest remainder"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t shares[4];
        draw_share(rows[i].sizes, rows[i].count, rows[i].take, shares);
        for (size_t j = 0; j < rows[i].count; j++)
            if (shares[j] != rows[i].shares[j])
                print_error("%s: stratum %zu has %zu\n", rows[i].why, j, shares[j]);
        assert_memory_equal(shares, rows[i].shares, rows[i].count * sizeof *shares);
    }
}

static void no_share_is_more_than_there_is_and_all_are_given(void **state)
{
    (void)state;
    for (size_t a = 1; a < 7; a++)
        for (size_t b = 1; b < 7; b++)
            for (size_t c = 1; c < 7; c++)
                for (size_t take = 3; take <= a + b + c; take++) {
                    const size_t sizes[] = {a, b, c};
                    size_t shares[3];
                    draw_share(sizes, 3, take, shares);
                    assert_int_equal(shares[0] + shares[1] + shares[2], take);
                    for (size_t i = 0; i < 3; i++)
                        assert_true(shares[i] >= 1 && shares[i] <= sizes[i]);
                }
}

static void refused(struct draw_list list, struct draw_rules rules, const char *key)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct draw_result result;
    assert_int_not_equal(draw_check(&ctx, &list, &rules), ST_OK);
    assert_string_equal(ctx.failure.reason.key, key);
    fail_clear(&ctx);
    assert_int_not_equal(draw_sample(&ctx, toy_hash, &list, &rules, S("1"), &result), ST_OK);
    assert_string_equal(ctx.failure.reason.key, key);
}

static void what_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    static const struct str twice[] = {STR_INIT("a"), STR_INIT("x"), STR_INIT("a"), STR_INIT("y")};
    static const struct str bare[] = {STR_INIT("a"), STR_INIT("x"), STR_INIT(" "), STR_INIT("y")};
    static const struct draw_exclusion stranger[] = {{STR_INIT("z"), STR_INIT("closed")}};
    static const struct draw_exclusion silent[] = {{STR_INIT("a"), STR_INIT(" ")}};
    static const struct draw_exclusion again[] = {{STR_INIT("a"), STR_INIT("closed")},
                                                  {STR_INIT("a"), STR_INIT("closed")}};
    const struct draw_rules one = {.key = S("site"), .take = 1};
    struct draw_rules rules = one;
    refused((struct draw_list){COLUMNS, 2, CELLS, 0}, one, "draw.no_rows");
    refused((struct draw_list){COLUMNS, 2, CELLS, DRAW_ROWS_MAX + 1}, one, "draw.too_large");
    refused((struct draw_list){COLUMNS, 2, twice, 2}, one, "draw.key_twice");
    refused((struct draw_list){COLUMNS, 2, bare, 2}, one, "draw.no_key");
    refused(LIST, (struct draw_rules){.key = S("name"), .take = 1}, "draw.no_column");
    refused(LIST, (struct draw_rules){.key = S("site"), .strata = S("x"), .take = 1},
            "draw.no_column");
    refused(LIST, (struct draw_rules){.key = S("site")}, "draw.take_or_percent");
    refused(LIST, (struct draw_rules){.key = S("site"), .take = 1, .percent = 1},
            "draw.take_or_percent");
    refused(LIST, (struct draw_rules){.key = S("site"), .percent = 101}, "draw.take_or_percent");
    refused(LIST, (struct draw_rules){.key = S("site"), .take = 1, .at_least = 1},
            "draw.take_or_percent");
    refused(LIST, (struct draw_rules){.key = S("site"), .take = 6}, "draw.too_many");
    refused(LIST, (struct draw_rules){.key = S("site"), .strata = S("risk"), .take = 1},
            "draw.too_few");
    rules.excluded = stranger;
    rules.excluded_count = 1;
    refused(LIST, rules, "draw.not_listed");
    rules.excluded = silent;
    refused(LIST, rules, "draw.no_reason");
    rules.excluded = again;
    rules.excluded_count = 2;
    refused(LIST, rules, "draw.excluded_twice");
}

static struct draw_result sample(struct ctx *ctx, struct draw_list list, struct draw_rules rules,
                                 struct str seed)
{
    struct draw_result result = {0};
    assert_int_equal(draw_sample(ctx, toy_hash, &list, &rules, seed, &result), ST_OK);
    return result;
}

static void every_stratum_gives_its_share_and_nothing_excluded_is_drawn(void **state)
{
    (void)state;
    static const struct draw_exclusion away[] = {{STR_INIT("a"), STR_INIT("closed")},
                                                 {STR_INIT("c"), STR_INIT("closed")}};
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const struct draw_rules rules = {.key = S("site"), .strata = S("risk"), .percent = 40,
                                     .excluded = away, .excluded_count = 2};
    for (int seed = 0; seed < 50; seed++) {
        struct draw_result got = sample(&ctx, LIST, rules, str_printf(arena, "%d", seed));
        assert_int_equal(got.stratum_count, 2);
        assert_int_equal(got.drawn_count, 2);
        assert_true(str_eq_c(got.strata[0].name, "high"));
        assert_int_equal(got.strata[0].listed, 2);
        assert_int_equal(got.strata[0].excluded, 1);
        assert_int_equal(got.strata[0].take, 1);
        assert_true(str_eq_c(draw_cell(&LIST, got.strata[0].drawn[0], S("site")), "e"));
        assert_int_equal(got.strata[1].take, 1);
        assert_true(got.strata[1].drawn[0] == 1 || got.strata[1].drawn[0] == 3);
    }
}

static void a_percentage_rounds_up_and_has_a_floor(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct draw_rules rules = {.key = S("site"), .percent = 21};
    assert_int_equal(sample(&ctx, LIST, rules, S("1")).drawn_count, 2);
    rules.percent = 20;
    assert_int_equal(sample(&ctx, LIST, rules, S("1")).drawn_count, 1);
    rules.at_least = 3;
    assert_int_equal(sample(&ctx, LIST, rules, S("1")).drawn_count, 3);
    rules.at_least = 9;
    assert_int_equal(sample(&ctx, LIST, rules, S("1")).drawn_count, 5);
    rules = (struct draw_rules){.key = S("site"), .strata = S("risk"), .percent = 1};
    assert_int_equal(sample(&ctx, LIST, rules, S("1")).drawn_count, 2);
}

static void one_seed_gives_one_sample_and_others_come_with_others(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const struct draw_rules rules = {.key = S("site"), .take = 2};
    size_t met[25] = {0};
    size_t pairs = 0;
    for (int seed = 0; seed < 200; seed++) {
        struct str text = str_printf(arena, "%d", seed);
        struct draw_result one = sample(&ctx, LIST, rules, text);
        struct draw_result two = sample(&ctx, LIST, rules, text);
        assert_memory_equal(one.strata[0].drawn, two.strata[0].drawn, 2 * sizeof(size_t));
        met[one.strata[0].drawn[0] * 5 + one.strata[0].drawn[1]]++;
    }
    for (size_t i = 0; i < COUNT_OF(met); i++)
        pairs += met[i] > 0;
    assert_int_equal(pairs, 20); /* every ordered pair of five, none with itself */
}

static void a_draw_needs_a_seed_of_sane_length(void **state)
{
    (void)state;
    static char longer[DRAW_SEED_MAX + 1];
    memset(longer, '1', sizeof longer);
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct draw_result result;
    const struct draw_rules rules = {.key = S("site"), .take = 2};
    assert_int_equal(draw_sample(&ctx, toy_hash, &LIST, &rules, S(" "), &result), ST_INVALID);
    assert_string_equal(ctx.failure.reason.key, "draw.no_seed");
    fail_clear(&ctx);
    assert_int_equal(draw_sample(&ctx, toy_hash, &LIST, &rules,
                                 (struct str){longer, sizeof longer}, &result),
                     ST_LIMIT);
    fail_clear(&ctx);
    (void)sample(&ctx, LIST, rules, (struct str){longer, DRAW_SEED_MAX});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_residue_comes_equally_often),
        cmocka_unit_test(every_subset_comes_equally_often),
        cmocka_unit_test(shares_are_one_each_and_then_in_proportion),
        cmocka_unit_test(no_share_is_more_than_there_is_and_all_are_given),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(every_stratum_gives_its_share_and_nothing_excluded_is_drawn),
        cmocka_unit_test(a_percentage_rounds_up_and_has_a_floor),
        cmocka_unit_test(one_seed_gives_one_sample_and_others_come_with_others),
        cmocka_unit_test(a_draw_needs_a_seed_of_sane_length),
    };
    return cmocka_run_group_tests_name("draw", tests, NULL, NULL);
}
