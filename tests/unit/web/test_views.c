/* The list of cases by state and by day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ctx.h"
#include "kit/json.h"
#include "web/views.h"

#define LIST(view)                                                                                 \
    "{\"columns\":[{\"name\":\"number\"}],\"query\":{\"view\":\"" view "\"},\"filters\":"          \
    "[{\"name\":\"state\",\"options\":[{\"value\":\"new\",\"label\":\"新\"},{\"value\":\"done\"," \
    "\"label\":\"完\"}]}],\"items\":["                                                            \
    "{\"id\":\"1\",\"state\":\"done\",\"due\":\"2026-11-23T18:00:00.000+08:00\"},"                 \
    "{\"id\":\"2\",\"state\":\"new\"},"                                                            \
    "{\"id\":\"3\",\"state\":\"done\",\"due\":\"2026-11-22\"},"                                    \
    "{\"id\":\"4\",\"state\":\"gone\",\"state_label\":\"撤\",\"due\":\"2026-11-22T24:00\"}]}"

/* "key:id,id key:id" */
static const char *grouped(struct arena *arena, struct str json)
{
    struct ctx ctx = {.arena = arena};
    struct value *document = NULL;
    struct buf out;
    assert_int_equal(json_parse(&ctx, json, 65536, JSON_STRICT, &document), ST_OK);
    views_prepare(arena, document, S("/cases?view=x"));
    buf_init(&out, arena, 4096);
    value_each (group, value_find_c(document, "groups")) {
        if (out.len > 0)
            buf_char(&out, ' ');
        buf_text(&out, value_find_text(group, "key"));
        buf_char(&out, ':');
        value_each (row, value_find_c(group, "items"))
            buf_text(&out, value_find_text(row, "id"));
    }
    return str_c(arena, buf_str(&out));
}

static void board_follows_the_order_of_states(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    assert_string_equal(grouped(arena, S(LIST("board"))), "new:2 done:13 gone:4");
}

static void calendar_begins_with_the_first_day_and_ends_with_none(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    assert_string_equal(grouped(arena, S(LIST("calendar"))), "2026-11-22:34 2026-11-23:1 :2");
}

static void any_other_view_is_the_table(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    assert_string_equal(grouped(arena, S(LIST("map"))), "");
}

static void address_keeps_everything_but_the_page(void **state)
{
    static const struct {
        const char *path;
        const char *value;
        const char *url;
    } rows[] = {
        {"/cases", "board", "/cases?view=board"},
        {"/cases?view=board", "", "/cases"},
        {"/cases?q=a&view=board&cursor=x", "calendar", "/cases?q=a&view=calendar"},
        {"/cases?viewer=1&&q=", "board", "/cases?viewer=1&q=&view=board"},
    };
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(str_c(arena, views_format_url(arena, str_of(rows[i].path), "view",
                                                          str_of(rows[i].value))),
                            rows[i].url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(board_follows_the_order_of_states),
        cmocka_unit_test(calendar_begins_with_the_first_day_and_ends_with_none),
        cmocka_unit_test(any_other_view_is_the_table),
        cmocka_unit_test(address_keeps_everything_but_the_page),
    };
    return cmocka_run_group_tests_name("web/views", tests, NULL, NULL);
}
