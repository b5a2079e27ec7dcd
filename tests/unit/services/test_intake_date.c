/*
 * Printed dates and batches in every form they were seen in, and forms that only look like one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/intake_date.h"
#include "services/intake_text.h"

static const struct {
    const char *text;
    enum printed_date kind;
    const char *day; /* null: none */
} dates[] = {
    {"2024年6月3日", PRINTED_DAY, "2024-06-03"},
    {"２０２４年６月３日", PRINTED_DAY, "2024-06-03"},
    {"20 22年10月9日", PRINTED_DAY, "2022-10-09"},
    {"2024 年 6 月 9 日", PRINTED_DAY, "2024-06-09"},
    {"2021/9/17", PRINTED_DAY, "2021-09-17"},
    {"2021-09-17 10:30", PRINTED_DAY, "2021-09-17"},
    {"2021-09-17T10:30:00", PRINTED_DAY, "2021-09-17"},
    {"2021.9.17", PRINTED_DAY, "2021-09-17"},
    {"20210917", PRINTED_DAY, "2021-09-17"},
    {"2024 6 3", PRINTED_DAY, "2024-06-03"},
    {"24年6月3日", PRINTED_DAY, "2024-06-03"},
    {"2024年6月3日星期一", PRINTED_DAY, "2024-06-03"},
    {"2024年6月3号", PRINTED_DAY, "2024-06-03"},
    {"二〇二四年六月三日", PRINTED_DAY, "2024-06-03"},
    {"二○一八年十一月二十三日", PRINTED_DAY, "2018-11-23"},
    {"2024年六月十日", PRINTED_DAY, "2024-06-10"},
    {"202468日", PRINTED_MENDED, "2024-06-08"},
    {"201876", PRINTED_MENDED, "2018-07-06"},
    {"20246月3日", PRINTED_MENDED, "2024-06-03"},
    {"2024年68日", PRINTED_MENDED, "2024-06-08"},
    {"2022109", PRINTED_MENDED, "2022-10-09"},
    {"2018111", PRINTED_AMBIGUOUS, NULL},
    {"2018年2月30日", PRINTED_WRONG, NULL},
    {"2024-13-01", PRINTED_WRONG, NULL},
    {"6月9日", PRINTED_NO_YEAR, "2020-06-09"},
    {"2021年3月", PRINTED_NO_DAY, NULL},
    {"2021年", PRINTED_NONE, NULL},
    {"", PRINTED_NONE, NULL},
    {"属实", PRINTED_NONE, NULL},
    {"12", PRINTED_NONE, NULL},
    {"3.5", PRINTED_NONE, NULL},
    {"D3HN202406020040", PRINTED_NONE, NULL},
    {"第3批", PRINTED_NONE, NULL},
};

static void dates_are_read_in_every_printed_form(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    for (size_t i = 0; i < COUNT_OF(dates); i++) {
        struct day day;
        enum printed_date kind = printed_date_parse(arena, str_of(dates[i].text), 2020, &day);
        if (kind != dates[i].kind)
            print_error("%s: kind %d\n", dates[i].text, kind);
        assert_int_equal(kind, dates[i].kind);
        assert_int_equal(day_is_none(day), dates[i].day == NULL);
        if (dates[i].day != NULL)
            assert_string_equal(str_c(arena, day_format(arena, day)), dates[i].day);
    }
}

static void a_date_without_year_needs_one_given(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct day day;
    assert_int_equal(printed_date_parse(arena, S("6月9日"), 0, &day), PRINTED_NO_YEAR);
    assert_true(day_is_none(day));
}

static void titles_tell_their_date_and_batch(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct {
        const char *text;
        enum printed_batch kind;
        const char *batch, *day;
    } rows[] = {
        {"公开情况一览表（第二十五批 2024年6月3日）", BATCH_FOUND, "25", "2024-06-03"},
        {"公开情况一览表(第19批 20 22年10月9日)", BATCH_FOUND, "19", "2022-10-09"},
        {"一览表（第 二十三 批  2024 年 6 月 9 日）", BATCH_FOUND, "23", "2024-06-09"},
        {"一览表(第十九批次 2021年9月21日)", BATCH_FOUND, "19", "2021-09-21"},
        {"信息公开(第29、30批 2021年5月10日)", BATCH_FOUND, "29、30", "2021-05-10"},
        {"受理事项(第35-1批)交办函", BATCH_FOUND, "35-1", NULL},
        {"一览表（第 22 202468日）", BATCH_MENDED, "22", "2024-06-08"},
        {"第二轮第四批第二督察组一览表(第十批2025年12月17日)", BATCH_FOUND, "10", "2025-12-17"},
        {"省第二督察组转办第一批一览表(第一批 2023年9月2日)", BATCH_FOUND, "1", "2023-09-02"},
        {"公示(第三十一批1件、第三十二批1件)", BATCH_SEVERAL, NULL, NULL},
        {"中央第三生态环境保护督察组交办件", BATCH_NONE, NULL, NULL},
        {"一览表(6月9日)", BATCH_NONE, NULL, "2024-06-09"},
        {"办理情况的公示(第17批179号)", BATCH_FOUND, "17", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str label = {0};
        struct day day;
        struct str text = str_of(rows[i].text);
        enum printed_batch kind = printed_batch_find(arena, text, &label, NULL);
        (void)printed_date_find(arena, text, 2024, &day);
        if (kind != rows[i].kind)
            print_error("%s\n", rows[i].text);
        assert_int_equal(kind, rows[i].kind);
        if (rows[i].batch != NULL)
            assert_string_equal(str_c(arena, label), rows[i].batch);
        assert_int_equal(day_is_none(day), rows[i].day == NULL);
        if (rows[i].day != NULL)
            assert_string_equal(str_c(arena, day_format(arena, day)), rows[i].day);
    }
}

static void a_cell_may_hold_the_bare_batch(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct str label;
    assert_int_equal(printed_batch_parse(arena, S("二十五"), &label), BATCH_FOUND);
    assert_true(str_eq(label, S("25")));
    assert_int_equal(printed_batch_parse(arena, S(" 25 批"), &label), BATCH_FOUND);
    assert_true(str_eq(label, S("25")));
    assert_int_equal(printed_batch_parse(arena, S("25件"), &label), BATCH_NONE);
}

static void numerals_are_read_in_both_scripts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int number;
    } rows[] = {{"十", 10},   {"二十五", 25}, {"一百零三", 103}, {"二〇二四", 2024},
                {"廿三", 23}, {"〇", 0},      {"018", 18},       {"两", 2}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t at = 0;
        int number;
        assert_true(numeral_next(str_of(rows[i].text), &at, &number));
        assert_int_equal(number, rows[i].number);
        assert_int_equal(at, str_of(rows[i].text).len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_in_every_printed_form),
        cmocka_unit_test(a_date_without_year_needs_one_given),
        cmocka_unit_test(titles_tell_their_date_and_batch),
        cmocka_unit_test(a_cell_may_hold_the_bare_batch),
        cmocka_unit_test(numerals_are_read_in_both_scripts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
