/*
 * Workbooks as they come: every way to write a cell is read right, every hostile one is refused with
 * the name of the part, in this process, as the child would do it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kit/xlsx_book.h"
#include "support/sheetdump.h"
#include "support/sheetfile.h"

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct sheetdump dump;
    enum status status;
};

static struct world world_new(void)
{
    struct world w = {.arena = arena_new()};
    w.ctx.arena = w.arena;
    buf_init(&w.dump.text, w.arena, 1 << 24);
    return w;
}

static void world_end(struct world *w)
{
    arena_free(w->arena);
}

static const char *read_path(struct world *w, const char *path)
{
    struct sheet_visitor visitor = {&w->dump, sheetdump_begin, sheetdump_row};
    struct sheet_options options = {.in_process = true, .shown_name = S("t.xlsx")};
    w->status = sheet_read(&w->ctx, path, &options, &visitor);
    return str_c(w->arena, buf_str(&w->dump.text));
}

static const char *read_sheet(struct world *w, const char *sheet, const char *strings,
                              const char *styles)
{
    return read_path(w, sheetfile_book(w->arena, sheet, strings, styles));
}

static void every_way_to_write_a_text_is_read(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    const char *text =
        read_sheet(&w,
                   "<sheetData><row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='s'><v>1</v></c>"
                   "<c t='inlineStr'><is><r><t>丙</t></r><r><t>丁</t></r></is></c>"
                   "<c r='E2' t='str'><f>A1&amp;B1</f><v>戊</v></c><c t='b'><v>1</v></c>"
                   "<c t='e'><v>#N/A</v></c></row><row><c t='s'><v>2</v></c></row></sheetData>",
                   "<si><t>甲</t></si><si><r><rPr><b/></rPr><t>乙</t></r><r><t "
                   "xml:space='preserve'> 二</t></r>"
                   "<rPh sb='0' eb='1'><t>yi</t></rPh></si><si><t>a_x000D_\n_x4E00_b</t></si>",
                   NULL);
    assert_int_equal(w.status, ST_OK);
    assert_string_equal(text, "# 表\n2: [t:甲] [t:乙 二] [t:丙丁] [] [t:戊] [b:TRUE] [t:#N/A]\n"
                              "3: [t:a\n一b]\n");
}

static void prefixes_make_no_difference(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    const char *text = read_sheet(&w,
                                  "<x:sheetData xmlns:x='" SHEETFILE_MAIN "'><x:row><x:c><x:v>5"
                                  "</x:v></x:c></x:row></x:sheetData>"
                                  "<y:row xmlns:y='urn:other'><y:c/></y:row>",
                                  NULL, NULL);
    assert_string_equal(text, "# 表\n1: [n:5]\n");
}

static void a_number_is_a_date_when_its_style_says_so(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    const char *text = read_sheet(
        &w,
        "<sheetData><row><c s='1'><v>43257</v></c><c s='2'><v>43257.892361</v></c>"
        "<c s='3'><v>43257</v></c><c s='4'><v>0.5</v></c><c s='5'><v>43257</v></c>"
        "<c s='0'><v>43257</v></c><c s='1'><v>59</v></c><c s='1'><v>61</v></c>"
        "<c s='1'><v>-3</v></c><c s='6'><v>2017043052</v></c><c><v>0.1</v></c></row></sheetData>",
        NULL,
        "<numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/>"
        "<numFmt numFmtId='177' formatCode='0&quot;day&quot;'/></numFmts>"
        "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
        "<cellXfs><xf/><xf numFmtId='14'/><xf numFmtId='22'/><xf numFmtId='31'/>"
        "<xf numFmtId='20'/><xf numFmtId='176'/><xf numFmtId='177'/></cellXfs>");
    assert_string_equal(text, "# 表\n1: [d:2018-06-06] [d:2018-06-06 21:25] [d:2018-06-06] "
                              "[t:12:00] [d:2018-06-06] [n:43257] [d:1900-02-28] [d:1900-03-01] "
                              "[n:-3] [n:2017043052] [n:0.1]\n");
}

static void format_codes_tell_days_hours_and_numbers_apart(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum xlsx_show show;
    } rows[] = {
        {"yyyy\"年\"m\"月\"d\"日\"", XLSX_DATE},
        {"[$-804]aaaa;@", XLSX_NUMBER},
        {"m/d;@", XLSX_DATE},
        {"h:mm", XLSX_TIME},
        {"[h]:mm:ss", XLSX_TIME},
        {"0.00_);[Red]\\(0.00\\)", XLSX_NUMBER},
        {"General", XLSX_NUMBER},
        {"\"yd\"0", XLSX_NUMBER},
        {"0.00E+00", XLSX_NUMBER},
        {"@", XLSX_NUMBER},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(xlsx_format_show(str_of(rows[i].code)), rows[i].show);
}

static void merged_blocks_repeat_their_first_cell(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    const char *text =
        read_sheet(&w,
                   "<sheetData><row r='1'><c r='A1' t='str'><v>标题</v></c></row>"
                   "<row r='2'><c r='A2' t='str'><v>区</v></c><c r='B2'><v>1</v></c></row>"
                   "<row r='3'><c r='B3'><v>2</v></c></row></sheetData>"
                   "<mergeCells><mergeCell ref='A2:A3'/><mergeCell ref='A1:C1'/>"
                   "</mergeCells>",
                   NULL, NULL);
    assert_string_equal(text, "# 表\n1: [t:标题|3x1] [>标题] [>标题]\n"
                              "2: [t:区|1x2] [n:1]\n3: [v区] [n:2]\n");
}

static void hostile_workbooks_are_refused_by_file_and_part(void **state)
{
    (void)state;
    static const struct {
        const char *why, *sheet, *key;
        enum status status;
    } rows[] = {
        {"column beyond the limit", "<sheetData><row><c r='BDWGN1'><v>1</v></c></row></sheetData>",
         "sheet.too_many_columns", ST_LIMIT},
        {"row beyond the limit", "<sheetData><row r='1048576'/><row/></sheetData>",
         "sheet.too_many_rows", ST_LIMIT},
        {"shared string that is not there",
         "<sheetData><row><c t='s'><v>7</v></c></row></sheetData>", "sheet.part_broken",
         ST_INVALID},
        {"not closed", "<sheetData><row>", "sheet.part_broken", ST_INVALID},
        {"no rows at all", "", "sheet.part_missing", ST_INVALID},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w AUTO(world_end) = world_new();
        read_sheet(&w, rows[i].sheet, NULL, NULL);
        assert_int_equal(w.status, rows[i].status);
        assert_string_equal(w.ctx.failure.reason.key, rows[i].key);
        assert_true(str_eq(w.ctx.failure.reason.args[1].text, S("xl/worksheets/sheet1.xml")));
    }
}

static void empty_cells_may_reach_to_the_end_of_the_sheet(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    const char *text = read_sheet(
        &w, "<sheetData><row><c><v>1</v></c><c r='XFD1' s='3'/></row></sheetData>", NULL, NULL);
    assert_string_equal(text, "# 表\n1: [n:1]\n");
}

static void a_document_type_is_refused(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    static const struct sheetfile_part parts[] = {
        {"xl/workbook.xml", "<!DOCTYPE workbook [<!ENTITY a 'aaaa'>]><workbook>&a;</workbook>"},
        {NULL, NULL}};
    read_path(&w, sheetfile_zip(w.arena, parts));
    assert_int_equal(w.status, ST_INVALID);
    assert_string_equal(w.ctx.failure.reason.key, "sheet.doctype");
    assert_true(str_eq(w.ctx.failure.reason.args[0].text, S("t.xlsx")));
    assert_true(str_eq(w.ctx.failure.reason.args[1].text, S("xl/workbook.xml")));
}

static void a_zip_that_is_no_workbook_names_the_missing_part(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    static const struct sheetfile_part parts[] = {{"word/document.xml", "<a/>"}, {NULL, NULL}};
    read_path(&w, sheetfile_zip(w.arena, parts));
    assert_int_equal(w.status, ST_INVALID);
    assert_string_equal(w.ctx.failure.reason.key, "sheet.part_missing");
}

static void a_part_that_swells_without_end_is_refused(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    size_t size = 48 << 20;
    char *blanks = arena_alloc(w.arena, size + 1);
    memset(blanks, ' ', size);
    read_sheet(&w, blanks, NULL, NULL);
    assert_int_equal(w.status, ST_LIMIT);
    assert_string_equal(w.ctx.failure.reason.key, "sheet.bomb");
}

static void strings_beyond_memory_come_back_from_disk(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct spill strings AUTO(spill_fini) = {0};
    spill_init(&strings, arena, S("/tmp"));
    enum { COUNT = 60000, LEN = 400 };
    char text[LEN];
    memset(text, 'a', sizeof text);
    for (uint32_t i = 0; i < COUNT; i++) {
        memcpy(text, &i, sizeof i);
        assert_true(spill_add(&strings, (struct str){text, 300 + i % 100}));
    }
    for (uint32_t i = 0; i < COUNT; i += 7) {
        struct arena_mark mark = arena_mark(arena);
        struct str found;
        assert_true(spill_find(&strings, arena, i, &found));
        assert_int_equal(found.len, 300 + i % 100);
        assert_memory_equal(found.at, &i, sizeof i);
        arena_return(arena, mark);
    }
    struct str none;
    assert_false(spill_find(&strings, arena, COUNT, &none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_write_a_text_is_read),
        cmocka_unit_test(prefixes_make_no_difference),
        cmocka_unit_test(a_number_is_a_date_when_its_style_says_so),
        cmocka_unit_test(format_codes_tell_days_hours_and_numbers_apart),
        cmocka_unit_test(merged_blocks_repeat_their_first_cell),
        cmocka_unit_test(hostile_workbooks_are_refused_by_file_and_part),
        cmocka_unit_test(empty_cells_may_reach_to_the_end_of_the_sheet),
        cmocka_unit_test(a_document_type_is_refused),
        cmocka_unit_test(a_zip_that_is_no_workbook_names_the_missing_part),
        cmocka_unit_test(a_part_that_swells_without_end_is_refused),
        cmocka_unit_test(strings_beyond_memory_come_back_from_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
