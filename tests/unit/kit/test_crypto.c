/*
 * Digests, codes, seals and signatures against published vectors; text forms against their inverses.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kit/crypto.h"

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct ctx *ctx = arena_new_of(arena, struct ctx);
    ctx->arena = arena;
    *state = ctx;
    return 0;
}

static int close_world(void **state)
{
    struct ctx *ctx = *state;
    arena_free(ctx->arena);
    return 0;
}

static const char *hex(struct ctx *ctx, struct digest digest)
{
    return str_c(ctx->arena, digest_format(ctx->arena, &digest));
}

static void digests_are_those_of_the_standards(void **state)
{
    struct ctx *ctx = *state;
    assert_string_equal(hex(ctx, crypto_digest(CRYPTO_SHA256, S("abc"))),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    /* GB/T 32905-2016, A.1 */
    assert_string_equal(hex(ctx, crypto_digest(CRYPTO_SM3, S("abc"))),
                        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_string_equal(hex(ctx, crypto_digest(CRYPTO_SHA256, (struct str){0})),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    /* RFC 4231, case 2 */
    assert_string_equal(
        hex(ctx, crypto_hmac(CRYPTO_SHA256, S("Jefe"), S("what do ya want for nothing?"))),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void a_digest_by_pieces_is_the_digest_of_the_whole(void **state)
{
    struct ctx *ctx = *state;
    struct str text = S("0123456789abcdefghijklmnopqrstuvwxyz");
    for (int hash = 0; hash < CRYPTO_HASH_COUNT; hash++) {
        struct crypto_stream *stream = crypto_stream_open((enum crypto_hash)hash);
        for (size_t i = 0; i < text.len; i += 7) {
            struct str piece = str_part(text, i, 7);
            crypto_stream_add(stream, piece.at, piece.len);
        }
        assert_string_equal(hex(ctx, crypto_stream_end(stream)),
                            hex(ctx, crypto_digest((enum crypto_hash)hash, text)));
    }
}

static void a_file_is_digested_from_its_first_byte(void **state)
{
    struct ctx *ctx = *state;
    int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "abc", 3), 3);
    struct digest digest, right = crypto_digest(CRYPTO_SM3, S("abc"));
    int64_t size;
    assert_int_equal(crypto_digest_file(ctx, CRYPTO_SM3, fd, &digest, &size), ST_OK);
    assert_true(digest_eq(&digest, &right));
    assert_int_equal(size, 3);
    close(fd);
    assert_int_equal(crypto_digest_file(ctx, CRYPTO_SM3, fd, &digest, &size), ST_IO);
}

static void digests_are_read_in_lower_case_only(void **state)
{
    struct ctx *ctx = *state;
    struct digest digest = crypto_digest(CRYPTO_SHA256, S("abc")), back;
    struct str text = digest_format(ctx->arena, &digest);
    assert_true(digest_parse(text, &back));
    assert_true(digest_eq(&digest, &back));
    assert_false(digest_parse(str_part(text, 0, 63), &back));
    assert_false(
        digest_parse(S("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), &back));
}

static void base64url_survives_the_round_trip_at_every_length(void **state)
{
    struct ctx *ctx = *state;
    char bytes[67];
    crypto_random(bytes, sizeof bytes);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct str back, text = base64url_format(ctx->arena, (struct str){bytes, len});
        assert_true(base64url_parse(ctx->arena, text, &back));
        assert_true(str_eq(back, (struct str){bytes, len}));
    }
    assert_true(str_eq_c(base64url_format(ctx->arena, S("\xFB\xFF\xFE")), "-__-"));
}

static void base64url_refuses_what_it_would_not_write(void **state)
{
    struct ctx *ctx = *state;
    static const char *const wrong[] = {"A", "AA==", "AB", "AAB", "A A", "AA+A", "AA/A", "AAAAA"};
    struct str out;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(base64url_parse(ctx->arena, str_of(wrong[i]), &out));
    assert_false(base64url_parse(ctx->arena, (struct str){"AA\0A", 4}, &out));
}

static void tokens_differ_and_hold_the_bytes_asked_for(void **state)
{
    struct ctx *ctx = *state;
    struct str a = crypto_token(ctx->arena, 32), b = crypto_token(ctx->arena, 32);
    assert_int_equal(a.len, 43);
    assert_false(crypto_equal(a, b));
    assert_true(crypto_equal(a, str_copy(ctx->arena, a)));
    assert_true(crypto_equal((struct str){0}, S("")));
}

/* RFC 8032 §7.1, test 2 */
static void signatures_are_those_of_the_rfc(void **state)
{
    struct ctx *ctx = *state;
    struct digest seed, public_right;
    assert_true(
        digest_parse(S("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"), &seed));
    assert_true(digest_parse(S("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
                             &public_right));
    struct sign_seed private;
    memcpy(private.bytes, seed.bytes, sizeof private.bytes);
    struct sign_public public = sign_public_of(&private);
    assert_memory_equal(public.bytes, public_right.bytes, sizeof public.bytes);

    struct signature signature = sign_make(&private, S("\x72"));
    struct digest first_half;
    memcpy(first_half.bytes, signature.bytes, sizeof first_half.bytes);
    assert_string_equal(hex(ctx, first_half),
                        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da");
    assert_true(sign_holds(&public, S("\x72"), &signature));
    assert_false(sign_holds(&public, S("\x73"), &signature));
    signature.bytes[40] ^= 1;
    assert_false(sign_holds(&public, S("\x72"), &signature));
}

/* RFC 8439, 2.8.2 */
static void what_is_sealed_is_that_of_the_rfc(void **state)
{
    struct ctx *ctx = *state;
    const struct str plain = S("Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
                               "for the future, sunscreen would be it.");
    static const unsigned char nonce[] = {7, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
    unsigned char beside[12];
    struct seal_key key;
    struct str out;
    for (size_t i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (unsigned char)(0x80 + i);
    assert_true(hex_parse(S("50515253c0c1c2c3c4c5c6c7"), beside, sizeof beside));
    const struct str with = {(const char *)beside, sizeof beside};
    struct str sealed = crypto_seal(ctx->arena, &key, nonce, with, plain);
    assert_int_equal(sealed.len, plain.len + CRYPTO_TAG_BYTES);
    assert_true(str_eq_c(hex_format(ctx->arena, (const unsigned char *)sealed.at, 16),
                         "d31a8d34648e60db7b86afbc53ef7ec2"));
    assert_true(str_eq_c(hex_format(ctx->arena, (const unsigned char *)sealed.at + plain.len, 16),
                         "1ae10b594f09e26a7e902ecbd0600691"));
    assert_true(crypto_unseal(ctx->arena, &key, nonce, with, sealed, &out));
    assert_true(str_eq(out, plain));
}

static void sealed_bytes_that_were_changed_are_refused(void **state)
{
    struct ctx *ctx = *state;
    const struct seal_key key = {{1}}, other = {{2}};
    static const unsigned char nonce[CRYPTO_NONCE_BYTES] = {3};
    struct str out, sealed = crypto_seal(ctx->arena, &key, nonce, S("a"), S("told"));
    assert_true(crypto_unseal(ctx->arena, &key, nonce, S("a"), sealed, &out));
    assert_false(crypto_unseal(ctx->arena, &other, nonce, S("a"), sealed, &out));
    assert_false(crypto_unseal(ctx->arena, &key, nonce, S("b"), sealed, &out));
    assert_false(crypto_unseal(ctx->arena, &key, nonce, S("a"), str_part(sealed, 0, 8), &out));
    for (size_t i = 0; i < sealed.len; i++) {
        char *bytes = arena_copy(ctx->arena, sealed.at, sealed.len);
        bytes[i] ^= 1;
        assert_false(crypto_unseal(ctx->arena, &key, nonce, S("a"), (struct str){bytes, sealed.len}, &out));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(digests_are_those_of_the_standards),
        TEST(a_digest_by_pieces_is_the_digest_of_the_whole),
        TEST(a_file_is_digested_from_its_first_byte),
        TEST(digests_are_read_in_lower_case_only),
        TEST(base64url_survives_the_round_trip_at_every_length),
        TEST(base64url_refuses_what_it_would_not_write),
        TEST(tokens_differ_and_hold_the_bytes_asked_for),
        TEST(signatures_are_those_of_the_rfc),
        TEST(what_is_sealed_is_that_of_the_rfc),
        TEST(sealed_bytes_that_were_changed_are_refused),
    };
    return cmocka_run_group_tests_name("kit/crypto", tests, NULL, NULL);
}
