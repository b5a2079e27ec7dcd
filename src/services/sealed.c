/*
 * The salt is inside what is sealed: without the key a mark cannot be tried against the numbers of a
 * telephone book. Texts are padded, so that the length of what is kept does not tell a name either.
 */
#include "services/sealed.h"

#include <string.h>

#include "base/vec.h"
#include "engine/seal.h"
#include "services/key_file.h"
#include "store/sealed_rows.h"

enum { SALT_BYTES = 32, LENGTH_BYTES = 4, PAD_BYTES = 64, ID_HEX = 16 };

_Static_assert((int)KEY_FILE_BYTES == (int)CRYPTO_KEY_BYTES, "a sealing key is a key file");

static struct str digest_of(struct arena *arena, struct str salt, struct str text)
{
    struct digest digest = crypto_hmac(CRYPTO_SHA256, salt, text);
    return digest_format(arena, &digest);
}

struct str sealed_mark(struct arena *arena, struct str text, struct sealed_answers *io_answers)
{
    size_t head = SALT_BYTES + LENGTH_BYTES;
    size_t len = (head + text.len + PAD_BYTES - 1) / PAD_BYTES * PAD_BYTES;
    unsigned char *plain = arena_alloc(arena, len);
    must(text.len <= UINT32_MAX);
    crypto_random(plain, SALT_BYTES);
    for (size_t i = 0; i < LENGTH_BYTES; i++)
        plain[SALT_BYTES + i] = (unsigned char)(text.len >> 8 * (LENGTH_BYTES - 1 - i));
    if (text.len > 0)
        memcpy(plain + head, text.at, text.len);
    const struct str salt = {(const char *)plain, SALT_BYTES};
    struct str mark = seal_mark_format(arena, digest_of(arena, salt, text));
    vec_add(arena, io_answers, ((struct sealed_answer){mark, {(const char *)plain, len}}));
    return mark;
}

/* ---- keys ---- */

static struct str key_id(struct arena *arena, const struct seal_key *key)
{
    struct digest digest = crypto_hmac(CRYPTO_SHA256, S("lantian-sealed-key-1\n"),
                                       (struct str){(const char *)key->bytes, sizeof key->bytes});
    return str_part(digest_format(arena, &digest), 0, ID_HEX);
}

/* The one in use where it is this one, else one that was put aside. */
static enum status find_key(struct ctx *ctx, struct str keys, struct str id, struct seal_key *out)
{
    enum status status = key_file_find(ctx, keys, S("sealed"), out->bytes);
    if (status == ST_OK && str_eq(key_id(ctx->arena, out), id))
        return ST_OK;
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    status = key_file_find(ctx, keys, str_concat(ctx->arena, S("sealed-"), id), out->bytes);
    if (status == ST_NOT_FOUND || (status == ST_OK && !str_eq(key_id(ctx->arena, out), id)))
        return fail(ctx, ST_UNAVAILABLE, "sealed.no_key", ARGS(arg_text("key", id)));
    return status;
}

/* What must be the same when it is opened: a row cannot be moved to another mark or case. */
static struct str beside_of(struct arena *arena, const struct sealed_row *row)
{
    return str_printf(arena, "lantian-sealed-1\n%.*s\n%.*s\n%.*s", STR_ARG(row->mark),
                      STR_ARG(casefile_ref_format(arena, row->prefecture, row->casefile)),
                      STR_ARG(row->key_id));
}

/* ---- in and out ---- */

enum status sealed_keep(struct ctx *ctx, struct db_conn *conn, struct str keys,
                        struct prefecture prefecture, struct casefile_id casefile,
                        struct sealed_answers *io_answers)
{
    struct seal_key key;
    if (io_answers->len == 0)
        return ST_OK;
    TRY(key_file_take(ctx, keys, S("sealed"), key.bytes));
    for (size_t i = 0; i < io_answers->len; i++) {
        struct sealed_row row = {.mark = io_answers->at[i].mark,
                                 .prefecture = prefecture,
                                 .casefile = casefile,
                                 .key_id = key_id(ctx->arena, &key)};
        crypto_random(row.nonce, sizeof row.nonce);
        row.bytes = crypto_seal(ctx->arena, &key, row.nonce, beside_of(ctx->arena, &row),
                                io_answers->at[i].plain);
        TRY(sealed_rows_insert(ctx, conn, &row));
    }
    io_answers->len = 0;
    return ST_OK;
}

/* The text inside, where it is what the mark was made of. */
static bool take_text(struct arena *arena, struct str mark, struct str plain, struct str *out)
{
    size_t head = SALT_BYTES + LENGTH_BYTES, len = 0;
    if (plain.len < head)
        return false;
    for (size_t i = 0; i < LENGTH_BYTES; i++)
        len = len << 8 | (unsigned char)plain.at[SALT_BYTES + i];
    if (len > plain.len - head)
        return false;
    *out = str_part(plain, head, len);
    return str_eq(mark, seal_mark_format(arena, digest_of(arena, str_part(plain, 0, SALT_BYTES), *out)));
}

enum status sealed_open(struct ctx *ctx, struct db_conn *conn, struct str keys, struct str mark,
                        struct str *out)
{
    struct sealed_row row;
    struct seal_key key;
    struct str plain, text;
    enum status status = sealed_rows_find(ctx, conn, mark, &row);
    if (status == ST_NOT_FOUND)
        return fail(ctx, ST_NOT_FOUND, "sealed.not_there", ARGS(arg_text("mark", mark)));
    TRY(status);
    TRY(find_key(ctx, keys, row.key_id, &key));
    if (!crypto_unseal(ctx->arena, &key, row.nonce, beside_of(ctx->arena, &row), row.bytes, &plain) ||
        !take_text(ctx->arena, mark, plain, &text))
        return fail(ctx, ST_BROKEN, "sealed.broken", ARGS(arg_text("mark", mark)));
    *out = text;
    return ST_OK;
}
