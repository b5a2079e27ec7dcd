/* What is found, what is left alone, and how much of the marked sentences in tests/data/redact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/redact_measure.h"

static void expect(const char *text, const char *released)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct redact_marks marks;
    redact_find(arena, str_of(text), &marks);
    assert_string_equal(str_c(arena, redact_apply(arena, str_of(text), &marks)), released);
}

static void personal_data_is_masked(void **state)
{
    (void)state;
    expect("联系人：张伟，电话13812345678。", "联系人：张某，电话138********。");
    expect("手机１３８ １２３４ ５６７８", "手机１３８ **** ****");
    expect("身份证号11010519491231002X", "身份证号******************");
    expect("住阳光小区3号楼2单元501室", "住阳光小区*号楼*单元***室");
    expect("欧阳建国同志到场", "欧阳某某同志到场");
    expect("座机0310-3112233转801", "座机****-*******转***");
    expect("冀D·12345未覆盖", "冀D·*****未覆盖");
    expect("写信到li.q@example.org。", "写信到**.*@*******.***。");
}

static void what_is_public_stays(void **state)
{
    static const char *const texts[] = {
        "受理编号D410000201806210057", "桂环督信〔2018〕401号", "县委书记现场督办", "拨打12369举报",
        "张某某已缴纳罚款", "张家庄村东侧", "3号机组检修", "服务热线400-820-8820", "占地13800000000平方米",
        "6月10日前委托鉴定", "三栋厂房", "电话138****5678", "",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect(texts[i], texts[i]);
}

static void check_digit_makes_certain(void **state)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct redact_mark mark;
    (void)state;
    assert_true(redact_is_certain(arena, S("证件11010519491231002X"), &mark));
    assert_int_equal(mark.kind, REDACT_IDENTITY);
    assert_false(redact_is_certain(arena, S("数字110105194912310021"), &mark));
    assert_false(redact_is_certain(arena, S("联系人张伟"), &mark));
}

static void marks_stand_in_order_on_borders_of_characters(void **state)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct redact_marks marks;
    struct str text = S("电话13812345678，联系人张伟、李建国，住3号楼2单元");
    size_t end = 0;
    (void)state;
    redact_find(arena, text, &marks);
    assert_int_equal(marks.len, 4);
    for (size_t i = 0; i < marks.len; i++) {
        assert_true(marks.at[i].from >= end);
        end = marks.at[i].from + marks.at[i].len;
        assert_true(end <= text.len);
        assert_true(utf8_is_valid(str_part(text, marks.at[i].from, marks.at[i].len)));
    }
}

static void measure(const char *name, struct redact_measure *out)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    char path[1024], line[4096];
    *out = (struct redact_measure){0};
    (void)snprintf(path, sizeof path, "%s/%s", REDACT_DATA, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        assert_true(redact_measure_line(arena, str_of(line), out));
    assert_int_equal(fclose(file), 0);
    assert_true(out->lines > 40);
    print_message("# %s: %d lines, recall %d‰, precision %d‰\n", name, out->lines,
                  redact_recall(&out->all), redact_precision(&out->all));
}

/* Numbers have a form; what has one is found everywhere. */
static void expect_floor(const char *name, int names, int all, int precision)
{
    static const enum redact_kind formed[] = {REDACT_MOBILE, REDACT_LANDLINE, REDACT_IDENTITY,
                                              REDACT_EMAIL,  REDACT_ACCOUNT,  REDACT_PLATE};
    struct redact_measure measured;
    measure(name, &measured);
    for (size_t i = 0; i < sizeof formed / sizeof *formed; i++)
        assert_int_equal(redact_recall(&measured.kinds[formed[i]]), 1000);
    assert_true(redact_recall(&measured.kinds[REDACT_NAME]) >= names);
    assert_true(redact_recall(&measured.all) >= all);
    assert_true(redact_precision(&measured.all) >= precision);
}

static void recall_and_precision_keep_their_floors(void **state)
{
    (void)state;
    expect_floor("corpus.txt", 950, 970, 970);
    expect_floor("second.txt", 700, 790, 950);
    expect_floor("unseen.txt", 750, 800, 950);
}

static void marks_that_cannot_be_read_are_told(void **state)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct redact_measure measured = {0};
    (void)state;
    assert_false(redact_measure_line(arena, S("住[[house:3号楼"), &measured));
    assert_false(redact_measure_line(arena, S("住[[dwelling:3号楼]]"), &measured));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(personal_data_is_masked),
        cmocka_unit_test(what_is_public_stays),
        cmocka_unit_test(check_digit_makes_certain),
        cmocka_unit_test(marks_stand_in_order_on_borders_of_characters),
        cmocka_unit_test(recall_and_precision_keep_their_floors),
        cmocka_unit_test(marks_that_cannot_be_read_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
