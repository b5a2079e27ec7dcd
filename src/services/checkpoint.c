#include "services/checkpoint.h"

#include "services/key_file.h"
#include "services/setting.h"

enum { MINUTES_USUAL = 60 };
_Static_assert((int)KEY_FILE_BYTES == (int)CRYPTO_SEED_BYTES, "a seed is a key file");

/* ---- the key ---- */

static struct str keys_of(struct arena *arena, const struct home *home)
{
    return str_concat(arena, home->dir, S("/keys"));
}

static enum status take_seed(struct ctx *ctx, const struct home *home, struct sign_seed *out)
{
    return key_file_take(ctx, keys_of(ctx->arena, home), S("checkpoint"), out->bytes);
}

enum status checkpoint_find_key(struct ctx *ctx, const struct home *home,
                                const struct sign_public **out)
{
    struct sign_seed seed;
    enum status status =
        key_file_find(ctx, keys_of(ctx->arena, home), S("checkpoint"), seed.bytes);
    *out = NULL;
    if (status == ST_NOT_FOUND)
        return ST_OK;
    TRY(status);
    struct sign_public *key = arena_new_of(ctx->arena, struct sign_public);
    *key = sign_public_of(&seed);
    *out = key;
    return ST_OK;
}

/* ---- making ---- */

struct signing {
    struct sign_seed seed;
    struct checkpoint made;
    bool more;
};

static enum status sign_once(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct signing *signing = arg;
    return checkpoint_make(ctx, ledger, &signing->seed, &signing->more, &signing->made);
}

/* Size 0: none yet. */
static enum status find_last(struct ctx *ctx, struct db_conn *conn, struct checkpoint *out)
{
    *out = (struct checkpoint){0};
    enum status status = checkpoint_find_last(ctx, conn, out);
    return status == ST_NOT_FOUND ? ST_OK : status;
}

enum status checkpoint_sign(struct ctx *ctx, const struct home *home, int64_t *out_made,
                            struct checkpoint *out)
{
    struct signing signing = {.more = true};
    int64_t made = 0;
    TRY(take_seed(ctx, home, &signing.seed));
    while (signing.more) {
        TRY(home_write(ctx, home, sign_once, &signing));
        made += signing.made.size > 0;
    }
    if (signing.made.size == 0) {
        struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
        TRY(home_conn_open(ctx, home, &conn));
        TRY(find_last(ctx, conn, &signing.made));
    }
    *out_made = made;
    *out = signing.made;
    return ST_OK;
}

enum status checkpoint_sign_text(struct ctx *ctx, const struct home *home, struct str text,
                                 struct sign_public *out_key, struct signature *out)
{
    struct sign_seed seed;
    TRY(take_seed(ctx, home, &seed));
    *out_key = sign_public_of(&seed);
    *out = sign_make(&seed, text);
    return ST_OK;
}

/* ---- how often ---- */

static const struct str interval = STR_INIT("checkpoint_minutes");

enum status checkpoint_find_interval(struct ctx *ctx, struct db_conn *conn, int64_t *out_minutes)
{
    const struct value *given;
    TRY(setting_find(ctx, conn, interval, &given));
    *out_minutes = given == NULL ? MINUTES_USUAL : given->number;
    return ST_OK;
}

enum status checkpoint_set_interval(struct ctx *ctx, const struct home *home, int64_t minutes,
                                    struct str actor)
{
    if (minutes < 1 || minutes > CHECKPOINT_MINUTES_MAX)
        return fail(ctx, ST_INVALID, "checkpoint.interval",
                    ARGS(arg_int("limit", CHECKPOINT_MINUTES_MAX)));
    return setting_put(ctx, home, interval, value_int(ctx->arena, minutes), actor);
}

enum status checkpoint_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                            int64_t *out_done)
{
    struct checkpoint last;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    int64_t minutes;
    (void)world;
    *out_done = 0;
    TRY(home_conn_open(ctx, home, &conn));
    TRY(find_last(ctx, conn, &last));
    TRY(checkpoint_find_interval(ctx, conn, &minutes));
    if (last.size > 0 && ctx->now.ms < last.made_at.ms + minutes * MS_PER_MINUTE)
        return ST_OK;
    return checkpoint_sign(ctx, home, out_done, &last);
}

/* ---- proving ---- */

enum status checkpoint_prove_ledger(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                                    ledger_progress progress, void *progress_arg,
                                    struct ledger_verdict *out)
{
    const struct sign_public *own;
    TRY(checkpoint_find_key(ctx, home, &own));
    return checkpoint_verify(ctx, conn, home->store->hash, own, progress, progress_arg, out);
}

/* ---- documents ---- */

struct value *checkpoint_document(struct arena *arena, enum crypto_hash hash,
                                  const struct checkpoint *checkpoint)
{
    struct value *doc = value_map(arena);
    value_put_text(arena, doc, "hash", checkpoint_hash_name(hash));
    value_put_int(arena, doc, "size", checkpoint->size);
    value_put_text(arena, doc, "root", digest_format(arena, &checkpoint->root));
    value_put_text(arena, doc, "made_at", instant_format(arena, checkpoint->made_at));
    value_put_int(arena, doc, "made_at_ms", checkpoint->made_at.ms);
    value_put_text(arena, doc, "heads", checkpoint->heads);
    value_put_text(arena, doc, "public_key",
                   hex_format(arena, checkpoint->key.bytes, sizeof checkpoint->key.bytes));
    value_put_text(
        arena, doc, "signature",
        hex_format(arena, checkpoint->signature.bytes, sizeof checkpoint->signature.bytes));
    return doc;
}

enum status checkpoint_list_document(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                                     int64_t before, int64_t limit, struct value **out)
{
    struct checkpoint_list list;
    struct value *doc = value_map(ctx->arena);
    TRY(checkpoint_list(ctx, conn, before, limit, &list));
    struct value *items = value_put_list(ctx->arena, doc, "items");
    for (size_t i = 0; i < list.len; i++)
        value_append(items, checkpoint_document(ctx->arena, home->store->hash, &list.at[i]));
    struct str next = S("");
    if (list.len == (size_t)limit)
        next = str_printf(ctx->arena, "%lld", (long long)list.at[list.len - 1].size);
    value_put_text(ctx->arena, doc, "next", next);
    *out = doc;
    return ST_OK;
}

static void put_path(struct arena *arena, struct value *doc, const struct merkle_path *path)
{
    struct value *list = value_put_list(arena, doc, "path");
    for (size_t i = 0; i < path->len; i++)
        value_append(list, value_text(arena, digest_format(arena, &path->at[i])));
}

static enum status put_leaf(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                            const struct leaf *leaf, int64_t size, struct value *items)
{
    struct merkle_path path;
    TRY(checkpoint_prove_inclusion(ctx, conn, home->store->hash, leaf->number, size, &path));
    struct value *item = value_append_map(ctx->arena, items);
    value_put_int(ctx->arena, item, "sequence", leaf->sequence);
    value_put_text(ctx->arena, item, "hash", leaf->hash);
    value_put_int(ctx->arena, item, "leaf", leaf->number);
    put_path(ctx->arena, item, &path);
    return ST_OK;
}

/* Events of the case that the leaves do not hold. */
static enum status count_later(struct ctx *ctx, struct db_conn *conn, struct prefecture prefecture,
                               struct casefile_id id, const struct leaf_list *leaves, int64_t *out)
{
    struct ledger_row_list rows;
    int64_t covered = leaves->len == 0 ? 0 : leaves->at[leaves->len - 1].sequence;
    TRY(ledger_list(ctx, conn, prefecture, id, covered + 1, &rows));
    *out = (int64_t)rows.len;
    return ST_OK;
}

enum status checkpoint_case_document(struct ctx *ctx, const struct home *home, struct db_conn *conn,
                                     struct prefecture prefecture, struct casefile_id id,
                                     int64_t sequence, struct value **out)
{
    struct arena *arena = ctx->arena;
    struct checkpoint last = {0};
    struct leaf_list leaves;
    int64_t later;
    struct value *doc = value_map(arena);
    enum status status = checkpoint_find_last(ctx, conn, &last);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    TRY(checkpoint_list_case(ctx, conn, prefecture, id, last.size, &leaves));
    TRY(count_later(ctx, conn, prefecture, id, &leaves, &later));
    value_put_text(arena, doc, "case", casefile_ref_format(arena, prefecture, id));
    value_put(doc, S("checkpoint"),
              last.size == 0 ? value_null(arena)
                             : checkpoint_document(arena, home->store->hash, &last));
    struct value *items = value_put_list(arena, doc, "items");
    for (size_t i = 0; i < leaves.len; i++)
        if (sequence == 0 || leaves.at[i].sequence == sequence)
            TRY(put_leaf(ctx, home, conn, &leaves.at[i], last.size, items));
    if (sequence != 0 && items->first == NULL)
        return fail(ctx, ST_NOT_FOUND, "checkpoint.not_covered",
                    ARGS(arg_int("sequence", sequence)));
    value_put_int(arena, doc, "later", later);
    *out = doc;
    return ST_OK;
}

static enum status get_size(struct ctx *ctx, struct db_conn *conn, int64_t size,
                            struct checkpoint *out)
{
    enum status status = size == 0 ? checkpoint_find_last(ctx, conn, out)
                                   : checkpoint_find(ctx, conn, size, out);
    return status == ST_NOT_FOUND
               ? fail(ctx, ST_NOT_FOUND, "checkpoint.unknown", ARGS(arg_int("size", size)))
               : status;
}

enum status checkpoint_consistency_document(struct ctx *ctx, const struct home *home,
                                            struct db_conn *conn, int64_t from, int64_t to,
                                            struct value **out)
{
    struct checkpoint older, newer;
    struct merkle_path path;
    struct value *doc = value_map(ctx->arena);
    TRY(get_size(ctx, conn, from, &older));
    TRY(get_size(ctx, conn, to, &newer));
    if (older.size > newer.size)
        return fail(ctx, ST_MALFORMED, "checkpoint.order", NO_ARGS);
    TRY(checkpoint_prove_consistency(ctx, conn, home->store->hash, older.size, newer.size, &path));
    value_put(doc, S("from"), checkpoint_document(ctx->arena, home->store->hash, &older));
    value_put(doc, S("to"), checkpoint_document(ctx->arena, home->store->hash, &newer));
    put_path(ctx->arena, doc, &path);
    *out = doc;
    return ST_OK;
}
