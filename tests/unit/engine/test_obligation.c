/*
 * Periods of what is owed, against a naive walk from day to day; who owes, and what counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/obligation.h"

static struct regime_obligation every(int months)
{
    return (struct regime_obligation){
        .id = S("x"), .rhythm = RHYTHM_MONTHS, .months = months, .since = DAY_NONE};
}

/* As a campaign reads it that began some time ago. */
static struct obligation read_as_is(const struct regime_obligation *item)
{
    static const struct engine none;
    return obligation_of(&none, item, day_of(2018, 1, 1), DAY_NONE);
}

/* The periods that were not over before `since`, and have opened by `until`. */
static void list_from(struct arena *arena, const struct regime_obligation *item, struct day since,
                      struct day until, struct obligation_period_list *out)
{
    struct obligation owed = read_as_is(item);
    owed.begins = since;
    obligation_list_periods(arena, &owed, until, out);
}

static bool find(struct arena *arena, const struct regime_obligation *item, struct day day,
                 struct obligation_period *out)
{
    const struct obligation owed = read_as_is(item);
    return obligation_find_period(arena, &owed, day, out);
}

struct want {
    struct regime_obligation item;
    int year, month, day;
    const char *name, *opens, *due;
    const char *why;
};

static void expect_period(struct arena *arena, const struct want *want)
{
    struct obligation_period period;
    struct day day = day_of(want->year, want->month, want->day);
    bool right = find(arena, &want->item, day, &period) &&
                 str_eq_c(period.name, want->name) &&
                 str_eq_c(day_format(arena, period.opens), want->opens) &&
                 str_eq_c(day_format(arena, period.due), want->due);
    if (!right)
        print_error("not so: %s\n", want->why);
    assert_true(right);
}

static const struct month_day tenths[] = {{3, 10}, {6, 10}, {9, 10}, {12, 10}};
static const struct month_day leap[] = {{2, 29}};
static const struct month_window windows[] = {{4, 6}, {12, 1}};

static struct regime_obligation by_cutoffs(const struct month_day *days, size_t count)
{
    return (struct regime_obligation){
        .id = S("x"), .rhythm = RHYTHM_CUTOFFS, .cutoffs = days, .cutoff_count = count,
        .since = DAY_NONE};
}

static struct regime_obligation by_windows(void)
{
    return (struct regime_obligation){
        .id = S("x"), .rhythm = RHYTHM_WINDOWS, .windows = windows, .window_count = 2,
        .since = DAY_NONE};
}

static void a_period_has_name_first_and_last_day(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct want table[] = {
        {every(1), 2026, 2, 28, "2026-02", "2026-02-01", "2026-02-28", "a month"},
        {every(1), 2024, 2, 29, "2024-02", "2024-02-01", "2024-02-29", "a leap February"},
        {every(3), 2026, 6, 30, "2026-Q2", "2026-04-01", "2026-06-30", "a quarter's last day"},
        {every(3), 2026, 7, 1, "2026-Q3", "2026-07-01", "2026-09-30", "the next one's first"},
        {every(6), 2026, 6, 30, "2026-H1", "2026-01-01", "2026-06-30", "first half"},
        {every(6), 2026, 12, 31, "2026-H2", "2026-07-01", "2026-12-31", "second half"},
        {every(12), 2026, 1, 1, "2026", "2026-01-01", "2026-12-31", "a year"},
        {by_cutoffs(tenths, 4), 2026, 3, 10, "2026-1", "2025-12-11", "2026-03-10",
         "the cut-off day is in time"},
        {by_cutoffs(tenths, 4), 2026, 12, 11, "2027-1", "2026-12-11", "2027-03-10",
         "December rolls into the next year"},
        {by_cutoffs(leap, 1), 2026, 3, 1, "2027-1", "2026-03-01", "2027-02-28",
         "29 February where there is none"},
        {by_windows(), 2026, 5, 15, "2026-04..06", "2026-04-01", "2026-06-30", "a window"},
        {by_windows(), 2027, 1, 31, "2026-12..01", "2026-12-01", "2027-01-31",
         "a window over the turn of the year"},
    };
    struct obligation_period period;
    for (size_t i = 0; i < COUNT_OF(table); i++)
        expect_period(arena, &table[i]);
    assert_false(find(arena, &table[10].item, day_of(2026, 7, 1), &period));
}

static void every_period_since_a_day_is_listed_once(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct regime_obligation item = every(3);
    static const char *const names[] = {"2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"};
    struct obligation_period_list list;
    list_from(arena, &item, day_of(2025, 12, 31), day_of(2026, 7, 1), &list);
    assert_int_equal(list.len, COUNT_OF(names));
    for (size_t i = 0; i < list.len; i++)
        assert_true(str_eq_c(list.at[i].name, names[i]));
    list_from(arena, &item, day_of(2026, 1, 1), day_of(2026, 3, 31), &list);
    assert_int_equal(list.len, 1);
}

/* ---- against a naive walk ---- */

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static size_t draw_days(unsigned *seed, struct month_day *out, size_t max)
{
    size_t count = 0;
    for (int month = 1; month <= 12 && count < max; month++)
        if (next_random(seed) % 3 == 0)
            out[count++] = (struct month_day){month, (int)(next_random(seed) % 31) + 1};
    if (count == 0)
        out[count++] = (struct month_day){12, 31};
    for (size_t i = 0; i < count; i++) /* days that exist in a leap year */
        if (out[i].day > day_days_in_month(2024, out[i].month))
            out[i].day = day_days_in_month(2024, out[i].month);
    return count;
}

/* Which cut-off the day is, counted from 1; 0: none. */
static size_t cutoff_at(const struct month_day *days, size_t count, struct day day)
{
    struct civil civil = day_civil(day);
    int last = day_days_in_month(civil.year, civil.month);
    for (size_t i = 0; i < count; i++)
        if (days[i].month == civil.month &&
            (days[i].day == civil.day || (days[i].day > last && civil.day == last)))
            return i + 1;
    return 0;
}

static void cutoffs_agree_with_a_walk_from_day_to_day(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    unsigned seed = 20261122;
    for (int round = 0; round < 40; round++) {
        struct arena_mark mark = arena_mark(arena);
        struct month_day days[6];
        size_t count = draw_days(&seed, days, COUNT_OF(days));
        const struct regime_obligation item = by_cutoffs(days, count);
        for (int probe = 0; probe < 60; probe++) {
            struct obligation_period period;
            struct day day = day_add(day_of(2023, 1, 1), (int)(next_random(&seed) % 2000));
            struct day due = day, opens = day;
            while (cutoff_at(days, count, due) == 0)
                due = day_add(due, 1);
            while (cutoff_at(days, count, day_add(opens, -1)) == 0)
                opens = day_add(opens, -1);
            assert_true(find(arena, &item, day, &period));
            assert_int_equal(period.due.v, due.v);
            assert_int_equal(period.opens.v, opens.v);
            assert_true(str_eq(period.name, str_printf(arena, "%04d-%zu", day_civil(due).year,
                                                       cutoff_at(days, count, due))));
        }
        arena_return(arena, mark);
    }
}

static void months_follow_each_other_without_gap(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const int lengths[] = {1, 3, 6, 12};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        const struct regime_obligation item = every(lengths[i]);
        struct obligation_period_list list;
        list_from(arena, &item, day_of(2023, 1, 1), day_of(2028, 12, 31), &list);
        assert_int_equal(list.len, 72 / lengths[i]);
        for (size_t j = 0; j + 1 < list.len; j++)
            assert_int_equal(list.at[j].due.v + 1, list.at[j + 1].opens.v);
    }
}

/* ---- keys ---- */

static void a_key_reads_back_to_what_it_was_made_of(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct regime_obligation item = {.id = S("plenary-meeting")};
    const struct obligation_period period = {.name = S("2026-12..01")};
    const struct casefile standing = {.prefecture = {"130500"}, .id = {7}};
    struct obligation_debtor debtor = {.unit = {77}};
    struct obligation_key key;
    assert_true(str_eq_c(obligation_key(arena, &item, &period, &debtor),
                         "plenary-meeting/2026-12..01/77"));
    assert_true(obligation_key_parse(S("plenary-meeting/2026-12..01/77"), &key));
    assert_true(str_eq(key.item, item.id) && str_eq(key.period, period.name));
    assert_true(key.unit.v == 77 && str_is_empty(key.standing));
    debtor = (struct obligation_debtor){.standing = &standing};
    assert_true(obligation_key_parse(obligation_key(arena, &item, &period, &debtor), &key));
    assert_true(key.unit.v == 0 && str_eq_c(key.standing, "130500-7"));
    assert_false(obligation_key_parse(S("plenary-meeting/2026"), &key));
    assert_false(obligation_key_parse(S("a/b/c"), &key));
}

/* ---- days, dates, grace ---- */

static void days_are_counted_from_the_campaigns_first_to_its_last(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct engine none;
    const struct regime_obligation item = {.id = S("x"),
                                           .rhythm = RHYTHM_DAYS,
                                           .every = {.length = {LENGTH_DAYS, 15}},
                                           .ahead = {.length = {LENGTH_DAYS, 3}},
                                           .since = DAY_NONE};
    const struct obligation owed =
        obligation_of(&none, &item, day_of(2019, 5, 1), day_of(2021, 3, 31));
    struct obligation_period_list list;
    obligation_list_periods(arena, &owed, day_of(2026, 1, 1), &list);
    assert_int_equal(list.len, 47); /* 46 whole ones and one of 11 days */
    for (size_t i = 0; i < list.len; i++) {
        assert_int_equal(list.at[i].ordinal, i + 1);
        assert_int_equal(list.at[i].last.v - list.at[i].opens.v + 1, i < 46 ? 15 : 11);
    }
    assert_true(str_eq_c(list.at[1].name, "2019-05-16"));
    obligation_list_periods(arena, &owed, day_of(2019, 5, 12), &list);
    assert_int_equal(list.len, 1);
    obligation_list_periods(arena, &owed, day_of(2019, 5, 13), &list); /* three days ahead */
    assert_int_equal(list.len, 2);
    obligation_list_periods(arena, &owed, day_of(2019, 4, 27), &list);
    assert_int_equal(list.len, 0);
    assert_true(obligation_of(&none, &item, DAY_NONE, DAY_NONE).is_off); /* from when? */
}

static void dates_come_once_and_since_leaves_out_what_began_before(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct day dates[] = {day_of(2019, 8, 31), day_of(2019, 12, 31)};
    struct regime_obligation item = {.id = S("x"),
                                     .rhythm = RHYTHM_DATES,
                                     .dates = dates,
                                     .date_count = 2,
                                     .since = DAY_NONE};
    struct obligation_period_list list;
    list_from(arena, &item, day_of(2019, 5, 1), day_of(2026, 1, 1), &list);
    assert_int_equal(list.len, 2);
    assert_true(str_eq_c(list.at[0].name, "2019-08-31"));
    assert_true(str_eq_c(day_format(arena, list.at[0].opens), "2019-05-01"));
    assert_true(str_eq_c(day_format(arena, list.at[1].opens), "2019-09-01"));
    item = every(3);
    item.since = day_of(2020, 1, 1);
    list_from(arena, &item, day_of(2019, 5, 1), day_of(2020, 4, 1), &list);
    assert_int_equal(list.len, 2);
    assert_true(str_eq_c(list.at[0].name, "2020-Q1") && list.at[0].ordinal == 1);
}

static void a_grace_moves_the_due_day_and_no_other(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct regime_obligation item = every(1);
    struct obligation_period period;
    item.grace = (struct regime_term){.length = {LENGTH_DAYS, 5}};
    assert_true(find(arena, &item, day_of(2026, 5, 31), &period));
    assert_true(str_eq_c(day_format(arena, period.last), "2026-05-31"));
    assert_true(str_eq_c(day_format(arena, period.due), "2026-06-05"));
    assert_true(find(arena, &item, day_of(2026, 6, 1), &period));
    assert_true(str_eq_c(period.name, "2026-06"));
}

/* ---- what counts ---- */

static const struct regime_state met_states[] = {{.name = STR_INIT("planned")},
                                                 {.name = STR_INIT("held"), .end = true}};
static const struct regime_procedure meeting = {
    .name = STR_INIT("meeting"), .states = met_states, .state_count = 2};

struct table {
    struct arena *arena;
    struct casefile casefile;
    struct instant since;
};

static void make_meeting(struct table *t, struct arena *arena, const char *held_on)
{
    *t = (struct table){.arena = arena, .since = INSTANT_NONE};
    t->casefile = (struct casefile){.procedure = S("meeting"),
                                    .state = S("held"),
                                    .created_at = day_start(day_of(2026, 6, 20)),
                                    .fields = value_map(arena)};
    value_put_text(arena, t->casefile.fields, "kind", S("plenary"));
    value_put_text(arena, t->casefile.fields, "held_on", str_of(held_on));
    vec_add(arena, &t->casefile.entries,
            ((struct casefile_entry){S("held"), 2, day_start(day_of(2026, 7, 2))}));
    struct value *row =
        value_append_map(arena, value_put_list(arena, t->casefile.fields, "entries"));
    value_put_text(arena, row, "day", S("2026-07-01"));
    value_put_text(arena, row, "unit", S("5"));
    struct casefile_role role = {.role = S("host")};
    vec_add(arena, &role.units, 5);
    vec_add(arena, &t->casefile.roles, role);
}

static enum obligation_answer ask(struct table *t, const struct regime_fulfilment *by, int unit)
{
    const struct regime_obligation item = {
        .id = S("x"), .rhythm = RHYTHM_MONTHS, .months = 6, .since = DAY_NONE, .fulfilment = by};
    struct obligation_period period;
    assert_true(find(t->arena, &item, day_of(2026, 6, 30), &period));
    static const struct engine none;
    const struct obligation owed = read_as_is(&item);
    const struct obligation_debtor debtor = {.unit = {unit}};
    return obligation_ask(&none, &owed, &period, &debtor, &t->casefile, &t->since);
}

static void a_case_counts_by_its_day_state_fields_and_role(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct str held[] = {STR_INIT("held")}, planned[] = {STR_INIT("planned")};
    struct value *kinds = value_map(arena), *other = value_map(arena);
    value_append(value_put_list(arena, kinds, "kind"), value_text(arena, S("plenary")));
    value_put_text(arena, other, "kind", S("thematic"));
    struct regime_fulfilment by = {
        .procedure = &meeting, .states = held, .state_count = 1, .on = S("held_on"),
        .role = S("host"), .fields = kinds};
    struct table t;
    make_meeting(&t, arena, "2026-06-30");
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_COUNTS);
    assert_int_equal(t.since.ms, day_start(day_of(2026, 7, 2)).ms);
    assert_int_equal(ask(&t, &by, 6), OBLIGATION_NOT_MEANT);
    by.states = planned;
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_NOT_MEANT);
    by.states = held;
    by.fields = other;
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_NOT_MEANT);
    by.fields = kinds;
    make_meeting(&t, arena, "2026-07-01");
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_NOT_MEANT);
    by.on = (struct str){0};
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_NOT_MEANT); /* held on 2 July */
    by.state_count = 0;
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_COUNTS); /* made on 20 June */
    t.casefile.withdrawn = true;
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_NOT_MEANT);
}

/* A report of May may come till the fifth of June, but one of the fifth of May was April's. */
static void what_comes_within_the_grace_counts_for_the_period_before(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct engine none;
    static const struct {
        int month, day;
        bool counts;
    } told[] = {{5, 5, false}, {5, 6, true}, {5, 31, true}, {6, 5, true}, {6, 6, false}};
    const struct regime_fulfilment by = {.procedure = &meeting};
    struct regime_obligation item = every(1);
    item.fulfilment = &by;
    item.grace = (struct regime_term){.length = {LENGTH_DAYS, 5}};
    const struct obligation owed = read_as_is(&item);
    const struct obligation_debtor debtor = {0};
    struct obligation_period may;
    assert_true(find(arena, &item, day_of(2026, 5, 20), &may));
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        struct instant since;
        const struct casefile casefile = {
            .procedure = S("meeting"),
            .state = S("held"),
            .created_at = day_start(day_of(2026, told[i].month, told[i].day))};
        enum obligation_answer answer =
            obligation_ask(&none, &owed, &may, &debtor, &casefile, &since);
        assert_int_equal(answer, told[i].counts ? OBLIGATION_COUNTS : OBLIGATION_NOT_MEANT);
    }
}

/* ---- standing cases ---- */

static void it_is_owed_in_cases_that_stand_so_or_stood_so(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct str planned[] = {STR_INIT("planned")};
    const struct regime_debtor in = {
        .procedure = &meeting, .states = planned, .state_count = 1, .role = S("host"), .lead = true};
    struct regime_obligation item = every(1);
    struct obligation_period may, june;
    struct obligation_debtor_list debtors;
    struct table t;
    item.standing = &in;
    assert_true(find(arena, &item, day_of(2026, 5, 20), &may));
    assert_true(find(arena, &item, day_of(2026, 6, 20), &june));
    make_meeting(&t, arena, "2026-06-30");
    t.casefile.region = S("130500");
    t.casefile.state = S("planned");
    t.casefile.entries.len = 0;
    vec_add(arena, &t.casefile.entries,
            ((struct casefile_entry){S("planned"), 1, day_start(day_of(2026, 5, 10))}));
    assert_true(obligation_is_owed_in(&item, &june, &t.casefile, day_of(2026, 6, 20)));
    assert_true(obligation_is_owed_in(&item, &may, &t.casefile, day_of(2026, 6, 20)));
    t.casefile.state = S("held");
    vec_add(arena, &t.casefile.entries,
            ((struct casefile_entry){S("held"), 2, day_start(day_of(2026, 5, 31))}));
    assert_true(obligation_is_owed_in(&item, &may, &t.casefile, day_of(2026, 6, 20)));
    assert_false(obligation_is_owed_in(&item, &may, &t.casefile, day_of(2026, 5, 31)));
    assert_false(obligation_is_owed_in(&item, &june, &t.casefile, day_of(2026, 7, 20)));
    vec_add(arena, &t.casefile.roles.at[0].units, 6);
    obligation_list_debtors(arena, &item, &t.casefile, &debtors);
    assert_int_equal(debtors.len, 1);
    assert_int_equal(debtors.at[0].unit.v, 5);
    assert_true(str_eq_c(debtors.at[0].region, "130500"));
    assert_true(debtors.at[0].standing == &t.casefile);
}

static void where_all_must_count_the_others_are_missing(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct regime_fulfilment by = {.procedure = &meeting,
                                         .entries = S("entries"),
                                         .entry_day = S("day"),
                                         .entry_unit = S("unit"),
                                         .role = S("host"),
                                         .all = true};
    struct table t;
    make_meeting(&t, arena, "2026-06-30");
    t.casefile.state = S("planned");
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_MISSING); /* entered in July */
    struct value *rows = value_list_at(arena, t.casefile.fields, "entries");
    value_put_text(arena, rows->first, "day", S("2026-06-30"));
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_COUNTS);
    assert_int_equal(t.since.ms, day_start(day_of(2026, 6, 30)).ms);
    value_put_text(arena, rows->first, "unit", S("6"));
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_MISSING); /* another unit's */
    t.casefile.state = S("held");
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_NOT_MEANT); /* has ended */
    t.casefile.state = S("planned");
    t.casefile.created_at = day_start(day_of(2026, 7, 1));
    assert_int_equal(ask(&t, &by, 5), OBLIGATION_NOT_MEANT); /* came after the period */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_period_has_name_first_and_last_day),
        cmocka_unit_test(every_period_since_a_day_is_listed_once),
        cmocka_unit_test(cutoffs_agree_with_a_walk_from_day_to_day),
        cmocka_unit_test(months_follow_each_other_without_gap),
        cmocka_unit_test(a_key_reads_back_to_what_it_was_made_of),
        cmocka_unit_test(a_case_counts_by_its_day_state_fields_and_role),
        cmocka_unit_test(days_are_counted_from_the_campaigns_first_to_its_last),
        cmocka_unit_test(dates_come_once_and_since_leaves_out_what_began_before),
        cmocka_unit_test(a_grace_moves_the_due_day_and_no_other),
        cmocka_unit_test(what_comes_within_the_grace_counts_for_the_period_before),
        cmocka_unit_test(it_is_owed_in_cases_that_stand_so_or_stood_so),
        cmocka_unit_test(where_all_must_count_the_others_are_missing),
    };
    return cmocka_run_group_tests_name("engine/obligation", tests, NULL, NULL);
}
