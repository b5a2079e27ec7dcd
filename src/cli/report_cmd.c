#include "cli/report_cmd.h"

#include "cli/body_lines.h"
#include "cli/cli_home.h"
#include "services/body_report.h"
#include "services/burden_report.h"
#include "services/report.h"

const struct cli_option report_cmd_options[5] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "campaign", .value = "ID", .help = "cli.report.campaign"},
    {.name = "period", .value = "PERIOD", .help = "cli.report.period"},
    {.name = "json", .help = "cli.json"},
    {.name = "lang", .value = "zh|en", .help = "cli.lang"},
};

static void print_list(const struct cli_args *args, const struct value *doc)
{
    value_each (row, value_find_c(doc, "items"))
        fprintf(args->out, "%.*s %.*s  %.*s (%.*s)\n", STR_ARG(value_find_text(row, "campaign")),
                STR_ARG(value_find_text(row, "id")), STR_ARG(value_find_text(row, "title")),
                STR_ARG(value_find_text(row, "clause")));
}

static void print_report(const struct cli_args *args, const struct value *doc)
{
    fprintf(args->out, "%.*s  %.*s  %.*s\n", STR_ARG(value_find_text(doc, "title")),
            STR_ARG(value_find_text(doc, "campaign_label")),
            STR_ARG(value_find_text(doc, "at_text")));
    value_each (figure, value_find_c(doc, "figures")) {
        fprintf(args->out, "%.*s\t%.*s\n", STR_ARG(value_find_text(figure, "label")),
                STR_ARG(value_find_text(figure, "text")));
        value_each (row, value_find_c(figure, "items"))
            fprintf(args->out, "  %.*s\t%.*s\t%.*s\n", STR_ARG(value_find_text(row, "number")),
                    STR_ARG(value_find_text(row, "region_label")),
                    STR_ARG(value_find_text(row, "title")));
    }
    value_each (table, value_find_c(doc, "tables")) {
        fprintf(args->out, "%.*s\n", STR_ARG(value_find_text(table, "label")));
        value_each (row, value_find_c(table, "rows"))
            fprintf(args->out, "  %.*s\t%lld\t%lld\t%lld\n", STR_ARG(value_find_text(row, "label")),
                    (long long)value_find_int(row, "count", 0),
                    (long long)value_find_int(row, "overdue", 0),
                    (long long)value_find_int(row, "ended", 0));
    }
}

static void print_burden(const struct cli_args *args, const struct value *doc)
{
    value_each (pack, value_find_c(doc, "items")) {
        fprintf(args->out, "%.*s\t%.*s\t%lld\t%lld/%lld\n", STR_ARG(value_find_text(pack, "regime")),
                STR_ARG(value_find_text(pack, "campaign_label")),
                (long long)value_find_int(pack, "forms_n", 0),
                (long long)value_find_int(pack, "prefilled", 0),
                (long long)value_find_int(pack, "fields", 0));
        value_each (form, value_find_c(pack, "forms"))
            fprintf(args->out, "  %.*s\t%.*s\t%.*s\t%.*s\t%lld/%lld\n",
                    STR_ARG(value_find_text(form, "title")), STR_ARG(value_find_text(form, "who")),
                    STR_ARG(value_find_text(form, "every")), STR_ARG(value_find_text(form, "form")),
                    (long long)value_find_int(form, "prefilled", 0),
                    (long long)value_find_int(form, "fields", 0));
    }
}

static enum status run_burden(struct ctx *ctx, const struct cli_args *args,
                              const struct world *world, const struct reader *reader)
{
    struct value *doc;
    TRY(burden_report_document(ctx, world, reader, cli_value(args, "campaign"), &doc));
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, doc);
    print_burden(args, doc);
    return ST_OK;
}

/* Of one campaign, as far as it has come. */
static enum status run_bodies(struct ctx *ctx, const struct cli_args *args, struct db_conn *conn,
                              const struct world *world, const struct reader *reader)
{
    struct value *doc;
    TRY(body_report_document(ctx, conn, world, reader, cli_value(args, "campaign"), DAY_NONE,
                             DAY_NONE, &doc));
    if (cli_flag(args, "json"))
        TRY(cli_print_json(ctx, args, doc));
    else
        body_lines_print(ctx, args, doc);
    return value_find_bool(doc, "ok") ? ST_OK : ST_BROKEN;
}

/* The campaign that is named, else the first whose pack has such a report. */
static struct str campaign_of(const struct cli_args *args, const struct value *list, struct str name)
{
    struct str named = cli_value(args, "campaign");
    value_each (row, value_find_c(list, "items"))
        if (str_is_empty(named) && str_eq(value_find_text(row, "id"), name))
            return value_find_text(row, "campaign");
    return named;
}

static enum status report_unknown(struct ctx *ctx, struct str name)
{
    return fail(ctx, ST_NOT_FOUND, "report.unknown", ARGS(arg_text("id", name)));
}

enum status report_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct value *doc;
    TRY(cli_home_open(ctx, args, &home));
    TRY(home_world(ctx, home, &world));
    TRY(home_conn_open(ctx, home, &conn));
    struct reader reader = {.words = home->words, .lang = args->lang, .now = ctx->now};
    TRY(cli_lang(ctx, args, &reader.lang));
    bool one = args->operand_count == 1;
    if (one && str_eq(args->operands[0], S("burden")))
        return run_burden(ctx, args, world, &reader);
    if (one && str_eq(args->operands[0], S("bodies")))
        return run_bodies(ctx, args, conn, world, &reader);
    TRY(report_list(ctx, world, &reader, &doc));
    if (one) {
        struct str campaign = campaign_of(args, doc, args->operands[0]);
        if (str_is_empty(campaign))
            return report_unknown(ctx, args->operands[0]);
        TRY(report_document(ctx, conn, world, &reader, NULL, campaign, args->operands[0],
                            cli_value(args, "period"), &doc));
    }
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, doc);
    if (one)
        print_report(args, doc);
    else
        print_list(args, doc);
    return ST_OK;
}
