/*
 * Comma-separated text: records and cells as a spreadsheet would show them, in pieces of any size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "kit/csv.h"

struct seen {
    struct buf text; /* cells as [..], records ended by a line feed */
    bool cut, wide, unclosed;
};

static enum status on_row(void *self, struct ctx *ctx, const struct csv_row *row)
{
    (void)ctx;
    struct seen *seen = self;
    buf_i64(&seen->text, row->number);
    for (size_t i = 0; i < row->count; i++) {
        buf_char(&seen->text, '[');
        buf_text(&seen->text, row->cells[i]);
        buf_char(&seen->text, ']');
    }
    buf_char(&seen->text, '\n');
    seen->cut |= row->cut;
    seen->wide |= row->wide;
    seen->unclosed |= row->unclosed;
    return ST_OK;
}

static struct seen read_all(struct arena *arena, struct str text, size_t step,
                            struct csv_options options)
{
    struct ctx ctx = {.arena = arena};
    struct seen seen = {0};
    buf_init(&seen.text, arena, 1 << 20);
    struct csv *csv = csv_new(arena, options, on_row, &seen);
    for (size_t at = 0; at < text.len; at += step)
        assert_int_equal(csv_feed(&ctx, csv, str_part(text, at, step)), ST_OK);
    assert_int_equal(csv_finish(&ctx, csv), ST_OK);
    return seen;
}

static const struct csv_options plain = {STR_INIT(","), 1000, 10};

static void records_are_read_as_a_spreadsheet_reads_them(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct {
        const char *why, *text, *wanted;
    } rows[] = {
        {"plain", "a,b\nc,d\n", "1[a][b]\n2[c][d]\n"},
        {"no last line ending", "a,b", "1[a][b]\n"},
        {"carriage returns", "a\r\nb\rc\r\n", "1[a]\n2[b]\n3[c]\n"},
        {"line break inside quotes", "\"a\r\nb\",c\n", "1[a\r\nb][c]\n"},
        {"doubled quote", "\"a\"\"b\"\n", "1[a\"b]\n"},
        {"quote inside a plain cell", "a\"b,c\n", "1[a\"b][c]\n"},
        {"text after a closing quote", "\"a\"b,c\n", "1[ab][c]\n"},
        {"empty cells", ",,\n\"\"\n", "1[][][]\n2[]\n"},
        {"an empty line counts", "a\n\nb\n", "1[a]\n2\n3[b]\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t step = 1; step < 9; step++) {
            struct seen seen = read_all(arena, str_of(rows[i].text), step, plain);
            assert_string_equal(str_c(arena, buf_str(&seen.text)), rows[i].wanted);
        }
}

static void a_long_cell_is_cut_between_characters(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct csv_options options = {S(","), 4, 10};
    struct seen seen = read_all(arena, S("水水,b\n"), 100, options);
    assert_true(seen.cut);
    assert_string_equal(str_c(arena, buf_str(&seen.text)), "1[水][b]\n");
}

static void cells_beyond_the_limit_are_dropped_and_told(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct csv_options options = {S(","), 100, 2};
    assert_false(read_all(arena, S("a,b,,,\n"), 100, options).wide);
    assert_true(read_all(arena, S("a,b,,c\n"), 100, options).wide);
}

static void an_unclosed_quotation_mark_is_told(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    assert_true(read_all(arena, S("a\n\"b,c\nd\n"), 100, plain).unclosed);
}

static void the_delimiter_is_the_one_most_records_agree_on(void **state)
{
    (void)state;
    assert_true(str_eq(csv_find_delimiter(S("a,b\nc,d\n")), S(",")));
    assert_true(str_eq(csv_find_delimiter(S("标题\na\tb\tc\nd,e,f\tg\th\n")), S("\t")));
    assert_true(str_eq(csv_find_delimiter(S("a;b;c\n\"1,2\";3;4\n")), S(";")));
    assert_true(str_eq(csv_find_delimiter(S("序号，编号\n1，2\n")), S("，")));
    assert_true(str_eq(csv_find_delimiter(S("甲，乙,丙\n1,2\n")), S(",")));
    assert_true(str_eq(csv_find_delimiter(S("")), S(",")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read_as_a_spreadsheet_reads_them),
        cmocka_unit_test(a_long_cell_is_cut_between_characters),
        cmocka_unit_test(cells_beyond_the_limit_are_dropped_and_told),
        cmocka_unit_test(an_unclosed_quotation_mark_is_told),
        cmocka_unit_test(the_delimiter_is_the_one_most_records_agree_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
