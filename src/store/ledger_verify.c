/*
 * Two walks in pages by key: along the chains of the cases, then along the chains of the writers.
 * The first finds a changed, removed or swapped event inside a case, and issued papers that are not what
 * their event says; the second a removed tail or a whole removed case, which leave a commit short of an event.
 */
#include "store/ledger_verify.h"

#include "kit/json.h"
#include "store/document_rows.h"
#include "store/sql_gen.h"

enum { PAGE = 1000, PAYLOAD_LIMIT_BYTES = 1 << 24 };

struct walk {
    struct ctx *ctx;
    struct db_conn *conn;
    enum crypto_hash hash;
    ledger_progress progress;
    void *progress_arg;
    struct ledger_verdict verdict;
    bool broken;
};

static void broken_event(struct walk *walk, const char *why, const struct event *event, int writer,
                         int64_t number)
{
    walk->broken = true;
    walk->verdict.why = why;
    walk->verdict.prefecture = event->prefecture;
    walk->verdict.casefile = event->casefile;
    walk->verdict.sequence = event->sequence;
    walk->verdict.writer = writer;
    walk->verdict.number = number;
}

static void broken_commit(struct walk *walk, const char *why, int writer, int64_t number)
{
    walk->broken = true;
    walk->verdict.why = why;
    walk->verdict.writer = writer;
    walk->verdict.number = number;
}

/* ---- along the cases ---- */

struct chain {
    struct event last; /* key only */
    char last_hash[2 * CRYPTO_DIGEST_BYTES];
};

static struct str chain_hash(const struct chain *chain)
{
    return (struct str){chain->last_hash, chain->last.sequence == 0 ? 0 : sizeof chain->last_hash};
}

/* The words of a document that was issued stand beside the ledger; their hash stands in it. */
static enum status check_paper(struct walk *walk, const struct event *event, struct str payload)
{
    struct ctx *ctx = walk->ctx;
    struct value *told;
    struct str markup;
    TRY(json_parse(ctx, str_copy(ctx->arena, payload), PAYLOAD_LIMIT_BYTES, JSON_STRICT, &told));
    struct str sha256 = value_find_text(told, "sha256");
    if (str_is_empty(sha256))
        return ST_OK;
    walk->verdict.papers++;
    enum status status = document_rows_get_paper(ctx, walk->conn, sha256, &markup);
    if (status == ST_NOT_FOUND) {
        fail_clear(ctx);
        broken_event(walk, "ledger.broken.missing_paper", event, 0, 0);
        return ST_OK;
    }
    TRY(status);
    struct digest digest = crypto_digest(CRYPTO_SHA256, markup);
    if (!str_eq(sha256, digest_format(ctx->arena, &digest)))
        broken_event(walk, "ledger.broken.changed_paper", event, 0, 0);
    return ST_OK;
}

static enum status check_event(struct walk *walk, const struct db_rows *rows, struct chain *chain)
{
    struct event event = {
        .casefile = {db_col_i64(rows, 1)},
        .sequence = db_col_i64(rows, 2),
        .recorded_at = db_col_instant(rows, 3),
        .happened_at = db_col_instant(rows, 4),
        .actor = db_col_text(rows, 5),
        .command = db_col_text(rows, 6),
        .clause = db_col_text(rows, 8),
        .pack = db_col_text(rows, 9),
    };
    int writer = (int)db_col_i64(rows, 12);
    int64_t number = db_col_i64(rows, 13);
    bool known = prefecture_parse(db_col_text(rows, 0), &event.prefecture) &&
                 event_type_parse(db_col_text(rows, 7), &event.type);
    if (event.casefile.v != chain->last.casefile.v ||
        !str_eq(prefecture_str(&event.prefecture), prefecture_str(&chain->last.prefecture))) {
        walk->verdict.cases++;
        chain->last = (struct event){.prefecture = event.prefecture, .casefile = event.casefile};
    }
    if (event.sequence != chain->last.sequence + 1) {
        event.sequence = chain->last.sequence + 1;
        broken_event(walk, "ledger.broken.missing_event", &event, 0, 0);
        return ST_OK;
    }
    struct digest digest = {0};
    if (known)
        digest = ledger_hash_event(walk->hash, walk->ctx->arena, &event, db_col_text(rows, 10),
                                   chain_hash(chain));
    struct str stored = db_col_text(rows, 11);
    if (!known || !str_eq(stored, digest_format(walk->ctx->arena, &digest))) {
        broken_event(walk, "ledger.broken.changed_event", &event, writer, number);
        return ST_OK;
    }
    memcpy(chain->last_hash, stored.at, sizeof chain->last_hash);
    chain->last.sequence = event.sequence;
    walk->verdict.events++;
    return event.type == EVENT_DOCUMENT_ISSUED ? check_paper(walk, &event, db_col_text(rows, 10))
                                               : ST_OK;
}

static enum status check_chain_page(struct walk *walk, struct chain *chain, int *out_rows)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(walk->ctx, walk->conn, &SQL_LEDGER_LIST_BY_CHAIN,
                     DB_ARGS(db_text(prefecture_str(&chain->last.prefecture)),
                             db_i64(chain->last.casefile.v), db_i64(chain->last.sequence),
                             db_i64(PAGE)),
                     &rows));
    *out_rows = 0;
    while (!walk->broken && db_rows_next(walk->ctx, &rows)) {
        TRY(check_event(walk, &rows, chain));
        ++*out_rows;
    }
    return db_rows_status(&rows);
}

static enum status check_chains(struct walk *walk)
{
    struct chain chain = {0};
    for (int rows = PAGE; rows == PAGE && !walk->broken;) {
        struct arena_mark mark = arena_mark(walk->ctx->arena);
        TRY(check_chain_page(walk, &chain, &rows));
        arena_return(walk->ctx->arena, mark);
        if (walk->progress != NULL)
            walk->progress(walk->progress_arg, walk->verdict.events);
    }
    return ST_OK;
}

/* One case: the walk begins right before it and looks at no more than it has. */
static enum status check_one(struct walk *walk, struct prefecture prefecture,
                             struct casefile_id only)
{
    struct chain chain = {.last = {.prefecture = prefecture, .casefile = only}};
    for (bool more = true; more && !walk->broken;) {
        struct db_rows rows AUTO(db_rows_close) = {0};
        TRY(db_rows_open(walk->ctx, walk->conn, &SQL_LEDGER_LIST_BY_CHAIN,
                         DB_ARGS(db_text(prefecture_str(&prefecture)), db_i64(only.v),
                                 db_i64(chain.last.sequence), db_i64(PAGE)),
                         &rows));
        more = false;
        while (!walk->broken && db_rows_next(walk->ctx, &rows) && db_col_i64(&rows, 1) == only.v &&
               str_eq(db_col_text(&rows, 0), prefecture_str(&prefecture))) {
            TRY(check_event(walk, &rows, &chain));
            more = true;
        }
        TRY(db_rows_status(&rows));
    }
    walk->verdict.cases = chain.last.sequence > 0 || walk->broken ? 1 : 0;
    if (walk->verdict.cases == 0)
        return fail(
            walk->ctx, ST_NOT_FOUND, "case.unknown",
            ARGS(arg_text("case", casefile_ref_format(walk->ctx->arena, prefecture, only))));
    return ST_OK;
}

/* ---- along the writers ---- */

/* The events of all commits in order, a page at a time. */
struct feed {
    struct db_rows rows;
    int64_t writer, number, position; /* read last */
    int left;                         /* rows of this page not yet taken */
    bool has;                         /* rows stands on an event */
};

static void close_feed(struct feed *feed)
{
    db_rows_close(&feed->rows);
}

static enum status feed_next(struct walk *walk, struct feed *feed)
{
    if (feed->left == 0) {
        db_rows_close(&feed->rows);
        feed->left = PAGE;
        TRY(db_rows_open(walk->ctx, walk->conn, &SQL_LEDGER_LIST_BY_COMMIT,
                         DB_ARGS(db_i64(feed->writer), db_i64(feed->number), db_i64(feed->position),
                                 db_i64(PAGE)),
                         &feed->rows));
    }
    feed->left--;
    feed->has = db_rows_next(walk->ctx, &feed->rows);
    TRY(db_rows_status(&feed->rows));
    if (!feed->has)
        return ST_OK;
    feed->writer = db_col_i64(&feed->rows, 0);
    feed->number = db_col_i64(&feed->rows, 1);
    feed->position = db_col_i64(&feed->rows, 2);
    return ST_OK;
}

struct writer_chain {
    int64_t writer, number;
    int64_t last_id; /* no part of the hash (decision 0080): it may only grow */
    char hash[2 * CRYPTO_DIGEST_BYTES];
};

/* Takes the commit's events from the feed and holds its hash against them. */
static enum status check_commit(struct walk *walk, const struct db_rows *rows, struct feed *feed,
                                struct writer_chain *chain)
{
    struct arena *arena = walk->ctx->arena;
    int64_t writer = db_col_i64(rows, 0), number = db_col_i64(rows, 1);
    struct str stored = db_col_text(rows, 4);
    if (writer != chain->writer)
        *chain = (struct writer_chain){.writer = writer};
    if (number != chain->number + 1) {
        broken_commit(walk, "ledger.broken.missing_commit", (int)writer, chain->number + 1);
        return ST_OK;
    }
    VEC(struct digest) events = {0};
    for (; feed->has && feed->writer == writer && feed->number == number;) {
        struct digest digest;
        if (feed->position != (int64_t)events.len ||
            !digest_parse(db_col_text(&feed->rows, 3), &digest)) {
            broken_commit(walk, "ledger.broken.missing_event", (int)writer, number);
            return ST_OK;
        }
        vec_add(arena, &events, digest);
        TRY(feed_next(walk, feed));
    }
    struct str previous = {chain->hash, chain->number == 0 ? 0 : sizeof chain->hash};
    struct digest digest =
        ledger_hash_commit(walk->hash, arena, (int)writer, number, db_col_instant(rows, 2),
                           events.at, events.len, previous);
    if ((int64_t)events.len != db_col_i64(rows, 3)) {
        broken_commit(walk, "ledger.broken.missing_event", (int)writer, number);
    } else if (!str_eq(stored, digest_format(arena, &digest)) ||
               db_col_i64(rows, 5) < chain->last_id) {
        broken_commit(walk, "ledger.broken.changed_commit", (int)writer, number);
    } else {
        chain->number = number;
        chain->last_id = db_col_i64(rows, 5);
        memcpy(chain->hash, stored.at, sizeof chain->hash);
    }
    return ST_OK;
}

static enum status check_commit_page(struct walk *walk, struct feed *feed,
                                     struct writer_chain *chain, int *out_rows)
{
    struct db_rows rows AUTO(db_rows_close) = {0};
    TRY(db_rows_open(walk->ctx, walk->conn, &SQL_LEDGER_LIST_COMMITS,
                     DB_ARGS(db_i64(chain->writer), db_i64(chain->number), db_i64(PAGE)), &rows));
    *out_rows = 0;
    while (!walk->broken && db_rows_next(walk->ctx, &rows)) {
        struct arena_mark mark = arena_mark(walk->ctx->arena);
        ++*out_rows;
        /* An event that sorts before this commit belongs to one that is gone. */
        if (feed->has &&
            (feed->writer < db_col_i64(&rows, 0) ||
             (feed->writer == db_col_i64(&rows, 0) && feed->number < db_col_i64(&rows, 1))))
            broken_commit(walk, "ledger.broken.missing_commit", (int)feed->writer, feed->number);
        else
            TRY(check_commit(walk, &rows, feed, chain));
        arena_return(walk->ctx->arena, mark);
    }
    return db_rows_status(&rows);
}

static enum status check_commits(struct walk *walk)
{
    struct feed feed AUTO(close_feed) = {.position = -1};
    struct writer_chain chain = {0};
    TRY(feed_next(walk, &feed));
    for (int rows = PAGE; rows == PAGE && !walk->broken;)
        TRY(check_commit_page(walk, &feed, &chain, &rows));
    if (!walk->broken && feed.has)
        broken_commit(walk, "ledger.broken.missing_commit", (int)feed.writer, feed.number);
    return ST_OK;
}

enum status ledger_verify(struct ctx *ctx, struct db_conn *conn, enum crypto_hash hash,
                          struct prefecture prefecture, struct casefile_id only,
                          ledger_progress progress, void *progress_arg, struct ledger_verdict *out)
{
    struct walk walk = {
        .ctx = ctx, .conn = conn, .hash = hash, .progress = progress, .progress_arg = progress_arg};
    struct tx tx AUTO(tx_end) = {0};
    TRY(tx_begin_read(ctx, conn, &tx));
    if (only.v != 0) {
        TRY(check_one(&walk, prefecture, only));
    } else {
        TRY(check_chains(&walk));
        if (!walk.broken)
            TRY(check_commits(&walk));
    }
    walk.verdict.whole = !walk.broken;
    *out = walk.verdict;
    return ST_OK;
}
