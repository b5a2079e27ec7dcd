/*
 * Durable commands a second from many clients, and what the same engine commits for the same rows
 * without our code.
 *
 *   bench_commands DIR CLIENTS COUNT   COUNT cases made by CLIENTS threads, each waiting for
 *                                      its commit; prints {"seconds","commands","failed","commits"}
 *
 * The rows are then taken out of the ledger's database, commit by commit, and written into an empty
 * one through bare prepared statements (bench_replay).
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/fill.h"

enum { CLIENTS_MAX = 256 };

struct run {
    const struct fill *fill;
    _Atomic uint64_t next;
    uint64_t count;
    _Atomic int64_t failed;
};

static struct instant machine_now(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (struct instant){(int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000};
}

static double seconds(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *be_client(void *arg)
{
    struct run *run = arg;
    struct arena *arena = arena_new();
    for (uint64_t n; (n = atomic_fetch_add(&run->next, 1)) < run->count;) {
        struct ctx ctx = {.arena = arena, .now = machine_now()};
        struct case_order order = fill_order(&ctx, run->fill, n);
        if (casework_give(&ctx, &order) != ST_OK)
            atomic_fetch_add(&run->failed, 1);
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

static double run_clients(struct run *run, int clients)
{
    pthread_t threads[CLIENTS_MAX];
    double begin = seconds();
    for (int i = 0; i < clients; i++)
        must(pthread_create(&threads[i], NULL, be_client, run) == 0);
    for (int i = 0; i < clients; i++)
        must(pthread_join(threads[i], NULL) == 0);
    return seconds() - begin;
}

int main(int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena, .now = machine_now()};
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct fill fill;
    int clients = argc == 4 ? atoi(argv[2]) : 0;
    if (clients < 1 || clients > CLIENTS_MAX)
        return 2;
    enum status status =
        home_open(&ctx, str_of(argv[1]), furniture_files, furniture_file_count, &home);
    if (status == ST_OK)
        status = home_world(&ctx, home, &world);
    if (status != ST_OK) {
        fprintf(stderr, "bench_commands: %s\n", ctx.failure.reason.key);
        return status_exit(status);
    }
    fill_open(&fill, home, world);
    struct run run = {.fill = &fill, .count = strtoull(argv[3], NULL, 10)};
    double took = run_clients(&run, clients);
    const struct writer_figures figures = writer_figures(home->writer);
    printf("{\"seconds\":%.3f,\"commands\":%llu,\"failed\":%lld,\"commits\":%lld}\n", took,
           (unsigned long long)run.count, (long long)run.failed, (long long)figures.commits);
    return 0;
}
