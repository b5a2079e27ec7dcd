/*
 * Plays, then prints what stands: lines for a reader, or one document.
 */
#include "cli/simulate_cmd.h"

#include <sys/resource.h>
#include <time.h>

#include "cli/body_lines.h"
#include "cli/cli_home.h"
#include "cli/progress.h"
#include "services/campaign.h"
#include "services/simulate.h"

enum { ROUNDS_MAX = 1000, CASES_MAX = 10000000, REGIONS_MAX = 1000, STAFF_MAX = 1000, CASES_A_ROUND = 100 };

const struct cli_option simulate_cmd_options[13] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "campaign", .value = "ID", .required = true, .help = "cli.simulate.campaign"},
    {.name = "rounds", .value = "N", .required = true, .help = "cli.simulate.rounds"},
    {.name = "seed", .value = "N", .help = "cli.simulate.seed"},
    {.name = "problems", .value = "N", .help = "cli.simulate.problems"},
    {.name = "teams", .value = "N", .help = "cli.simulate.teams"},
    {.name = "regions", .value = "N", .help = "cli.simulate.regions"},
    {.name = "staff", .value = "N", .help = "cli.simulate.staff"},
    {.name = "from", .value = "DAY", .help = "cli.simulate.from"},
    {.name = "until", .value = "DAY", .help = "cli.simulate.until"},
    {.name = "settings", .value = "KEY=VALUE;…", .help = "cli.simulate.settings"},
    {.name = "no-proof", .help = "cli.simulate.no_proof"},
    {.name = "json", .help = "cli.json"},
};

/* What it cost; of the machine, not of the story. */
struct cost {
    int64_t play_ms; /* the days alone */
    int64_t wall_ms; /* with the proof */
    int64_t peak_bytes;
};

struct watch {
    struct progress progress;
    int64_t begin_ms, played_ms;
};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

static int64_t peak_bytes(void)
{
    struct rusage usage;
    must(getrusage(RUSAGE_SELF, &usage) == 0);
    return (int64_t)usage.ru_maxrss * 1024;
}

static void tell(void *arg, int64_t done, int64_t total)
{
    struct watch *watch = arg;
    watch->played_ms = monotonic_ms();
    if (watch->progress.total == 0)
        progress_begin(&watch->progress, total);
    progress_tell(&watch->progress, done);
}

static void end_watch(struct watch *watch)
{
    progress_end(&watch->progress);
}

static enum status read_terms(struct ctx *ctx, const struct cli_args *args,
                              struct simulate_terms *terms, struct simulate_quota *quotas)
{
    int64_t seed, problems, teams;
    struct str from = cli_value(args, "from");
    struct str until = cli_value(args, "until");
    terms->campaign = cli_value(args, "campaign");
    terms->settings = campaign_read_settings(ctx->arena, cli_value(args, "settings"));
    terms->skip_proof = cli_flag(args, "no-proof");
    terms->from = terms->until = DAY_NONE;
    if (until.at != NULL && (from.at == NULL || !day_parse(until, &terms->until)))
        return fail(ctx, ST_MALFORMED, "cli.not_a_time", ARGS(arg_text("value", until)));
    if (from.at != NULL && !day_parse(from, &terms->from))
        return fail(ctx, ST_MALFORMED, "cli.not_a_time", ARGS(arg_text("value", from)));
    TRY(cli_number(ctx, args, "rounds", 1, ROUNDS_MAX, 1, &terms->rounds));
    TRY(cli_number(ctx, args, "seed", 0, INT64_MAX, 1, &seed));
    TRY(cli_number(ctx, args, "problems", 0, CASES_MAX, CASES_A_ROUND * terms->rounds, &problems));
    TRY(cli_number(ctx, args, "teams", 0, CASES_MAX, 0, &teams));
    TRY(cli_number(ctx, args, "staff", 0, STAFF_MAX, 0, &terms->staff));
    TRY(cli_number(ctx, args, "regions", 0, REGIONS_MAX, 0, &terms->regions));
    terms->seed = (uint64_t)seed;
    quotas[0] = (struct simulate_quota){.cases = problems};
    quotas[1] = (struct simulate_quota){.procedure = S("team"), .cases = teams, .each_period = true};
    terms->quotas = quotas;
    terms->quota_count = cli_value(args, "teams").at == NULL ? 1 : 2;
    return ST_OK;
}

/* ---- what came of it ---- */

static bool holds(const struct simulate_result *result)
{
    return result->stuck.len == 0 && result->troubles == 0 &&
           value_find_bool(result->bodies, "ok") &&
           (!result->proved || (result->verdict.whole && result->rebuilt.same));
}

static void put_lists(struct arena *arena, const struct simulate_result *result,
                      struct value *document)
{
    struct value *states = value_put_list(arena, document, "cases");
    struct value *refusals = value_put_list(arena, document, "refusals");
    struct value *stuck = value_put_list(arena, document, "stuck");
    for (size_t i = 0; i < result->states.len; i++) {
        struct value *row = value_append_map(arena, states);
        value_put_text(arena, row, "procedure", result->states.at[i].procedure);
        value_put_text(arena, row, "state", result->states.at[i].state);
        value_put_bool(arena, row, "ended", result->states.at[i].ended);
        value_put_int(arena, row, "n", result->states.at[i].cases);
    }
    for (size_t i = 0; i < result->refusals.len; i++) {
        struct value *row = value_append_map(arena, refusals);
        value_put_text(arena, row, "what", result->refusals.at[i].what);
        value_put_text(arena, row, "clause", result->refusals.at[i].clause);
        value_put_int(arena, row, "n", result->refusals.at[i].times);
    }
    for (size_t i = 0; i < result->stuck.len; i++) {
        struct value *row = value_append_map(arena, stuck);
        value_put_text(arena, row, "procedure", result->stuck.at[i].procedure);
        value_put_text(arena, row, "state", result->stuck.at[i].state);
        value_put_text(arena, row, "case", result->stuck.at[i].example);
        value_put_text(arena, row, "why", result->stuck.at[i].why);
        value_put_int(arena, row, "n", result->stuck.at[i].cases);
    }
}

static enum status print_document(struct ctx *ctx, const struct cli_args *args,
                                  const struct simulate_result *result, struct cost cost)
{
    struct arena *arena = ctx->arena;
    struct value *document = value_map(arena);
    value_put_bool(arena, document, "ok", holds(result));
    value_put_text(arena, document, "first", day_format(arena, result->first));
    value_put_text(arena, document, "last", day_format(arena, result->last));
    value_put_int(arena, document, "accepted", result->accepted);
    value_put_int(arena, document, "refused", result->refused);
    value_put_int(arena, document, "timed", result->timed);
    value_put_int(arena, document, "troubles", result->troubles);
    value_put_int(arena, document, "open", result->open_cases);
    value_put_int(arena, document, "waiting", result->waiting_cases);
    value_put_int(arena, document, "unstaffed", result->unstaffed_cases);
    value_put_int(arena, document, "gaps", result->gaps);
    value_put_int(arena, document, "events", result->events);
    value_put_text(arena, document, "digest", result->digest);
    if (result->proved) {
        value_put_bool(arena, document, "ledger_whole", result->verdict.whole);
        value_put_bool(arena, document, "rows_same", result->rebuilt.same);
    }
    value_put_int(arena, document, "play_ms", cost.play_ms);
    value_put_int(arena, document, "wall_ms", cost.wall_ms);
    value_put_int(arena, document, "peak_bytes", cost.peak_bytes);
    put_lists(arena, result, document);
    value_put(document, S("bodies"), result->bodies);
    return cli_print_json(ctx, args, document);
}

static void print_lists(struct ctx *ctx, const struct cli_args *args,
                        const struct simulate_result *result)
{
    for (size_t i = 0; i < result->states.len; i++)
        fprintf(args->out, "%8lld  %.*s %.*s\n", (long long)result->states.at[i].cases,
                STR_ARG(result->states.at[i].procedure), STR_ARG(result->states.at[i].state));
    for (size_t i = 0; i < result->refusals.len; i++)
        cli_say(ctx, args, "cli.simulate.refusal",
                ARGS(arg_int("n", result->refusals.at[i].times),
                     arg_text("what", result->refusals.at[i].what),
                     arg_text("clause", result->refusals.at[i].clause)));
    for (size_t i = 0; i < result->stuck.len; i++)
        cli_say(ctx, args, "cli.simulate.stuck",
                ARGS(arg_int("n", result->stuck.at[i].cases),
                     arg_text("procedure", result->stuck.at[i].procedure),
                     arg_text("state", result->stuck.at[i].state),
                     arg_text("case", result->stuck.at[i].example),
                     arg_text("why", result->stuck.at[i].why)));
}

static void print_lines(struct ctx *ctx, const struct cli_args *args,
                        const struct simulate_result *result, struct cost cost)
{
    print_lists(ctx, args, result);
    body_lines_print(ctx, args, result->bodies);
    cli_say(ctx, args, "cli.simulate.days",
            ARGS(arg_day("first", result->first), arg_day("last", result->last)));
    cli_say(ctx, args, "cli.simulate.commands",
            ARGS(arg_int("accepted", result->accepted), arg_int("refused", result->refused),
                 arg_int("timed", result->timed), arg_int("events", result->events)));
    cli_say(ctx, args, "cli.simulate.cases",
            ARGS(arg_int("open", result->open_cases), arg_int("waiting", result->waiting_cases),
                 arg_int("unstaffed", result->unstaffed_cases),
                 arg_int("gaps", result->gaps)));
    if (result->troubles > 0)
        cli_say(ctx, args, "cli.simulate.troubles", ARGS(arg_int("n", result->troubles)));
    if (result->proved && result->verdict.whole)
        cli_say(ctx, args, "cli.verify.whole",
                ARGS(arg_int("events", result->verdict.events),
                     arg_int("cases", result->verdict.cases)));
    if (result->proved)
        cli_say(ctx, args,
                result->verdict.whole && result->rebuilt.same ? "cli.simulate.proved"
                                                              : "cli.simulate.broken",
                ARGS(arg_c("table", result->rebuilt.table == NULL ? "-" : result->rebuilt.table)));
    cli_say(ctx, args, "cli.simulate.digest", ARGS(arg_text("digest", result->digest)));
    cli_say(ctx, args, "cli.simulate.cost",
            ARGS(arg_int("seconds", cost.wall_ms / MS_PER_SECOND),
                 arg_int("played", cost.play_ms / MS_PER_SECOND),
                 arg_int("rate", (result->accepted + result->refused) * MS_PER_SECOND /
                                     (cost.play_ms + 1)),
                 arg_bytes("memory", cost.peak_bytes)));
}

enum status simulate_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct watch watch AUTO(end_watch) = {.begin_ms = monotonic_ms()};
    struct simulate_quota quotas[2];
    struct simulate_result result;
    struct simulate_terms terms = {.progress = tell, .progress_arg = &watch};
    struct home *home AUTO(home_cleanup) = NULL;
    TRY(read_terms(ctx, args, &terms, quotas));
    TRY(cli_home_open(ctx, args, &home));
    TRY(simulate_run(ctx, home, &terms, &result));
    const struct cost cost = {watch.played_ms - watch.begin_ms, monotonic_ms() - watch.begin_ms,
                              peak_bytes()};
    progress_end(&watch.progress);
    if (cli_flag(args, "json"))
        TRY(print_document(ctx, args, &result, cost));
    else
        print_lines(ctx, args, &result, cost);
    return holds(&result) ? ST_OK : ST_BROKEN;
}
