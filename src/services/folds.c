/*
 * A table by identifier, and a ring in the order of coming. Who borrows a fold counts as a holder until
 * their arena is reset, so that what leaves the table is freed by the last of them.
 */
#include "services/folds.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct fold {
    atomic_int holders; /* the table is one */
    struct arena *arena;
    struct casefile casefile;
    struct fold *next; /* in its slot */
};

struct folds {
    pthread_mutex_t lock;
    struct fold **slots; /* 2 * limit */
    struct fold **ring;  /* oldest at `first` */
    size_t limit, count, first, hits;
};

static void lay_out(struct folds *folds, size_t limit)
{
    folds->slots = calloc(limit * 2, sizeof *folds->slots);
    folds->ring = calloc(limit, sizeof *folds->ring);
    must(folds->slots != NULL && folds->ring != NULL);
    folds->limit = limit;
    folds->first = folds->count = 0;
}

struct folds *folds_new(size_t limit)
{
    struct folds *folds = calloc(1, sizeof *folds);
    must(folds != NULL && limit > 0);
    lay_out(folds, limit);
    must(pthread_mutex_init(&folds->lock, NULL) == 0);
    return folds;
}

static void release(void *thing)
{
    struct fold *fold = thing;
    if (atomic_fetch_sub(&fold->holders, 1) == 1)
        arena_free(fold->arena); /* the fold itself lies in it */
}

void folds_free(struct folds *folds)
{
    if (folds == NULL)
        return;
    for (size_t i = 0; i < folds->count; i++)
        release(folds->ring[(folds->first + i) % folds->limit]);
    must(pthread_mutex_destroy(&folds->lock) == 0);
    free(folds->ring);
    free(folds->slots);
    free(folds);
}

static struct fold **slot_of(struct folds *folds, struct casefile_id id)
{
    uint64_t mixed = (uint64_t)id.v * 0x9e3779b97f4a7c15u;
    return &folds->slots[(mixed >> 20) % (folds->limit * 2)];
}

/* With the lock. */
static struct fold *find(struct folds *folds, struct casefile_id id, struct str last_hash)
{
    for (struct fold *fold = *slot_of(folds, id); fold != NULL; fold = fold->next)
        if (fold->casefile.id.v == id.v && str_eq(fold->casefile.last_hash, last_hash)) {
            atomic_fetch_add(&fold->holders, 1);
            return fold;
        }
    return NULL;
}

/* With the lock: the oldest leaves. */
static void drop_oldest(struct folds *folds)
{
    struct fold *oldest = folds->ring[folds->first];
    struct fold **at = slot_of(folds, oldest->casefile.id);
    while (*at != oldest)
        at = &(*at)->next;
    *at = oldest->next;
    folds->first = (folds->first + 1) % folds->limit;
    folds->count--;
    release(oldest);
}

/* With the lock. */
static void keep(struct folds *folds, struct fold *fold)
{
    struct fold **slot = slot_of(folds, fold->casefile.id);
    if (folds->count == folds->limit)
        drop_oldest(folds);
    fold->next = *slot;
    *slot = fold;
    folds->ring[(folds->first + folds->count++) % folds->limit] = fold;
}

void folds_widen(struct folds *folds, size_t limit)
{
    pthread_mutex_lock(&folds->lock);
    struct folds before = *folds;
    if (limit > before.limit) {
        lay_out(folds, limit);
        for (size_t i = 0; i < before.count; i++)
            keep(folds, before.ring[(before.first + i) % before.limit]);
        free(before.ring);
        free(before.slots);
    }
    pthread_mutex_unlock(&folds->lock);
}

static enum status make(struct ctx *ctx, struct db_conn *conn, struct prefecture prefecture,
                        struct casefile_id id, struct fold **out)
{
    struct arena *arena = arena_new();
    struct ctx own = {.arena = arena, .now = ctx->now};
    struct fold *fold = arena_new_of(arena, struct fold);
    enum status status = ledger_load(&own, conn, prefecture, id, &fold->casefile);
    if (status != ST_OK) {
        (void)fail_reason(ctx, status, own.failure.reason);
        fail_keep(ctx);
        arena_free(arena);
        return status;
    }
    fold->arena = arena;
    atomic_init(&fold->holders, 1);
    *out = fold;
    return ST_OK;
}

enum status folds_load(struct ctx *ctx, struct folds *folds, struct db_conn *conn,
                       struct prefecture prefecture, struct casefile_id id, struct str last_hash,
                       const struct casefile **out)
{
    pthread_mutex_lock(&folds->lock);
    struct fold *fold = find(folds, id, last_hash);
    folds->hits += fold != NULL;
    pthread_mutex_unlock(&folds->lock);
    if (fold == NULL) {
        TRY(make(ctx, conn, prefecture, id, &fold));
        pthread_mutex_lock(&folds->lock);
        atomic_fetch_add(&fold->holders, 1);
        keep(folds, fold);
        pthread_mutex_unlock(&folds->lock);
    }
    arena_hold(ctx->arena, release, fold);
    *out = &fold->casefile;
    return ST_OK;
}

size_t folds_hits(struct folds *folds)
{
    pthread_mutex_lock(&folds->lock);
    size_t hits = folds->hits;
    pthread_mutex_unlock(&folds->lock);
    return hits;
}
