/*
 * The one door: what a file is, and that the child gives the same rows and failures as this process.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/sheetdump.h"
#include "support/sheetfile.h"

static enum status read_as(struct ctx *ctx, struct sheetdump *dump, const char *path,
                           struct sheet_options options)
{
    buf_init(&dump->text, ctx->arena, 1 << 24);
    struct sheet_visitor visitor = {dump, sheetdump_begin, sheetdump_row};
    return sheet_read(ctx, path, &options, &visitor);
}

static void the_child_gives_the_same_rows(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const char *files[] = {
        sheetfile_bytes(arena, S("序号,编号\n1,\"a\nb\"\n\n2,\n")),
        sheetfile_bytes(arena, S("\xD0\xF2\xBA\xC5\t1\n")),
        sheetfile_book(arena,
                       "<sheetData><row><c><v>1</v></c><c t='str'><v>水</v></c></row>"
                       "</sheetData><mergeCells><mergeCell ref='B1:C2'/></mergeCells>",
                       NULL, NULL),
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct ctx ctx = {.arena = arena};
        struct sheetdump here = {0}, there = {0};
        assert_int_equal(read_as(&ctx, &here, files[i], (struct sheet_options){.in_process = true}),
                         ST_OK);
        assert_int_equal(read_as(&ctx, &there, files[i], (struct sheet_options){0}), ST_OK);
        assert_true(here.rows > 0);
        assert_true(str_eq(buf_str(&here.text), buf_str(&there.text)));
    }
}

static void what_is_no_table_is_told_with_the_name_of_the_file(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct {
        const char *why;
        struct str bytes;
        const char *key;
        enum status status;
    } rows[] = {
        {"web page", STR_INIT("\n<HTML><table>"), "sheet.is_html", ST_MEDIA},
        {"picture", STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "sheet.not_a_table", ST_MEDIA},
        {"cut zip", STR_INIT("PK\x03\x04xxxx"), "sheet.broken", ST_INVALID},
        {"encrypted",
         STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0"
                  "c\0k\0a\0g\0e\0\0\0"),
         "sheet.encrypted", ST_MEDIA},
        {"cut xls", STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...."), "sheet.broken", ST_INVALID},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ctx ctx = {.arena = arena};
        struct sheetdump dump = {0};
        const char *path = sheetfile_bytes(arena, rows[i].bytes);
        struct sheet_options options = {.shown_name = S("given.xlsx")};
        assert_int_equal(read_as(&ctx, &dump, path, options), rows[i].status);
        assert_string_equal(ctx.failure.reason.key, rows[i].key);
        assert_true(str_eq(ctx.failure.reason.args[0].text, S("given.xlsx")));
    }
}

static void a_file_that_is_not_there_is_told(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct sheetdump dump = {0};
    assert_int_equal(read_as(&ctx, &dump, "/nowhere/t.csv", (struct sheet_options){0}),
                     ST_NOT_FOUND);
    fail_clear(&ctx);
    assert_int_equal(read_as(&ctx, &dump, "/tmp", (struct sheet_options){0}), ST_NOT_FOUND);
}

static enum status die(void *self, struct ctx *ctx, const struct sheet_row *row)
{
    (void)self;
    (void)ctx;
    (void)row;
    return ST_CONFLICT;
}

static void the_visitor_may_stop_the_reading(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct sheetdump dump = {0};
    buf_init(&dump.text, arena, 1 << 16);
    struct sheet_visitor visitor = {&dump, sheetdump_begin, die};
    struct sheet_options options = {0};
    const char *path = sheetfile_bytes(arena, S("a\nb\n"));
    assert_int_equal(sheet_read(&ctx, path, &options, &visitor), ST_CONFLICT);
}

static void damaged_rows_say_so(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct sheetdump dump = {0};
    const char *path = sheetfile_bytes(arena, S("序号,编号,行政区域,处理情况\n1,\xFF\xFF,好\n"));
    assert_int_equal(read_as(&ctx, &dump, path, (struct sheet_options){0}), ST_OK);
    assert_int_equal(dump.damage, ROW_UNDECODABLE);
    path = sheetfile_bytes(arena, S("序号\n\"1\n2\n"));
    assert_int_equal(read_as(&ctx, &dump, path, (struct sheet_options){0}), ST_OK);
    assert_int_equal(dump.damage, ROW_UNCLOSED);
}

static void only_so_many_rows_of_a_sheet_are_read(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct sheetdump dump = {0};
    const char *path = sheetfile_bytes(arena, S("1\n2\n3\n4\n"));
    assert_int_equal(read_as(&ctx, &dump, path, (struct sheet_options){.row_limit = 2}), ST_OK);
    assert_int_equal(dump.rows, 2);
}

/* tests/data/sheet/old.xls: BIFF8, dates in a Chinese and an American format */
static void an_old_workbook_is_read_in_the_child(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct sheetdump dump = {0};
    const char *path = getenv("OLD_XLS");
    assert_non_null(path);
    assert_int_equal(read_as(&ctx, &dump, path, (struct sheet_options){.row_limit = 4}), ST_OK);
    assert_string_equal(str_c(arena, buf_str(&dump.text)),
                        "# 一览表\n"
                        "1: [t:序号] [t:受理编号] [t:受理时间] [t:是否属实]\n"
                        "2: [n:1] [t:D3HN202406020040] [d:2024-06-03] [t:属实]\n"
                        "3: [n:2] [n:2017043052] [d:2024-06-04] [t:部分属实]\n"
                        "4: [n:3] [n:0.25]\n");
}

static void day_numbers_follow_both_calendars(void **state)
{
    (void)state;
    struct day day;
    int minute;
    assert_true(sheet_serial_day(1, false, &day, &minute));
    assert_int_equal(day.v, day_of(1900, 1, 1).v);
    assert_true(sheet_serial_day(0, true, &day, &minute));
    assert_int_equal(day.v, day_of(1904, 1, 1).v);
    assert_true(sheet_serial_day(45446.9999999, false, &day, &minute));
    assert_int_equal(day.v, day_of(2024, 6, 4).v);
    assert_int_equal(minute, 0);
    assert_false(sheet_serial_day(-1, false, &day, &minute));
    assert_false(sheet_serial_day(1e9, false, &day, &minute));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_child_gives_the_same_rows),
        cmocka_unit_test(what_is_no_table_is_told_with_the_name_of_the_file),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
        cmocka_unit_test(the_visitor_may_stop_the_reading),
        cmocka_unit_test(damaged_rows_say_so),
        cmocka_unit_test(only_so_many_rows_of_a_sheet_are_read),
        cmocka_unit_test(an_old_workbook_is_read_in_the_child),
        cmocka_unit_test(day_numbers_follow_both_calendars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
