/*
 * Printed case numbers: each shape tells its day and channel, each kind of damage is noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/intake_number.h"

/* flags: S short, M masked, G glued, * starred, ? not of a known shape */
static const struct {
    const char *printed, *text, *day, *flags;
    enum printed_channel channel;
} rows[] = {
    {"D3HN202406020040", "D3HN202406020040", "2024-06-02", "", CHANNEL_CALL},
    {"X2HA202104270093*", "X2HA202104270093", "2021-04-27", "*", CHANNEL_LETTER},
    {"D2ZGHJ202108310001", "D2ZGHJ202108310001", "2021-08-31", "", CHANNEL_CALL},
    {"X370000201811280030", "X370000201811280030", "2018-11-28", "", CHANNEL_LETTER},
    {"410000201806050112", "410000201806050112", "2018-06-05", "", CHANNEL_UNTOLD},
    {"D53250020230620035", "D53250020230620035", "2023-06-20", "", CHANNEL_CALL},
    {"X3600220200711005", "X3600220200711005", "2020-07-11", "", CHANNEL_LETTER},
    {"D1CD202010230001", "D1CD202010230001", "2020-10-23", "", CHANNEL_CALL},
    {"D410400000000201912170004", "D410400000000201912170004", "2019-12-17", "", CHANNEL_CALL},
    {"LN2021LX1109PJ01", "LN2021LX1109PJ01", "2021-11-09", "", CHANNEL_LETTER},
    {"BCD2022092601", "BCD2022092601", "2022-09-26", "", CHANNEL_UNTOLD},
    {"BCD2022\n092002", "BCD2022092002", "2022-09-20", "", CHANNEL_UNTOLD},
    {"Z16008", "Z16008", NULL, "", CHANNEL_UNTOLD},
    {"访受〔2021〕0517031号", "访受〔2021〕0517031号", "2021-05-17", "", CHANNEL_UNTOLD},
    {"万盛电20251211002", "万盛电20251211002", "2025-12-11", "", CHANNEL_CALL},
    {"信20170902235", "信20170902235", "2017-09-02", "", CHANNEL_LETTER},
    {"D20210314001", "D20210314001", "2021-03-14", "", CHANNEL_CALL},
    {"2017043052", "2017043052", "2017-04-30", "", CHANNEL_UNTOLD},
    {"20200522-4", "20200522-4", "2020-05-22", "", CHANNEL_UNTOLD},
    {"[2017]197号", "〔2017〕197号", NULL, "", CHANNEL_UNTOLD},
    {"609号", "609", NULL, "?", CHANNEL_UNTOLD},
    {"018", "018", NULL, "?", CHANNEL_UNTOLD},
    {"受理编号为30号", "30", NULL, "?", CHANNEL_UNTOLD},
    {"X2NM3", "X2NM3", NULL, "S", CHANNEL_LETTER},
    {"D3GS202300781", "D3GS202300781", NULL, "S", CHANNEL_CALL},
    {"D*008", "D*008", NULL, "M", CHANNEL_CALL},
    {"20252792025280", "20252792025280", NULL, "G", CHANNEL_UNTOLD},
    {"D450000201807050058D450000201807050066", "D450000201807050058D450000201807050066", NULL, "G",
     CHANNEL_UNTOLD},
    {"Ｄ３ＨＮ２０２４０６０２００４０", "D3HN202406020040", "2024-06-02", "", CHANNEL_CALL},
};

static void each_shape_tells_what_it_holds(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct printed_number n;
        if (!printed_number_parse(arena, str_of(rows[i].printed), &n))
            print_error("%s\n", rows[i].printed);
        assert_string_equal(str_c(arena, n.text), rows[i].text);
        assert_int_equal(day_is_none(n.intake), rows[i].day == NULL);
        if (rows[i].day != NULL)
            assert_string_equal(str_c(arena, day_format(arena, n.intake)), rows[i].day);
        if (strchr(rows[i].flags, 'G') == NULL)
            assert_int_equal(n.channel, rows[i].channel);
        assert_int_equal(n.is_short, strchr(rows[i].flags, 'S') != NULL);
        assert_int_equal(n.masked, strchr(rows[i].flags, 'M') != NULL);
        assert_int_equal(n.several, strchr(rows[i].flags, 'G') != NULL);
        assert_int_equal(n.starred, strchr(rows[i].flags, '*') != NULL);
        assert_int_equal(n.shaped, strchr(rows[i].flags, '?') == NULL);
    }
}

static void batch_and_serial_in_the_cell_are_parted(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct printed_number n;
    assert_true(printed_number_parse(arena, S("第31批 D3GS202312200043"), &n));
    assert_true(str_eq(n.batch, S("31")) && str_eq(n.text, S("D3GS202312200043")));
    assert_true(printed_number_parse(arena, S("第二十一批2280号"), &n));
    assert_true(str_eq(n.batch, S("21")) && str_eq(n.text, S("2280")));
    assert_true(printed_number_parse(arena, S("1D2NM202203300017"), &n));
    assert_true(str_eq(n.seq, S("1")) && str_eq(n.text, S("D2NM202203300017")));
    assert_true(printed_number_parse(arena, S("1X2NM3"), &n));
    assert_true(str_eq(n.seq, S("1")) && str_eq(n.text, S("X2NM3")));
}

static void sentences_are_no_numbers(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct printed_number n;
    assert_false(printed_number_parse(arena, S(""), &n));
    assert_false(printed_number_parse(arena, S("武宁县"), &n));
    assert_false(printed_number_parse(arena, S("小区楼下3家饭店油烟直排，夜间噪声扰民。"), &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shape_tells_what_it_holds),
        cmocka_unit_test(batch_and_serial_in_the_cell_are_parted),
        cmocka_unit_test(sentences_are_no_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
