/*
 * Digests against the published vectors: GB/T 32905-2016 appendix A, FIPS 180-4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kit/hash.h"

static void expect(enum hash_profile profile, struct str text, const char *hex)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct hash *hash AUTO(hash_cleanup) = hash_new(profile);
    struct digest digest = hash_of(hash, text);
    assert_string_equal(str_c(arena, digest_hex(arena, &digest)), hex);
}

static void sm3_gives_the_digest_of_the_standard(void **state)
{
    (void)state;
    expect(HASH_GM, S("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    expect(HASH_GM, S("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"),
           "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

static void sha256_gives_the_digest_of_the_standard(void **state)
{
    (void)state;
    expect(HASH_INTL, S("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(HASH_INTL, S(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void text_in_pieces_has_the_digest_of_the_whole(void **state)
{
    (void)state;
    struct hash *hash AUTO(hash_cleanup) = hash_new(HASH_GM);
    struct digest whole = hash_of(hash, S("abc"));
    hash_begin(hash);
    hash_add(hash, "left over", 9);
    hash_begin(hash);
    hash_add(hash, "a", 1);
    hash_add(hash, "bc", 2);
    struct digest pieces = hash_end(hash);
    assert_true(digest_eq(&whole, &pieces));
}

static void hex_survives_the_round_trip_and_nothing_else_is_taken(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct hash *hash AUTO(hash_cleanup) = hash_new(HASH_INTL);
    struct digest digest = hash_of(hash, S("x"));
    struct digest back;
    struct str hex = digest_hex(arena, &digest);
    assert_true(digest_parse(hex, &back));
    assert_true(digest_eq(&digest, &back));
    assert_false(digest_parse(str_part(hex, 0, 63), &back));
    assert_false(digest_parse(
        S("E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), &back));
    assert_false(digest_parse(
        S("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sm3_gives_the_digest_of_the_standard),
        cmocka_unit_test(sha256_gives_the_digest_of_the_standard),
        cmocka_unit_test(text_in_pieces_has_the_digest_of_the_whole),
        cmocka_unit_test(hex_survives_the_round_trip_and_nothing_else_is_taken),
    };
    return cmocka_run_group_tests_name("kit/hash", tests, NULL, NULL);
}
