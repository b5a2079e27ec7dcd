/*
 * OpenSSL behind our own words. Whatever can only fail because memory is gone or OpenSSL was built
 * without the algorithm is asserted: neither is something a caller could answer.
 */
#include "kit/crypto.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { READ_BYTES = 64 * 1024 };

void crypto_random(void *out, size_t len)
{
    unsigned char *at = out;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        must(got > 0 || errno == EINTR);
        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
}

struct str crypto_token(struct arena *arena, size_t bytes)
{
    unsigned char random[64];
    must(bytes >= 16 && bytes <= sizeof random);
    crypto_random(random, bytes);
    struct str token = base64url_format(arena, (struct str){(const char *)random, bytes});
    OPENSSL_cleanse(random, sizeof random);
    return token;
}

bool crypto_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.at, b.at, a.len) == 0);
}

static const EVP_MD *md_of(enum crypto_hash hash)
{
    switch (hash) {
    case CRYPTO_SHA256: return EVP_sha256();
    case CRYPTO_SM3: return EVP_sm3();
    case CRYPTO_HASH_COUNT: break;
    }
    must(hash < CRYPTO_HASH_COUNT);
    return NULL;
}

struct digest crypto_digest(enum crypto_hash hash, struct str bytes)
{
    struct digest out;
    unsigned int len = 0;
    must(EVP_Digest(bytes.at, bytes.len, out.bytes, &len, md_of(hash), NULL) == 1);
    must(len == sizeof out.bytes);
    return out;
}

struct digest crypto_hmac(enum crypto_hash hash, struct str key, struct str message)
{
    struct digest out;
    unsigned int len = 0;
    must(key.len <= INT32_MAX);
    must(HMAC(md_of(hash), key.len == 0 ? "" : key.at, (int)key.len,
              (const unsigned char *)message.at, message.len, out.bytes, &len) != NULL);
    must(len == sizeof out.bytes);
    return out;
}

/* The stream is OpenSSL's own context under our name. */
struct crypto_stream *crypto_stream_open(enum crypto_hash hash)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    must(md != NULL);
    must(EVP_DigestInit_ex(md, md_of(hash), NULL) == 1);
    return (struct crypto_stream *)md;
}

void crypto_stream_add(struct crypto_stream *stream, const void *bytes, size_t len)
{
    must(EVP_DigestUpdate((EVP_MD_CTX *)stream, bytes, len) == 1);
}

struct digest crypto_stream_end(struct crypto_stream *stream)
{
    struct digest out;
    unsigned int len = 0;
    must(EVP_DigestFinal_ex((EVP_MD_CTX *)stream, out.bytes, &len) == 1);
    must(len == sizeof out.bytes);
    EVP_MD_CTX_free((EVP_MD_CTX *)stream);
    return out;
}

void crypto_stream_close(struct crypto_stream *stream)
{
    EVP_MD_CTX_free((EVP_MD_CTX *)stream);
}

enum status crypto_digest_file(struct ctx *ctx, enum crypto_hash hash, int fd, struct digest *out,
                               int64_t *out_size)
{
    struct arena_mark mark = arena_mark(ctx->arena);
    char *bytes = arena_alloc(ctx->arena, READ_BYTES);
    struct crypto_stream *stream = crypto_stream_open(hash);
    int64_t size = 0;
    ssize_t got;
    while ((got = pread(fd, bytes, READ_BYTES, size)) > 0 || (got < 0 && errno == EINTR)) {
        if (got < 0)
            continue;
        crypto_stream_add(stream, bytes, (size_t)got);
        size += got;
    }
    int error = errno;
    struct digest digest = crypto_stream_end(stream);
    arena_return(ctx->arena, mark);
    if (got < 0)
        return fail(ctx, ST_IO, "io.read", ARGS(arg_c("error", strerrorname_np(error))));
    *out = digest;
    *out_size = size;
    return ST_OK;
}

bool digest_eq(const struct digest *a, const struct digest *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

struct str hex_format(struct arena *arena, const unsigned char *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(arena, 2 * len);
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return (struct str){text, 2 * len};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_parse(struct str text, unsigned char *out, size_t len)
{
    if (text.len != 2 * len)
        return false;
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text.at[2 * i]), low = hex_digit(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

struct str digest_format(struct arena *arena, const struct digest *digest)
{
    return hex_format(arena, digest->bytes, sizeof digest->bytes);
}

bool digest_parse(struct str text, struct digest *out)
{
    struct digest digest;
    if (!hex_parse(text, digest.bytes, sizeof digest.bytes))
        return false;
    *out = digest;
    return true;
}

static const char base64url_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct str base64url_format(struct arena *arena, struct str bytes)
{
    char *text = arena_alloc(arena, bytes.len / 3 * 4 + 4);
    size_t len = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i < 3 ? bytes.len - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < left ? (unsigned char)bytes.at[i + k] : 0);
        for (size_t k = 0; k <= left; k++)
            text[len++] = base64url_digits[group >> (18 - 6 * k) & 63];
    }
    return (struct str){text, len};
}

bool base64url_parse(struct arena *arena, struct str text, struct str *out)
{
    if (text.len % 4 == 1)
        return false;
    char *bytes = arena_alloc(arena, text.len / 4 * 3 + 3);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *digit = text.at[i] == '\0' ? NULL : strchr(base64url_digits, text.at[i]);
        if (digit == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(digit - base64url_digits);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[len++] = (char)(bits >> held & 0xFF);
        }
    }
    if ((bits & ((UINT32_C(1) << held) - 1)) != 0)
        return false;
    *out = (struct str){bytes, len};
    return true;
}

static EVP_PKEY *key_of(const struct sign_seed *seed)
{
    EVP_PKEY *key =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed->bytes, sizeof seed->bytes);
    must(key != NULL);
    return key;
}

struct sign_public sign_public_of(const struct sign_seed *seed)
{
    struct sign_public out;
    size_t len = sizeof out.bytes;
    EVP_PKEY *key = key_of(seed);
    must(EVP_PKEY_get_raw_public_key(key, out.bytes, &len) == 1 && len == sizeof out.bytes);
    EVP_PKEY_free(key);
    return out;
}

struct signature sign_make(const struct sign_seed *seed, struct str message)
{
    struct signature out;
    size_t len = sizeof out.bytes;
    EVP_PKEY *key = key_of(seed);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    must(md != NULL && EVP_DigestSignInit(md, NULL, NULL, NULL, key) == 1);
    must(EVP_DigestSign(md, out.bytes, &len, (const unsigned char *)message.at, message.len) == 1);
    must(len == sizeof out.bytes);
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(key);
    return out;
}

bool sign_holds(const struct sign_public *public, struct str message,
                const struct signature *signature)
{
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public->bytes, sizeof public->bytes);
    if (key == NULL)
        return false;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    must(md != NULL && EVP_DigestVerifyInit(md, NULL, NULL, NULL, key) == 1);
    bool holds = EVP_DigestVerify(md, signature->bytes, sizeof signature->bytes,
                                  (const unsigned char *)message.at, message.len) == 1;
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(key);
    return holds;
}

/* ---- sealing ---- */

struct str crypto_seal(struct arena *arena, const struct seal_key *key, const unsigned char *nonce,
                       struct str beside, struct str plain)
{
    unsigned char *out = arena_alloc(arena, plain.len + CRYPTO_TAG_BYTES);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    int len = 0, last = 0;
    must(plain.len < INT32_MAX && beside.len < INT32_MAX && cipher != NULL);
    must(EVP_EncryptInit_ex(cipher, EVP_chacha20_poly1305(), NULL, key->bytes, nonce) == 1);
    must(EVP_EncryptUpdate(cipher, NULL, &len, (const unsigned char *)beside.at, (int)beside.len) ==
         1);
    must(EVP_EncryptUpdate(cipher, out, &len, (const unsigned char *)plain.at, (int)plain.len) == 1);
    must(EVP_EncryptFinal_ex(cipher, out + len, &last) == 1);
    must((size_t)(len + last) == plain.len);
    must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, CRYPTO_TAG_BYTES, out + plain.len) == 1);
    EVP_CIPHER_CTX_free(cipher);
    return (struct str){(const char *)out, plain.len + CRYPTO_TAG_BYTES};
}

bool crypto_unseal(struct arena *arena, const struct seal_key *key, const unsigned char *nonce,
                   struct str beside, struct str sealed, struct str *out)
{
    unsigned char tag[CRYPTO_TAG_BYTES];
    int len = 0, last = 0;
    if (sealed.len < CRYPTO_TAG_BYTES || sealed.len >= INT32_MAX || beside.len >= INT32_MAX)
        return false;
    size_t plain_len = sealed.len - CRYPTO_TAG_BYTES;
    unsigned char *plain = arena_alloc(arena, sealed.len);
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    memcpy(tag, sealed.at + plain_len, sizeof tag);
    must(cipher != NULL &&
         EVP_DecryptInit_ex(cipher, EVP_chacha20_poly1305(), NULL, key->bytes, nonce) == 1);
    must(EVP_DecryptUpdate(cipher, NULL, &len, (const unsigned char *)beside.at, (int)beside.len) ==
         1);
    must(EVP_DecryptUpdate(cipher, plain, &len, (const unsigned char *)sealed.at, (int)plain_len) ==
         1);
    must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) == 1);
    bool whole = EVP_DecryptFinal_ex(cipher, plain + len, &last) == 1;
    EVP_CIPHER_CTX_free(cipher);
    if (!whole) {
        OPENSSL_cleanse(plain, sealed.len);
        return false;
    }
    *out = (struct str){(const char *)plain, plain_len};
    return true;
}
