/*
 * docs/packs.md against the program: its worked pack is right, and it leaves no word, section, kind or
 * fault out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "pack_world.h"
#include "regime/section_table.h"

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

static struct str manual_of(const struct pack_world *world)
{
    return pack_world_read(world, "docs/packs.md");
}

static void the_worked_pack_has_no_fault(void **state)
{
    struct str text = manual_of(*state);
    size_t at = str_find(text, S("```yaml\nregime:"));
    assert_true(at != SIZE_MAX);
    text = str_from(text, at + 8);
    text = str_part(text, 0, str_find(text, S("```")));
    assert_true(str_eq_c(pack_world_get(*state, text)->id, "small-example"));
}

static void assert_told(const struct pack_world *world, struct str manual, struct str word)
{
    struct str quoted = str_printf(world->arena, "`%.*s`", STR_ARG(word));
    if (!str_has(manual, quoted))
        print_error("docs/packs.md does not tell %.*s\n", STR_ARG(word));
    assert_true(str_has(manual, quoted));
}

static void assert_words_told(const struct pack_world *world, struct str manual,
                              const struct vocabulary_word *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_told(world, manual,
                    str_printf(world->arena, "%.*s`: `%.*s", STR_ARG(table[i].word),
                               STR_ARG(table[i].shape)));
}

static void every_word_of_the_vocabulary_is_told_with_its_shape(void **state)
{
    struct str manual = manual_of(*state);
    assert_words_told(*state, manual, vocabulary_guards, GUARD_KIND_COUNT);
    assert_words_told(*state, manual, vocabulary_effects, EFFECT_KIND_COUNT);
    assert_words_told(*state, manual, vocabulary_conditions, CONDITION_KIND_COUNT);
}

static void every_fault_has_its_remedy(void **state)
{
    struct str manual = manual_of(*state);
    for (enum pack_fault_code code = 0; code < PACK_FAULT_CODE_COUNT; code++)
        assert_told(*state, manual, str_of(pack_fault_code_name(code)));
}

static void every_section_and_kind_of_field_is_told(void **state)
{
    struct str manual = manual_of(*state);
#define X(name, shape) assert_told(*state, manual, S(name));
    SECTION_TABLE(X)
#undef X
    for (enum field_kind kind = 0; kind < FIELD_KIND_COUNT; kind++)
        assert_told(*state, manual, str_of(field_kind_name(kind)));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_worked_pack_has_no_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_word_of_the_vocabulary_is_told_with_its_shape, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_fault_has_its_remedy, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_section_and_kind_of_field_is_told, set_up, tear_down),
    };
    must(argc == 2);
    root_folder = argv[1];
    return cmocka_run_group_tests_name("regime/manual", tests, NULL, NULL);
}
