/*
 * Load that may be killed at any moment, and the look afterwards whether what was acknowledged is
 * there.
 *
 *   chaos_load write DIR FILE [THREADS]   works until it is killed or 60 s have gone; a line in FILE for
 *                                         each act whose commit was acknowledged: <case> <version>
 *   chaos_load check DIR FILE             every line of FILE is in the ledger and in the rows; exit 1
 *                                         and the first that is not, otherwise
 *
 * DIR holds a campaign of the example (lantian demo --scene).
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "services/casework.h"
#include "store/casefile_rows.h"

enum { THREADS_MAX = 64, SECONDS_MAX = 60, REFUSED_PAUSE_US = 20000 };

static const char campaign_name[] = "look-back";
static const char clerk_login[] = "taskforce";

static struct instant machine_now(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (struct instant){(int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000};
}

static int explain(const struct ctx *ctx)
{
    fprintf(stderr, "chaos_load: %s\n", ctx->failure.reason.key);
    return 3;
}

static enum status open_home(struct ctx *ctx, const char *dir, struct home **out)
{
    return home_open(ctx, str_of(dir), furniture_files, furniture_file_count, out);
}

/* ---- write ---- */

struct load {
    const struct home *home;
    const struct world *world;
    const struct world_person *clerk;
    int log;
    struct instant until;
};

/* One write, so that a kill never leaves half a line. */
static void acknowledge(const struct load *load, struct ctx *ctx, const struct case_order *order)
{
    struct str line = str_printf(
        ctx->arena, "%.*s %lld\n",
        STR_ARG(casefile_ref_format(ctx->arena, order->made.prefecture, order->made.id)),
        (long long)order->made_version);
    must(write(load->log, line.at, line.len) == (ssize_t)line.len);
}

static enum status give(const struct load *load, struct ctx *ctx, struct case_order *order)
{
    const struct actor actor = world_actor_of(ctx->arena, load->clerk, day_of_instant(ctx->now));
    order->home = load->home;
    order->world = load->world;
    order->actor = &actor;
    order->happened_at = INSTANT_NONE;
    enum status status = casework_give(ctx, order);
    if (status == ST_OK)
        acknowledge(load, ctx, order);
    return status;
}

static enum status make_case(const struct load *load, struct ctx *ctx, uint64_t number,
                             struct case_order *out)
{
    struct value *input = value_map(ctx->arena);
    struct value *fields = value_put_map(ctx->arena, input, "fields");
    value_put_text(ctx->arena, input, "region", load->clerk->posts[0].unit->facts.region);
    value_put_text(ctx->arena, input, "source", S("inspection-petition"));
    value_put_text(ctx->arena, fields, "description",
                   str_printf(ctx->arena, "第%llu件：养殖场粪水直排河沟，夜间机器轰鸣",
                              (unsigned long long)number));
    *out = (struct case_order){.campaign = str_of(campaign_name),
                               .procedure = S("letter"),
                               .command = S("create"),
                               .input = input};
    return give(load, ctx, out);
}

static enum status hand_over(const struct load *load, struct ctx *ctx,
                             const struct case_order *made)
{
    struct value *input = value_map(ctx->arena);
    value_put_text(ctx->arena, input, "order_number", S("交〔1〕1号"));
    struct case_order order = {.ref = made->made, .command = S("hand_over"), .input = input};
    return give(load, ctx, &order);
}

static void *work(void *arg)
{
    const struct load *load = arg;
    struct arena *arena = arena_new();
    for (uint64_t n = 0; machine_now().ms < load->until.ms; n++) {
        struct ctx ctx = {.arena = arena, .now = machine_now()};
        struct case_order made;
        enum status status = make_case(load, &ctx, n, &made);
        if (status == ST_OK && n % 2 == 0)
            status = hand_over(load, &ctx, &made);
        if (status != ST_OK) {
            fprintf(stderr, "refused %s\n", ctx.failure.reason.key);
            usleep(REFUSED_PAUSE_US);
        }
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

static int write_load(struct ctx *ctx, const char *dir, const char *file, int threads)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    pthread_t thread[THREADS_MAX];
    if (open_home(ctx, dir, &home) != ST_OK || home_world(ctx, home, &world) != ST_OK)
        return explain(ctx);
    struct load load = {.home = home,
                        .world = world,
                        .clerk = world_find_person_by_login(world, str_of(clerk_login)),
                        .log = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600),
                        .until = {ctx->now.ms + SECONDS_MAX * MS_PER_SECOND}};
    must(load.clerk != NULL && load.log >= 0);
    for (int i = 0; i < threads; i++)
        must(pthread_create(&thread[i], NULL, work, &load) == 0);
    for (int i = 0; i < threads; i++)
        must(pthread_join(thread[i], NULL) == 0);
    return 0;
}

/* ---- check ---- */

static bool is_there(struct ctx *ctx, struct db_conn *conn, struct str line)
{
    struct prefecture prefecture;
    struct casefile_id id;
    struct str ref;
    int64_t version, row_version;
    struct ledger_row_list events;
    return str_next(&line, ' ', &ref) && casefile_ref_parse(ref, &prefecture, &id) &&
           num_parse_i64(line, 1, INT64_MAX, &version) &&
           casefile_rows_version(ctx, conn, prefecture, id, &row_version) == ST_OK &&
           row_version >= version &&
           ledger_list(ctx, conn, prefecture, id, version, &events) == ST_OK && events.len > 0 &&
           events.at[0].event.sequence == version;
}

static int check_load(struct ctx *ctx, const char *dir, const char *file)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    char line[128];
    long long lines = 0;
    FILE *log = fopen(file, "re");
    if (log == NULL)
        return 0; /* killed before the first acknowledgement */
    if (open_home(ctx, dir, &home) != ST_OK || home_conn_open(ctx, home, &conn) != ST_OK)
        return explain(ctx);
    while (fgets(line, sizeof line, log) != NULL) {
        struct arena_mark mark = arena_mark(ctx->arena);
        line[strcspn(line, "\n")] = '\0';
        if (!is_there(ctx, conn, str_of(line))) {
            printf("missing: %s\n", line);
            return 1;
        }
        arena_return(ctx->arena, mark);
        lines++;
    }
    must(fclose(log) == 0);
    printf("%lld acknowledged, all there\n", lines);
    return 0;
}

int main(int argc, char **argv)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct ctx ctx = {.arena = arena, .now = machine_now()};
    int threads = argc > 4 ? atoi(argv[4]) : 8;
    if (argc >= 4 && strcmp(argv[1], "write") == 0 && threads > 0 && threads <= THREADS_MAX)
        return write_load(&ctx, argv[2], argv[3], threads);
    if (argc == 4 && strcmp(argv[1], "check") == 0)
        return check_load(&ctx, argv[2], argv[3]);
    fprintf(stderr, "usage: chaos_load write|check DIR FILE [THREADS]\n");
    return 2;
}
