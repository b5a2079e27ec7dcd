#pragma once
/*
 * Counts of what was served, for /metrics: requests by operation and class of status, and a
 * histogram of their durations. Any thread.
 */
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

struct figures;

/* For operations numbered 0 … count-1; one more stands for requests that reached none. */
struct figures *figures_new(struct arena *arena, size_t count);

/* operation: its number, or SIZE_MAX for none. */
void figures_add(struct figures *figures, size_t operation, int http_status, int64_t micros);

/*
 * Prometheus text format 0.0.4. `name_of` gives the name of an operation; families without any
 * count are left out.
 */
void figures_print(const struct figures *figures, const char *(*name_of)(void *user, size_t),
                   void *user, struct buf *out);
