/* "Did you mean": near words are found, far ones are not offered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "regime/load_int.h"

static struct str nearest(const char *word)
{
    static const char *const known[] = {"acceptance", "accept_days", "written_off", "primary_unit"};
    struct guess guess = guess_begin(str_of(word));
    for (size_t i = 0; i < COUNT_OF(known); i++)
        guess_try(&guess, str_of(known[i]));
    return guess.best;
}

static void a_slip_of_the_finger_finds_the_word(void **state)
{
    (void)state;
    assert_true(str_eq_c(nearest("aceptance"), "acceptance"));
    assert_true(str_eq_c(nearest("acecptance"), "acceptance"));
    assert_true(str_eq_c(nearest("writen_of"), "written_off"));
}

static void a_far_word_is_not_offered(void **state)
{
    (void)state;
    assert_null(nearest("supervision").at);
    assert_null(nearest("").at);
}

static void an_endless_word_is_left_alone(void **state)
{
    (void)state;
    char word[300];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = 0;
    assert_null(nearest(word).at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_of_the_finger_finds_the_word),
        cmocka_unit_test(a_far_word_is_not_offered),
        cmocka_unit_test(an_endless_word_is_left_alone),
    };
    return cmocka_run_group_tests_name("regime/guess", tests, NULL, NULL);
}
