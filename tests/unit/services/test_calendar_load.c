/*
 * Calendars out of their csv.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/calendar_load.h"

static enum status parse(struct ctx *ctx, const char *text)
{
    const struct calendar *cal;
    fail_clear(ctx);
    return calendar_parse(ctx, ctx->arena, str_of(text), &cal);
}

static void the_calendar_of_the_repository_is_read(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct furniture *furniture;
    assert_int_equal(furniture_open(&ctx, arena, furniture_files, furniture_file_count,
                                    (struct str){0}, &furniture),
                     ST_OK);
    const struct calendar *cal;
    assert_int_equal(calendar_load(&ctx, arena, furniture, S("cn-workdays"), &cal), ST_OK);
    assert_int_equal(calendar_first_year(cal), 2016);
    assert_true(calendar_last_year(cal) >= 2026);
    struct calendar_day day = calendar_get_day(cal, day_of(2024, 9, 29));
    assert_true(day.work);
    assert_true(str_eq_c(day.notice, "国办发明电〔2023〕7号"));
    assert_int_equal(calendar_load(&ctx, arena, furniture, S("mars"), &cal), ST_NOT_FOUND);
}

static void line_endings_bom_blank_lines_and_order_of_columns_do_not_matter(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    assert_int_equal(parse(&ctx, "\xef\xbb\xbf"
                                 "date,day,name,notice\r\n2023-01-02,off,a,b\r\n\r\n"),
                     ST_OK);
    assert_int_equal(parse(&ctx, "notice,x,name,day,date\nb,,a,off,2023-01-02"), ST_OK);
}

static void a_row_that_says_nothing_clear_is_named_by_its_line(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    static const char *const wrong[] = {
        "2023-02-30,off,a,b",   "2023-01-02,rest,a,b", "2023-01-02,off,a",
        "2023-01-02,off,a,b,c", "2023/01/02,off,a,b",  "\"2023-01-02\",off,a,b",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct str text =
            str_printf(arena, "date,day,name,notice\n2023-01-03,off,a,b\n%s\n", wrong[i]);
        assert_int_equal(parse(&ctx, str_c(arena, text)), ST_INVALID);
        assert_string_equal(ctx.failure.reason.key, "calendar.line");
        assert_int_equal(ctx.failure.reason.args[0].number, 3);
    }
    assert_int_equal(parse(&ctx, "date,day,name\n2023-01-02,off,a\n"), ST_INVALID);
    assert_string_equal(ctx.failure.reason.key, "calendar.header");
    assert_int_equal(parse(&ctx, ""), ST_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_calendar_of_the_repository_is_read),
        cmocka_unit_test(line_endings_bom_blank_lines_and_order_of_columns_do_not_matter),
        cmocka_unit_test(a_row_that_says_nothing_clear_is_named_by_its_line),
    };
    return cmocka_run_group_tests_name("calendar_load", tests, NULL, NULL);
}
