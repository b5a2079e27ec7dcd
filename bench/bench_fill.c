/*
 * bench_fill DIR COUNT: so many more cases in a data directory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/fill.h"

static void tell(uint64_t done)
{
    if (done % 10000 == 0)
        fprintf(stderr, "\r%llu", (unsigned long long)done);
}

static double seconds(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct timespec now;
    must(clock_gettime(CLOCK_REALTIME, &now) == 0);
    struct ctx ctx = {.arena = arena, .now = {(int64_t)now.tv_sec * MS_PER_SECOND}};
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct fill fill;
    if (argc != 3)
        return 2;
    uint64_t count = strtoull(argv[2], NULL, 10);
    enum status status =
        home_open(&ctx, str_of(argv[1]), furniture_files, furniture_file_count, &home);
    if (status == ST_OK)
        status = home_world(&ctx, home, &world);
    if (status == ST_OK) {
        double begin = seconds();
        fill_open(&fill, home, world);
        status = fill_cases(&ctx, &fill, 0, count, tell);
        fprintf(stderr, "\r%llu cases in %.1f s\n", (unsigned long long)count, seconds() - begin);
    }
    if (status != ST_OK)
        fprintf(stderr, "bench_fill: %s\n", ctx.failure.reason.key);
    return status_exit(status);
}
