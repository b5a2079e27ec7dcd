#include "cli/report_cmd.h"

#include <inttypes.h>

#include "cli/cli_home.h"
#include "services/report.h"

const struct cli_option report_cmd_options[4] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "campaign", .value = "ID", .help = "cli.report.campaign"},
    {.name = "clock", .value = "TIME", .help = "cli.clock"},
    {.name = "json", .help = "cli.json"},
};

static void print_names(struct ctx *ctx, const struct cli_args *args, const struct home *home)
{
    size_t count;
    const struct str *names = report_list(ctx->arena, home, &count);
    for (size_t i = 0; i < count; i++)
        fprintf(args->out, "%.*s\n", STR_ARG(names[i]));
}

static void print_text(const struct cli_args *args, const struct value *doc)
{
    fprintf(args->out, "%.*s\n", STR_ARG(value_find_text(doc, "title")));
    value_each (figure, value_find_c(doc, "figures"))
        fprintf(args->out, "  %10" PRId64 "  %.*s\n", value_find_int(figure, "n", 0),
                STR_ARG(value_find_text(figure, "label")));
    value_each (row, value_find_c(doc, "items"))
        fprintf(args->out, "%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(value_find_text(row, "number")),
                STR_ARG(value_find_text(row, "region_label")),
                STR_ARG(value_find_text(row, "due_left")),
                STR_ARG(value_find_text(row, "title")));
}

enum status report_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct value *doc;
    TRY(cli_home_open(ctx, args, &home));
    TRY(cli_home_clock(ctx, args, home));
    if (args->operand_count == 0) {
        print_names(ctx, args, home);
        return ST_OK;
    }
    TRY(home_conn_open(ctx, home, &conn));
    TRY(home_world(ctx, home, &world));
    const struct report_order order = {
        .home = home,
        .world = world,
        .reader = {.words = home->words, .lang = args->lang, .now = ctx->now},
        .name = args->operands[0],
        .campaign = cli_value(args, "campaign")};
    TRY(report_document(ctx, conn, &order, &doc));
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, doc);
    print_text(args, doc);
    return ST_OK;
}
