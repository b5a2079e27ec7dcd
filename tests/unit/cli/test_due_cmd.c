/*
 * lantian due, its output byte by byte where api.md fixes it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "cli/due_cmd.h"
#include "kit/json.h"
#include "kit/words.h"

static const struct cli_command command = {.name = "due",
                                           .options = due_cmd_options,
                                           .option_count = COUNT_OF(due_cmd_options),
                                           .run = due_cmd_run};

enum { FROM, IN, CALENDAR, EXPLAIN, JSON }; /* slots, as the options stand in the table */

/* Runs it; the output is copied into ctx->arena. */
static enum status run(struct ctx *ctx, const char *from, const char *in, int flag, struct str *out)
{
    char *text = NULL;
    size_t len = 0;
    struct cli_args args = {.command = &command, .out = open_memstream(&text, &len)};
    must(args.out != NULL);
    struct furniture *furniture;
    struct words_book *words;
    must(furniture_open(ctx, ctx->arena, furniture_files, furniture_file_count, (struct str){0},
                        &furniture) == ST_OK);
    must(furniture_open_words(ctx, furniture, ctx->arena, &words) == ST_OK);
    args.furniture = furniture;
    args.words = words;
    args.lang = LANG_EN;
    args.values[FROM] = str_of(from);
    args.values[IN] = str_of(in);
    if (flag >= 0)
        args.values[flag] = S("");
    fail_clear(ctx);
    enum status status = due_cmd_run(ctx, &args);
    must(fclose(args.out) == 0);
    *out = str_copy(ctx->arena, (struct str){text, len});
    free(text);
    return status;
}

static const struct value *run_json(struct ctx *ctx, const char *from, const char *in)
{
    struct str text;
    struct value *value;
    assert_int_equal(run(ctx, from, in, JSON, &text), ST_OK);
    assert_int_equal(json_parse(ctx, text, 1 << 20, JSON_STRICT, &value), ST_OK);
    return value;
}

static void assert_text(const struct value *map, const char *key, const char *expected)
{
    assert_true(str_eq_c(value_find_text(map, key), expected));
}

static void working_days_come_with_their_trace(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const struct value *due = run_json(&ctx, "2024-09-28", "2 workdays");
    assert_text(due, "due", "2024-09-30");
    assert_text(due, "end", "2024-10-01T00:00:00.000+08:00");
    assert_text(due, "unit", "workdays");
    assert_false(value_find_bool(due, "provisional"));
    const struct value *trace = value_find_c(due, "trace");
    assert_int_equal(trace->count, 2);
    assert_text(trace->first, "day", "2024-09-29");
    assert_true(value_find_bool(trace->first, "counts"));
    assert_text(trace->first, "why", "make-up workday: 国庆节");
    assert_text(trace->last, "why", "weekday");
}

static void hours_end_with_their_last_minute_and_have_no_trace(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const struct value *due = run_json(&ctx, "2018-11-22T21:25:00+08:00", "1 hour");
    assert_text(due, "due", "2018-11-22T22:25:00.000+08:00");
    assert_text(due, "end", "2018-11-22T22:26:00.000+08:00");
    assert_text(due, "unit", "hours");
    assert_int_equal(value_find_c(due, "trace")->count, 0);
}

static void a_date_is_a_fixed_day(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    const struct value *due = run_json(&ctx, "2024-09-28", "2024-10-01");
    assert_text(due, "due", "2024-10-01");
    assert_text(due, "unit", "date");
}

static void days_after_the_last_notice_are_provisional(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    assert_true(value_find_bool(run_json(&ctx, "2060-01-01", "10 workdays"), "provisional"));
    assert_false(value_find_bool(run_json(&ctx, "2060-01-01", "10 days"), "provisional"));
}

static void the_explanation_numbers_the_days_that_count(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct str text;
    assert_int_equal(run(&ctx, "2024-09-27", "2工作日", EXPLAIN, &text), ST_OK);
    assert_true(str_eq_c(
        text, "Last day in time: 30 Sep 2024, until 24:00\n"
              "Late from: 1 Oct 2024 00:00\n"
              "2024-09-28\t-\tweekend, does not count\n"
              "2024-09-29\t1\tworked in exchange for 国庆节, counts (国办发明电〔2023〕7号)\n"
              "2024-09-30\t2\tworking day, counts\n"));
}

static void wrong_use_and_unanswerable_questions_end_differently(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct str text;
    static const struct {
        const char *from, *in;
        int exit_code;
    } rows[] = {{"yesterday", "3 days", 2},     {"2024-02-30", "3 days", 2},
                {"2024-01-01", "soon", 2},      {"2024-01-01", "0 days", 2},
                {"2024-01-01", "3661 days", 2}, {"2015-06-01", "3 workdays", 1},
                {"2015-06-01", "3 days", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(status_exit(run(&ctx, rows[i].from, rows[i].in, -1, &text)),
                         rows[i].exit_code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_days_come_with_their_trace),
        cmocka_unit_test(hours_end_with_their_last_minute_and_have_no_trace),
        cmocka_unit_test(a_date_is_a_fixed_day),
        cmocka_unit_test(days_after_the_last_notice_are_provisional),
        cmocka_unit_test(the_explanation_numbers_the_days_that_count),
        cmocka_unit_test(wrong_use_and_unanswerable_questions_end_differently),
    };
    return cmocka_run_group_tests_name("due_cmd", tests, NULL, NULL);
}
