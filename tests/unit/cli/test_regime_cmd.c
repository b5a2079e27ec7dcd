/*
 * lantian regime, its output where api.md fixes it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/regime_cmd.h"
#include "kit/json.h"
#include "kit/words.h"

static const char *root_folder; /* of the sources; set once by main */

struct call {
    enum status (*run)(struct ctx *ctx, const struct cli_args *args);
    const struct cli_option *options;
    size_t option_count;
    const char *operands[2]; /* below the source tree */
    int flag;                /* slot of an option given without a value, or -1 */
};

static enum status run(struct ctx *ctx, const struct call *call, struct str *out)
{
    char *text = NULL;
    size_t len = 0;
    const struct cli_command command = {
        .name = "regime", .options = call->options, .option_count = call->option_count};
    struct cli_args args = {
        .command = &command, .lang = LANG_EN, .out = open_memstream(&text, &len)};
    struct furniture *furniture;
    struct words_book *words;
    must(args.out != NULL);
    must(furniture_open(ctx, ctx->arena, furniture_files, furniture_file_count, (struct str){0},
                        &furniture) == ST_OK);
    must(furniture_open_words(ctx, furniture, ctx->arena, &words) == ST_OK);
    args.furniture = furniture;
    args.words = words;
    for (int i = 0; i < 2 && call->operands[i] != NULL; i++)
        args.operands[args.operand_count++] =
            str_printf(ctx->arena, "%s/%s", root_folder, call->operands[i]);
    if (call->flag >= 0)
        args.values[call->flag] = S("");
    fail_clear(ctx);
    enum status status = call->run(ctx, &args);
    must(fclose(args.out) == 0);
    *out = str_copy(ctx->arena, (struct str){text, len});
    free(text);
    return status;
}

static struct call check_of(const char *pack, bool json)
{
    return (struct call){.run = regime_cmd_check,
                         .options = regime_cmd_options,
                         .option_count = COUNT_OF(regime_cmd_options),
                         .operands = {pack},
                         .flag = json ? 0 : -1};
}

static void a_right_pack_prints_nothing(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call call = check_of("regimes/look-back.yaml", false);
    struct str out;
    assert_int_equal(run(&ctx, &call, &out), ST_OK);
    assert_int_equal(out.len, 0);
}

static void a_fault_is_one_line_with_its_place(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call call = check_of("tests/data/packs/bad-unknown-guard.yaml", false);
    struct str out;
    assert_int_equal(run(&ctx, &call, &out), ST_INVALID);
    assert_int_equal(ctx.failure.status, ST_OK); /* the faults are the answer */
    assert_true(str_has(out, S("bad-unknown-guard.yaml:29:134: unknown_name: ")));
    assert_true(str_ends(out, S("(did you mean evidence?)\n")));
}

static void the_json_has_the_members_of_the_contract(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call call = check_of("tests/data/packs/bad-unknown-clause.yaml", true);
    struct str out;
    struct value *document;
    assert_int_equal(run(&ctx, &call, &out), ST_INVALID);
    assert_int_equal(json_parse(&ctx, out, 1 << 20, JSON_STRICT, &document), ST_OK);
    const struct value *faults = value_find_c(document, "faults");
    assert_int_equal(faults->count, 1);
    assert_true(str_ends(value_find_text(faults->first, "file"), S("bad-unknown-clause.yaml")));
    assert_int_equal(value_find_int(faults->first, "column", 0), 209);
    assert_true(str_eq_c(value_find_text(faults->first, "code"), "unknown_clause"));
    assert_false(str_is_empty(value_find_text(faults->first, "message")));
    assert_false(str_is_empty(value_find_text(faults->first, "hint")));
}

static void a_right_pack_has_an_empty_list_of_faults(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call call = check_of("tests/data/packs/good-sample.yaml", true);
    struct str out;
    assert_int_equal(run(&ctx, &call, &out), ST_OK);
    assert_true(str_eq_c(str_trim(out), "{\"faults\":[]}"));
}

static void a_missing_file_is_the_environments_fault(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call call = check_of("no/such/pack.yaml", false);
    struct str out;
    assert_int_equal(run(&ctx, &call, &out), ST_IO);
    assert_string_equal(ctx.failure.reason.key, "cli.cannot_read");
}

static void the_list_names_the_packs_of_the_house(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call call = {.run = regime_cmd_list,
                        .options = regime_cmd_lang_option,
                        .option_count = COUNT_OF(regime_cmd_lang_option),
                        .flag = -1};
    struct str out;
    assert_int_equal(run(&ctx, &call, &out), ST_OK);
    assert_true(str_has(out, S("look-back\t1\t")));
}

static void the_vocabulary_prints_each_word_with_its_example(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call call = {.run = regime_cmd_vocabulary,
                        .options = regime_cmd_lang_option,
                        .option_count = COUNT_OF(regime_cmd_lang_option),
                        .flag = -1};
    struct str out;
    assert_int_equal(run(&ctx, &call, &out), ST_OK);
    assert_true(str_has(out, S("- {other_than: submit_plan}")));
    assert_false(str_has(out, S("[vocabulary.")));
}

static void a_faulty_pack_is_neither_drawn_nor_compared(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena};
    struct call graph = {.run = regime_cmd_graph,
                         .options = regime_cmd_graph_options,
                         .option_count = COUNT_OF(regime_cmd_graph_options),
                         .operands = {"tests/data/packs/bad-many.yaml"},
                         .flag = -1};
    struct call diff = {
        .run = regime_cmd_diff,
        .options = regime_cmd_options,
        .option_count = COUNT_OF(regime_cmd_options),
        .operands = {"tests/data/packs/good-sample.yaml", "tests/data/packs/bad-many.yaml"},
        .flag = -1};
    struct str out;
    assert_int_equal(run(&ctx, &graph, &out), ST_INVALID);
    assert_string_equal(ctx.failure.reason.key, "cli.pack_faulty");
    assert_int_equal(run(&ctx, &diff, &out), ST_INVALID);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_pack_prints_nothing),
        cmocka_unit_test(a_fault_is_one_line_with_its_place),
        cmocka_unit_test(the_json_has_the_members_of_the_contract),
        cmocka_unit_test(a_right_pack_has_an_empty_list_of_faults),
        cmocka_unit_test(a_missing_file_is_the_environments_fault),
        cmocka_unit_test(the_list_names_the_packs_of_the_house),
        cmocka_unit_test(the_vocabulary_prints_each_word_with_its_example),
        cmocka_unit_test(a_faulty_pack_is_neither_drawn_nor_compared),
    };
    must(argc == 2);
    root_folder = argv[1];
    return cmocka_run_group_tests_name("cli/regime_cmd", tests, NULL, NULL);
}
