/*
 * A line for each difference, under a line for each case that has one; the totals come last.
 */
#include "cli/replay_cmd.h"

#include "cli/cli_home.h"
#include "kit/yaml.h"
#include "services/replay.h"

const struct cli_option replay_cmd_options[6] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "with", .value = "FILE", .required = true, .help = "cli.replay.with"},
    {.name = "campaign", .value = "ID", .help = "cli.replay.campaign"},
    {.name = "clock", .value = "TIME", .help = "cli.option.clock"},
    {.name = "json", .help = "cli.json"},
    {.name = "lang", .value = "zh|en", .help = "cli.lang"},
};

static void print_names(struct ctx *ctx, const struct cli_args *args, const char *key,
                        const struct value *change)
{
    static const struct {
        const char *member, *sign;
    } sides[] = {{"gained", "+"}, {"lost", "-"}};
    for (size_t i = 0; i < COUNT_OF(sides); i++)
        value_each (name, value_find_c(change, sides[i].member))
            cli_say(ctx, args, key,
                    ARGS(arg_c("sign", sides[i].sign), arg_text("name", value_find_text(name, "name"))));
}

static void print_case(struct ctx *ctx, const struct cli_args *args, const struct value *row)
{
    struct str state = value_find_text(row, "state_new");
    cli_say(ctx, args, "cli.replay.case",
            ARGS(arg_text("number", value_find_text(row, "number")),
                 arg_text("state", value_find_text(row, "state"))));
    if (!str_is_empty(value_find_text(row, "lacks")))
        cli_say(ctx, args, "cli.replay.lacks", ARGS(arg_text("name", value_find_text(row, "lacks"))));
    if (!str_is_empty(state))
        cli_say(ctx, args, "cli.replay.state", ARGS(arg_text("state", state)));
    value_each (clock, value_find_c(row, "deadlines"))
        cli_say(ctx, args, "cli.replay.clock",
                ARGS(arg_text("name", value_find_text(clock, "name")),
                     arg_text("due", value_find_text(clock, "due")),
                     arg_text("new", value_find_text(clock, "due_new")),
                     arg_text("state", value_find_text(clock, "state")),
                     arg_text("state_new", value_find_text(clock, "state_new"))));
    print_names(ctx, args, "cli.replay.flag", value_find_c(row, "flags"));
    print_names(ctx, args, "cli.replay.measure", value_find_c(row, "measures"));
    value_each (refusal, value_find_c(row, "refused"))
        cli_say(ctx, args, "cli.replay.refused",
                ARGS(arg_text("command", value_find_text(refusal, "command")),
                     arg_text("clause", value_find_text(refusal, "clause")),
                     arg_text("why", value_find_text(refusal, "why"))));
}

static void print_score(struct ctx *ctx, const struct cli_args *args, const struct value *row)
{
    cli_say(ctx, args, "cli.replay.score",
            ARGS(arg_text("unit", value_find_text(row, "unit")),
                 arg_text("year", value_find_text(row, "year")),
                 arg_text("points", value_find_text(row, "points")),
                 arg_text("new", value_find_text(row, "points_new"))));
}

static enum status run_replay(struct ctx *ctx, const struct cli_args *args, struct str path,
                              struct value **out)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct pack_faults faults = {0};
    struct replay_terms terms = {.campaign = cli_value(args, "campaign"), .lang = args->lang};
    if (str_eq(cli_value(args, "lang"), S("zh")))
        terms.lang = LANG_ZH;
    else if (str_eq(cli_value(args, "lang"), S("en")))
        terms.lang = LANG_EN;
    TRY(cli_read_file(ctx, path, YAML_BYTES_MAX, &terms.bytes));
    TRY(cli_home_open(ctx, args, &home));
    TRY(cli_home_clock(ctx, args, home));
    enum status status = replay_campaign(ctx, home, &terms, &faults, out);
    if (status != ST_INVALID || faults.len == 0)
        return status;
    fail_clear(ctx);
    return fail(ctx, ST_INVALID, "cli.pack_faulty",
                ARGS(arg_text("path", path), arg_int("n", (int64_t)faults.len)));
}

enum status replay_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct value *report;
    TRY(run_replay(ctx, args, cli_value(args, "with"), &report));
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, report);
    value_each (row, value_find_c(report, "cases"))
        print_case(ctx, args, row);
    value_each (row, value_find_c(report, "scores"))
        print_score(ctx, args, row);
    cli_say(ctx, args, "cli.replay.done",
            ARGS(arg_int("replayed", value_find_int(report, "replayed", 0)),
                 arg_int("changed", value_find_int(report, "changed", 0)),
                 arg_int("refused", value_find_int(report, "refused", 0))));
    return ST_OK;
}
