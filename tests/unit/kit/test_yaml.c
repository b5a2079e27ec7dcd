/* Trees with places, and the exact place of everything that is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kit/yaml.h"

static struct arena *arena;
static struct yaml_faults faults;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    faults = (struct yaml_faults){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct yaml_node *parse(const char *text)
{
    return yaml_parse(arena, str_of(text), &faults);
}

static void every_key_and_value_knows_its_place(void **state)
{
    (void)state;
    const struct yaml_node *root = parse("名: {zh: 整改中, en: \"x\"}\n列:\n  - 甲\n  - 乙\n");
    assert_int_equal(faults.len, 0);
    const struct yaml_node *en = yaml_find(yaml_find(root, "名"), "en");
    assert_int_equal(en->key_line, 1);
    assert_int_equal(en->key_column, 14);
    assert_int_equal(en->column, 18);
    assert_int_equal(en->text_column, 19);
    const struct yaml_node *second = yaml_find(root, "列")->last;
    assert_int_equal(second->line, 4);
    assert_int_equal(second->column, 5);
}

static void only_true_false_and_whole_numbers_are_more_than_text(void **state)
{
    (void)state;
    const struct yaml_node *list = parse("[true, 12, -3, 03, 1.5, 03-10, '7', null, 2018]");
    static const enum yaml_kind kinds[] = {YAML_BOOL, YAML_INT,  YAML_INT,  YAML_TEXT, YAML_TEXT,
                                           YAML_TEXT, YAML_TEXT, YAML_NULL, YAML_INT};
    size_t i = 0;
    yaml_each (node, list)
        assert_int_equal(node->kind, kinds[i++]);
    assert_int_equal(i, COUNT_OF(kinds));
}

static void a_key_may_be_a_word_for_truth(void **state)
{
    (void)state;
    const struct yaml_node *root = parse("yes: a\non: b\n");
    assert_int_equal(faults.len, 0);
    assert_int_equal(yaml_find(root, "on")->kind, YAML_TEXT);
}

static void each_refusal_names_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *key;
        int line, column;
    } rows[] = {
        {"a: &x 1\n", "yaml.anchor", 1, 4},
        {"a: 1\nb: *x\n", "yaml.alias", 2, 4},
        {"a: !!int 1\n", "yaml.tag", 1, 4},
        {"a: 1\n---\nb: 2\n", "yaml.documents", 2, 1},
        {"甲: no\n", "yaml.truth", 1, 4},
        {"a: [1, Yes]\n", "yaml.truth", 1, 8},
        {"甲: 1\n乙: 2\n甲: 3\n", "yaml.duplicate", 3, 1},
        {"甲: \xC4\xE3\n", "yaml.not_utf8", 1, 4},
        {"a:\n\t- 1\n", "yaml.tab", 2, 1},
        {"a: [1", "yaml.bracket", 1, 6},
        {"a: 1\nb\nc: 2\n", "yaml.no_colon", 2, 1},
        {"甲：1\nb: 2\n", "yaml.wide", 2, 2},
        {"a: {b: 1，c: d: 2}\n", "yaml.wide", 1, 11},
        {"a: b: c\n", "yaml.colon", 1, 5},
        {"a: 1\n  b: 2\n", "yaml.indent", 2, 4},
        {"a: 1\nb: \"c\nd: 2\n", "yaml.open_quote", 2, 4},
        {"a: %b\n", "yaml.syntax", 1, 4},
        {"? [a]\n: 1\n", "yaml.key_not_text", 1, 3},
        {"a: \"\\0\"\n", "yaml.not_text", 1, 4},
        {"", "yaml.empty", 1, 1},
        {"# nothing\n", "yaml.empty", 1, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        faults = (struct yaml_faults){0};
        (void)parse(rows[i].text);
        assert_int_equal(faults.len, 1);
        assert_string_equal(faults.at[0].reason.key, rows[i].key);
        assert_int_equal(faults.at[0].line, rows[i].line);
        assert_int_equal(faults.at[0].column, rows[i].column);
    }
}

static void what_can_be_read_on_is_read_on(void **state)
{
    (void)state;
    const struct yaml_node *root = parse("a: &x 1\na: 2\nb: off\nc: *x\nd: 4\n");
    assert_int_equal(faults.len, 4);
    assert_int_equal(yaml_find(root, "a")->number, 1);
    assert_int_equal(yaml_find(root, "c")->kind, YAML_NULL);
    assert_int_equal(yaml_find(root, "d")->number, 4);
}

static void depth_and_size_are_limited(void **state)
{
    (void)state;
    char deep[YAML_DEPTH_MAX * 2 + 2] = {0};
    memset(deep, '[', YAML_DEPTH_MAX + 1);
    assert_null(parse(deep));
    assert_string_equal(faults.at[0].reason.key, "yaml.depth");
    faults = (struct yaml_faults){0};
    struct str large = {arena_alloc(arena, YAML_BYTES_MAX + 1), YAML_BYTES_MAX + 1};
    assert_null(yaml_parse(arena, large, &faults));
    assert_string_equal(faults.at[0].reason.key, "yaml.too_large");
}

static void a_byte_order_mark_moves_no_column(void **state)
{
    (void)state;
    const struct yaml_node *root = parse("\xEF\xBB\xBFname: 1\n");
    assert_int_equal(root->first->key_column, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_key_and_value_knows_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_true_false_and_whole_numbers_are_more_than_text,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_may_be_a_word_for_truth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_refusal_names_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_can_be_read_on_is_read_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(depth_and_size_are_limited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_byte_order_mark_moves_no_column, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("kit/yaml", tests, NULL, NULL);
}
