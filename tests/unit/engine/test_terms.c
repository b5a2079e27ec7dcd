/* The number of a case is its procedure's pattern, place by place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/engine.h"

static void each_place_of_a_number_says_what_its_name_says(void **state)
{
    static const struct {
        const char *pattern;
        const char *number;
        const char *why;
    } rows[] = {
        {"{seq}", "7", "a serial number alone"},
        {"{seq:04}", "0007", "padded"},
        {"{region}-{batch}-{seq:02}", "130500-3-07", "where and in which batch"},
        {"{year}{month}{day}-{seq:03}", "20181105-007", "a date, each part at its full width"},
        {"{mark}督函〔{year}〕{seq}号", "冀环督函〔2018〕7号", "of a unit's document"},
        {"No. {seq} of {year}", "No. 7 of 2018", "what stands between the places stays"},
    };
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str number = engine_format_number(
            arena, str_of(rows[i].pattern),
            &(struct number_places){
                S("130500"), S("3"), S("冀环"), day_of(2018, 11, 5), 7});
        if (!str_eq_c(number, rows[i].number))
            print_error("%s: %s gives %.*s\n", rows[i].why, rows[i].pattern, STR_ARG(number));
        assert_true(str_eq_c(number, rows[i].number));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_place_of_a_number_says_what_its_name_says),
    };
    return cmocka_run_group_tests_name("engine/terms", tests, NULL, NULL);
}
