/*
 * JSON in and out: what is refused and where, that spelling survives, and the one canonical form.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/json_int.h"

enum { LIMIT = 64 * 1024 };

static int open_ctx(void **state)
{
    struct arena *arena = arena_new();
    struct ctx *ctx = arena_new_of(arena, struct ctx);
    ctx->arena = arena;
    *state = ctx;
    return 0;
}

static int close_ctx(void **state)
{
    struct ctx *ctx = *state;
    arena_free(ctx->arena);
    return 0;
}

static const char *again(struct ctx *ctx, const char *text, enum json_flags flags, bool canonical)
{
    struct value *value;
    struct buf out;
    buf_init(&out, ctx->arena, LIMIT);
    assert_int_equal(json_parse(ctx, str_of(text), LIMIT, flags, &value), ST_OK);
    if (canonical)
        json_print_canonical(&out, value);
    else
        json_print(&out, value);
    assert_int_equal(buf_status(&out), ST_OK);
    return str_c(ctx->arena, buf_str(&out));
}

static void members_keep_their_order(void **state)
{
    assert_string_equal(
        again(*state, " {\"b\": 1, \"a\": [ true, null, \"x\" ]}\n", JSON_STRICT, false),
        "{\"b\":1,\"a\":[true,null,\"x\"]}");
}

static void any_value_may_stand_at_the_top(void **state)
{
    assert_string_equal(again(*state, "\"a\"", JSON_STRICT, false), "\"a\"");
    assert_string_equal(again(*state, "-7", JSON_STRICT, false), "-7");
    assert_string_equal(again(*state, "null", JSON_STRICT, false), "null");
}

static void the_largest_whole_numbers_survive(void **state)
{
    assert_string_equal(again(*state, "[9007199254740991,-9007199254740991,0]", JSON_STRICT, false),
                        "[9007199254740991,-9007199254740991,0]");
}

static void minus_zero_is_zero(void **state)
{
    assert_string_equal(again(*state, "-0", JSON_STRICT, false), "0");
}

static void decimals_keep_their_spelling_as_text(void **state)
{
    assert_string_equal(
        again(*state, "{\"1.5\":[1.10,7,-0.5e+3],\"a\":2E2,\"b\":8}", JSON_DECIMALS_AS_TEXT, false),
        "{\"1.5\":[\"1.10\",7,\"-0.5e+3\"],\"a\":\"2E2\",\"b\":8}");
}

static void canonical_form_sorts_members_and_drops_null_ones(void **state)
{
    assert_string_equal(
        again(*state, "{\"b\":null,\"a\":{\"z\":1,\"Z\":2},\"\":[null]}", JSON_STRICT, true),
        "{\"\":[null],\"a\":{\"Z\":2,\"z\":1}}");
}

/* The example of RFC 8785 §3.2.3; its names are sorted by UTF-16 code units. */
static void canonical_form_sorts_by_code_units(void **state)
{
    assert_string_equal(
        again(*state,
              "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,"
              "\"\\u0080\":6,\"\\u00f6\":7}",
              JSON_STRICT, true),
        "{\"\\r\":2,\"1\":4,\"\xC2\x80\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\xEF\xAC\xB3\":3}");
}

static void canonical_form_escapes_as_little_as_possible(void **state)
{
    assert_string_equal(again(*state,
                              "\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"",
                              JSON_STRICT, true),
                        "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
}

struct fault {
    const char *text;
    const char *key;
    int line; /* 0: this fault has no place */
    int column;
};

static void assert_faults(struct ctx *ctx, enum status status, const struct fault *rows,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct value *value = NULL;
        fail_clear(ctx);
        assert_int_equal(json_parse(ctx, str_of(rows[i].text), LIMIT, JSON_STRICT, &value), status);
        const struct reason *reason = &ctx->failure.reason;
        assert_string_equal(reason->key, rows[i].key);
        assert_null(value);
        if (rows[i].line == 0)
            continue;
        assert_int_equal(reason->args[0].number, rows[i].line);
        assert_int_equal(reason->args[1].number, rows[i].column);
    }
}

static void numbers_that_are_not_whole_or_too_large_are_refused_at_their_place(void **state)
{
    static const struct fault rows[] = {
        {"1.5", "json.not_whole", 1, 1},
        {"{\"问题1.5\": [1,\n  2, 1e3]}", "json.not_whole", 2, 6},
        {"[\"\\\"1.5\", 7, 0.0]", "json.not_whole", 1, 14},
        {"{\"案\": 9007199254740992}", "json.number_range", 1, 7},
        {"[-9007199254740992]", "json.number_range", 1, 2},
        {"[123456789012345678901234567890]", "json.number_range", 1, 2},
    };
    assert_faults(*state, ST_INVALID, rows, COUNT_OF(rows));
}

static void texts_that_are_no_json_are_refused(void **state)
{
    static const struct fault rows[] = {
        {"", "json.syntax", 1, 0},
        {"{\"a\":1,}", "json.syntax", 1, 8},
        {"{\"a\":1,\"a\":2}", "json.syntax", 1, 10},
        {"[01]", "json.syntax", 1, 2},
        {"[1] x", "json.syntax", 1, 5},
        {"\"\\ud800\"", "json.syntax", 0, 0},
        {"\"\\u0000\"", "json.syntax", 0, 0},
        {"{\"\\u0000\":1}", "json.syntax", 0, 0},
        {"[1e999]", "json.syntax", 0, 0},
        {"NaN", "json.syntax", 0, 0},
        {"\"a\nb\"", "json.syntax", 0, 0},
        {"\"\xC3\x28\"", "json.not_text", 0, 0},
        {"\"\xED\xA0\x80\"", "json.not_text", 0, 0},
        {"\xEF\xBB\xBF{}", "json.syntax", 0, 0},
    };
    assert_faults(*state, ST_MALFORMED, rows, COUNT_OF(rows));
}

static void a_nul_byte_is_refused(void **state)
{
    struct value *value;
    assert_int_equal(json_parse(*state, S("[1]\0"), LIMIT, JSON_STRICT, &value), ST_MALFORMED);
}

static struct str nested(struct arena *arena, int depth)
{
    struct buf text;
    buf_init(&text, arena, LIMIT);
    for (int i = 0; i < depth; i++)
        buf_c(&text, i % 2 == 0 ? "[" : "{\"a\":");
    for (int i = depth; i-- > 0;)
        buf_c(&text, i % 2 == 0 ? "]" : "}");
    return buf_str(&text);
}

static void nesting_ends_at_the_limit(void **state)
{
    struct ctx *ctx = *state;
    struct value *value;
    struct str deepest = nested(ctx->arena, JSON_DEPTH_MAX - 1); /* ends in an empty list */
    assert_int_equal(json_parse(ctx, deepest, LIMIT, JSON_STRICT, &value), ST_OK);
    struct str deeper = nested(ctx->arena, JSON_DEPTH_MAX + 1);
    assert_int_equal(json_parse(ctx, deeper, LIMIT, JSON_STRICT, &value), ST_MALFORMED);
    assert_string_equal(ctx->failure.reason.key, "json.depth");
}

static void brackets_inside_strings_do_not_nest(void **state)
{
    struct ctx *ctx = *state;
    struct value *value;
    struct buf text;
    buf_init(&text, ctx->arena, LIMIT);
    buf_c(&text, "[\"\\\"");
    for (int i = 0; i < 100; i++)
        buf_char(&text, '[');
    buf_c(&text, "\"]");
    assert_int_equal(json_parse(ctx, buf_str(&text), LIMIT, JSON_STRICT, &value), ST_OK);
}

static void size_and_members_are_limited(void **state)
{
    struct ctx *ctx = *state;
    struct value *value;
    assert_int_equal(json_parse(ctx, S("[1,2]"), 4, JSON_STRICT, &value), ST_LIMIT);
    assert_string_equal(ctx->failure.reason.key, "json.too_large");
    fail_clear(ctx);
    struct buf text;
    buf_init(&text, ctx->arena, LIMIT);
    for (int i = 0; i <= JSON_MEMBERS_MAX; i++)
        buf_printf(&text, "%c\"%d\":0", i == 0 ? '{' : ',', i);
    buf_char(&text, '}');
    assert_int_equal(json_parse(ctx, buf_str(&text), LIMIT, JSON_STRICT, &value), ST_LIMIT);
    assert_string_equal(ctx->failure.reason.key, "json.members");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_ctx, close_ctx)

static void the_plain_reader_leaves_to_the_other_what_it_does_not_know(void **state)
{
    struct ctx *ctx = *state;
    static const struct {
        const char *text;
        bool plain;
        const char *why;
    } rows[] = {
        {"{\"a\":[1,-2,true,false,null,\"x\"],\"b\":{}}", true, "what our printer writes"},
        {" { \"b\" : 1 ,\n\t\"a\" : [ ] } ", true, "blanks, keys in any order"},
        {"\"污水\"", true, "a text alone"},
        {"999999999999999", true, "fifteen digits"},
        {"9999999999999999", false, "sixteen may be out of range"},
        {"\"a\\nb\"", false, "an escape"},
        {"\"a\nb\"", false, "a line feed inside a text"},
        {"1.5", false, "a fraction"},
        {"1e3", false, "an exponent"},
        {"01", false, "a leading nought"},
        {"-0", false, "no nought is negative"},
        {"{\"b\":1,\"a\":1,\"b\":2}", false, "a name twice"},
        {"{\"a\":1,}", false, "a comma too many"},
        {"[1 2]", false, "a comma too few"},
        {"[1]x", false, "something behind it"},
        {"[", false, "no end"},
        {"", false, "nothing"},
        {"tru", false, "a piece of a word"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct value *plain, *any;
        bool taken = json_read_plain(ctx->arena, str_of(rows[i].text), &plain);
        if (taken != rows[i].plain)
            print_error("%s: %s\n", rows[i].why, rows[i].text);
        assert_int_equal(taken, rows[i].plain);
        if (!taken)
            continue;
        assert_int_equal(json_read_any(ctx, str_of(rows[i].text), JSON_STRICT, &any), ST_OK);
        assert_true(value_eq(plain, any));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_plain_reader_leaves_to_the_other_what_it_does_not_know),
        TEST(members_keep_their_order),
        TEST(any_value_may_stand_at_the_top),
        TEST(the_largest_whole_numbers_survive),
        TEST(minus_zero_is_zero),
        TEST(decimals_keep_their_spelling_as_text),
        TEST(canonical_form_sorts_members_and_drops_null_ones),
        TEST(canonical_form_sorts_by_code_units),
        TEST(canonical_form_escapes_as_little_as_possible),
        TEST(numbers_that_are_not_whole_or_too_large_are_refused_at_their_place),
        TEST(texts_that_are_no_json_are_refused),
        TEST(a_nul_byte_is_refused),
        TEST(nesting_ends_at_the_limit),
        TEST(brackets_inside_strings_do_not_nest),
        TEST(size_and_members_are_limited),
    };
    return cmocka_run_group_tests_name("kit/json", tests, NULL, NULL);
}
