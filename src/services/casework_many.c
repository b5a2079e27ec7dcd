/*
 * The latch counts the turns that are still with the writer.
 */
#include "services/casework_many.h"

#include <pthread.h>

struct casework_latch {
    pthread_mutex_t lock;
    pthread_cond_t none_left;
    size_t left;
};

static void done(struct ctx *ctx, void *arg, enum status status)
{
    struct casework_turn *turn = arg;
    struct casework_latch *latch = turn->latch;
    (void)ctx;
    turn->status = status;
    pthread_mutex_lock(&latch->lock);
    if (--latch->left == 0)
        pthread_cond_signal(&latch->none_left);
    pthread_mutex_unlock(&latch->lock);
}

static enum status record(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct casework_turn *turn = arg;
    return casework_record(ctx, ledger, &turn->order);
}

void casework_turn_begin(struct casework_turn *turn, struct instant now)
{
    *turn = (struct casework_turn){.arena = arena_new()};
    turn->ctx = (struct ctx){.arena = turn->arena, .now = now};
}

void casework_give_many(struct casework_turn *turns, size_t count)
{
    struct casework_latch latch = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, count};
    for (size_t i = 0; i < count; i++) {
        struct casework_turn *turn = &turns[i];
        turn->latch = &latch;
        turn->job = (struct writer_job){
            .ctx = &turn->ctx, .run = record, .done = done, .arg = turn};
        writer_submit(turn->order.home->writer, &turn->job);
    }
    pthread_mutex_lock(&latch.lock);
    while (latch.left > 0)
        pthread_cond_wait(&latch.none_left, &latch.lock);
    pthread_mutex_unlock(&latch.lock);
}

void casework_turns_end(struct casework_turn *turns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        arena_free(turns[i].arena);
}
