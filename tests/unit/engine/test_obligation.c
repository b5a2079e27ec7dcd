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
        .id = S("x"), .rhythm = RHYTHM_MONTHS, .months = months};
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
    bool right = obligation_find_period(arena, &want->item, day, &period) &&
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
        .id = S("x"), .rhythm = RHYTHM_CUTOFFS, .cutoffs = days, .cutoff_count = count};
}

static struct regime_obligation by_windows(void)
{
    return (struct regime_obligation){
        .id = S("x"), .rhythm = RHYTHM_WINDOWS, .windows = windows, .window_count = 2};
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
    assert_false(obligation_find_period(arena, &table[10].item, day_of(2026, 7, 1), &period));
}

static void every_period_since_a_day_is_listed_once(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    const struct regime_obligation item = every(3);
    static const char *const names[] = {"2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"};
    struct obligation_period_list list;
    obligation_list_periods(arena, &item, day_of(2025, 12, 31), day_of(2026, 7, 1), &list);
    assert_int_equal(list.len, COUNT_OF(names));
    for (size_t i = 0; i < list.len; i++)
        assert_true(str_eq_c(list.at[i].name, names[i]));
    obligation_list_periods(arena, &item, day_of(2026, 1, 1), day_of(2026, 3, 31), &list);
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
            assert_true(obligation_find_period(arena, &item, day, &period));
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
        obligation_list_periods(arena, &item, day_of(2023, 1, 1), day_of(2028, 12, 31), &list);
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
    struct str key = obligation_key(arena, &item, &period, (struct unit_id){77});
    struct str id, name;
    struct unit_id unit;
    assert_true(str_eq_c(key, "plenary-meeting/2026-12..01/77"));
    assert_true(obligation_key_parse(key, &id, &name, &unit));
    assert_true(str_eq(id, item.id) && str_eq(name, period.name) && unit.v == 77);
    assert_false(obligation_key_parse(S("plenary-meeting/2026"), &id, &name, &unit));
    assert_false(obligation_key_parse(S("a/b/c"), &id, &name, &unit));
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
        .id = S("x"), .rhythm = RHYTHM_MONTHS, .months = 6, .fulfilment = by};
    struct obligation_period period;
    assert_true(obligation_find_period(t->arena, &item, day_of(2026, 6, 30), &period));
    return obligation_ask(&item, &period, (struct unit_id){unit}, &t->casefile, &t->since);
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
        cmocka_unit_test(where_all_must_count_the_others_are_missing),
    };
    return cmocka_run_group_tests_name("engine/obligation", tests, NULL, NULL);
}
