#pragma once
/*
 * The one door through which anything is written: a queue in front of one writing thread (SQLite)
 * or a few pipelined connections (PostgreSQL). What waits in the queue is committed together, each
 * job under its own savepoint, so that many clients share one fsync. No timer: while one group is
 * being committed, the next gathers.
 *
 *   struct writer_job job = {.ctx = ctx, .run = record_command, .done = wake_request, .arg = order};
 *   writer_submit(writer, &job);          a server thread goes on; done() resumes the connection
 *   TRY(writer_run(writer, &job));        the command line waits
 *
 * A job's ctx, its arena and its arg belong to the writer from submit until done is called.
 */
#include "store/ledger.h"

struct writer;
struct writer_job;

/*
 * The work, inside the group's transaction under a savepoint: reads, db_put, ledger_append. May run
 * again from the start when somebody else wrote first, a pipeline failed or a lock was lost
 * (ledger->attempt counts), so it must not change what it would read the second time. A status
 * other than ST_OK undoes what it wrote; its failure is in ctx.
 */
typedef enum status (*writer_work)(struct ctx *ctx, struct ledger_tx *ledger, void *arg);

/*
 * Called once, in the writer's thread, after the commit is durable or the job has failed; the
 * failure is in ctx. Must not wait and must not submit-and-wait. The job may be freed inside.
 */
typedef void (*writer_done)(struct ctx *ctx, void *arg, enum status status);

struct writer_job {
    struct ctx *ctx;
    writer_work run;
    writer_done done;
    void *arg;
    /* The writer's own: */
    struct writer_job *next;
    enum status status;
    int attempts;
};

enum { WRITER_GROUP_MAX = 256, WRITER_ATTEMPT_MAX = 4, WRITER_CONNECTION_MAX = 16 };

/*
 *   connections   writing connections on PostgreSQL (1..16); SQLite always has one
 *
 * Errors: those of db_conn_open
 */
MUST_USE enum status writer_new(struct ctx *ctx, const struct db *db, enum crypto_hash hash,
                                int connections, struct writer **out);
/* Finishes what is queued, then ends. Takes null. */
void writer_free(struct writer *writer);

void writer_submit(struct writer *writer, struct writer_job *job);
/* Submits and waits; job->done is not used. */
MUST_USE enum status writer_run(struct writer *writer, struct writer_job *job);

/* How it is doing, for /metrics. */
struct writer_figures {
    int64_t jobs;    /* ended */
    int64_t commits; /* groups made durable */
    int64_t retries; /* jobs run again */
    int64_t waiting; /* in the queue now */
};
struct writer_figures writer_figures(struct writer *writer);
