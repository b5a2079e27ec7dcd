/*
 * Numbering and proofs. The rows of a proof come in runs: leaves inside 256 of them, kept nodes above,
 * so that no walk is longer than the ledger's logarithm times 256.
 */
#include "store/checkpoint.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/num.h"
#include "store/checkpoint_int.h"
#include "store/sql_gen.h"

/* Commits of one writer that a call numbers: some thousand events, well below a second. */
enum { COMMITS_MAX = 2000, TEXT_LIMIT_BYTES = 1 << 20 };

/* ---- what is signed ---- */

struct str checkpoint_hash_name(enum crypto_hash hash)
{
    return hash == CRYPTO_SM3 ? S("sm3") : S("sha256");
}

static void netstring(struct buf *buf, struct str text)
{
    buf_printf(buf, "%zu:%.*s,", text.len, STR_ARG(text));
}

struct str checkpoint_text(struct arena *arena, enum crypto_hash hash,
                           const struct checkpoint *checkpoint)
{
    struct buf buf;
    buf_init(&buf, arena, TEXT_LIMIT_BYTES);
    buf_c(&buf, "lantian-checkpoint-1\n");
    netstring(&buf, checkpoint_hash_name(hash));
    netstring(&buf, str_printf(arena, "%lld", (long long)checkpoint->size));
    netstring(&buf, digest_format(arena, &checkpoint->root));
    netstring(&buf, str_printf(arena, "%lld", (long long)checkpoint->made_at.ms));
    netstring(&buf, checkpoint->heads);
    must(buf_status(&buf) == ST_OK);
    return buf_str(&buf);
}

/* ---- rows ---- */

static enum status read_row(struct ctx *ctx, const struct db_rows *rows, struct checkpoint *out)
{
    *out = (struct checkpoint){.size = db_col_i64(rows, 0), .made_at = db_col_instant(rows, 1)};
    out->heads = db_col_text_copy(ctx->arena, rows, 3);
    if (!digest_parse(db_col_text(rows, 2), &out->root) ||
        !hex_parse(db_col_text(rows, 4), out->key.bytes, sizeof out->key.bytes) ||
        !hex_parse(db_col_text(rows, 5), out->signature.bytes, sizeof out->signature.bytes))
        return fail(ctx, ST_BROKEN, "checkpoint.unreadable", ARGS(arg_int("size", out->size)));
    return ST_OK;
}

static enum status find_row(struct ctx *ctx, struct db_conn *conn, const struct db_query *query,
                            struct db_args args, struct checkpoint *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, query, args, &rows));
    return read_row(ctx, &rows, out);
}

enum status checkpoint_find_last(struct ctx *ctx, struct db_conn *conn, struct checkpoint *out)
{
    return find_row(ctx, conn, &SQL_CHECKPOINT_LAST, DB_NO_ARGS, out);
}

enum status checkpoint_find(struct ctx *ctx, struct db_conn *conn, int64_t size,
                            struct checkpoint *out)
{
    return find_row(ctx, conn, &SQL_CHECKPOINT_FIND, DB_ARGS(db_i64(size)), out);
}

enum status checkpoint_find_next(struct ctx *ctx, struct db_conn *conn, int64_t size,
                                 struct checkpoint *out)
{
    return find_row(ctx, conn, &SQL_CHECKPOINT_NEXT, DB_ARGS(db_i64(size)), out);
}

enum status checkpoint_list(struct ctx *ctx, struct db_conn *conn, int64_t before, int64_t limit,
                            struct checkpoint_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct checkpoint_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_CHECKPOINT_LIST, DB_ARGS(db_i64(before), db_i64(limit)),
                     &rows));
    while (db_rows_next(ctx, &rows))
        TRY(read_row(ctx, &rows, vec_push(ctx->arena, &list)));
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

enum status checkpoint_list_case(struct ctx *ctx, struct db_conn *conn,
                                 struct prefecture prefecture, struct casefile_id id, int64_t size,
                                 struct leaf_list *out)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    struct leaf_list list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_CHECKPOINT_LIST_CASE_LEAVES,
                     DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(id.v), db_i64(size)),
                     &rows));
    while (db_rows_next(ctx, &rows))
        vec_add(ctx->arena, &list,
                ((struct leaf){.sequence = db_col_i64(&rows, 0),
                               .number = db_col_i64(&rows, 1),
                               .hash = db_col_text_copy(ctx->arena, &rows, 2)}));
    TRY(db_rows_status(&rows));
    *out = list;
    return ST_OK;
}

/* ---- parts of the tree ---- */

struct tree {
    struct ctx *ctx;
    struct db_conn *conn;
    enum crypto_hash hash;
};

static enum status broken_tree(struct ctx *ctx, int64_t number)
{
    return fail(ctx, ST_BROKEN, "checkpoint.broken_leaf", ARGS(arg_int("number", number)));
}

/* 2^bits rows of a level (0: leaves) that begin at `place`, folded. */
static enum status read_whole(const struct tree *tree, int level, int64_t place, int bits,
                              struct digest *out)
{
    struct ctx *ctx = tree->ctx;
    struct digest row[1 << CHECKPOINT_LEVEL_STEP];
    struct db_rows rows AUTO(db_rows_close) = {0};
    int64_t count = INT64_C(1) << bits, got = 0;
    if (level == 0)
        TRY(db_rows_open(ctx, tree->conn, &SQL_CHECKPOINT_LIST_LEAVES,
                         DB_ARGS(db_i64(place), db_i64(place + count)), &rows));
    else
        TRY(db_rows_open(ctx, tree->conn, &SQL_CHECKPOINT_LIST_NODES,
                         DB_ARGS(db_i64(level), db_i64(place), db_i64(place + count)), &rows));
    for (; db_rows_next(ctx, &rows); got++) {
        struct digest *digest = &row[got];
        if (db_col_i64(&rows, 0) != place + got ||
            !digest_parse(db_col_text(&rows, level == 0 ? 4 : 1), digest))
            return broken_tree(ctx, place + got);
        if (level == 0)
            *digest = merkle_leaf(tree->hash, (struct str){(const char *)digest->bytes,
                                                           sizeof digest->bytes});
    }
    TRY(db_rows_status(&rows));
    if (got != count)
        return broken_tree(ctx, place + got);
    *out = merkle_fold(tree->hash, row, (size_t)count);
    return ST_OK;
}

/* Root of the leaves from `begin` to before `end`, a subtree as the tree splits. */
static enum status read_root(const struct tree *tree, int64_t begin, int64_t end,
                             struct digest *out)
{
    int64_t size = end - begin;
    if ((size & (size - 1)) == 0) {
        int bits = __builtin_ctzll((unsigned long long)size), level = 0;
        while (bits > CHECKPOINT_LEVEL_STEP) {
            bits -= CHECKPOINT_LEVEL_STEP;
            level += CHECKPOINT_LEVEL_STEP;
        }
        return read_whole(tree, level, begin >> level, bits, out);
    }
    struct digest left, right;
    int64_t middle = begin + merkle_split(size);
    TRY(read_root(tree, begin, middle, &left));
    TRY(read_root(tree, middle, end, &right));
    *out = merkle_node(tree->hash, &left, &right);
    return ST_OK;
}

static enum status add_root(const struct tree *tree, int64_t begin, int64_t end,
                            struct merkle_path *path)
{
    struct digest root;
    TRY(read_root(tree, begin, end, &root));
    vec_add(tree->ctx->arena, path, root);
    return ST_OK;
}

static void turn_round(struct merkle_path *path)
{
    for (size_t i = 0, j = path->len; i + 1 < j; i++) {
        struct digest kept = path->at[--j];
        path->at[j] = path->at[i];
        path->at[i] = kept;
    }
}

enum status checkpoint_prove_inclusion(struct ctx *ctx, struct db_conn *conn, enum crypto_hash hash,
                                       int64_t number, int64_t size, struct merkle_path *out)
{
    const struct tree tree = {ctx, conn, hash};
    struct merkle_path path = {0};
    must(number >= 0 && number < size);
    for (int64_t begin = 0, end = size; end - begin > 1;) {
        int64_t middle = begin + merkle_split(end - begin);
        bool is_left = number < middle;
        TRY(add_root(&tree, is_left ? middle : begin, is_left ? end : middle, &path));
        *(is_left ? &end : &begin) = middle;
    }
    turn_round(&path); /* from the leaf up */
    *out = path;
    return ST_OK;
}

enum status checkpoint_prove_consistency(struct ctx *ctx, struct db_conn *conn,
                                         enum crypto_hash hash, int64_t from, int64_t size,
                                         struct merkle_path *out)
{
    const struct tree tree = {ctx, conn, hash};
    struct merkle_path path = {0};
    bool is_beginning = true; /* the old tree is a subtree from leaf 0: its root is known */
    int64_t begin = 0, end = size;
    must(from > 0 && from <= size);
    while (end != from) {
        int64_t middle = begin + merkle_split(end - begin);
        bool is_left = from <= middle;
        TRY(add_root(&tree, is_left ? middle : begin, is_left ? end : middle, &path));
        is_beginning = is_beginning && is_left;
        *(is_left ? &end : &begin) = middle;
    }
    if (!is_beginning)
        TRY(add_root(&tree, begin, end, &path));
    turn_round(&path);
    *out = path;
    return ST_OK;
}

/* ---- numbering ---- */

bool checkpoint_next_head(struct str *io_heads, struct checkpoint_head *out)
{
    struct str head, writer, number, hash, last_id;
    int64_t slot;
    if (str_is_empty(*io_heads) || !str_next(io_heads, ';', &head))
        return false;
    *out = (struct checkpoint_head){0};
    if (str_next(&head, ':', &writer) && str_next(&head, ':', &number) &&
        str_next(&head, ':', &hash) && str_next(&head, ':', &last_id) &&
        num_parse_i64(last_id, 0, INT64_MAX, &out->last_id) && num_parse_i64(writer, 1, INT32_MAX, &slot) &&
        num_parse_i64(number, 1, INT64_MAX, &out->number) && digest_parse(hash, &out->hash))
        out->writer = slot;
    return true;
}

static int64_t number_before(struct str heads, int64_t writer)
{
    struct checkpoint_head head;
    while (checkpoint_next_head(&heads, &head))
        if (head.writer == writer)
            return head.number;
    return 0;
}

struct unnumbered {
    struct prefecture prefecture;
    int64_t casefile, sequence, recorded_at, writer, commit, position;
    struct digest hash;
};

struct unnumbered_list {
    struct unnumbered *at;
    size_t len;
    size_t cap;
};

static int by_time(const void *left, const void *right)
{
    const struct unnumbered *a = left, *b = right;
    const int64_t keys[][2] = {{a->recorded_at, b->recorded_at},
                               {a->writer, b->writer},
                               {a->commit, b->commit},
                               {a->position, b->position}};
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static enum status list_unnumbered(struct ctx *ctx, struct db_conn *conn, int64_t writer,
                                   int64_t after, int64_t until, struct unnumbered_list *list)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(ctx, conn, &SQL_CHECKPOINT_LIST_UNNUMBERED,
                     DB_ARGS(db_i64(writer), db_i64(after), db_i64(until)), &rows));
    while (db_rows_next(ctx, &rows)) {
        struct unnumbered *event = vec_push(ctx->arena, list);
        event->casefile = db_col_i64(&rows, 1);
        event->sequence = db_col_i64(&rows, 2);
        event->recorded_at = db_col_i64(&rows, 3);
        event->writer = db_col_i64(&rows, 4);
        event->commit = db_col_i64(&rows, 5);
        event->position = db_col_i64(&rows, 6);
        if (!prefecture_parse(db_col_text(&rows, 0), &event->prefecture) ||
            !digest_parse(db_col_text(&rows, 7), &event->hash))
            return fail(ctx, ST_BROKEN, "ledger.unreadable", NO_ARGS);
    }
    return db_rows_status(&rows);
}

struct writer_head {
    int64_t writer, number;
};

/* Where every writer's chain ends now. Read before the events: those up to here are committed. */
static enum status list_heads(struct ctx *ctx, struct db_conn *conn, struct writer_head **out,
                              size_t *out_count)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    VEC(struct writer_head) list = {0};
    TRY(db_rows_open(ctx, conn, &SQL_LEDGER_LIST_HEADS, DB_NO_ARGS, &rows));
    while (db_rows_next(ctx, &rows))
        vec_add(ctx->arena, &list,
                ((struct writer_head){db_col_i64(&rows, 0), db_col_i64(&rows, 1)}));
    TRY(db_rows_status(&rows));
    *out = list.at;
    *out_count = list.len;
    return ST_OK;
}

static enum status add_head(struct ctx *ctx, struct db_conn *conn, int64_t writer, int64_t number,
                            struct buf *heads)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_find_one(ctx, conn, &SQL_CHECKPOINT_COMMIT_HASH,
                    DB_ARGS(db_i64(writer), db_i64(number)), &rows));
    buf_printf(heads, "%s%lld:%lld:", heads->len == 0 ? "" : ";", (long long)writer,
               (long long)number);
    buf_text(heads, db_col_text(&rows, 0));
    buf_printf(heads, ":%lld", (long long)db_col_i64(&rows, 1));
    return ST_OK;
}

/* The events to be numbered, in order, and the heads up to which they reach. */
static enum status gather(struct ctx *ctx, struct db_conn *conn, struct str known,
                          struct unnumbered_list *list, struct str *out_heads, bool *out_more)
{
    struct writer_head *heads;
    size_t count;
    struct buf text;
    buf_init(&text, ctx->arena, TEXT_LIMIT_BYTES);
    *out_more = false;
    TRY(list_heads(ctx, conn, &heads, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t after = number_before(known, heads[i].writer), until = heads[i].number;
        if (until > after + COMMITS_MAX) {
            until = after + COMMITS_MAX;
            *out_more = true;
        }
        TRY(list_unnumbered(ctx, conn, heads[i].writer, after, until, list));
        TRY(add_head(ctx, conn, heads[i].writer, until, &text));
    }
    must(buf_status(&text) == ST_OK);
    *out_heads = buf_str(&text);
    if (list->len > 0)
        qsort(list->at, list->len, sizeof *list->at, by_time);
    return ST_OK;
}

/* The roots of the whole parts of what is numbered already. */
static enum status read_edge(const struct tree *tree, int64_t size, struct merkle_edge *out)
{
    *out = (struct merkle_edge){.size = size};
    for (int64_t begin = 0; begin < size;) {
        int64_t part = merkle_split(size - begin + 1); /* the largest that is not longer */
        TRY(read_root(tree, begin, begin + part, &out->at[out->depth++]));
        begin += part;
    }
    return ST_OK;
}

static enum status put_leaf(struct ctx *ctx, struct ledger_tx *ledger,
                            const struct unnumbered *event, struct merkle_edge *edge)
{
    struct digest made[MERKLE_LEVELS];
    int64_t number = edge->size;
    TRY(db_put(ctx, ledger->conn, &SQL_CHECKPOINT_LEAF_INSERT,
               DB_ARGS(db_i64(number), db_text(prefecture_str(&event->prefecture)),
                       db_i64(event->casefile), db_i64(event->sequence))));
    int levels = merkle_grow(
        ledger->hash, edge,
        merkle_leaf(ledger->hash,
                    (struct str){(const char *)event->hash.bytes, sizeof event->hash.bytes}),
        made);
    for (int level = CHECKPOINT_LEVEL_STEP; level < levels; level += CHECKPOINT_LEVEL_STEP)
        TRY(db_put(ctx, ledger->conn, &SQL_CHECKPOINT_NODE_INSERT,
                   DB_ARGS(db_i64(level), db_i64(number >> level),
                           db_text(digest_format(ctx->arena, &made[level])))));
    return ST_OK;
}

static enum status put_checkpoint(struct ctx *ctx, struct ledger_tx *ledger,
                                  const struct checkpoint *it)
{
    return db_put(ctx, ledger->conn, &SQL_CHECKPOINT_INSERT,
                  DB_ARGS(db_i64(it->size), db_instant(it->made_at),
                          db_text(digest_format(ctx->arena, &it->root)), db_text(it->heads),
                          db_text(hex_format(ctx->arena, it->key.bytes, sizeof it->key.bytes)),
                          db_text(hex_format(ctx->arena, it->signature.bytes,
                                             sizeof it->signature.bytes))));
}

enum status checkpoint_make(struct ctx *ctx, struct ledger_tx *ledger,
                            const struct sign_seed *seed, bool *out_more, struct checkpoint *out)
{
    const struct tree tree = {ctx, ledger->conn, ledger->hash};
    struct checkpoint last = {0};
    struct checkpoint made = {.made_at = ctx->now, .key = sign_public_of(seed)};
    struct unnumbered_list list = {0};
    struct merkle_edge edge;
    enum status status = checkpoint_find_last(ctx, ledger->conn, &last);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    TRY(gather(ctx, ledger->conn, last.heads, &list, &made.heads, out_more));
    *out = (struct checkpoint){0};
    if (list.len == 0)
        return ST_OK;
    TRY(read_edge(&tree, last.size, &edge));
    for (size_t i = 0; i < list.len; i++)
        TRY(put_leaf(ctx, ledger, &list.at[i], &edge));
    made.size = edge.size;
    made.root = merkle_root(ledger->hash, &edge);
    made.signature = sign_make(seed, checkpoint_text(ctx->arena, ledger->hash, &made));
    TRY(put_checkpoint(ctx, ledger, &made));
    *out = made;
    return ST_OK;
}
