/* What the drawing names, and that Graphviz draws it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "pack_world.h"
#include "regime/graph.h"

static const char *root_folder; /* of the sources; set once by main */

static int set_up(void **state)
{
    *state = pack_world_new(root_folder);
    return 0;
}

static int tear_down(void **state)
{
    pack_world_free(*state);
    return 0;
}

static struct str draw(struct pack_world *world, const char *path, enum lang lang)
{
    struct str dot;
    const struct regime *regime = pack_world_get(world, pack_world_read(world, path));
    must(regime_graph_dot(&world->ctx, regime, &regime->procedures[0], lang, &dot) == ST_OK);
    return dot;
}

static void states_commands_and_clocks_are_named(void **state)
{
    struct str dot = draw(*state, "regimes/look-back.yaml", LANG_ZH);
    assert_true(str_has(dot, S("id=\"state_rectifying\", class=\"state\"")));
    assert_true(str_has(dot, S("class=\"state end\"")));
    assert_true(str_has(dot, S("整改中")) && !str_has(dot, S("rectifying\\n")));
    assert_false(str_has(dot, S("transferred")));
    assert_true(str_has(dot, S("\"reported\" -> \"handed_over\"")));
    assert_true(str_has(dot, S("▷ 转办 1 h")));
}

static void the_arrows_speak_the_readers_language(void **state)
{
    assert_true(
        str_has(draw(*state, "regimes/look-back.yaml", LANG_EN), S("transfer (city task force")));
}

static void a_quotation_mark_does_not_break_the_drawing(void **state)
{
    struct pack_world *world = *state;
    struct str dot;
    const struct regime *regime =
        pack_world_get(world, pack_world_sample(world, "zh: 整改中", "zh: '整\"];改\\中'"));
    assert_int_equal(regime_graph_dot(&world->ctx, regime, &regime->procedures[0], LANG_ZH, &dot),
                     ST_OK);
    assert_true(str_has(dot, S("整\\\"];改\\\\中")));
}

static void graphviz_makes_one_svg_of_it(void **state)
{
    struct pack_world *world = *state;
    struct str svg;
    const struct regime *regime =
        pack_world_get(world, pack_world_read(world, "regimes/look-back.yaml"));
    enum status status =
        regime_graph_svg(&world->ctx, regime, &regime->procedures[0], LANG_ZH, &svg);
    if (status == ST_UNAVAILABLE)
        skip(); /* Graphviz is not on this machine */
    assert_int_equal(status, ST_OK);
    assert_true(str_starts(svg, S("<svg")));
    assert_true(str_has(svg, S("id=\"state_accepting\" class=\"node state\"")));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(states_commands_and_clocks_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_arrows_speak_the_readers_language, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_quotation_mark_does_not_break_the_drawing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(graphviz_makes_one_svg_of_it, set_up, tear_down),
    };
    must(argc == 2);
    root_folder = argv[1];
    return cmocka_run_group_tests_name("regime/graph", tests, NULL, NULL);
}
