/* What spans leave of a whole. clause: S0-02.5 test */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/span.h"

static struct span span(int64_t from, int64_t to)
{
    return (struct span){{from}, {to}};
}

static int64_t share(const struct span *spans, size_t count)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    return span_free_share(arena, span(1000, 2000), spans, count);
}

static void nothing_covered_is_the_whole(void **state)
{
    (void)state;
    assert_int_equal(share(NULL, 0), SPAN_WHOLE);
    assert_int_equal(share(&(struct span){{0}, {1000}}, 1), SPAN_WHOLE);
    assert_int_equal(share(&(struct span){{2000}, {3000}}, 1), SPAN_WHOLE);
    assert_int_equal(share(&(struct span){{1500}, {1400}}, 1), SPAN_WHOLE);
}

static void spans_are_cut_to_the_whole(void **state)
{
    (void)state;
    assert_int_equal(share(&(struct span){{500}, {1250}}, 1), 7500);
    assert_int_equal(share(&(struct span){{1900}, {9000}}, 1), 9000);
    assert_int_equal(share(&(struct span){{0}, {9000}}, 1), 0);
}

static void one_without_an_end_runs_on(void **state)
{
    (void)state;
    const struct span open = {{1400}, INSTANT_NONE};
    assert_int_equal(share(&open, 1), 4000);
}

static void overlapping_ones_count_once_in_any_order(void **state)
{
    (void)state;
    const struct span spans[] = {span(1600, 1700), span(1100, 1300), span(1200, 1250),
                                 span(1250, 1400)};
    assert_int_equal(share(spans, COUNT_OF(spans)), 6000);
}

static void a_share_is_rounded_down(void **state)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct span one = span(0, 1);
    (void)state;
    assert_int_equal(span_free_share(arena, span(0, 3), &one, 1), 6666);
}

static void no_time_has_no_share(void **state)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    (void)state;
    assert_int_equal(span_free_share(arena, span(5, 5), NULL, 0), -1);
    assert_int_equal(span_free_share(arena, span(6, 5), NULL, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_covered_is_the_whole),
        cmocka_unit_test(spans_are_cut_to_the_whole),
        cmocka_unit_test(one_without_an_end_runs_on),
        cmocka_unit_test(overlapping_ones_count_once_in_any_order),
        cmocka_unit_test(a_share_is_rounded_down),
        cmocka_unit_test(no_time_has_no_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
