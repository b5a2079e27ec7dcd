/*
 * One mutex, one ring of jobs. The jobs take milliseconds, so nothing cleverer pays.
 */
#include "kit/workers.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/status.h"

struct job {
    workers_job run;
    void *argument;
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job *ring; /* `cap` slots, `len` taken, the oldest at `first` */
    size_t cap;
    size_t len;
    size_t first;
    bool ending;
    size_t thread_count;
    pthread_t *threads;
};

/* false: the pool is ending and the queue is empty. */
static bool take(struct workers *workers, struct job *out)
{
    pthread_mutex_lock(&workers->lock);
    while (workers->len == 0 && !workers->ending)
        pthread_cond_wait(&workers->wake, &workers->lock);
    bool taken = workers->len > 0;
    if (taken) {
        *out = workers->ring[workers->first];
        workers->first = (workers->first + 1) % workers->cap;
        workers->len--;
    }
    pthread_mutex_unlock(&workers->lock);
    return taken;
}

static void *run(void *argument)
{
    struct job job;
    while (take(argument, &job))
        job.run(job.argument);
    return NULL;
}

struct workers *workers_new(size_t threads, size_t queue_limit)
{
    must(threads > 0 && queue_limit > 0);
    struct workers *workers = calloc(1, sizeof *workers);
    must(workers != NULL);
    workers->cap = queue_limit;
    workers->ring = calloc(queue_limit, sizeof *workers->ring);
    workers->threads = calloc(threads, sizeof *workers->threads);
    must(workers->ring != NULL && workers->threads != NULL);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->wake, NULL);
    for (; workers->thread_count < threads; workers->thread_count++)
        must(pthread_create(&workers->threads[workers->thread_count], NULL, run, workers) == 0);
    return workers;
}

bool workers_submit(struct workers *workers, workers_job job, void *argument)
{
    pthread_mutex_lock(&workers->lock);
    bool fits = workers->len < workers->cap && !workers->ending;
    if (fits) {
        size_t slot = (workers->first + workers->len) % workers->cap;
        workers->ring[slot] = (struct job){job, argument};
        workers->len++;
        pthread_cond_signal(&workers->wake);
    }
    pthread_mutex_unlock(&workers->lock);
    return fits;
}

void workers_free(struct workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->ending = true;
    pthread_cond_broadcast(&workers->wake);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->thread_count; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->wake);
    pthread_mutex_destroy(&workers->lock);
    free(workers->threads);
    free(workers->ring);
    free(workers);
}
