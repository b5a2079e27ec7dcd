/*
 * Catalogues and sentences: what the format accepts, how values are written in either language,
 * and that whatever is missing can be seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/furniture.h"
#include "kit/words.h"

struct world {
    struct ctx ctx;
    struct words_book *book;
};

#define ZH                                                                                         \
    "# 说明\n\n"                                                                                 \
    "plain = 好的\n"                                                                             \
    "size = 文件有 {size}\n"                                                                    \
    "day.text = {year}年{month}月{day}日\nmonth.11 = 11\nday.none = —\n"                      \
    "instant.text = {day} {time}\nunit.kib = {number} KiB\nunit.bytes = {number} 字节\n"         \
    "unit.mib = {number} MiB\nunit.gib = {number} GiB\n"                                           \
    "cases[other] = {n} 件\ndue = {due} 前由{who}办结\n"
#define EN                                                                                         \
    "plain=Fine\r\n"                                                                               \
    "size = The file has {size}\n"                                                                 \
    "day.text = {day} {month} {year}\nmonth.11 = Nov\nday.none = —\n"                            \
    "instant.text = {day} {time}\nunit.kib = {number} KiB\nunit.bytes = {number} B\n"              \
    "unit.mib = {number} MiB\nunit.gib = {number} GiB\n"                                           \
    "cases[one] = {n} case\ncases[other] = {n} cases\n"                                            \
    "due = {who} must finish by {due}\nbraces = {{n}} is\\n{n}\n"

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    w->book = words_book_new(arena);
    assert_int_equal(words_book_add(&w->ctx, w->book, LANG_ZH, S("zh-CN.msg"), S(ZH)), ST_OK);
    assert_int_equal(words_book_add(&w->ctx, w->book, LANG_EN, S("en.msg"), S(EN)), ST_OK);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    arena_free(w->ctx.arena);
    return 0;
}

static const char *say(struct world *w, enum lang lang, const char *key, struct args args)
{
    return str_c(w->ctx.arena, words_format(w->ctx.arena, w->book, lang, str_of(key), args));
}

static void a_key_has_a_sentence_in_each_language(void **state)
{
    struct world *w = *state;
    assert_string_equal(say(w, LANG_ZH, "plain", NO_ARGS), "好的");
    assert_string_equal(say(w, LANG_EN, "plain", NO_ARGS), "Fine");
    assert_true(str_eq(words_find(w->book, LANG_EN, S("plain")), S("Fine")));
}

static void english_counts_one_and_other_and_chinese_does_not(void **state)
{
    struct world *w = *state;
    assert_string_equal(say(w, LANG_EN, "cases", ARGS(arg_int("n", 1))), "1 case");
    assert_string_equal(say(w, LANG_EN, "cases", ARGS(arg_int("n", 0))), "0 cases");
    assert_string_equal(say(w, LANG_EN, "cases", ARGS(arg_int("n", 11))), "11 cases");
    assert_string_equal(say(w, LANG_ZH, "cases", ARGS(arg_int("n", 1))), "1 件");
}

static void days_and_labels_are_written_as_the_language_has_them(void **state)
{
    struct world *w = *state;
    struct words who = {S("整改办"), S("the office")};
    struct args args = ARGS(arg_day("due", day_of(2026, 11, 22)), arg_words("who", who));
    assert_string_equal(say(w, LANG_ZH, "due", args), "2026年11月22日 前由整改办办结");
    assert_string_equal(say(w, LANG_EN, "due", args), "the office must finish by 22 Nov 2026");
}

static void an_instant_is_told_on_the_office_clock(void **state)
{
    struct world *w = *state;
    struct arg at = arg_instant("at", (struct instant){INT64_C(1795341900000)}); /* 10:05Z */
    struct str text = words_value(w->ctx.arena, w->book, LANG_ZH, &at);
    assert_true(str_eq(text, S("2026年11月22日 18:05")));
}

static void an_absent_day_is_a_dash(void **state)
{
    struct world *w = *state;
    struct arg none = arg_day("due", DAY_NONE);
    assert_true(str_eq(words_value(w->ctx.arena, w->book, LANG_EN, &none), S("—")));
}

static void sizes_take_the_unit_that_reads_best(void **state)
{
    struct world *w = *state;
    static const struct {
        int64_t bytes;
        const char *text;
    } rows[] = {{0, "The file has 0 B"},
                {1023, "The file has 1023 B"},
                {1024, "The file has 1 KiB"},
                {1536, "The file has 1.5 KiB"},
                {10 * 1024 + 512, "The file has 10 KiB"},
                {20 * 1024 * 1024, "The file has 20 MiB"},
                {INT64_C(3) << 40, "The file has 3072 GiB"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(say(w, LANG_EN, "size", ARGS(arg_bytes("size", rows[i].bytes))),
                            rows[i].text);
}

static void doubled_braces_and_line_feeds_are_literal(void **state)
{
    struct world *w = *state;
    assert_string_equal(say(w, LANG_EN, "braces", ARGS(arg_int("n", -7))), "{n} is\n-7");
}

static void what_is_missing_is_seen_and_counted(void **state)
{
    struct world *w = *state;
    assert_string_equal(say(w, LANG_ZH, "no.such", NO_ARGS), "[no.such]");
    assert_string_equal(say(w, LANG_ZH, "size", NO_ARGS), "文件有 {size}");
    assert_int_equal(words_missing(w->book), 2);
}

static void a_reason_tells_what_would_satisfy_it(void **state)
{
    struct world *w = *state;
    struct reason reason = reason_make("cases", ARGS(arg_int("n", 2)));
    struct arena *arena = w->ctx.arena;
    assert_true(str_eq(words_reason(arena, w->book, LANG_EN, &reason), S("2 cases")));
    assert_null(words_needs(arena, w->book, LANG_EN, &reason).at);
    reason.needs = "plain";
    assert_true(str_eq(words_needs(arena, w->book, LANG_EN, &reason), S("Fine")));
}

static void a_label_without_a_word_in_this_language_takes_the_other(void **state)
{
    (void)state;
    assert_true(str_eq(words_label(LANG_EN, (struct words){.zh = S("验收")}), S("验收")));
    assert_true(str_eq(words_label(LANG_ZH, (struct words){.en = S("accept")}), S("accept")));
}

static void a_broken_catalogue_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *key;
        int line;
    } rows[] = {{"a = 1\nno equals here\n", "words.line_wrong", 2},
                {"a =\n", "words.line_wrong", 1},
                {"Upper = 1\n", "words.key_wrong", 1},
                {"a..b = 1\n", "words.key_wrong", 1},
                {"a[few] = 1\n", "words.key_wrong", 1},
                {"a = 1\n# x\na = 2\n", "words.key_twice", 3},
                {"a[other] = 1\na = 2\n", "words.key_twice", 2},
                {"a[one] = 1\n", "words.other_missing", 1},
                {"a = {\n", "words.place_wrong", 1},
                {"a = {Name}\n", "words.place_wrong", 1},
                {"a = b}\n", "words.place_wrong", 1},
                {"a = \xFF\n", "words.not_text", 0}};
    struct world *w = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct words_book *book = words_book_new(w->ctx.arena);
        fail_clear(&w->ctx);
        assert_int_equal(words_book_add(&w->ctx, book, LANG_EN, S("x.msg"), str_of(rows[i].text)),
                         ST_INVALID);
        const struct reason *reason = &w->ctx.failure.reason;
        assert_string_equal(reason->key, rows[i].key);
        assert_int_equal(reason->args[1].number, rows[i].line);
    }
}

static struct words_book *open_house(struct ctx *ctx)
{
    struct furniture *furniture;
    struct words_book *book;
    assert_int_equal(furniture_open(ctx, ctx->arena, furniture_files, furniture_file_count,
                                    (struct str){0}, &furniture),
                     ST_OK);
    assert_int_equal(furniture_open_words(ctx, furniture, ctx->arena, &book), ST_OK);
    return book;
}

static void every_status_has_a_sentence_in_the_catalogues_of_the_house(void **state)
{
    struct world *w = *state;
    struct words_book *book = open_house(&w->ctx);
    for (enum status code = ST_OK; code < ST_COUNT; code++)
        for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++)
            assert_non_null(words_find(book, lang, str_of(status_key(code))).at);
}

static void days_read_naturally_in_the_catalogues_of_the_house(void **state)
{
    struct world *w = *state;
    struct words_book *book = open_house(&w->ctx);
    struct arg day = arg_day("day", day_of(2026, 11, 22));
    struct arena *arena = w->ctx.arena;
    assert_true(str_eq(words_value(arena, book, LANG_ZH, &day), S("2026年11月22日")));
    assert_true(str_eq(words_value(arena, book, LANG_EN, &day), S("22 Nov 2026")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_has_a_sentence_in_each_language),
        TEST(english_counts_one_and_other_and_chinese_does_not),
        TEST(days_and_labels_are_written_as_the_language_has_them),
        TEST(an_instant_is_told_on_the_office_clock),
        TEST(an_absent_day_is_a_dash),
        TEST(sizes_take_the_unit_that_reads_best),
        TEST(doubled_braces_and_line_feeds_are_literal),
        TEST(what_is_missing_is_seen_and_counted),
        TEST(a_reason_tells_what_would_satisfy_it),
        TEST(a_label_without_a_word_in_this_language_takes_the_other),
        TEST(every_status_has_a_sentence_in_the_catalogues_of_the_house),
        TEST(days_read_naturally_in_the_catalogues_of_the_house),
        TEST(a_broken_catalogue_is_refused_with_its_line),
    };
    return cmocka_run_group_tests_name("kit/words", tests, NULL, NULL);
}
