/*
 * The published Mustache specification, every case of its six core files a test of its own, named
 * <file>: <case>. The folder of the files is the first argument.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/vec.h"
#include "kit/json.h"
#include "kit/tmpl.h"

enum { FILE_MAX_BYTES = 256 * 1024, OUTPUT_MAX_BYTES = 64 * 1024 };

static const char *const FILES[] = {"comments", "delimiters", "interpolation",
                                    "inverted", "partials",   "sections"};

typedef VEC(struct CMUnitTest) test_list;

static bool load(void *user, struct str name, struct str *out)
{
    const struct value *test = user;
    const struct value *text = str_eq(name, S("(main)"))
                                   ? value_find_c(test, "template")
                                   : value_find(value_find_c(test, "partials"), name);
    if (text == NULL)
        return false;
    *out = text->text;
    return true;
}

static void renders_as_the_specification_expects(void **state)
{
    struct value *test = *state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct tmpl_set *set = tmpl_set_new(arena, load, test, TMPL_CORE);
    const struct tmpl *tmpl;
    struct buf out;
    buf_init(&out, arena, OUTPUT_MAX_BYTES);
    assert_int_equal(tmpl_compile(&ctx, set, S("(main)"), &tmpl), ST_OK);
    assert_int_equal(tmpl_render(&ctx, tmpl, value_find_c(test, "data"), NULL, &out), ST_OK);
    assert_string_equal(str_c(arena, buf_str(&out)),
                        str_c(arena, value_find_text(test, "expected")));
}

static struct str read_file(struct arena *arena, const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.json", folder, name);
    FILE *file = fopen(path, "rb");
    must(file != NULL);
    char *bytes = arena_alloc(arena, FILE_MAX_BYTES);
    size_t len = fread(bytes, 1, FILE_MAX_BYTES, file);
    fclose(file);
    return (struct str){bytes, len};
}

static void list_file(struct ctx *ctx, const char *folder, const char *name, test_list *tests)
{
    struct value *spec;
    must(json_parse(ctx, read_file(ctx->arena, folder, name), FILE_MAX_BYTES, JSON_DECIMALS_AS_TEXT,
                    &spec) == ST_OK);
    for (struct value *test = spec->last->first; test != NULL; test = test->next) {
        struct str title = value_find_text(test, "name");
        *vec_push(ctx->arena, tests) =
            (struct CMUnitTest){.name = str_printf(ctx->arena, "%s: %.*s", name, STR_ARG(title)).at,
                                .test_func = renders_as_the_specification_expects,
                                .initial_state = test};
    }
}

int main(int argc, char **argv)
{
    must(argc == 2);
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    test_list tests = {0};
    for (size_t i = 0; i < COUNT_OF(FILES); i++)
        list_file(&ctx, argv[1], FILES[i], &tests);
    must(tests.len == 136); /* that none is left out */
    return _cmocka_run_group_tests("kit/tmpl_spec", tests.at, tests.len, NULL, NULL);
}
