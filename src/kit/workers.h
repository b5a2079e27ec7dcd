#pragma once
/*
 * A fixed number of threads before one bounded queue: for work that would hold up a thread that
 * serves sockets (passwords, pictures, imports).
 */
#include <stdbool.h>
#include <stddef.h>

struct workers;

typedef void (*workers_job)(void *argument);

struct workers *workers_new(size_t threads, size_t queue_limit);
/* false: the queue is full or the pool is ending; the job will not run. Any thread. */
bool workers_submit(struct workers *workers, workers_job job, void *argument);
/* Runs what is queued, takes nothing new, waits for the threads. Takes null. */
void workers_free(struct workers *workers);
