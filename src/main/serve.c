/*
 * Opens in the order in which things need each other, closes in reverse: pictures (forks before any
 * thread is made), data directory, clock, pages, routes, timers, sockets.
 */
#include "main/serve.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "api/account_api.h"
#include "api/audit_api.h"
#include "api/batch_api.h"
#include "api/board_api.h"
#include "api/bulk_api.h"
#include "api/calendar_api.h"
#include "api/case_api.h"
#include "api/case_new.h"
#include "api/casefile_api.h"
#include "api/checkpoint_api.h"
#include "api/complaint_api.h"
#include "api/counts_api.h"
#include "api/coverage_api.h"
#include "api/deadline_api.h"
#include "api/desk_api.h"
#include "api/directory_api.h"
#include "api/document_api.h"
#include "api/duty_api.h"
#include "api/draw_api.h"
#include "api/evidence_api.h"
#include "api/export_api.h"
#include "api/import_api.h"
#include "api/measure_api.h"
#include "api/office.h"
#include "api/paper_api.h"
#include "api/public_api.h"
#include "api/redaction_api.h"
#include "api/region_api.h"
#include "api/replay_api.h"
#include "api/report_api.h"
#include "api/score_api.h"
#include "api/sealed_api.h"
#include "api/session_api.h"
#include "api/stream_api.h"
#include "api/suggestion_api.h"
#include "api/team_api.h"
#include "api/view_api.h"
#include "base/log.h"
#include "cli/cli_home.h"
#include "jobs/job_runner.h"
#include "jobs/scheduler.h"
#include "services/key_file.h"
#include "web/face.h"

enum { DRAIN_MS = 20000, SERVING_THREADS = 2, SLOW_THREADS = 8, SLOW_QUEUE = 256 };

const struct cli_option serve_options[3] = {
    {"data", "DIR", false, "cli.option.data"},
    {"listen", "ADDR:PORT", false, "cli.option.listen"},
    {"clock", "TIME", false, "cli.option.clock"},
};

struct serving {
    struct office office;
    struct face face;
    struct api *api;
    struct scheduler *scheduler;
    struct job_runner *job_runner;
};

static struct instant now(void *user)
{
    const struct office *office = user;
    return clock_now(office->clock);
}

static bool is_ready(void *user, void *thread)
{
    (void)user;
    return thread != NULL;
}

static void print_figures(void *user, struct buf *out)
{
    const struct office *office = user;
    const struct writer_figures figures = writer_figures(office->home->writer);
    buf_printf(out,
               "# TYPE lantian_writer_jobs_total counter\nlantian_writer_jobs_total %lld\n"
               "# TYPE lantian_writer_commits_total counter\nlantian_writer_commits_total %lld\n"
               "# TYPE lantian_writer_retries_total counter\nlantian_writer_retries_total %lld\n"
               "# TYPE lantian_writer_waiting gauge\nlantian_writer_waiting %lld\n",
               (long long)figures.jobs, (long long)figures.commits, (long long)figures.retries,
               (long long)figures.waiting);
}

static void *thread_open(void *app)
{
    const struct api *api = app;
    return office_thread_open(api->doors.user);
}

static enum status make_api(struct ctx *ctx, struct arena *arena, struct serving *serving,
                            const char *version)
{
    const struct api_table tables[] = {
        batch_api,
        session_api,
        desk_api,
        account_api,
        audit_api,
        casefile_api,
        checkpoint_api,
        complaint_api,
        board_api,
        bulk_api,
        calendar_api,
        case_api,
        case_new_api,
        counts_api,
        coverage_api,
        deadline_api,
        directory_api,
        document_api,
        paper_api,
        duty_api,
        draw_api,
        evidence_api,
        export_api,
        import_api,
        measure_api,
        public_api,
        redaction_api,
        sealed_api,
        region_api,
        replay_api,
        report_api,
        score_api,
        stream_api,
        view_api,
        suggestion_api,
        team_api,
        face_table,
    };
    const struct home *home = serving->office.home;
    unsigned char *secret = arena_alloc(arena, KEY_FILE_BYTES);
    struct web *web;
    TRY(key_file_take(ctx, str_concat(ctx->arena, home->dir, S("/keys")), S("requests"), secret));
    TRY(web_new(ctx, arena, home->furniture, home->words, &web));
    serving->face = (struct face){.web = web,
                                  .furniture = home->furniture,
                                  .words = home->words,
                                  .sandbox = home->store->sandbox,
                                  .version = version};
    const struct api_terms terms = {
        .words = home->words,
        .doors = {.user = &serving->office,
                  .sandbox = home->store->sandbox,
                  .version = version,
                  .secret = {(const char *)secret, KEY_FILE_BYTES},
                  .now = now,
                  .find_session = session_door_find,
                  .find_kept = session_door_find_kept,
                  .keep = session_door_keep,
                  .is_ready = is_ready,
                  .print_figures = print_figures},
        .pages = face_pages(&serving->face),
    };
    serving->api = api_new(arena, &terms, tables, COUNT_OF(tables));
    return ST_OK;
}

static enum status open_server(struct ctx *ctx, struct arena *arena, const struct serving *serving,
                               struct str listen, struct http_server **out)
{
    struct http_router *router = http_router_new(arena);
    api_mount(serving->api, arena, router);
    struct http_config config = {
        .listen = listen,
        .proxy = serving->office.home->proxy,
        .router = router,
        .limits = http_limits_usual(),
        .tmp_dir = str_c(arena, str_concat(arena, serving->office.home->dir, S("/tmp"))),
        .serving_threads = SERVING_THREADS,
        .slow_threads = SLOW_THREADS,
        .slow_queue = SLOW_QUEUE,
        .thread_open = thread_open,
        .thread_close = office_thread_close,
    };
    api_configure(serving->api, &config);
    return http_server_open(ctx, &config, out);
}

/* Until somebody asks the program to end. */
static enum status serve(struct ctx *ctx, struct arena *arena, const struct cli_args *args,
                         struct serving *serving, struct str listen, const sigset_t *ends)
{
    struct http_server *server;
    int signal_number;
    TRY(open_server(ctx, arena, serving, listen, &server));
    fprintf(args->out, "%.*s\n", STR_ARG(http_server_address(server, arena)));
    fflush(args->out);
    sigwait(ends, &signal_number);
    log_line(LOG_INFO, "stopping", "signal=%d", signal_number);
    if (!http_server_drain(server, DRAIN_MS))
        _exit(0); /* a call is still out: what was acknowledged is durable, the rest never was */
    http_server_close(server);
    return ST_OK;
}

enum status serve_run(struct ctx *ctx, const struct cli_args *args)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct picture_reader *pictures = NULL;
    sigset_t ends;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    TRY(picture_reader_open(ctx, &pictures));
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* every thread made from now on inherits it */
    struct home *home AUTO(home_cleanup) = NULL;
    TRY(cli_home_open(ctx, args, &home));
    bool own_clock = !str_is_empty(cli_value(args, "clock"));
    TRY(cli_home_clock(ctx, args, home));
    struct clock *clock AUTO(clock_cleanup) = clock_new(own_clock ? ctx->now : INSTANT_NONE);
    struct serving serving = {.office = {.home = home,
                                         .clock = clock,
                                         .pictures = pictures,
                                         .drawings = drawings_new(),
                                         .streams = stream_hub_new(home, clock)}};
    struct str listen = cli_value(args, "listen");
    TRY(make_api(ctx, arena, &serving, args->program->version));
    serving.scheduler = scheduler_new(home, clock);
    serving.job_runner = job_runner_new(home, clock);
    enum status status = serve(ctx, arena, args, &serving,
                               str_is_empty(listen) ? home->listen : listen, &ends);
    job_runner_free(serving.job_runner);
    scheduler_free(serving.scheduler);
    stream_hub_free(serving.office.streams);
    drawings_free(serving.office.drawings);
    picture_reader_close(pictures);
    return status;
}
