/* A drawing as `dot -Tsvg` gives it, inside a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/flow.h"

#define DRAWING                                                                                       \
    "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"x\">\n<!-- made -->\n"                           \
    "<svg width=\"80pt\" height=\"90pt\"\n viewBox=\"0 0 80 90\" xmlns=\"x\">\n"                      \
    "<g id=\"graph0\" class=\"graph\" transform=\"translate(4 4)\">\n<title>letter</title>\n"         \
    "<g id=\"state_open\" class=\"node state\">\n<title>open</title>\n<text>办理中</text>\n</g>\n" \
    "<g id=\"node2\" class=\"node\">\n<title>opened</title>\n</g>\n"                                  \
    "<g id=\"edge1\" class=\"edge\">\n<title>open&#45;&gt;opened</title>\n</g>\n</g>\n</svg>\n"

static bool has(struct str text, const char *part)
{
    return str_has(text, str_of(part));
}

static void present_state_and_only_it_is_lit(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct str svg = flow_light(arena, S(DRAWING), S("open"), NULL, 0);
    assert_true(has(svg, "<g class=\"node lit\">\n<text>"));
    assert_true(has(svg, "<g class=\"node\">\n</g>"));
    assert_true(has(svg, "<g class=\"edge\">\n</g>"));
    assert_false(has(svg, "<title>"));
}

static void earlier_states_are_passed_and_the_present_one_is_lit(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct str passed[] = {S("open"), S("opened")};
    struct str svg = flow_light(arena, S(DRAWING), S("opened"), passed, COUNT_OF(passed));
    assert_true(has(svg, "<g class=\"node passed\">\n<text>"));
    assert_true(has(svg, "<g class=\"node lit\">\n</g>"));
}

static void prologue_size_and_ids_are_left_out(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct str svg = flow_light(arena, S(DRAWING), (struct str){0}, NULL, 0);
    assert_true(str_starts(svg, S("<svg ")));
    assert_true(has(svg, "viewBox=\"0 0 80 90\" width=\"80\""));
    assert_true(has(svg, "transform=\"translate(4 4)\""));
    assert_true(has(svg, "办理中"));
    assert_false(has(svg, "DOCTYPE"));
    assert_false(has(svg, "80pt"));
    assert_false(has(svg, " id="));
    assert_false(has(svg, "lit"));
}

static void what_is_no_drawing_gives_nothing(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct str texts[] = {
        STR_INIT(""),
        STR_INIT("dot: not found"),
        STR_INIT("<svg viewBox=\"0 0"),
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_int_equal(flow_light(arena, texts[i], S("open"), NULL, 0).len, 0);
}

static void drawing_cut_off_does_not_run_over(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct str whole = S(DRAWING);
    for (size_t len = 0; len < whole.len; len++)
        (void)flow_light(arena, str_copy(arena, str_part(whole, 0, len)), S("open"), NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(present_state_and_only_it_is_lit),
        cmocka_unit_test(earlier_states_are_passed_and_the_present_one_is_lit),
        cmocka_unit_test(prologue_size_and_ids_are_left_out),
        cmocka_unit_test(what_is_no_drawing_gives_nothing),
        cmocka_unit_test(drawing_cut_off_does_not_run_over),
    };
    return cmocka_run_group_tests_name("web/flow", tests, NULL, NULL);
}
