/* Every word of the vocabulary is explained in both languages, with an example that uses it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kit/furniture.h"
#include "kit/yaml.h"
#include "regime/vocabulary.h"

struct world {
    struct arena *arena;
    struct words_book *words;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    struct ctx ctx = {.arena = arena};
    struct furniture *furniture;
    world->arena = arena;
    must(furniture_open(&ctx, arena, furniture_files, furniture_file_count, (struct str){0},
                        &furniture) == ST_OK);
    must(furniture_open_words(&ctx, furniture, arena, &world->words) == ST_OK);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static void check_example(const struct world *world, enum lang lang, struct str key,
                          struct str word)
{
    struct yaml_faults faults = {0};
    struct str text = words_format(world->arena, world->words, lang,
                                   str_concat(world->arena, key, S(".example")), NO_ARGS);
    const struct yaml_node *example = yaml_parse(world->arena, text, &faults);
    if (faults.len > 0 || yaml_find(example, str_c(world->arena, word)) == NULL)
        print_error("%.*s: %.*s\n", STR_ARG(key), STR_ARG(text));
    assert_int_equal(faults.len, 0);
    assert_non_null(yaml_find(example, str_c(world->arena, word)));
}

static void check_group(const struct world *world, const char *group,
                        const struct vocabulary_word *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str key =
            str_printf(world->arena, "vocabulary.%s.%.*s", group, STR_ARG(table[i].word));
        for (enum lang lang = 0; lang < LANG_COUNT; lang++) {
            assert_false(str_is_empty(words_find(world->words, lang, key)));
            check_example(world, lang, key, table[i].word);
        }
    }
}

static void every_word_has_words_and_an_example(void **state)
{
    check_group(*state, "guard", vocabulary_guards, GUARD_KIND_COUNT);
    check_group(*state, "effect", vocabulary_effects, EFFECT_KIND_COUNT);
    check_group(*state, "condition", vocabulary_conditions, CONDITION_KIND_COUNT);
}

static void no_word_stands_twice_in_its_group(void **state)
{
    (void)state;
    for (size_t i = 0; i < GUARD_KIND_COUNT; i++) {
        size_t at;
        assert_true(
            vocabulary_find(vocabulary_guards, GUARD_KIND_COUNT, vocabulary_guards[i].word, &at));
        assert_int_equal(at, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_word_has_words_and_an_example, set_up, tear_down),
        cmocka_unit_test(no_word_stands_twice_in_its_group),
    };
    return cmocka_run_group_tests_name("regime/vocabulary", tests, NULL, NULL);
}
