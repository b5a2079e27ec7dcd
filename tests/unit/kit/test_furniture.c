/*
 * Furniture: what is compiled in, what hides it, and that the two are never mixed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/furniture.h"

static const struct furniture_file files[] = {
    {"static/app.css", "old", 3},
    {"static/app.css.gz", "zip", 3},
    {"templates/case.html", "<p>", 3},
    {"templates/list.html", "<ul>", 4},
};

struct place {
    struct arena *arena;
    struct ctx ctx;
    char dir[32];
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    place->arena = arena_new();
    place->ctx.arena = place->arena;
    snprintf(place->dir, sizeof place->dir, "%s", "/tmp/furniture-XXXXXX");
    *state = place;
    return mkdtemp(place->dir) == NULL;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", place->dir);
    int ended = system(command);
    arena_free(place->arena);
    free(place);
    return ended;
}

static void write_override(struct place *place, const char *folder, const char *name,
                           const char *text)
{
    mkdir(str_printf(place->arena, "%s/%s", place->dir, folder).at, 0700);
    FILE *file = fopen(str_printf(place->arena, "%s/%s/%s", place->dir, folder, name).at, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct furniture *open_furniture(struct place *place, struct str dir)
{
    struct furniture *furniture = NULL;
    assert_int_equal(
        furniture_open(&place->ctx, place->arena, files, COUNT_OF(files), dir, &furniture), ST_OK);
    return furniture;
}

static void compiled_in_files_are_found(void **state)
{
    struct furniture *furniture = open_furniture(*state, (struct str){0});
    const struct furniture_item *item = furniture_find(furniture, S("templates/list.html"));
    assert_non_null(item);
    assert_true(str_eq(item->bytes, S("<ul>")));
    assert_false(item->overridden);
    assert_null(furniture_find(furniture, S("templates/none.html")));
}

static void an_override_wins_and_changes_the_tag(void **state)
{
    struct place *place = *state;
    struct furniture *plain = open_furniture(place, (struct str){0});
    write_override(place, "templates", "case.html", "<h1>");
    struct furniture *furniture = open_furniture(place, str_of(place->dir));
    const struct furniture_item *item = furniture_find(furniture, S("templates/case.html"));
    assert_true(item->overridden && str_eq(item->bytes, S("<h1>")));
    assert_false(str_eq(item->tag, furniture_find(plain, S("templates/case.html"))->tag));
}

static void an_override_hides_the_old_compressed_form(void **state)
{
    struct place *place = *state;
    write_override(place, "static", "app.css", "new");
    write_override(place, "static", "app.css-note", "sorts between the two");
    struct furniture *furniture = open_furniture(place, str_of(place->dir));
    assert_null(furniture_find(furniture, S("static/app.css.gz")));
}

static void a_file_that_is_only_below_the_folder_counts(void **state)
{
    struct place *place = *state;
    write_override(place, "templates", "extra.html", "x");
    struct furniture *furniture = open_furniture(place, str_of(place->dir));
    size_t count = 0;
    const struct furniture_item *list = furniture_list(furniture, S("templates/"), &count);
    assert_int_equal(count, 3);
    assert_true(str_eq(list[0].path, S("templates/case.html")));
    assert_true(str_eq(list[1].path, S("templates/extra.html")));
}

static void a_folder_that_does_not_exist_is_no_fault(void **state)
{
    struct furniture *furniture = open_furniture(*state, S("/nonexistent/furniture"));
    size_t count = 0;
    assert_null(furniture_list(furniture, S("zzz"), &count));
    assert_int_equal(count, 0);
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
    struct place *place = *state;
    mkdir(str_printf(place->arena, "%s/static", place->dir).at, 0700);
    assert_int_equal(symlink("/nonexistent", str_printf(place->arena, "%s/static/a.css", place->dir).at), 0);
    struct furniture *furniture = NULL;
    assert_int_equal(furniture_open(&place->ctx, place->arena, files, COUNT_OF(files),
                                    str_of(place->dir), &furniture),
                     ST_IO);
    assert_string_equal(place->ctx.failure.reason.key, "furniture.unreadable");
}

static void the_words_are_compiled_in(void **state)
{
    struct place *place = *state;
    struct furniture *furniture = NULL;
    assert_int_equal(furniture_open(&place->ctx, place->arena, furniture_files,
                                    furniture_file_count, (struct str){0}, &furniture),
                     ST_OK);
    const struct furniture_item *words = furniture_find(furniture, S("i18n/zh-CN.msg"));
    assert_non_null(words);
    assert_true(str_is_clean(words->bytes));
    assert_non_null(furniture_find(furniture, S("static/vendor/tabler.min.css.gz")));
    assert_null(furniture_find(furniture, S("i18n/README.md")));
}

#define FACT(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest facts[] = {
        FACT(compiled_in_files_are_found),
        FACT(an_override_wins_and_changes_the_tag),
        FACT(an_override_hides_the_old_compressed_form),
        FACT(a_file_that_is_only_below_the_folder_counts),
        FACT(a_folder_that_does_not_exist_is_no_fault),
        FACT(a_file_that_cannot_be_read_is_named),
        FACT(the_words_are_compiled_in),
    };
    return cmocka_run_group_tests(facts, NULL, NULL);
}
