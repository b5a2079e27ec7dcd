/*
 * Merkle trees against the vectors of the first implementations of RFC 6962, and against the plain
 * recursion of its text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kit/merkle.h"

/* RFC 9162 §2.1.1, word for word. */
static struct digest root_of(const struct digest *leaves, int64_t count)
{
    if (count == 1)
        return leaves[0];
    int64_t split = merkle_split(count);
    struct digest left = root_of(leaves, split), right = root_of(leaves + split, count - split);
    return merkle_node(CRYPTO_SM3, &left, &right);
}

static void roots_are_those_of_the_published_vectors(void **state)
{
    static const struct {
        struct str data;
        const char *root;
    } steps[] = {
        {STR_INIT(""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {{"\x00", 1}, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {STR_INIT("\x10"), "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {STR_INIT("\x20\x21"), "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {STR_INIT("\x30\x31"), "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    };
    struct merkle_edge edge = {0};
    struct digest made[MERKLE_LEVELS], want;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        (void)merkle_grow(CRYPTO_SHA256, &edge, merkle_leaf(CRYPTO_SHA256, steps[i].data), made);
        struct digest root = merkle_root(CRYPTO_SHA256, &edge);
        assert_true(digest_parse(str_of(steps[i].root), &want));
        assert_true(digest_eq(&root, &want));
    }
}

static void empty_tree_is_the_hash_of_nothing(void **state)
{
    const struct merkle_edge edge = {0};
    (void)state;
    struct digest root = merkle_root(CRYPTO_SM3, &edge), want = crypto_digest(CRYPTO_SM3, S(""));
    assert_true(digest_eq(&root, &want));
}

enum { LEAVES = 300 };

static void growing_gives_what_the_recursion_gives(void **state)
{
    struct digest leaves[LEAVES], made[MERKLE_LEVELS], whole[LEAVES];
    struct merkle_edge edge = {0};
    (void)state;
    for (int i = 0; i < LEAVES; i++) {
        leaves[i] = merkle_leaf(CRYPTO_SM3, (struct str){(const char *)&i, sizeof i});
        int levels = merkle_grow(CRYPTO_SM3, &edge, leaves[i], made);
        struct digest root = merkle_root(CRYPTO_SM3, &edge), want = root_of(leaves, i + 1);
        assert_true(digest_eq(&root, &want));
        /* What became whole is the fold of its leaves. */
        size_t count = (size_t)1 << (levels - 1);
        memcpy(whole, leaves + i + 1 - count, count * sizeof *whole);
        want = merkle_fold(CRYPTO_SM3, whole, count);
        assert_true(digest_eq(&made[levels - 1], &want));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_the_published_vectors),
        cmocka_unit_test(empty_tree_is_the_hash_of_nothing),
        cmocka_unit_test(growing_gives_what_the_recursion_gives),
    };
    return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
