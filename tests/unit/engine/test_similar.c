/*
 * Near-duplicates: edited copies are found among many, strangers are not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "engine/similar.h"

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* A text of Chinese characters that nobody else writes. */
static struct str invent(struct arena *arena, uint32_t seed, size_t length)
{
    struct buf out;
    buf_init(&out, arena, 4 * length);
    for (size_t i = 0; i < length; i++) {
        char bytes[4];
        buf_bytes(&out, bytes, utf8_encode(0x4E00 + next_random(&seed) % 3000, bytes));
    }
    return buf_str(&out);
}

/* Every tenth character replaced. */
static struct str edit(struct arena *arena, struct str text, uint32_t seed)
{
    struct buf out;
    buf_init(&out, arena, text.len * 2);
    size_t n = 0;
    for (size_t at = 0; at < text.len; n++) {
        char bytes[4];
        uint32_t code = utf8_next(text, &at);
        if (n % 10 == 5)
            code = 0x4E00 + next_random(&seed) % 3000;
        buf_bytes(&out, bytes, utf8_encode(code, bytes));
    }
    return buf_str(&out);
}

static void edited_copies_are_found_and_strangers_are_not(void **state)
{
    (void)state;
    enum { COUNT = 3000, LENGTH = 80 };
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct similar_index *index = similar_index_new(COUNT);
    struct similar_signature signature;
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_true(similar_sign(invent(arena, i + 1, LENGTH), &signature));
        assert_true(similar_index_add(index, i, &signature));
    }
    assert_false(similar_index_add(index, COUNT, &signature));
    int found = 0, wrong = 0;
    for (uint32_t i = 0; i < 200; i++) {
        struct str copy = edit(arena, invent(arena, i + 1, LENGTH), i + 77);
        int64_t ids[8];
        assert_true(similar_sign(copy, &signature));
        size_t count = similar_index_find(index, &signature, ids, COUNT_OF(ids));
        found += count > 0 && ids[0] == i;
        wrong += count > 1;
    }
    similar_index_free(index);
    assert_true(found >= 195);
    assert_int_equal(wrong, 0);
}

static void jaccard_is_that_of_the_bigram_sets(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    assert_int_equal(similar_jaccard(arena, S("甲乙丙丁"), S("甲乙丙丁")), 1000);
    assert_int_equal(similar_jaccard(arena, S("甲乙丙"), S("甲乙丁")), 333);
    assert_int_equal(similar_jaccard(arena, S("甲乙，丙 丁"), S("甲乙丙丁。")), 1000);
    assert_int_equal(similar_jaccard(arena, S(""), S("甲乙")), 0);
}

static void another_place_or_time_needs_more_likeness(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct similar_case a = {S("小区楼下饭店油烟直排夜间噪声扰民"), S("甲县"), day_of(2024, 6, 3)};
    struct similar_case b = {S("小区楼下饭店油烟直排严重影响居民"), S("某市甲县"),
                             day_of(2024, 6, 20)};
    assert_true(similar_judge(arena, &a, &b) >= 350);
    b.place = S("乙县");
    assert_int_equal(similar_judge(arena, &a, &b), 0);
    b.place = S("");
    b.day = day_of(2024, 12, 1);
    assert_int_equal(similar_judge(arena, &a, &b), 0);
    assert_int_equal(similar_judge(arena, &a, &(struct similar_case){a.text, S("乙县"), DAY_NONE}),
                     1000);
}

static void short_texts_are_not_compared(void **state)
{
    (void)state;
    struct similar_signature signature;
    assert_false(similar_sign(S("油烟扰民"), &signature));
}

static void signatures_survive_storage(void **state)
{
    (void)state;
    struct similar_signature a, b;
    unsigned char bytes[SIMILAR_BYTES];
    assert_true(similar_sign(S("小区楼下饭店油烟直排夜间噪声扰民"), &a));
    similar_write(&a, bytes);
    similar_read(bytes, &b);
    assert_memory_equal(&a, &b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edited_copies_are_found_and_strangers_are_not),
        cmocka_unit_test(jaccard_is_that_of_the_bigram_sets),
        cmocka_unit_test(another_place_or_time_needs_more_likeness),
        cmocka_unit_test(short_texts_are_not_compared),
        cmocka_unit_test(signatures_survive_storage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
