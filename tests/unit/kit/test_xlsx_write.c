/*
 * What is written is what our reader reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "kit/xlsx_write.h"
#include "support/sheetdump.h"
#include "support/sheetfile.h"

static const struct xlsx_column columns[] = {
    {STR_INIT("序号"), XLSX_COLUMN_NUMBER, 6},
    {STR_INIT("交办问题"), XLSX_COLUMN_TEXT, 40},
    {STR_INIT("日期"), XLSX_COLUMN_DATE, 0},
    {STR_INIT("时间"), XLSX_COLUMN_TIME, 0},
};

static const struct xlsx_write_options options = {.sheet = STR_INIT("一览表"),
                                                  .title = STR_INIT("一览表（第三批）"),
                                                  .columns = columns,
                                                  .column_count = COUNT_OF(columns)};

static void a_written_table_reads_back(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const char *path = sheetfile_bytes(arena, S(""));
    struct xlsx_writer *writer;
    assert_int_equal(xlsx_write_open(&ctx, path, &options, &writer), ST_OK);
    struct xlsx_value row[] = {
        {.number = 7, .has_number = true}, {.text = S("=1+1\n二")}, {.day = day_of(2024, 6, 3)},
                               {.day = day_of(2024, 6, 3), .minute = 1439}};
    assert_int_equal(xlsx_write_row(&ctx, writer, row), ST_OK);
    struct xlsx_value blank[] = {{.number = 8, .has_number = true}, {0}, {.day = DAY_NONE}, {.day = DAY_NONE}};
    assert_int_equal(xlsx_write_row(&ctx, writer, blank), ST_OK);
    assert_int_equal(xlsx_write_close(&ctx, writer), ST_OK);

    struct sheetdump dump = {0};
    buf_init(&dump.text, arena, 1 << 16);
    struct sheet_visitor visitor = {&dump, sheetdump_begin, sheetdump_row};
    struct sheet_options reading = {.in_process = true};
    assert_int_equal(sheet_read(&ctx, path, &reading, &visitor), ST_OK);
    assert_string_equal(str_c(arena, buf_str(&dump.text)),
                        "# 一览表\n"
                        "1: [t:一览表（第三批）|4x1] [>一览表（第三批）] [>一览表（第三批）] [>一览表（第三批）]\n"
                        "2: [t:序号] [t:交办问题] [t:日期] [t:时间]\n"
                        "3: [n:7] [t:=1+1\n二] [d:2024-06-03] [d:2024-06-03 23:59]\n"
                        "4: [n:8]\n");
}

static void a_file_given_up_leaves_the_old_one(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const char *path = sheetfile_bytes(arena, S("old"));
    struct xlsx_writer *writer;
    assert_int_equal(xlsx_write_open(&ctx, path, &options, &writer), ST_OK);
    xlsx_write_discard(writer);
    assert_int_equal(access(str_c(arena, str_printf(arena, "%s.part", path)), F_OK), -1);
    assert_int_equal(access(path, F_OK), 0);
}

static void a_folder_that_is_not_there_is_told_at_once(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct xlsx_writer *writer;
    assert_int_equal(xlsx_write_open(&ctx, "/nowhere/a.xlsx", &options, &writer), ST_IO);
    assert_string_equal(ctx.failure.reason.key, "sheet.cannot_write");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_table_reads_back),
        cmocka_unit_test(a_file_given_up_leaves_the_old_one),
        cmocka_unit_test(a_folder_that_is_not_there_is_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
