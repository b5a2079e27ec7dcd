/* What is reckoned with the rows of a list, and what makes two cases one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "engine/engine_int.h"
#include "fixture_trial.h"

static const struct regime_field EXPENSE[] = {{.name = STR_INIT("amount"), .kind = FIELD_MONEY}};
static const struct regime_field FIELDS[] = {
    {.name = STR_INIT("expenses"), .kind = FIELD_LIST, .columns = EXPENSE, .column_count = 1},
    {.name = STR_INIT("spent"), .kind = FIELD_MONEY},
    {.name = STR_INIT("limit"), .kind = FIELD_MONEY},
    {.name = STR_INIT("days"), .kind = FIELD_INTEGER},
};
static const struct str UNIQUE[] = {STR_INIT("region"), STR_INIT("name")};
static const struct regime_procedure PROCEDURE = {.name = STR_INIT("target"),
                                                  .fields = FIELDS,
                                                  .field_count = COUNT_OF(FIELDS),
                                                  .unique = UNIQUE,
                                                  .unique_count = COUNT_OF(UNIQUE)};

struct world {
    struct arena *arena;
    struct ctx ctx;
    struct regime regime;
    struct engine engine;
    struct casefile casefile;
    struct event_list events;
    struct trial trial;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new();
    struct world *world = arena_new_of(arena, struct world);
    world->arena = arena;
    world->ctx = (struct ctx){.arena = arena};
    world->engine = (struct engine){.regime = &world->regime, .procedure = &PROCEDURE};
    world->casefile = (struct casefile){.version = 1, .fields = value_map(arena)};
    world->trial = trial_of_system(&world->ctx, &world->engine, &world->casefile,
                                   &world->events, day_of(2019, 10, 10));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(world->arena);
    return 0;
}

static const struct value *field(const struct world *world, const char *name)
{
    return value_find_c(world->casefile.fields, name);
}

static void put(struct world *world, struct value *map, const char *key, const char *text)
{
    value_put_text(world->arena, map, key, str_of(text));
}

static enum status sum(struct world *world)
{
    struct value *args = value_map(world->arena);
    put(world, args, "list", "expenses");
    put(world, args, "column", "amount");
    put(world, args, "field", "spent");
    return effect_sum(&world->trial, args);
}

static void spend(struct world *world, int64_t fen)
{
    struct value *rows = value_list_at(world->arena, world->casefile.fields, "expenses");
    value_put_int(world->arena, value_append_map(world->arena, rows), "amount", fen);
}

static void a_sum_of_money_is_in_fen(void **state)
{
    struct world *world = *state;
    spend(world, 1050);
    spend(world, 25);
    assert_int_equal(sum(world), ST_OK);
    assert_int_equal(field(world, "spent")->number, 1075);
}

static void of_no_rows_the_sum_is_nothing(void **state)
{
    struct world *world = *state;
    assert_int_equal(sum(world), ST_OK);
    assert_int_equal(field(world, "spent")->number, 0);
}

static void a_sum_too_large_is_refused(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 3; i++)
        spend(world, VALUE_INT_MAX / 20000);
    assert_int_equal(sum(world), ST_LIMIT);
}

static bool is_more(struct world *world)
{
    struct value *args = value_map(world->arena);
    put(world, args, "field", "spent");
    put(world, args, "than", "limit");
    const struct regime_condition condition = {.kind = CONDITION_MORE, .args = args};
    return condition_holds(&world->trial, &condition);
}

static void more_is_more_and_not_the_same(void **state)
{
    struct world *world = *state;
    value_put_int(world->arena, world->casefile.fields, "spent", 100);
    assert_false(is_more(world));
    value_put_int(world->arena, world->casefile.fields, "limit", 100);
    assert_false(is_more(world));
    value_put_int(world->arena, world->casefile.fields, "spent", 101);
    assert_true(is_more(world));
}

static size_t gaps(struct world *world, const char *since, const char *until)
{
    struct value *args = value_map(world->arena);
    put(world, args, "list", "readings");
    put(world, args, "column", "day");
    put(world, args, "since", "since");
    put(world, args, "until", "until");
    put(world, args, "into", "missing");
    put(world, world->casefile.fields, "since", since);
    put(world, world->casefile.fields, "until", until);
    must(effect_gaps(&world->trial, args) == ST_OK);
    return field(world, "missing")->count;
}

static void a_day_that_no_row_has_is_missing(void **state)
{
    struct world *world = *state;
    struct value *rows = value_list_at(world->arena, world->casefile.fields, "readings");
    put(world, value_append_map(world->arena, rows), "day", "2019-10-30");
    put(world, value_append_map(world->arena, rows), "day", "2019-11-01");
    assert_int_equal(gaps(world, "2019-10-30", "2019-11-01"), 1);
    assert_true(
        str_eq_c(value_find_text(field(world, "missing")->first, "day"), "2019-10-31"));
    assert_int_equal(gaps(world, "2019-10-30", "2019-10-30"), 0);
    assert_int_equal(gaps(world, "2019-10-29", "2019-11-02"), 3);
}

static void a_target_is_met_by_the_rule_that_the_method_names(void **state)
{
    static const struct {
        const char *rule, *base, *value, *target, *why;
        bool met;
    } rows[] = {
        {"at_most", NULL, "50", "50", "the figure named is included", true},
        {"at_most", NULL, "50.1", "50", "above it", false},
        {"at_least", NULL, "62.4", "62.5", "below it", false},
        {"at_least", NULL, "62.5", "62.5", "the figure named is included", true},
        {"reduction", "60", "57", "5", "five percent of sixty are three", true},
        {"reduction", "60", "57.1", "5", "less than five percent", false},
        {"reduction", NULL, "57", "5", "no base", false},
        {"at_most", NULL, NULL, "50", "no value", false},
        {NULL, NULL, "1", "50", "no rule", false},
        {"guess", NULL, "1", "50", "a rule that nobody knows", false},
    };
    struct world *world = *state;
    struct value *args = value_map(world->arena);
    static const char *const names[][2] = {
        {"list", "indicators"}, {"on", "indicator"}, {"value", "value"}, {"target", "target"},
        {"base", "base"},       {"met", "met"},      {"rules", "rules"}, {"rule", "rule"},
        {"all", "attained"}};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        put(world, args, names[i][0], names[i][1]);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        world->casefile.fields = value_map(world->arena);
        struct value *list = value_put_list(world->arena, world->casefile.fields, "indicators");
        struct value *rules = value_put_list(world->arena, world->casefile.fields, "rules");
        struct value *row = value_append_map(world->arena, list);
        put(world, row, "indicator", "pm25");
        put(world, row, "target", rows[i].target);
        if (rows[i].value != NULL)
            put(world, row, "value", rows[i].value);
        if (rows[i].base != NULL)
            put(world, row, "base", rows[i].base);
        struct value *rule = value_append_map(world->arena, rules);
        put(world, rule, "indicator", "pm25");
        if (rows[i].rule != NULL)
            put(world, rule, "rule", rows[i].rule);
        assert_int_equal(effect_attain(&world->trial, args), ST_OK);
        if (value_find_bool(field(world, "indicators")->first, "met") != rows[i].met)
            print_error("row %zu: %s\n", i, rows[i].why);
        assert_int_equal(value_find_bool(field(world, "indicators")->first, "met"), rows[i].met);
        assert_int_equal(field(world, "attained")->flag, rows[i].met);
    }
}

static struct str key_of(struct world *world, const char *region, const char *name)
{
    struct value *fields = value_map(world->arena);
    put(world, fields, "name", name);
    return engine_unique_key(world->arena, &PROCEDURE, str_of(region), fields);
}

static void width_case_blanks_and_marks_do_not_tell_cases_apart(void **state)
{
    struct world *world = *state;
    assert_true(str_eq(key_of(world, "130500", "河北甲（集团）ABC 公司"),
                       key_of(world, "130500", "河北甲(集团)ａｂｃ公司")));
    assert_false(str_eq(key_of(world, "130500", "河北甲公司"), key_of(world, "130500", "河北乙公司")));
    assert_false(str_eq(key_of(world, "130500", "河北甲公司"), key_of(world, "130400", "河北甲公司")));
}

static void what_is_not_told_has_no_key(void **state)
{
    assert_true(str_is_empty(key_of(*state, "130500", "")));
    assert_true(str_is_empty(key_of(*state, "130500", "（）")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sum_of_money_is_in_fen),
        TEST(of_no_rows_the_sum_is_nothing),
        TEST(a_sum_too_large_is_refused),
        TEST(more_is_more_and_not_the_same),
        TEST(a_day_that_no_row_has_is_missing),
        TEST(a_target_is_met_by_the_rule_that_the_method_names),
        TEST(width_case_blanks_and_marks_do_not_tell_cases_apart),
        TEST(what_is_not_told_has_no_key),
    };
    return cmocka_run_group_tests_name("effect_figures", tests, NULL, NULL);
}
