/* The frame around a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/web.h"

struct world {
    struct ctx ctx;
    struct web *web;
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    struct furniture *furniture = NULL;
    struct words_book *book = NULL;
    w->ctx.arena = arena;
    *state = w;
    return furniture_open(&w->ctx, arena, furniture_files, furniture_file_count, (struct str){0},
                          &furniture) != ST_OK ||
           furniture_open_words(&w->ctx, furniture, arena, &book) != ST_OK ||
           web_new(&w->ctx, arena, furniture, book, &w->web) != ST_OK;
}

static int close_world(void **state)
{
    struct world *w = *state;
    arena_free(w->ctx.arena);
    return 0;
}

static struct str render(struct world *w, const char *name, const struct web_frame *frame)
{
    struct buf out;
    buf_init(&out, w->ctx.arena, WEB_PAGE_MAX_BYTES);
    struct value *document = value_map(w->ctx.arena);
    assert_int_equal(web_render(&w->ctx, w->web, str_of(name), document, frame, &out), ST_OK);
    return buf_str(&out);
}

static void other_language_keeps_the_address(void **state)
{
    static const struct {
        const char *path;
        const char *url;
    } rows[] = {
        {"/cases", "/cases?lang=en"},
        {"/cases?q=a", "/cases?q=a&lang=en"},
        {"/cases?lang=zh", "/cases?lang=en"},
        {"/cases?lang=zh&q=a&sort=-due", "/cases?q=a&sort=-due&lang=en"},
        {"/cases?language=x", "/cases?language=x&lang=en"},
        {"/?", "/?lang=en"},
    };
    struct world *w = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(
            str_c(w->ctx.arena, web_format_lang_url(w->ctx.arena, str_of(rows[i].path), LANG_EN)),
            rows[i].url);
}

static void page_speaks_the_language_it_says(void **state)
{
    const struct web_frame zh = {.lang = LANG_ZH, .path = S("/cases")};
    const struct web_frame en = {.lang = LANG_EN, .path = S("/cases")};
    assert_true(str_has(render(*state, "cases", &zh), S("<html lang=\"zh-CN\">")));
    assert_true(str_has(render(*state, "cases", &zh), S("<title>事项清单")));
    assert_true(str_has(render(*state, "cases", &en), S("<html lang=\"en\">")));
    assert_true(str_has(render(*state, "cases", &en), S("<title>Cases")));
}

static void only_the_place_where_the_reader_is_is_current(void **state)
{
    struct world *w = *state;
    struct value *me = value_map(w->ctx.arena);
    value_put_text(w->ctx.arena, me, "name", S("简景行"));
    const struct web_frame frame = {.path = S("/cases/130500-1?tab=2"), .me = me};
    struct str html = render(w, "error", &frame);
    assert_true(str_has(html, S("<a href=\"/cases\" aria-current=\"page\">")));
    assert_false(str_has(html, S("<a href=\"/desk\" aria-current=\"page\">")));
}

static void stranger_sees_no_navigation(void **state)
{
    const struct web_frame frame = {.path = S("/login")};
    struct str html = render(*state, "login", &frame);
    assert_false(str_has(html, S("nav-main")));
    assert_false(str_has(html, S("/logout")));
}

static void what_a_stranger_typed_is_escaped(void **state)
{
    const struct web_frame frame = {.path = S("/cases?q=\"><script>alert(1)</script>"),
                                    .flash_kind = S("note"),
                                    .flash_text = S("<b>x</b>")};
    struct str html = render(*state, "cases", &frame);
    assert_false(str_has(html, S("<script>alert")));
    assert_true(str_has(html, S("&lt;b&gt;x&lt;/b&gt;")));
}

static void page_that_does_not_exist_is_not_found(void **state)
{
    struct world *w = *state;
    static const struct str names[] = {STR_INIT("nothing"), STR_INIT("part/head"), STR_INIT("")};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct buf out;
        const struct web_frame frame = {.path = S("/")};
        buf_init(&out, w->ctx.arena, 1024);
        fail_clear(&w->ctx);
        assert_int_equal(
            web_render(&w->ctx, w->web, names[i], value_map(w->ctx.arena), &frame, &out),
            ST_NOT_FOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(other_language_keeps_the_address, open_world, close_world),
        cmocka_unit_test_setup_teardown(page_speaks_the_language_it_says, open_world, close_world),
        cmocka_unit_test_setup_teardown(only_the_place_where_the_reader_is_is_current, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(stranger_sees_no_navigation, open_world, close_world),
        cmocka_unit_test_setup_teardown(what_a_stranger_typed_is_escaped, open_world, close_world),
        cmocka_unit_test_setup_teardown(page_that_does_not_exist_is_not_found, open_world,
                                        close_world),
    };
    return cmocka_run_group_tests_name("web/web", tests, NULL, NULL);
}
