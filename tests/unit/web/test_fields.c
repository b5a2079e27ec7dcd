/* Forms out to a browser and what comes back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/json.h"
#include "web/fields.h"

struct world {
    struct ctx ctx;
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    arena_free(w->ctx.arena);
    return 0;
}

static struct value *parse(struct world *w, struct str json)
{
    struct value *value = NULL;
    assert_int_equal(json_parse(&w->ctx, json, 65536, JSON_STRICT, &value), ST_OK);
    return value;
}

static const struct value *prepared_field(struct world *w, struct str field)
{
    struct buf text;
    buf_init(&text, w->ctx.arena, 4096);
    buf_printf(&text, "{\"fields\":[%.*s]}", STR_ARG(field));
    struct value *form = parse(w, buf_str(&text));
    fields_prepare(w->ctx.arena, form, S("do"));
    return value_find_c(form, "fields")->first;
}

static void each_kind_is_drawn_in_one_way(void **state)
{
    static const struct {
        const char *field;
        const char *drawing;
    } rows[] = {
        {"{\"name\":\"a\",\"kind\":\"text\"}", "as_text"},
        {"{\"name\":\"a\",\"kind\":\"longtext\"}", "as_area"},
        {"{\"name\":\"a\",\"kind\":\"integer\"}", "as_number"},
        {"{\"name\":\"a\",\"kind\":\"date\"}", "as_date"},
        {"{\"name\":\"a\",\"kind\":\"time\"}", "as_time"},
        {"{\"name\":\"a\",\"kind\":\"bool\"}", "as_check"},
        {"{\"name\":\"a\",\"kind\":\"file\"}", "as_file"},
        {"{\"name\":\"a\",\"kind\":\"unit\"}", "as_text"},
        {"{\"name\":\"a\",\"kind\":\"unit\",\"choices\":[{\"value\":\"1\"}]}", "as_select"},
        {"{\"name\":\"a\",\"kind\":\"unit\",\"many\":true,\"choices\":[{\"value\":\"1\"}]}",
         "as_checks"},
        {"{\"name\":\"a\",\"kind\":\"list\",\"columns\":[]}", "as_list"},
        {"{\"name\":\"a\",\"kind\":\"not yet known\"}", "as_text"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct value *field = prepared_field(*state, str_of(rows[i].field));
        assert_true(value_find_bool(field, rows[i].drawing));
        assert_true(str_eq(value_find_text(field, "id"), S("do-a")));
    }
}

static void time_is_cut_to_what_an_input_takes(void **state)
{
    const struct value *field = prepared_field(
        *state,
        S("{\"name\":\"a\",\"kind\":\"time\",\"value\":\"2026-11-22T18:00:00.000+08:00\"}"));
    assert_true(str_eq(value_find_text(field, "value"), S("2026-11-22T18:00")));
}

static void list_offers_its_rows_and_blank_ones(void **state)
{
    const struct value *field = prepared_field(
        *state, S("{\"name\":\"plan\",\"kind\":\"list\",\"columns\":[{\"name\":\"what\",\"kind\":"
                  "\"text\"}],\"value\":[{\"what\":\"排查\"}]}"));
    const struct value *rows = value_find_c(field, "rows");
    assert_int_equal(rows->count, 1 + FIELDS_BLANK_ROWS);
    const struct value *cell = value_find_c(rows->first, "cells")->first;
    assert_true(str_eq(value_find_text(cell, "name"), S("plan.0.what")));
    assert_true(str_eq(value_find_text(cell, "value"), S("排查")));
    assert_int_equal(value_find_c(rows->last, "cells")->first->kind, VALUE_MAP);
    assert_int_equal(value_find_text(value_find_c(rows->last, "cells")->first, "value").len, 0);
}

static void typed_values_choose(void **state)
{
    const struct value *field = prepared_field(
        *state, S("{\"name\":\"a\",\"kind\":\"unit\",\"many\":true,\"value\":[\"2\"],"
                  "\"choices\":[{\"value\":\"1\",\"selected\":true},{\"value\":\"2\"}]}"));
    const struct value *choices = value_find_c(field, "choices");
    assert_false(value_find_bool(choices->first, "selected"));
    assert_true(value_find_bool(choices->last, "selected"));
}

static void absent_members_are_not_looked_up_further_out(void **state)
{
    const struct value *field = prepared_field(*state, S("{\"name\":\"a\",\"kind\":\"text\"}"));
    assert_int_equal(value_find_c(field, "value")->kind, VALUE_NULL);
    assert_int_equal(value_find_c(field, "error")->kind, VALUE_NULL);
}

static struct str fold(struct world *w, struct pairs pairs)
{
    struct value *tree = NULL;
    struct buf out;
    assert_int_equal(fields_fold(&w->ctx, &pairs, &tree), ST_OK);
    buf_init(&out, w->ctx.arena, 4096);
    json_print(&out, tree);
    return buf_str(&out);
}

static void names_become_the_tree_of_a_json_caller(void **state)
{
    struct pair pairs[] = {
        {S("goal"), S("清零")},
        {S("unit"), S("12")},
        {S("unit"), S("17")},
        {S("plan.0.what"), S("排查")},
        {S("plan.0.by"), S("2026-11-30")},
        {S("plan.1.what"), S("")},
        {S("plan.1.by"), S(" ")},
        {S("plan.7.what"), S("整改")},
        {S("unit"), S("19")},
    };
    assert_string_equal(
        str_c(((struct world *)*state)->ctx.arena,
              fold(*state, (struct pairs){.at = pairs, .len = COUNT_OF(pairs)})),
        "{\"goal\":\"清零\",\"unit\":[\"12\",\"17\",\"19\"],\"plan\":[{\"what\":\"排查\",\"by\":"
        "\"2026-11-30\"},{\"what\":\"整改\"}]}");
}

static void name_that_is_no_cell_is_refused(void **state)
{
    struct world *w = *state;
    static const struct str names[] = {
        STR_INIT("plan."),     STR_INIT(".0.a"),     STR_INIT("plan.0"),     STR_INIT("plan.0."),
        STR_INIT("plan.-1.a"), STR_INIT("plan.x.a"), STR_INIT("plan.0.a.b"),
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct value *tree = NULL;
        struct pair pair = {names[i], S("x")};
        fail_clear(&w->ctx);
        assert_int_equal(fields_fold(&w->ctx, &(struct pairs){.at = &pair, .len = 1}, &tree),
                         ST_INVALID);
    }
}

static void row_number_without_end_is_refused(void **state)
{
    struct world *w = *state;
    struct value *tree = NULL;
    struct pair pair = {S("plan.500.what"), S("x")};
    assert_int_equal(fields_fold(&w->ctx, &(struct pairs){.at = &pair, .len = 1}, &tree), ST_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_kind_is_drawn_in_one_way, open_world, close_world),
        cmocka_unit_test_setup_teardown(time_is_cut_to_what_an_input_takes, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(list_offers_its_rows_and_blank_ones, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(typed_values_choose, open_world, close_world),
        cmocka_unit_test_setup_teardown(absent_members_are_not_looked_up_further_out, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(names_become_the_tree_of_a_json_caller, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(name_that_is_no_cell_is_refused, open_world, close_world),
        cmocka_unit_test_setup_teardown(row_number_without_end_is_refused, open_world, close_world),
    };
    return cmocka_run_group_tests_name("web/fields", tests, NULL, NULL);
}
