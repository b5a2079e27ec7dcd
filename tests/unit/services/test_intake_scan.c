/*
 * Whole tables: the shapes in which offices publish them, each understood column by column and row
 * by row. The sentences are invented; the shapes were seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "kit/furniture.h"
#include "kit/json.h"
#include "services/intake_map.h"
#include "services/intake_report.h"
#include "services/intake_scan.h"
#include "support/sheetfile.h"

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct intake_dict *dict;
    struct intake_options options;
    struct intake_summary summary;
    struct buf columns; /* "seq number -": fields in order, - for none */
    struct buf rows;    /* one a line: fields that were filled */
    struct buf faults;  /* "2:7 verdict_unknown" */
    int64_t header_row;
    enum status status;
};

static struct world world_new(void)
{
    struct world w = {.arena = arena_new()};
    struct furniture *furniture;
    w.ctx.arena = w.arena;
    w.options =
        (struct intake_options){.date = DAY_NONE, .in_process = true, .shown_name = S("t.csv")};
    assert_int_equal(
        furniture_open(&w.ctx, w.arena, furniture_files, furniture_file_count, S(""), &furniture),
        ST_OK);
    assert_int_equal(intake_dict_load(&w.ctx, w.arena, furniture, S(""), &w.dict), ST_OK);
    return w;
}

static void world_end(struct world *w)
{
    arena_free(w->arena);
}

static enum status on_table(void *self, struct ctx *ctx, const struct intake_table *table)
{
    (void)ctx;
    struct world *w = self;
    w->header_row = table->header_row;
    for (size_t i = 0; i < table->column_count; i++) {
        const char *name = intake_field_name(table->columns[i].field);
        buf_printf(&w->columns, "%s%s", i > 0 ? " " : "", name == NULL ? "-" : name);
    }
    return ST_OK;
}

static enum status on_fault(void *self, struct ctx *ctx, const struct intake_fault *fault)
{
    (void)ctx;
    struct world *w = self;
    buf_printf(&w->faults, "%lld:%d %s\n", (long long)fault->row, fault->column, fault->code);
    return ST_OK;
}

/* "2 25 2024-06-03| number=D… type=水(water)": batch and its day, then what is filled. */
static enum status on_row(void *self, struct ctx *ctx, const struct intake_row *row)
{
    struct world *w = self;
    buf_printf(
        &w->rows, "%lld %.*s %.*s|", (long long)row->number, STR_ARG(row->batch),
        STR_ARG(day_is_none(row->batch_date) ? S("") : day_format(ctx->arena, row->batch_date)));
    for (int i = 0; i < INTAKE_FIELD_COUNT; i++) {
        const struct intake_value *value = &row->values[i];
        if (value->text.len == 0)
            continue;
        buf_printf(&w->rows, " %s=%.*s", intake_field_name((enum intake_field)i),
                   STR_ARG(value->text));
        if (i == INTAKE_TYPE)
            for (size_t k = 0; k < value->code_count; k++)
                buf_printf(&w->rows, "(%.*s)", STR_ARG(value->codes[k]));
        else if (value->code.at != NULL)
            buf_printf(&w->rows, "(%.*s)", STR_ARG(value->code));
    }
    buf_c(&w->rows, row->accepted ? "\n" : " REFUSED\n");
    return ST_OK;
}

static void scan_path(struct world *w, const char *path)
{
    struct intake_visitor visitor = {w, on_table, on_fault, on_row};
    buf_init(&w->columns, w->arena, 1 << 16);
    buf_init(&w->rows, w->arena, 1 << 20);
    buf_init(&w->faults, w->arena, 1 << 20);
    w->status = intake_scan(&w->ctx, path, w->dict, &w->options, &visitor, &w->summary);
}

static void scan(struct world *w, const char *csv)
{
    scan_path(w, sheetfile_bytes(w->arena, str_of(csv)));
    assert_int_equal(w->status, ST_OK);
}

static const char *text_of(struct world *w, const struct buf *buf)
{
    return str_c(w->arena, buf_str(buf));
}

#define assert_columns(w, wanted) assert_string_equal(text_of((w), &(w)->columns), (wanted))
#define assert_rows(w, wanted) assert_string_equal(text_of((w), &(w)->rows), (wanted))
#define assert_faults(w, wanted) assert_string_equal(text_of((w), &(w)->faults), (wanted))

#define LONG_A "厂区北侧堆场没有覆盖，刮风时扬尘落到居民院内"
#define LONG_B "现场核查时堆场约两千平方米，三分之一没有覆盖"
#define LONG_C "责令三日内全部覆盖，每日洒水四次，镇里派人看守"

static void headers_of_every_published_set_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *header, *columns;
    } rows[] = {
        {"序号,受理编号,交办问题基本情况,行政区域,问题类型,调查核实情况,是否属实,办结目标,"
         "处理和整改情况,是否办结,责任人被处理情况",
         "seq number description place type finding substantiation goal measures completion "
         "accountability"},
        {"序號,受理編號,交辦問題基本情況,行政 "
         "區域,污染類型,調查核實情況,是否屬實,處理和整改情況,責任人被處理情況",
         "seq number description place type finding substantiation measures accountability"},
        {"\"序\n号\",\"受理\n编号\",交办问题 "
         "基本情况,\"行政\n区域\",\"污染\n类型\",调查核实情况,\"是否\n属实\"",
         "seq number description place type finding substantiation"},
        {"是否属实,举报内容,办结状态,办结时间,区域分布,调查处理情况,整改落实情况,问责情况",
         "substantiation description completion - - finding measures accountability"},
        {"序号,受理时间,受理编号,所属区域,详细地址,举报内容,承办单位",
         "seq date number place place description unit"},
        {"问题编号,一、整改问题,二、整改实施主体,三、重点措施,四、目标任务,五、完成时限",
         "number description unit measures goal -"},
        {"批次,受理编号,转办文号,重复编号,反映问题",
         "batch number reference repeat_of description"},
        {"序号,信访件编号,举报方式,举报地市,群众反映主要问题,涉及环境要素,核查情况,属实情况,"
         "重点关注",
         "seq number channel place description type finding substantiation key_case"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w AUTO(world_end) = world_new();
        scan(&w, str_c(w.arena, str_printf(w.arena, "%s\n", rows[i].header)));
        assert_columns(&w, rows[i].columns);
        assert_int_equal(w.header_row, 1);
    }
}

static void a_row_becomes_fields_and_codes(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "一览表（第二十五批 2024年6月3日）,,,,,,,\n"
             "序号,受理编号,交办问题基本情况,行政区域,污染类型,调查核实情况,是否属实,是否办结\n"
             "1,D3HN202406020040*," LONG_A ",\"高\n新\n区\",\"水,噪音、大气污染等\"," LONG_B
             ",总体基本属实,阶段办结\n");
    assert_int_equal(w.header_row, 2);
    assert_rows(&w, "3 25 2024-06-03| seq=1 number=D3HN202406020040 channel=D(call) "
                    "date=2024-06-02 description=" LONG_A " place=高新区 "
                    "type=水,噪音、大气污染等(water)(noise)(air) finding=" LONG_B
                    " substantiation=总体基本属实(mostly_substantiated) "
                    "completion=阶段办结(interim) key_case=*(yes)\n");
    assert_faults(&w, "");
}

static void a_row_one_cell_short_is_aligned_by_its_contents(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "序号,交办问题基本情况,涉及区县及部门,调查核实情况,是否属实,处理处罚和问责情况,"
             "是否办结,备注\n"
             "3,青山县," LONG_B ",是," LONG_C ",是,\n"
             "4," LONG_A ",青山县," LONG_B ",否," LONG_C ",是,\n");
    assert_columns(&w, "seq description place finding substantiation measures completion -");
    assert_rows(&w,
                "2  | seq=3 place=青山县 finding=" LONG_B
                " substantiation=是(substantiated) measures=" LONG_C " completion=是(closed)\n"
                "3  | seq=4 description=" LONG_A " place=青山县 finding=" LONG_B
                " substantiation=否(unsubstantiated) measures=" LONG_C " completion=是(closed)\n");
    assert_faults(&w, "2:2 row_shifted\n2:2 description_missing\n");
}

static void columns_without_header_are_told_by_their_cells(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, ",,,,,,\n1,X3YN202405190009," LONG_A ",青山市绿水县,生态,基本属实," LONG_B "\n");
    assert_int_equal(w.header_row, 0);
    assert_columns(&w, "seq number description place type substantiation finding");
    scan(&w, ",,,,\n1X2NM3," LONG_A ",青山市,土壤," LONG_B "\n");
    assert_columns(&w, "number description place type finding");
    assert_rows(&w, "2  | seq=1 number=X2NM3 channel=X(letter) description=" LONG_A
                    " place=青山市 type=土壤(soil) finding=" LONG_B "\n");
    assert_faults(&w, "0:0 header_missing\n2:1 number_short\n");
}

static void remarks_count_as_completion_only_where_they_say_so(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w,
         "序号,受理编号,行政区域,交办问题基本情况,备注\n48,2017043052,青山县," LONG_A ",已办结\n");
    assert_columns(&w, "seq number place description completion");
    scan(&w, "序号,受理编号,行政区域,交办问题基本情况,备注\n48,2017043052,青山县," LONG_A ",\n");
    assert_columns(&w, "seq number place description -");
}

static void headings_notes_and_totals_are_no_cases(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "序号,受理编号,交办问题基本情况,行政区域\n"
             "第三批（2024年6月1日）,,,\n"
             "1,101," LONG_A ",青山县\n"
             "第四批（2024年6月2日）,,,\n"
             "序号,受理编号,交办问题基本情况,行政区域\n"
             "1,101," LONG_B ",青山县\n"
             "2,101," LONG_C ",青山县\n"
             ",,,\n"
             "合 计,3,,\n"
             "注：以上为当日受理的信访件,,,\n"
             "青山新闻网友发布的一段无关文字,,,\n");
    assert_rows(&w,
                "3 3 2024-06-01| seq=1 number=101 description=" LONG_A " place=青山县\n"
                "6 4 2024-06-02| seq=1 number=101 description=" LONG_B " place=青山县\n"
                "7 4 2024-06-02| seq=2 number=101 description=" LONG_C " place=青山县 REFUSED\n");
    assert_faults(&w, "7:2 number_twice\n11:0 line_ignored\n");
    assert_int_equal(w.summary.rows, 3);
    assert_int_equal(w.summary.accepted, 2);
}

static void a_place_as_heading_holds_for_the_rows_below(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "受理编号,反映情况,调查核实情况\n青山县,,\n101," LONG_A "," LONG_B "\n"
             "绿水区,,\n102," LONG_C "," LONG_B "\n");
    assert_rows(&w, "3  | number=101 description=" LONG_A " place=青山县 finding=" LONG_B "\n"
                    "5  | number=102 description=" LONG_C " place=绿水区 finding=" LONG_B "\n");
}

static void batch_and_number_in_one_cell_are_parted(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "序号,受理编号,交办问题基本情况\n1,第31批 D3GS202312200043," LONG_A "\n"
             "2,第32批 D3GS202312210031," LONG_B "\n");
    assert_rows(&w, "2 31 | seq=1 number=D3GS202312200043 channel=D(call) date=2023-12-20 "
                    "description=" LONG_A "\n"
                    "3 32 | seq=2 number=D3GS202312210031 channel=D(call) date=2023-12-21 "
                    "description=" LONG_B "\n");
}

static void what_cannot_be_understood_is_marked_and_kept(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "受理编号,交办问题基本情况,受理时间,污染类型,是否属实,重点案件,行政区域,行政区域\n"
             "101," LONG_A ",2018111,怪味,说不清,3,青山县,绿水县\n"
             "102," LONG_B ",202468日,水,属实,2,青山县,\n"
             ",,,水,属实,,青山县,\n");
    assert_columns(&w, "number description date type substantiation - place -");
    assert_faults(&w, "1:8 column_repeated\n1:6 column_contradicted\n"
                      "2:3 date_ambiguous\n2:4 type_unknown\n2:5 verdict_unknown\n"
                      "3:3 date_mended\n"
                      "4:1 number_missing\n4:0 row_empty\n");
}

static void a_choice_by_hand_wins(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    const struct intake_choice *choices;
    size_t count;
    struct str yaml = S("2: reference\n交办 问题: null\n怪名字: description\n");
    assert_int_equal(intake_map_parse(&w.ctx, w.arena, S("m.yaml"), yaml, &choices, &count), ST_OK);
    w.options.choices = choices;
    w.options.choice_count = count;
    scan(&w, "序号,受理编号,交办问题,怪名字\n1,101,甲," LONG_A "\n");
    assert_columns(&w, "seq reference - description");
    assert_int_equal(
        intake_map_parse(&w.ctx, w.arena, S("m.yaml"), S("a: nonsense\n"), &choices, &count),
        ST_INVALID);
}

static void what_the_caller_knows_stands_in_where_the_file_is_silent(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    w.options.batch = S("7");
    w.options.date = day_of(2024, 6, 8);
    scan(&w, "受理编号,交办问题基本情况,受理时间\n101," LONG_A ",6月7日\n");
    assert_rows(&w, "2 7 2024-06-08| number=101 date=6月7日 description=" LONG_A "\n");
    assert_faults(&w, "2:3 date_without_year\n");
}

#define CELL(place, text) "<c r='" place "' t='str'><v>" text "</v></c>"

static void a_workbook_with_title_two_header_lines_and_merged_cells(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan_path(
        &w,
        sheetfile_book(
            w.arena,
            "<sheetData>"
            "<row r='1'>" CELL(
                "A1",
                "公开情况一览表（第十批 2025年12月17日）") "</row>"
                                                           "<row r='2'>" CELL("A2", "序号") CELL(
                                                               "B2", "受理编号") CELL("C2",
                                                                                      "举报情况")
                                                               CELL("E2", "污染类型") CELL(
                                                                   "G2",
                                                                   "办理情况") "</row>"
                                                                               "<row r='3'>" CELL(
                                                                                   "C3",
                                                                                   "举报区县") CELL("D3",
                                                                                                    "举报内容")
                                                                                   CELL("E3", "水") CELL(
                                                                                       "F3",
                                                                                       "大气") CELL("G3",
                                                                                                    "是否属实")
                                                                                       CELL(
                                                                                           "H3",
                                                                                           "处理情"
                                                                                           "况") "<"
                                                                                                 "/"
                                                                                                 "r"
                                                                                                 "o"
                                                                                                 "w"
                                                                                                 ">"
                                                                                                 "<"
                                                                                                 "r"
                                                                                                 "o"
                                                                                                 "w"
                                                                                                 " "
                                                                                                 "r"
                                                                                                 "="
                                                                                                 "'"
                                                                                                 "4"
                                                                                                 "'"
                                                                                                 ">" CELL(
                                                                                                     "A4",
                                                                                                     "1") CELL("B4",
                                                                                                               "D20210314001")
                                                                                                     CELL("C4", "青山县") CELL(
                                                                                                         "D4",
                                                                                                         LONG_A) CELL("F4", "√")
                                                                                                         CELL("G4", "属实") CELL(
                                                                                                             "H4",
                                                                                                             LONG_C) "</row>"
                                                                                                                     "<row r='5'>" CELL(
                                                                                                                         "A5",
                                                                                                                         "2") CELL("B5", "D20210314002")
                                                                                                                         CELL("D5", LONG_B) CELL(
                                                                                                                             "E5",
                                                                                                                             "1") CELL("F5", "1")
                                                                                                                             CELL(
                                                                                                                                 "G5",
                                                                                                                                 "不属实") "</row>"
                                                                                                                                           "</sheetData><mergeCells>"
                                                                                                                                           "<mergeCell ref='A1:H1'/><mergeCell ref='A2:A3'/><mergeCell ref='B2:B3'/>"
                                                                                                                                           "<mergeCell ref='C2:D2'/><mergeCell ref='E2:F2'/><mergeCell ref='G2:H2'/>"
                                                                                                                                           "<mergeCell ref='C4:C5'/></mergeCells>",
            NULL, NULL));
    assert_int_equal(w.status, ST_OK);
    assert_int_equal(w.header_row, 2);
    assert_columns(&w, "seq number place description type type substantiation measures");
    assert_rows(&w, "4 10 2025-12-17| seq=1 number=D20210314001 channel=D(call) date=2021-03-14 "
                    "description=" LONG_A " place=青山县 type=大气(air) "
                    "substantiation=属实(substantiated) measures=" LONG_C "\n"
                    "5 10 2025-12-17| seq=2 number=D20210314002 channel=D(call) date=2021-03-14 "
                    "description=" LONG_B " place=青山县 type=水、大气(water)(air) "
                    "substantiation=不属实(unsubstantiated)\n");
    assert_faults(&w, "");
}

static void two_header_lines_in_csv_have_blanks_where_cells_were_joined(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "序号,受理编号,举报情况,,办理情况,\n,,举报地点,举报内容,是否属实,处理情况\n"
             "1,101,青山县," LONG_A ",属实," LONG_C "\n");
    assert_columns(&w, "seq number place description substantiation measures");
    assert_int_equal(w.summary.rows, 1);
}

static void number_and_verdict_are_found_inside_texts(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "序号,反映情况,调查核实情况\n"
             "1,受理编号为30号的信访问题为：" LONG_A ",举报件基本属实。" LONG_B "\n"
             "2," LONG_C ",1.第一点属实，第二点不属实。" LONG_B "\n");
    assert_faults(&w, "2:2 number_in_text\n2:3 verdict_in_text\n");
    assert_true(str_has(buf_str(&w.rows), S("number=30 ")));
    assert_true(str_has(buf_str(&w.rows), S("(mostly_substantiated)")));
}

static void a_table_of_counts_refuses_its_rows(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "行政区域,6月3日交办数量(件),累计\n青山县,1,2\n绿水区,2,2\n");
    assert_columns(&w, "place - -");
    assert_int_equal(w.summary.rows, 2);
    assert_int_equal(w.summary.accepted, 0);
}

static void a_damaged_row_never_stops_the_good_ones(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan(&w, "受理编号,交办问题基本情况,行政区域,处理情况\n101," LONG_A
             ",青山县,\n102,\xFF\xFE" LONG_B ",青山县,\n103," LONG_C ",青山县,\n");
    assert_int_equal(w.summary.rows, 3);
    assert_int_equal(w.summary.accepted, 2);
    assert_faults(&w, "3:0 text_damaged\n");
}

static void an_empty_file_is_told(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    scan_path(&w, sheetfile_bytes(w.arena, S("\n,,\n")));
    assert_int_equal(w.status, ST_INVALID);
    assert_string_equal(w.ctx.failure.reason.key, "intake.no_table");
}

static void the_report_is_the_object_of_the_contract(void **state)
{
    (void)state;
    struct world w AUTO(world_end) = world_new();
    struct intake_report *report AUTO(intake_report_cleanup) =
        intake_report_open(w.arena, S("/tmp"));
    struct intake_visitor visitor = intake_report_visitor(report);
    const char *path = sheetfile_bytes(
        w.arena,
        S("一览表（第二批 2024年6月3日）,,\n受理编号,交办问题基本情况,随便\n101," LONG_A ",甲\n"
          "102,近日" LONG_A ",\n,,乙乙\n"));
    assert_int_equal(intake_scan(&w.ctx, path, w.dict, &w.options, &visitor, &w.summary), ST_OK);
    struct words_book *words = words_book_new(w.arena);
    struct value *value = intake_report_value(w.arena, report, words, LANG_ZH);
    struct buf json;
    buf_init(&json, w.arena, 1 << 16);
    json_print(&json, value);
    assert_string_equal(
        text_of(&w, &json),
        "{\"file\":\"t.csv\",\"sheet\":null,\"encoding\":\"utf-8\",\"header_row\":2,\"columns\":["
        "{\"index\":1,\"printed\":\"受理编号\",\"field\":\"number\"},"
        "{\"index\":2,\"printed\":\"交办问题基本情况\",\"field\":\"description\"},"
        "{\"index\":3,\"printed\":\"随便\",\"field\":null}],\"rows\":2,\"accepted\":2,"
        "\"batches\":[{\"number\":\"2\",\"date\":\"2024-06-03\",\"rows\":2}],"
        "\"faults\":[{\"row\":5,\"column\":0,\"code\":\"line_ignored\",\"message\":"
        "\"[intake.line_ignored]\",\"severity\":\"warning\"}],"
        "\"duplicates\":[{\"row\":4,\"of\":3,\"similarity\":0.909}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_of_every_published_set_are_understood),
        cmocka_unit_test(a_row_becomes_fields_and_codes),
        cmocka_unit_test(a_row_one_cell_short_is_aligned_by_its_contents),
        cmocka_unit_test(columns_without_header_are_told_by_their_cells),
        cmocka_unit_test(remarks_count_as_completion_only_where_they_say_so),
        cmocka_unit_test(headings_notes_and_totals_are_no_cases),
        cmocka_unit_test(a_place_as_heading_holds_for_the_rows_below),
        cmocka_unit_test(batch_and_number_in_one_cell_are_parted),
        cmocka_unit_test(what_cannot_be_understood_is_marked_and_kept),
        cmocka_unit_test(a_choice_by_hand_wins),
        cmocka_unit_test(what_the_caller_knows_stands_in_where_the_file_is_silent),
        cmocka_unit_test(a_workbook_with_title_two_header_lines_and_merged_cells),
        cmocka_unit_test(two_header_lines_in_csv_have_blanks_where_cells_were_joined),
        cmocka_unit_test(number_and_verdict_are_found_inside_texts),
        cmocka_unit_test(a_table_of_counts_refuses_its_rows),
        cmocka_unit_test(a_damaged_row_never_stops_the_good_ones),
        cmocka_unit_test(an_empty_file_is_told),
        cmocka_unit_test(the_report_is_the_object_of_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
