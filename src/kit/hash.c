/*
 * Digests over OpenSSL's EVP. A failure here is an OpenSSL without SM3 or SHA-256, or exhausted
 * memory: nothing that an input could cause, so it ends the process.
 */
#include "kit/hash.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

struct hash {
    EVP_MD *algorithm;
    EVP_MD_CTX *state;
};

static const struct {
    const char *name;
    const char *algorithm;
} profiles[HASH_PROFILE_COUNT] = {
    [HASH_GM] = {"gm", "SM3"},
    [HASH_INTL] = {"intl", "SHA256"},
};

struct hash *hash_new(enum hash_profile profile)
{
    struct hash *hash = calloc(1, sizeof *hash);
    must(hash != NULL);
    hash->algorithm = EVP_MD_fetch(NULL, profiles[profile].algorithm, NULL);
    hash->state = EVP_MD_CTX_new();
    must(hash->algorithm != NULL && hash->state != NULL);
    hash_begin(hash);
    return hash;
}

void hash_free(struct hash *hash)
{
    if (hash == NULL)
        return;
    EVP_MD_CTX_free(hash->state);
    EVP_MD_free(hash->algorithm);
    free(hash);
}

void hash_cleanup(struct hash **hash)
{
    hash_free(*hash);
}

void hash_begin(struct hash *hash)
{
    must(EVP_DigestInit_ex2(hash->state, hash->algorithm, NULL) == 1);
}

void hash_add(struct hash *hash, const void *bytes, size_t len)
{
    must(EVP_DigestUpdate(hash->state, bytes, len) == 1);
}

struct digest hash_end(struct hash *hash)
{
    struct digest digest;
    unsigned int len = 0;
    must(EVP_DigestFinal_ex(hash->state, digest.bytes, &len) == 1 && len == HASH_BYTES);
    return digest;
}

struct digest hash_of(struct hash *hash, struct str text)
{
    hash_begin(hash);
    hash_add(hash, text.at, text.len);
    return hash_end(hash);
}

struct str digest_hex(struct arena *arena, const struct digest *digest)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = arena_alloc(arena, HASH_HEX);
    for (size_t i = 0; i < HASH_BYTES; i++) {
        hex[2 * i] = digits[digest->bytes[i] >> 4];
        hex[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    return (struct str){hex, HASH_HEX};
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool digest_parse(struct str hex, struct digest *out)
{
    struct digest digest;
    if (hex.len != HASH_HEX)
        return false;
    for (size_t i = 0; i < HASH_BYTES; i++) {
        int high = nibble(hex.at[2 * i]);
        int low = nibble(hex.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        digest.bytes[i] = (unsigned char)(high << 4 | low);
    }
    *out = digest;
    return true;
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

const char *hash_profile_name(enum hash_profile profile)
{
    return profiles[profile].name;
}

bool hash_profile_parse(struct str name, enum hash_profile *out)
{
    for (enum hash_profile p = 0; p < HASH_PROFILE_COUNT; p++)
        if (str_eq_c(name, profiles[p].name)) {
            *out = p;
            return true;
        }
    return false;
}
