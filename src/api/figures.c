/*
 * Plain counters: adding is one atomic addition each, and reading may be a little torn between
 * them, which no graph shows.
 */
#include "api/figures.h"

#include <stdatomic.h>

enum { CLASSES = 6 }; /* 0 none, 1xx … 5xx */

/* Upper bounds in microseconds; what takes longer counts in +Inf only. */
static const int64_t bounds[] = {1000,   2500,   5000,   10000,   25000,   50000,
                                 100000, 250000, 500000, 1000000, 2500000, 10000000};

struct figures {
    size_t count;
    _Atomic int64_t *requests; /* [count + 1][CLASSES] */
    _Atomic int64_t buckets[COUNT_OF(bounds)];
    _Atomic int64_t served;
    _Atomic int64_t micros;
};

struct figures *figures_new(struct arena *arena, size_t count)
{
    struct figures *figures = arena_new_of(arena, struct figures);
    figures->count = count;
    figures->requests = arena_alloc_array(arena, (count + 1) * CLASSES, sizeof *figures->requests);
    return figures;
}

void figures_add(struct figures *figures, size_t operation, int http_status, int64_t micros)
{
    size_t at = operation < figures->count ? operation : figures->count;
    int class = http_status / 100;
    atomic_fetch_add(&figures->requests[at * CLASSES + (size_t)(class > 5 ? 0 : class)], 1);
    atomic_fetch_add(&figures->served, 1);
    atomic_fetch_add(&figures->micros, micros);
    for (size_t i = 0; i < COUNT_OF(bounds); i++)
        if (micros <= bounds[i])
            atomic_fetch_add(&figures->buckets[i], 1);
}

static void print_seconds(struct buf *out, int64_t micros)
{
    buf_printf(out, "%lld.%06lld", (long long)(micros / 1000000), (long long)(micros % 1000000));
}

static void print_durations(const struct figures *figures, struct buf *out)
{
    long long served = (long long)atomic_load(&figures->served);
    buf_c(out, "# TYPE lantian_http_request_seconds histogram\n");
    for (size_t i = 0; i < COUNT_OF(bounds); i++) {
        buf_c(out, "lantian_http_request_seconds_bucket{le=\"");
        print_seconds(out, bounds[i]);
        buf_printf(out, "\"} %lld\n", (long long)atomic_load(&figures->buckets[i]));
    }
    buf_printf(out, "lantian_http_request_seconds_bucket{le=\"+Inf\"} %lld\n", served);
    buf_c(out, "lantian_http_request_seconds_sum ");
    print_seconds(out, atomic_load(&figures->micros));
    buf_printf(out, "\nlantian_http_request_seconds_count %lld\n", served);
}

void figures_print(const struct figures *figures, const char *(*name_of)(void *user, size_t),
                   void *user, struct buf *out)
{
    buf_c(out, "# TYPE lantian_http_requests_total counter\n");
    for (size_t i = 0; i <= figures->count; i++)
        for (size_t class = 0; class < CLASSES; class ++) {
            long long n = (long long)atomic_load(&figures->requests[i * CLASSES + class]);
            if (n > 0)
                buf_printf(out,
                           "lantian_http_requests_total{operation=\"%s\",status=\"%zuxx\"} %lld\n",
                           i < figures->count ? name_of(user, i) : "none", class, n);
        }
    print_durations(figures, out);
}
