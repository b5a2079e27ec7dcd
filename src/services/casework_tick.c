/*
 * What time asks for: every clock that has ended lapses, by a command like any other. All that is
 * due is handed to the writer together and shares its commits; whoever else served a case first has
 * written the event by then, and the engine refuses the second one.
 */
#include "services/casework.h"

#include <pthread.h>

#include "base/log.h"
#include "store/deadline_rows.h"

enum { LAPSES_AT_ONCE = 250 };

/* Counts the lapses that are still with the writer. */
struct latch {
    pthread_mutex_t lock;
    pthread_cond_t none_left;
    size_t left;
};

struct lapse {
    struct arena *arena; /* its own: the writer works in it from another thread */
    struct ctx ctx;
    struct case_order order;
    struct writer_job job;
    struct latch *latch;
    enum status status;
};

static void lapse_done(struct ctx *ctx, void *arg, enum status status)
{
    struct lapse *lapse = arg;
    struct latch *latch = lapse->latch;
    (void)ctx;
    lapse->status = status;
    pthread_mutex_lock(&latch->lock);
    if (--latch->left == 0)
        pthread_cond_signal(&latch->none_left);
    pthread_mutex_unlock(&latch->lock);
}

static enum status record_lapse(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct lapse *lapse = arg;
    return casework_record(ctx, ledger, &lapse->order);
}

static void submit(const struct ctx *ctx, const struct home *home, const struct world *world,
                   const struct deadline_due *due, struct lapse *lapse)
{
    static const struct actor system = {.is_system = true};
    lapse->arena = arena_new();
    lapse->ctx = (struct ctx){.arena = lapse->arena, .now = ctx->now};
    struct value *input = value_map(lapse->arena);
    value_put_text(lapse->arena, input, "clock", due->name);
    value_put_int(lapse->arena, input, "started_seq", due->started_seq);
    lapse->order = (struct case_order){.home = home,
                                       .world = world,
                                       .actor = &system,
                                       .ref = {due->prefecture, due->casefile},
                                       .command = S("lapse"),
                                       .input = input,
                                       .happened_at = INSTANT_NONE};
    lapse->job = (struct writer_job){
        .ctx = &lapse->ctx, .run = record_lapse, .done = lapse_done, .arg = lapse};
    writer_submit(home->writer, &lapse->job);
}

/*
 * Refused: somebody else did it first, or the case's own rules will not have it, which must not keep
 * the other cases waiting. Trouble of the database is everybody's and is passed on.
 */
static enum status settle(struct ctx *ctx, const struct lapse *lapse, int64_t *io_lapsed)
{
    const struct failure *failure = &lapse->ctx.failure;
    *io_lapsed += lapse->status == ST_OK;
    if (lapse->status == ST_OK || lapse->status == ST_CONFLICT || lapse->status == ST_STALE)
        return ST_OK;
    if (lapse->status == ST_IO || lapse->status == ST_UNAVAILABLE)
        return fail_reason(ctx, lapse->status, failure->reason);
    /* Of our own making: the log has it, and the next look tries again. */
    /* advise: ok, no caller is waiting */
    log_line(LOG_ERROR, "lapse_failed", "case=%.*s clock=%.*s key=%s",
             STR_ARG(casefile_ref_format(ctx->arena, lapse->order.ref.prefecture,
                                         lapse->order.ref.id)),
             STR_ARG(value_find_text(lapse->order.input, "clock")), failure->reason.key);
    return ST_OK;
}

static enum status lapse_all(struct ctx *ctx, const struct home *home, const struct world *world,
                             const struct deadline_due_list *due, int64_t *io_lapsed)
{
    struct latch latch = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, due->len};
    struct lapse *lapses = arena_alloc_array(ctx->arena, due->len, sizeof *lapses);
    enum status status = ST_OK;
    for (size_t i = 0; i < due->len; i++) {
        lapses[i].latch = &latch;
        submit(ctx, home, world, &due->at[i], &lapses[i]);
    }
    pthread_mutex_lock(&latch.lock);
    while (latch.left > 0)
        pthread_cond_wait(&latch.none_left, &latch.lock);
    pthread_mutex_unlock(&latch.lock);
    for (size_t i = 0; i < due->len; i++) {
        if (status == ST_OK)
            status = settle(ctx, &lapses[i], io_lapsed);
        arena_free(lapses[i].arena);
    }
    return status;
}

/* Until a look finds nothing it can do: what lapses may start a clock that has ended as well. */
enum status casework_tick(struct ctx *ctx, const struct home *home, const struct world *world,
                          int64_t *out_lapsed)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    int64_t lapsed = 0, before;
    TRY(home_conn_open(ctx, home, &conn));
    do {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct deadline_due_list due = {0};
        before = lapsed;
        TRY(deadline_rows_due(ctx, conn, LAPSES_AT_ONCE, &due));
        TRY(lapse_all(ctx, home, world, &due, &lapsed));
        arena_return(ctx->arena, mark);
    } while (lapsed > before);
    *out_lapsed = lapsed;
    return ST_OK;
}
