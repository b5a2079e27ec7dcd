/*
 * One walk along the leaves in pages. The tree grows as it did when it was made; at the size of each
 * checkpoint its root is held against the signed one. Kept nodes are looked up as they become whole,
 * which narrows a changed leaf down to 256.
 */
#include "store/checkpoint_verify.h"

#include "store/checkpoint_int.h"
#include "store/sql_gen.h"

enum { PAGE = 1000 };

struct walk {
    struct ctx *ctx;
    struct db_conn *conn;
    enum crypto_hash hash;
    const struct sign_public *own;
    bool own_seen;
    struct merkle_edge edge;
    int64_t nodes; /* that should be kept so far */
    struct checkpoint next;
    struct ledger_verdict *verdict;
};

static void broken(struct walk *walk, const char *why)
{
    walk->verdict->whole = false;
    walk->verdict->why = why;
    walk->verdict->checkpoint = walk->next.size;
}

static enum status check_node(struct walk *walk, int level, int64_t place,
                              const struct digest *made)
{
    struct digest kept;
    struct db_rows rows AUTO(db_rows_close) = {0};
    enum status status =
        db_find_one(walk->ctx, walk->conn, &SQL_CHECKPOINT_LIST_NODES,
                    DB_ARGS(db_i64(level), db_i64(place), db_i64(place + 1)), &rows);
    if (status != ST_OK && status != ST_NOT_FOUND)
        return status;
    if (status == ST_NOT_FOUND || !digest_parse(db_col_text(&rows, 1), &kept) ||
        !digest_eq(&kept, made))
        broken(walk, "ledger.broken.changed_tree");
    walk->nodes++;
    return ST_OK;
}

static enum status check_leaf(struct walk *walk, const struct db_rows *rows)
{
    struct digest made[MERKLE_LEVELS], event;
    int64_t number = walk->edge.size;
    if (db_col_i64(rows, 0) != number) {
        broken(walk, "ledger.broken.changed_tree");
        return ST_OK;
    }
    if (!digest_parse(db_col_text(rows, 4), &event)) {
        broken(walk, "ledger.broken.missing_event");
        if (prefecture_parse(db_col_text(rows, 1), &walk->verdict->prefecture)) {
            walk->verdict->casefile.v = db_col_i64(rows, 2);
            walk->verdict->sequence = db_col_i64(rows, 3);
        }
        return ST_OK;
    }
    const struct str bytes = {(const char *)event.bytes, sizeof event.bytes};
    int levels =
        merkle_grow(walk->hash, &walk->edge, merkle_leaf(walk->hash, bytes), made);
    for (int level = CHECKPOINT_LEVEL_STEP; level < levels && walk->verdict->whole;
         level += CHECKPOINT_LEVEL_STEP)
        TRY(check_node(walk, level, number >> level, &made[level]));
    return ST_OK;
}

/* Grows the tree to the size of the next checkpoint. */
static enum status grow(struct walk *walk)
{
    while (walk->verdict->whole && walk->edge.size < walk->next.size) {
        struct arena_mark mark = arena_mark(walk->ctx->arena);
        struct db_rows rows AUTO(db_rows_close) = {0};
        int64_t from = walk->edge.size;
        int64_t until = from + PAGE < walk->next.size ? from + PAGE : walk->next.size;
        TRY(db_rows_open(walk->ctx, walk->conn, &SQL_CHECKPOINT_LIST_LEAVES,
                         DB_ARGS(db_i64(from), db_i64(until)), &rows));
        while (walk->verdict->whole && db_rows_next(walk->ctx, &rows))
            TRY(check_leaf(walk, &rows));
        TRY(db_rows_status(&rows));
        if (walk->verdict->whole && walk->edge.size < until)
            broken(walk, "ledger.broken.changed_tree");
        arena_return(walk->ctx->arena, mark);
    }
    return ST_OK;
}

/* The writers' links that were signed still stand; out_events: how many events they end. */
static enum status check_heads(struct walk *walk, bool is_last)
{
    struct str heads = walk->next.heads;
    struct checkpoint_head head;
    int64_t covered = 0;
    while (walk->verdict->whole && checkpoint_next_head(&heads, &head)) {
        struct digest stored;
        struct db_rows rows AUTO(db_rows_close) = {0};
        enum status status = db_find_one(walk->ctx, walk->conn, &SQL_CHECKPOINT_COMMIT_HASH,
                                         DB_ARGS(db_i64(head.writer), db_i64(head.number)), &rows);
        if (status != ST_OK && status != ST_NOT_FOUND)
            return status;
        if (status == ST_NOT_FOUND || !digest_parse(db_col_text(&rows, 0), &stored) ||
            !digest_eq(&stored, &head.hash) || db_col_i64(&rows, 1) != head.last_id) {
            broken(walk, "ledger.broken.signed_commit");
            walk->verdict->writer = (int)head.writer;
            walk->verdict->number = head.number;
        } else if (is_last) {
            int64_t events;
            db_rows_close(&rows);
            TRY(db_get_i64(walk->ctx, walk->conn, &SQL_CHECKPOINT_COUNT_COVERED,
                           DB_ARGS(db_i64(head.writer), db_i64(head.number)), &events));
            covered += events;
        }
    }
    if (walk->verdict->whole && is_last && covered != walk->next.size)
        broken(walk, "ledger.broken.changed_tree");
    return ST_OK;
}

static enum status check_checkpoint(struct walk *walk)
{
    const struct checkpoint *it = &walk->next;
    TRY(grow(walk));
    if (!walk->verdict->whole)
        return ST_OK;
    struct digest root = merkle_root(walk->hash, &walk->edge);
    if (!sign_holds(&it->key, checkpoint_text(walk->ctx->arena, walk->hash, it), &it->signature))
        broken(walk, "ledger.broken.signature");
    else if (!digest_eq(&root, &it->root))
        broken(walk, "ledger.broken.changed_tree");
    walk->own_seen = walk->own_seen || (walk->own != NULL && memcmp(&it->key, walk->own,
                                                                    sizeof it->key) == 0);
    return ST_OK;
}

/* Nothing more in the tables than what the last checkpoint signed. */
static enum status check_end(struct walk *walk)
{
    int64_t leaves, nodes;
    TRY(check_heads(walk, true));
    TRY(db_get_i64(walk->ctx, walk->conn, &SQL_CHECKPOINT_COUNT_LEAVES, DB_NO_ARGS, &leaves));
    TRY(db_get_i64(walk->ctx, walk->conn, &SQL_CHECKPOINT_COUNT_NODES, DB_NO_ARGS, &nodes));
    if (walk->verdict->whole && (leaves != walk->next.size || nodes != walk->nodes))
        broken(walk, "ledger.broken.changed_tree");
    if (walk->verdict->whole && walk->own != NULL && !walk->own_seen &&
        walk->verdict->checkpoints > 0)
        broken(walk, "ledger.broken.foreign_key");
    return ST_OK;
}

static enum status next_checkpoint(struct walk *walk, bool *out_found)
{
    struct checkpoint next;
    enum status status = checkpoint_find_next(walk->ctx, walk->conn, walk->next.size, &next);
    *out_found = status == ST_OK;
    if (status == ST_OK)
        walk->next = next;
    if (status == ST_BROKEN) {
        fail_clear(walk->ctx);
        broken(walk, "checkpoint.unreadable");
        return ST_OK;
    }
    return status == ST_NOT_FOUND ? ST_OK : status;
}

static enum status check_all(struct walk *walk)
{
    bool found = false;
    TRY(next_checkpoint(walk, &found));
    while (found && walk->verdict->whole) {
        TRY(check_checkpoint(walk));
        if (!walk->verdict->whole)
            break;
        TRY(check_heads(walk, false));
        walk->verdict->checkpoints++;
        TRY(next_checkpoint(walk, &found));
    }
    return walk->verdict->whole ? check_end(walk) : ST_OK;
}

enum status checkpoint_verify(struct ctx *ctx, struct db_conn *conn, enum crypto_hash hash,
                              const struct sign_public *own, ledger_progress progress,
                              void *progress_arg, struct ledger_verdict *out)
{
    struct ledger_verdict verdict;
    const struct casefile_id all = {0};
    TRY(ledger_verify(ctx, conn, hash, (struct prefecture){"000000"}, all, progress, progress_arg,
                      &verdict));
    if (verdict.whole) {
        struct tx tx AUTO(tx_end) = {0};
        struct walk walk = {
            .ctx = ctx, .conn = conn, .hash = hash, .own = own, .verdict = &verdict};
        TRY(tx_begin_read(ctx, conn, &tx));
        TRY(check_all(&walk));
    }
    *out = verdict;
    return ST_OK;
}
