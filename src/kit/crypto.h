#pragma once
/*
 * Randomness, digests, message codes, sealing, signatures and the text forms they travel in. Any thread.
 * Digests are 32 bytes whichever profile is taken: SHA-256 (`intl`) or SM3 (`gm`).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/str.h"

enum {
    CRYPTO_DIGEST_BYTES = 32,
    CRYPTO_SEED_BYTES = 32,
    CRYPTO_PUBLIC_BYTES = 32,
    CRYPTO_SIGNATURE_BYTES = 64,
    CRYPTO_KEY_BYTES = 32,
    CRYPTO_NONCE_BYTES = 12,
    CRYPTO_TAG_BYTES = 16,
};

enum crypto_hash { CRYPTO_SHA256, CRYPTO_SM3, CRYPTO_HASH_COUNT };

struct digest {
    unsigned char bytes[CRYPTO_DIGEST_BYTES];
};

/* From the kernel; never fails once the machine is up. */
void crypto_random(void *out, size_t len);
/* base64url of `bytes` (16..64) random bytes, for tokens that must not be guessed. */
struct str crypto_token(struct arena *arena, size_t bytes);

/* In time that depends on the lengths only. */
bool crypto_equal(struct str a, struct str b);

struct digest crypto_digest(enum crypto_hash hash, struct str bytes);
struct digest crypto_hmac(enum crypto_hash hash, struct str key, struct str message);

/* A digest made piece by piece: open, add …, end or close. */
struct crypto_stream;
struct crypto_stream *crypto_stream_open(enum crypto_hash hash);
void crypto_stream_add(struct crypto_stream *stream, const void *bytes, size_t len);
struct digest crypto_stream_end(struct crypto_stream *stream); /* frees the stream */
void crypto_stream_close(struct crypto_stream *stream); /* frees without a digest; takes null */

/*
 * Digest and size of an open file from its first byte, by pread: the file's offset stays.
 *
 * Errors: ST_IO  the file cannot be read
 */
MUST_USE enum status crypto_digest_file(struct ctx *ctx, enum crypto_hash hash, int fd,
                                        struct digest *out, int64_t *out_size);

bool digest_eq(const struct digest *a, const struct digest *b);
struct str digest_format(struct arena *arena, const struct digest *digest); /* 64 lower-case hex */
bool digest_parse(struct str text, struct digest *out); /* lower-case hex only */

/* Lower-case hex of any bytes; parsing takes exactly `len` bytes of it and may leave some in out. */
struct str hex_format(struct arena *arena, const unsigned char *bytes, size_t len);
bool hex_parse(struct str text, unsigned char *out, size_t len);

/* RFC 4648 §5 without padding. Parsing refuses padding, blanks and stray bits. */
struct str base64url_format(struct arena *arena, struct str bytes);
bool base64url_parse(struct arena *arena, struct str text, struct str *out);

/* Ed25519 (RFC 8032): the private key is its 32-byte seed. */
struct sign_seed {
    unsigned char bytes[CRYPTO_SEED_BYTES];
};
struct sign_public {
    unsigned char bytes[CRYPTO_PUBLIC_BYTES];
};
struct signature {
    unsigned char bytes[CRYPTO_SIGNATURE_BYTES];
};

struct sign_public sign_public_of(const struct sign_seed *seed);
struct signature sign_make(const struct sign_seed *seed, struct str message);
bool sign_holds(const struct sign_public *key, struct str message,
                const struct signature *signature);

/* ChaCha20-Poly1305 (RFC 8439 §2.8): sealed bytes are as long as the plain ones, and the tag behind them. */
struct seal_key {
    unsigned char bytes[CRYPTO_KEY_BYTES];
};

/*
 *   nonce   CRYPTO_NONCE_BYTES that this key has not seen before
 *   beside  what is not hidden but must be the same when it is opened
 */
struct str crypto_seal(struct arena *arena, const struct seal_key *key, const unsigned char *nonce,
                       struct str beside, struct str plain);
/* false: another key, nonce or `beside`, or bytes that were changed. */
bool crypto_unseal(struct arena *arena, const struct seal_key *key, const unsigned char *nonce,
                   struct str beside, struct str sealed, struct str *out);
