/*
 * Every template with every document of tests/browser/mock, in both languages: words are there,
 * tags close, and nothing stands inline that the content security policy would refuse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/mockpage.h"

static struct str mock_folder;

static int open_mock(void **state)
{
    struct arena *arena = arena_new();
    struct mockpages *mock = arena_new_of(arena, struct mockpages);
    *state = mock;
    if (mockpages_open(mock, arena, mock_folder, (struct str){0}))
        return 0;
    print_error("%s\n", str_c(arena, mockpages_reason(mock)));
    return 1;
}

static int close_mock(void **state)
{
    struct mockpages *mock = *state;
    arena_free(mock->arena);
    return 0;
}

typedef void page_check(struct str html, const char *name);

static void each_page(struct mockpages *mock, page_check *check)
{
    for (size_t i = 0; i < mock->count; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            struct str html = mockpage_render(mock, &mock->at[i], (enum lang)lang);
            const char *name = str_c(mock->arena, mock->at[i].name);
            if (html.at == NULL)
                print_error("%s: %s\n", name, str_c(mock->arena, mockpages_reason(mock)));
            assert_non_null(html.at);
            check(html, name);
        }
}

static void is_whole(struct str html, const char *name)
{
    (void)name;
    assert_true(str_starts(html, S("<!doctype html>")));
    assert_true(str_ends(str_trim(html), S("</html>")));
}

static void every_mock_becomes_a_page_without_a_missing_word(void **state)
{
    struct mockpages *mock = *state;
    size_t before = words_missing(mock->book);
    each_page(mock, is_whole);
    assert_int_equal(words_missing(mock->book), before);
}

static void has_nothing_inline(struct str html, const char *name)
{
    static const struct str refused[] = {
        STR_INIT(" style=\""), STR_INIT("<style"),     STR_INIT("<script>"),
        STR_INIT(" onclick="), STR_INIT(" onload="),   STR_INIT("javascript:"),
        STR_INIT(" hx-on"),    STR_INIT("src=\"http"), STR_INIT("href=\"http"),
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (str_has(html, refused[i]))
            print_error("%s: %s\n", name, refused[i].at);
        assert_false(str_has(html, refused[i]));
    }
}

static void nothing_stands_inline_or_comes_from_elsewhere(void **state)
{
    each_page(*state, has_nothing_inline);
}

static size_t count_of(struct str text, struct str part)
{
    size_t count = 0;
    for (size_t at = str_find(text, part); at != SIZE_MAX; at = str_find(text, part)) {
        text = str_from(text, at + part.len);
        count++;
    }
    return count;
}

static void closes_tags(struct str html, const char *name)
{
    static const char *const tags[] = {"div",  "section", "form",    "ul",    "ol",   "table",
                                       "tr",   "td",      "details", "label", "span", "fieldset",
                                       "main", "article", "dl",      "p",     "a",    "button"};
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        size_t opened = count_of(html, str_printf(arena, "<%s>", tags[i])) +
                        count_of(html, str_printf(arena, "<%s ", tags[i]));
        size_t closed = count_of(html, str_printf(arena, "</%s>", tags[i]));
        if (opened != closed)
            print_error("%s: <%s> %zu opened, %zu closed\n", name, tags[i], opened, closed);
        assert_int_equal(opened, closed);
    }
}

static void every_tag_is_closed(void **state)
{
    each_page(*state, closes_tags);
}

static void guards_posts(struct str html, const char *name)
{
    struct str rest = html;
    for (size_t at = str_find(rest, S("method=\"post\"")); at != SIZE_MAX;
         at = str_find(rest, S("method=\"post\""))) {
        rest = str_from(rest, at + 1);
        struct str form = str_part(rest, 0, str_find(rest, S("</form>")));
        if (!str_has(form, S("name=\"csrf\" value=\"csrf-token\"")))
            print_error("%s: a form without csrf\n", name);
        assert_true(str_has(form, S("name=\"csrf\" value=\"csrf-token\"")));
    }
}

static void every_form_that_writes_carries_the_token(void **state)
{
    each_page(*state, guards_posts);
}

static void has_complaint_button(struct str html, const char *name)
{
    (void)name;
    assert_true(str_has(html, S("href=\"/suggestions")));
}

static void complaint_button_is_on_every_page(void **state)
{
    each_page(*state, has_complaint_button);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    mock_folder = str_of(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_mock_becomes_a_page_without_a_missing_word, open_mock,
                                        close_mock),
        cmocka_unit_test_setup_teardown(nothing_stands_inline_or_comes_from_elsewhere, open_mock,
                                        close_mock),
        cmocka_unit_test_setup_teardown(every_tag_is_closed, open_mock, close_mock),
        cmocka_unit_test_setup_teardown(every_form_that_writes_carries_the_token, open_mock,
                                        close_mock),
        cmocka_unit_test_setup_teardown(complaint_button_is_on_every_page, open_mock, close_mock),
    };
    return cmocka_run_group_tests_name("web/pages", tests, NULL, NULL);
}
