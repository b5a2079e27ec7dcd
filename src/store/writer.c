/*
 * Group commit. Each writing thread takes all that waits (up to a limit), runs it under savepoints
 * in one transaction, links the events to its chain and commits. When the group as a whole fails (a
 * pipelined write, the commit itself, a transaction the engine has given up) each of its jobs is
 * run again in a transaction of its own, so that one bad job costs the others time, never their
 * outcome. Only a connection lost during a commit is not tried again: nobody knows whether it
 * took place, and to write twice would be worse than to say so.
 */
#include "store/writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct writing_thread {
    struct writer *writer;
    pthread_t thread;
    struct db_conn *conn;
    struct ledger_slot slot;
    struct arena *arena; /* of one transaction */
};

struct writer {
    const struct db *db;
    enum crypto_hash hash;
    struct writing_thread threads[WRITER_CONNECTION_MAX];
    int thread_count;
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t work;
    struct writer_job *first, *last;
    bool ending;
    struct writer_figures figures;
};

/* ---- one transaction ---- */

enum outcome {
    OUTCOME_DURABLE, /* committed; jobs with a failure of their own have kept it */
    OUTCOME_AGAIN,   /* nothing was written; each job should be tried alone */
    OUTCOME_UNKNOWN, /* the connection went during the commit */
};

struct group {
    struct writer_job *jobs[WRITER_GROUP_MAX];
    size_t count;
};

/* The job may refuse (its savepoint is undone) or the engine may fail (the whole transaction is). */
static bool is_engine_failure(const struct ctx *ctx, enum status status)
{
    return status == ST_IO || status == ST_UNAVAILABLE || status == ST_INTERNAL ||
           (ctx->failure.reason.key != NULL &&
            str_starts(str_of(ctx->failure.reason.key), S("db.")));
}

static enum status run_job(struct ctx *ctx, struct tx *tx, struct ledger_tx *ledger,
                           struct writer_job *job)
{
    struct ledger_mark mark = ledger_mark(ledger);
    fail_clear(job->ctx);
    ledger->attempt = job->attempts++;
    TRY(tx_savepoint(ctx, tx));
    job->status = job->run(job->ctx, ledger, job->arg);
    if (job->status == ST_OK)
        return tx_release(ctx, tx);
    if (is_engine_failure(job->ctx, job->status))
        return job->status;
    ledger_return(ledger, mark);
    return tx_rollback_to(ctx, tx);
}

/* Statuses of ctx are of no use to anybody here: each job has its own. */
static enum outcome write_group(struct writing_thread *self, struct ctx *ctx, struct group *group)
{
    struct tx tx AUTO(tx_end) = {0};
    struct ledger_tx ledger = {0};
    if (tx_begin(ctx, self->conn, &tx) != ST_OK ||
        ledger_begin(ctx, self->conn, self->writer->hash, &self->slot, self->arena, &ledger) !=
            ST_OK)
        return OUTCOME_AGAIN;
    self->slot.number = ledger.slot.number; /* taken for good, whatever becomes of this group */
    for (size_t i = 0; i < group->count; i++)
        if (run_job(ctx, &tx, &ledger, group->jobs[i]) != ST_OK)
            return OUTCOME_AGAIN;
    if (ledger_end(ctx, &ledger) != ST_OK || db_sync(ctx, self->conn) != ST_OK)
        return OUTCOME_AGAIN;
    if (tx_commit(ctx, &tx) != ST_OK)
        return ctx->failure.status == ST_UNAVAILABLE &&
                       strcmp(ctx->failure.reason.key, "db.gone") == 0
                   ? OUTCOME_UNKNOWN
                   : OUTCOME_AGAIN;
    self->slot = ledger.slot;
    return OUTCOME_DURABLE;
}

/* A failure outside the job, told to the job that waits for it. */
static void hand_failure(struct writer_job *job, const struct ctx *ctx)
{
    job->status = ctx->failure.status;
    if (job->ctx->failure.status != ST_OK)
        return;
    (void)fail_reason(job->ctx, ctx->failure.status, ctx->failure.reason);
    for (size_t i = 0; i < ctx->failure.note_count; i++)
        fail_note(job->ctx, ctx->failure.notes[i]);
}

/* Worth another attempt: somebody else wrote the sequence first, or a lock was lost. */
static bool may_pass_later(const struct writer_job *job, const struct ctx *ctx)
{
    const struct ctx *failed = job->status != ST_OK ? job->ctx : ctx;
    return db_failed_unique(failed, "event") || db_failed_unique(failed, "commit_link") ||
           (failed->failure.status == ST_UNAVAILABLE &&
            strcmp(failed->failure.reason.key, "db.busy") == 0);
}

static enum outcome write_once(struct writing_thread *self, struct ctx *ctx, struct group *group)
{
    arena_reset(self->arena);
    *ctx = (struct ctx){.arena = self->arena, .now = group->jobs[0]->ctx->now};
    for (size_t i = 0; i < group->count; i++)
        group->jobs[i]->status = ST_OK;
    enum outcome outcome = write_group(self, ctx, group);
    self->slot.known = outcome == OUTCOME_DURABLE;
    /* The connection may be a new one, whose lock on the slot is gone: ask for it again. */
    if (outcome != OUTCOME_DURABLE && db_engine(self->writer->db) == DB_POSTGRES)
        self->slot = (struct ledger_slot){0};
    return outcome;
}

static void write_alone(struct writing_thread *self, struct writer_job *job)
{
    struct group group = {.jobs = {job}, .count = 1};
    struct ctx ctx;
    enum outcome outcome;
    do
        outcome = write_once(self, &ctx, &group);
    while (outcome == OUTCOME_AGAIN && job->attempts < WRITER_ATTEMPT_MAX &&
           may_pass_later(job, &ctx));
    if (outcome == OUTCOME_DURABLE)
        return;
    if (job->status == ST_OK)
        hand_failure(job, &ctx);
}

/* ---- the queue ---- */

static void take(struct writer *writer, struct group *group)
{
    group->count = 0;
    while (writer->first != NULL && group->count < WRITER_GROUP_MAX) {
        group->jobs[group->count++] = writer->first;
        writer->first = writer->first->next;
    }
    if (writer->first == NULL)
        writer->last = NULL;
    writer->figures.waiting -= (int64_t)group->count;
}

static void finish(struct writing_thread *self, struct group *group, bool committed)
{
    struct writer *writer = self->writer;
    int64_t retries = 0;
    for (size_t i = 0; i < group->count; i++)
        retries += group->jobs[i]->attempts - 1;
    pthread_mutex_lock(&writer->lock);
    writer->figures.jobs += (int64_t)group->count;
    writer->figures.retries += retries;
    writer->figures.commits += committed ? 1 : (int64_t)group->count;
    pthread_mutex_unlock(&writer->lock);
    for (size_t i = 0; i < group->count; i++) {
        struct writer_job *job = group->jobs[i];
        if (job->status == ST_OK)
            fail_clear(job->ctx);
        job->done(job->ctx, job->arg, job->status);
    }
}

static void write_all(struct writing_thread *self, struct group *group)
{
    struct ctx ctx;
    enum outcome outcome = write_once(self, &ctx, group);
    if (outcome == OUTCOME_UNKNOWN)
        for (size_t i = 0; i < group->count; i++)
            if (group->jobs[i]->status == ST_OK)
                hand_failure(group->jobs[i], &ctx);
    if (outcome == OUTCOME_AGAIN)
        for (size_t i = 0; i < group->count; i++)
            write_alone(self, group->jobs[i]);
    finish(self, group, outcome == OUTCOME_DURABLE);
}

static void *write_until_end(void *arg)
{
    struct writing_thread *self = arg;
    struct writer *writer = self->writer;
    struct group group;
    for (;;) {
        pthread_mutex_lock(&writer->lock);
        while (writer->first == NULL && !writer->ending)
            pthread_cond_wait(&writer->work, &writer->lock);
        take(writer, &group);
        pthread_mutex_unlock(&writer->lock);
        if (group.count == 0)
            return NULL;
        write_all(self, &group);
    }
}

/* ---- from outside ---- */

static enum status open_threads(struct ctx *ctx, struct writer *writer, int count)
{
    for (int i = 0; i < count; i++) {
        struct writing_thread *thread = &writer->threads[i];
        thread->writer = writer;
        TRY(db_conn_open(ctx, writer->db, DB_WRITE, &thread->conn));
        thread->arena = arena_new();
        must(pthread_create(&thread->thread, NULL, write_until_end, thread) == 0);
        writer->thread_count++;
    }
    return ST_OK;
}

enum status writer_new(struct ctx *ctx, const struct db *db, enum crypto_hash hash, int connections,
                       struct writer **out)
{
    must(connections >= 1 && connections <= WRITER_CONNECTION_MAX);
    struct writer *writer = calloc(1, sizeof *writer);
    must(writer != NULL);
    writer->db = db;
    writer->hash = hash;
    must(pthread_mutex_init(&writer->lock, NULL) == 0);
    must(pthread_cond_init(&writer->work, NULL) == 0);
    enum status status = open_threads(ctx, writer, db_engine(db) == DB_SQLITE ? 1 : connections);
    if (status != ST_OK) {
        writer_free(writer);
        return status;
    }
    *out = writer;
    return ST_OK;
}

void writer_free(struct writer *writer)
{
    if (writer == NULL)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->ending = true;
    pthread_cond_broadcast(&writer->work);
    pthread_mutex_unlock(&writer->lock);
    for (int i = 0; i < writer->thread_count; i++) {
        must(pthread_join(writer->threads[i].thread, NULL) == 0);
        db_conn_close(writer->threads[i].conn);
        arena_free(writer->threads[i].arena);
    }
    (void)pthread_cond_destroy(&writer->work);
    (void)pthread_mutex_destroy(&writer->lock);
    free(writer);
}

void writer_submit(struct writer *writer, struct writer_job *job)
{
    job->next = NULL;
    job->attempts = 0;
    pthread_mutex_lock(&writer->lock);
    must(!writer->ending);
    if (writer->last == NULL)
        writer->first = job;
    else
        writer->last->next = job;
    writer->last = job;
    writer->figures.waiting++;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
}

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
    writer_work run;
    void *arg;
};

static enum status run_waiting(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct waiting *waiting = arg;
    return waiting->run(ctx, ledger, waiting->arg);
}

static void wake(struct ctx *ctx, void *arg, enum status status)
{
    struct waiting *waiting = arg;
    (void)ctx;
    (void)status;
    pthread_mutex_lock(&waiting->lock);
    waiting->is_done = true;
    pthread_cond_signal(&waiting->done);
    pthread_mutex_unlock(&waiting->lock);
}

enum status writer_run(struct writer *writer, struct writer_job *job)
{
    struct waiting waiting = {.run = job->run,
                              .arg = job->arg,
                              .lock = PTHREAD_MUTEX_INITIALIZER,
                              .done = PTHREAD_COND_INITIALIZER};
    struct writer_job own = {.ctx = job->ctx, .run = run_waiting, .done = wake, .arg = &waiting};
    writer_submit(writer, &own);
    pthread_mutex_lock(&waiting.lock);
    while (!waiting.is_done)
        pthread_cond_wait(&waiting.done, &waiting.lock);
    pthread_mutex_unlock(&waiting.lock);
    return own.status;
}

struct writer_figures writer_figures(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    struct writer_figures figures = writer->figures;
    pthread_mutex_unlock(&writer->lock);
    return figures;
}
