/*
 * The command line: how words become arguments, and how endings become exit codes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* What the last run saw; the table below has nowhere else to put it. */
static struct {
    bool ran;
    char name[32];
    bool json;
    int64_t number;
    char first_operand[32];
    enum status answer;
} seen;

static enum status look(struct ctx *ctx, const struct cli_args *args)
{
    seen.ran = true;
    seen.json = cli_flag(args, "json");
    snprintf(seen.name, sizeof seen.name, "%.*s", STR_ARG(cli_value(args, "name")));
    snprintf(seen.first_operand, sizeof seen.first_operand, "%.*s", STR_ARG(args->operands[0]));
    TRY(cli_number(ctx, args, "n", 1, 9, 5, &seen.number));
    return seen.answer;
}

static const struct cli_option options[] = {
    {.name = "name", .value = "TEXT", .required = true, .help = "status.ok"},
    {.name = "json", .help = "status.ok"},
    {.name = "n", .value = "N", .help = "status.ok"},
};

static const struct cli_command commands[] = {
    {.name = "look", .operands = "[FILE]", .operands_max = 1, .summary = "status.ok",
     .options = options, .option_count = COUNT_OF(options), .run = look},
    {.name = "group look", .operands = "FILE", .operands_min = 1, .operands_max = 1,
     .summary = "status.ok", .options = options, .option_count = COUNT_OF(options), .run = look},
};

static int run_words(const char *first, ...)
{
    static char program_name[] = "lantian";
    char *argv[12] = {program_name};
    int argc = 1;
    va_list words;
    va_start(words, first);
    for (const char *word = first; word != NULL; word = va_arg(words, const char *))
        argv[argc++] = strdup(word);
    va_end(words);
    enum status answer = seen.answer;
    memset(&seen, 0, sizeof seen);
    seen.answer = answer;
    const struct cli_program program = {.version = "0", .commands = commands,
                                        .command_count = COUNT_OF(commands),
                                        .files = furniture_files,
                                        .file_count = furniture_file_count, .out = stderr};
    int code = cli_main(&program, argc, argv);
    for (int i = 1; i < argc; i++)
        free(argv[i]);
    return code;
}

static void options_and_operands_reach_the_command(void **state)
{
    (void)state;
    assert_int_equal(run_words("look", "--name", "x", "--json", "-n", "7", "file", NULL), 0);
    assert_true(seen.ran && seen.json);
    assert_int_equal(seen.number, 7);
    assert_string_equal(seen.name, "x");
    assert_string_equal(seen.first_operand, "file");
}

static void a_value_may_follow_an_equals_sign(void **state)
{
    (void)state;
    assert_int_equal(run_words("look", "--name=a=b", NULL), 0);
    assert_string_equal(seen.name, "a=b");
    assert_int_equal(seen.number, 5);
}

static void after_two_dashes_everything_is_an_operand(void **state)
{
    (void)state;
    assert_int_equal(run_words("look", "--name", "x", "--", "--json", NULL), 0);
    assert_false(seen.json);
    assert_string_equal(seen.first_operand, "--json");
}

static void a_name_of_two_words_is_found(void **state)
{
    (void)state;
    assert_int_equal(run_words("group", "look", "--name", "x", "f", NULL), 0);
    assert_string_equal(seen.first_operand, "f");
}

static void wrong_use_ends_with_2_and_runs_nothing(void **state)
{
    (void)state;
    assert_int_equal(run_words(NULL), 2);
    assert_int_equal(run_words("nothing", NULL), 2);
    assert_int_equal(run_words("group", NULL), 2);
    assert_int_equal(run_words("look", NULL), 2);
    assert_int_equal(run_words("look", "--name", NULL), 2);
    assert_int_equal(run_words("look", "--name", "x", "--unknown", NULL), 2);
    assert_int_equal(run_words("look", "--name", "x", "--json=yes", NULL), 2);
    assert_int_equal(run_words("look", "--name", "x", "one", "two", NULL), 2);
    assert_int_equal(run_words("look", "--name", "\xff", NULL), 2);
    assert_int_equal(run_words("group", "look", "--name", "x", NULL), 2);
    assert_false(seen.ran);
    assert_int_equal(run_words("look", "--name", "x", "-n", "10", NULL), 2);
}

static void help_is_no_failure_and_runs_nothing(void **state)
{
    (void)state;
    assert_int_equal(run_words("--help", NULL), 0);
    assert_int_equal(run_words("--version", NULL), 0);
    assert_int_equal(run_words("look", "--help", NULL), 0);
    assert_int_equal(run_words("group", "--help", NULL), 0);
    assert_false(seen.ran);
}

static void a_status_becomes_its_exit_code(void **state)
{
    (void)state;
    seen.answer = ST_BROKEN;
    assert_int_equal(run_words("look", "--name", "x", NULL), 1);
    seen.answer = ST_IO;
    assert_int_equal(run_words("look", "--name", "x", NULL), 3);
    seen.answer = ST_OK;
}

int main(void)
{
    const struct CMUnitTest facts[] = {
        cmocka_unit_test(options_and_operands_reach_the_command),
        cmocka_unit_test(a_value_may_follow_an_equals_sign),
        cmocka_unit_test(after_two_dashes_everything_is_an_operand),
        cmocka_unit_test(a_name_of_two_words_is_found),
        cmocka_unit_test(wrong_use_ends_with_2_and_runs_nothing),
        cmocka_unit_test(help_is_no_failure_and_runs_nothing),
        cmocka_unit_test(a_status_becomes_its_exit_code),
    };
    return cmocka_run_group_tests(facts, NULL, NULL);
}
