/*
 * Encodings: told from the bytes, decoded in pieces of any size to the same text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/charset.h"

static enum charset found(struct str bytes)
{
    struct charset_probe probe = {0};
    charset_probe_feed(&probe, (const unsigned char *)bytes.at, bytes.len);
    return charset_probe_result(&probe);
}

static struct str decoded(struct arena *arena, enum charset charset, struct str bytes, size_t step)
{
    struct charset_decoder *decoder AUTO(charset_cleanup) = charset_open(arena, charset);
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    for (size_t at = 0; at < bytes.len; at += step)
        charset_decode(decoder, str_part(bytes, at, step), false, &out);
    charset_decode(decoder, S(""), true, &out);
    assert_int_equal(buf_status(&out), ST_OK);
    return buf_str(&out);
}

static void each_encoding_is_told_by_its_bytes(void **state)
{
    (void)state;
    assert_int_equal(found(S("a,b")), CHARSET_UTF8);
    assert_int_equal(found(S("序号")), CHARSET_UTF8);
    assert_int_equal(found(S("\xEF\xBB\xBF序号")), CHARSET_UTF8_BOM);
    assert_int_equal(found(S("\xD0\xF2\xBA\xC5")), CHARSET_GB18030);
    assert_int_equal(found(S("\xFF\xFE\x8F\x5E")), CHARSET_UTF16LE);
    assert_int_equal(found(S("\xFE\xFF\x5E\x8F")), CHARSET_UTF16BE);
    assert_string_equal(charset_name(CHARSET_UTF16BE), "utf-16be");
}

static void one_broken_byte_does_not_turn_utf8_into_gb18030(void **state)
{
    (void)state;
    assert_int_equal(found(S("\xFF")), CHARSET_GB18030);
    assert_int_equal(found(S("序号 1\xFF 受理编号 1\xE5\x81 行政区域 !")), CHARSET_UTF8);
}

static void pieces_of_any_size_give_the_same_text(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    static const struct {
        enum charset charset;
        struct str bytes;
    } rows[] = {
        {CHARSET_UTF8_BOM, STR_INIT("\xEF\xBB\xBF\xE5\xBA\x8F\xE5\x8F\xB7\xF0\xA0\x80\x80!")},
        {CHARSET_GB18030, STR_INIT("\xD0\xF2\xBA\xC5\x95\x32\x82\x36!")},
        {CHARSET_UTF16LE, STR_INIT("\xFF\xFE\x8F\x5E\xF7\x53\x40\xD8\x00\xDC!\0")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t step = 1; step < 16; step++) {
            struct str text = decoded(arena, rows[i].charset, rows[i].bytes, step);
            assert_true(str_eq(text, S("序号\xF0\xA0\x80\x80!")));
        }
}

static void undecodable_bytes_become_replacement_characters(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    assert_true(str_eq(decoded(arena, CHARSET_UTF8, S("a\xE5\x81z\0\x01"), 1), S("a��z� ")));
    assert_true(str_eq(decoded(arena, CHARSET_GB18030, S("a\xFFz\xD0"), 1), S("a�z�")));
    assert_true(str_eq(decoded(arena, CHARSET_UTF16LE, S("a\0z"), 1), S("a�")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_encoding_is_told_by_its_bytes),
        cmocka_unit_test(one_broken_byte_does_not_turn_utf8_into_gb18030),
        cmocka_unit_test(pieces_of_any_size_give_the_same_text),
        cmocka_unit_test(undecodable_bytes_become_replacement_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
