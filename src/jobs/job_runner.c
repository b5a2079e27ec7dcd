/*
 * A look is a count on a reading connection; only what waits is claimed, which is a write. A claim
 * is renewed while the work goes on.
 */
#include "jobs/job_runner.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "base/num.h"
#include "kit/json.h"
#include "services/import.h"
#include "store/job_rows.h"

enum { LOOK_EVERY_MS = 200, CLAIM_S = 120, RENEW_S = 20, PERMILLE = 1000, PAYLOAD_BYTES = 65536 };

struct work {
    struct ctx *ctx;
    const struct home *home;
    const struct clock *clock;
    const struct world *world;
    struct db_conn *conn;
    struct job_row job;
    const struct value *payload;
    time_t renewed;
    int64_t permille;
};

/* ---- the table of a job's life ---- */

static enum status claim(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct work *work = arg;
    return job_rows_claim(ctx, ledger->conn, CLAIM_S, &work->job);
}

static enum status renew(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct work *work = arg;
    return job_rows_progress(ctx, ledger->conn, work->job.id, work->permille, PERMILLE, CLAIM_S);
}

struct ending {
    int64_t id;
    bool good;
    struct str result;
};

static enum status finish(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    const struct ending *ending = arg;
    return job_rows_finish(ctx, ledger->conn, ending->id, ending->good, ending->result);
}

static time_t seconds_now(void)
{
    struct timespec at;
    must(clock_gettime(CLOCK_MONOTONIC, &at) == 0);
    return at.tv_sec;
}

/* A renewal that is lost costs nothing while the next one comes in time. */
static void tell_progress(void *arg, int64_t permille)
{
    struct work *work = arg;
    struct ctx own = {.arena = work->ctx->arena, .now = clock_now(work->clock)};
    work->permille = permille;
    if (seconds_now() - work->renewed < RENEW_S)
        return;
    work->renewed = seconds_now();
    if (home_write(&own, work->home, renew, work) != ST_OK)
        log_line(LOG_WARN, "job_claim_lost", "job=%lld", (long long)work->job.id);
}

/* ---- kinds of work ---- */

/* Whoever asked for it, with the posts they hold now. */
static struct actor actor_of(struct work *work)
{
    size_t count;
    const struct world_person *people = world_list_people(work->world, &count);
    for (size_t i = 0; work->job.account.v != 0 && i < count; i++)
        if (people[i].account.v == work->job.account.v)
            return world_actor_of(work->ctx->arena, &people[i], day_of_instant(work->ctx->now));
    return (struct actor){.is_system = work->job.account.v == 0};
}

static enum status write_import(struct work *work)
{
    const struct actor actor = actor_of(work);
    const struct import_desk desk = {.home = work->home,
                                     .world = work->world,
                                     .conn = work->conn,
                                     .actor = &actor,
                                     .account = work->job.account,
                                     .progress = tell_progress,
                                     .progress_arg = work};
    int64_t id = 0;
    (void)num_parse_i64(value_find_text(work->payload, "import"), 1, INT64_MAX, &id);
    return import_commit(work->ctx, &desk, id);
}

static const struct {
    const char *kind;
    enum status (*run)(struct work *work);
} kinds[] = {
    {"import", write_import},
};

static enum status run(struct work *work)
{
    struct value *payload = NULL;
    TRY(json_parse(work->ctx, work->job.payload, PAYLOAD_BYTES, JSON_STRICT, &payload));
    work->payload = payload;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq_c(work->job.kind, kinds[i].kind))
            return kinds[i].run(work);
    return fail(work->ctx, ST_NOT_FOUND, "job.unknown", ARGS(arg_int("id", work->job.id)));
}

/* What the machine has failed at is left lying and tried again; anything else is an answer. */
static enum status settle(struct work *work, enum status status)
{
    struct ending ending = {.id = work->job.id, .good = status == ST_OK, .result = S("{}")};
    if (status == ST_IO || status == ST_UNAVAILABLE || status == ST_INTERNAL)
        return status;
    if (status != ST_OK)
        log_line(LOG_WARN, "job_failed", "job=%lld status=%s key=%s", (long long)work->job.id,
                 status_name(status),
                 work->ctx->failure.reason.key == NULL ? "-" : work->ctx->failure.reason.key);
    fail_clear(work->ctx);
    return home_write(work->ctx, work->home, finish, &ending);
}

enum status job_runner_step(struct ctx *ctx, const struct home *home, const struct clock *clock,
                            bool *out_done)
{
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct work work = {.ctx = ctx, .home = home, .clock = clock, .renewed = seconds_now()};
    int64_t waiting;
    *out_done = false;
    TRY(home_conn_open(ctx, home, &conn));
    TRY(job_rows_waiting(ctx, conn, &waiting));
    if (waiting == 0)
        return ST_OK;
    enum status status = home_write(ctx, home, claim, &work);
    if (status == ST_NOT_FOUND) { /* another program was quicker */
        fail_clear(ctx);
        return ST_OK;
    }
    TRY(status);
    TRY(world_acquire(ctx, home->worlds, conn, &world));
    work.conn = conn;
    work.world = world;
    *out_done = true;
    return settle(&work, run(&work));
}

/* ---- the thread ---- */

struct job_runner {
    const struct home *home;
    const struct clock *clock;
    struct arena *arena; /* of one job */
    pthread_t thread;
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t wake;
    bool ending;
};

/* Until the next look; false: it is time to end. */
static bool wait_for_next(struct job_runner *runner, bool at_once)
{
    enum { NS_PER_MS = 1000000, MS_IN_S = 1000 };
    struct timespec until;
    int waited = at_once ? 1 : 0;
    must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    until.tv_nsec += (long)LOOK_EVERY_MS * NS_PER_MS;
    until.tv_sec += until.tv_nsec / ((long)MS_IN_S * NS_PER_MS);
    until.tv_nsec %= (long)MS_IN_S * NS_PER_MS;
    pthread_mutex_lock(&runner->lock);
    while (!runner->ending && waited == 0)
        waited = pthread_cond_timedwait(&runner->wake, &runner->lock, &until);
    bool goes_on = !runner->ending;
    pthread_mutex_unlock(&runner->lock);
    return goes_on;
}

static void *work_until_end(void *arg)
{
    struct job_runner *runner = arg;
    bool done;
    do {
        arena_reset(runner->arena);
        struct ctx ctx = {.arena = runner->arena, .now = clock_now(runner->clock)};
        done = false;
        enum status status = job_runner_step(&ctx, runner->home, runner->clock, &done);
        if (status != ST_OK)
            log_line(LOG_WARN, "jobs_failed", "status=%s key=%s", status_name(status),
                     ctx.failure.reason.key == NULL ? "-" : ctx.failure.reason.key);
        done = done && status == ST_OK;
    } while (wait_for_next(runner, done));
    return NULL;
}

struct job_runner *job_runner_new(const struct home *home, const struct clock *clock)
{
    pthread_condattr_t monotonic;
    struct job_runner *runner = calloc(1, sizeof *runner);
    must(runner != NULL);
    runner->home = home;
    runner->clock = clock;
    runner->arena = arena_new();
    must(pthread_mutex_init(&runner->lock, NULL) == 0);
    must(pthread_condattr_init(&monotonic) == 0);
    must(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    must(pthread_cond_init(&runner->wake, &monotonic) == 0);
    must(pthread_condattr_destroy(&monotonic) == 0);
    must(pthread_create(&runner->thread, NULL, work_until_end, runner) == 0);
    return runner;
}

void job_runner_free(struct job_runner *runner)
{
    if (runner == NULL)
        return;
    pthread_mutex_lock(&runner->lock);
    runner->ending = true;
    pthread_cond_signal(&runner->wake);
    pthread_mutex_unlock(&runner->lock);
    must(pthread_join(runner->thread, NULL) == 0);
    must(pthread_cond_destroy(&runner->wake) == 0);
    must(pthread_mutex_destroy(&runner->lock) == 0);
    arena_free(runner->arena);
    free(runner);
}
