#pragma once
/*
 * One digest of 32 bytes, by profile: SM3 (GB/T 32905-2016) where the national algorithms are
 * asked for, SHA-256 (FIPS 180-4) elsewhere. A hash object is made once and used for many texts,
 * because looking an algorithm up costs more than hashing a short text with it.
 * One thread at a time per object.
 */
#include <stddef.h>

#include "base/str.h"

enum hash_profile { HASH_GM, HASH_INTL, HASH_PROFILE_COUNT };

enum { HASH_BYTES = 32, HASH_HEX = 64 };

struct hash;

struct digest {
    unsigned char bytes[HASH_BYTES];
};

struct hash *hash_new(enum hash_profile profile);
void hash_free(struct hash *hash); /* takes null */
void hash_cleanup(struct hash **hash); /* for AUTO */

/* begin, add …, end; begin also forgets what an unfinished text left. */
void hash_begin(struct hash *hash);
void hash_add(struct hash *hash, const void *bytes, size_t len);
struct digest hash_end(struct hash *hash);

/* begin, add, end in one. */
struct digest hash_of(struct hash *hash, struct str text);

/* 64 lower-case hex digits, in the arena. */
struct str digest_hex(struct arena *arena, const struct digest *digest);
/* Exactly 64 lower-case hex digits; false otherwise. */
bool digest_parse(struct str hex, struct digest *out);
bool digest_eq(const struct digest *a, const struct digest *b);

/* "gm" and "intl", as settings spell them. */
const char *hash_profile_name(enum hash_profile profile);
bool hash_profile_parse(struct str name, enum hash_profile *out);
