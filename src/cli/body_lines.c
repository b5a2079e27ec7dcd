#include "cli/body_lines.h"

static struct str text(const struct value *map, const char *name)
{
    return value_find_text(map, name);
}

static struct arg number(const char *name, const struct value *map, const char *member)
{
    return arg_int(name, value_find_int(map, member, 0));
}

/* Every region, so that nobody need believe a sum. */
static void print_item(struct ctx *ctx, const struct cli_args *args, const struct value *item)
{
    cli_say(ctx, args, "cli.bodies.days",
            ARGS(arg_text("title", text(item, "title")), arg_text("clause", text(item, "clause")),
                 number("covered", item, "covered_n"), number("days", item, "days_n"),
                 number("regions", item, "regions_n"), number("gaps", item, "gaps_n")));
    value_each (row, value_find_c(item, "rows")) {
        fprintf(args->out, "  %.*s %.*s\t%lld\t%lld\n", STR_ARG(text(row, "region")),
                STR_ARG(text(row, "label")), (long long)value_find_int(row, "covered", 0),
                (long long)value_find_int(row, "bodies", 0));
        value_each (gap, value_find_c(row, "gaps")) {
            fputs("    ", args->out);
            cli_say(ctx, args, "cli.bodies.gap",
                    ARGS(arg_text("from", text(gap, "from")), arg_text("to", text(gap, "to"))));
        }
    }
}

static void print_season(struct ctx *ctx, const struct cli_args *args, const struct value *season)
{
    cli_say(ctx, args, "cli.bodies.season",
            ARGS(arg_text("title", text(season, "title")),
                 arg_text("clause", text(season, "clause")),
                 arg_text("from", text(season, "from")), arg_text("to", text(season, "to")),
                 number("people", season, "people_n"), number("once", season, "once_n")));
    fputs("  ", args->out);
    cli_say(ctx, args, "cli.bodies.others",
            ARGS(number("listed", season, "listed_n"), number("excepted", season, "excepted_n"),
                 number("running", season, "running_n"), number("open", season, "open_n")));
    value_each (row, value_find_c(season, "rows"))
        fprintf(args->out, "  %.*s\t%lld\t%.*s\t%.*s\n", STR_ARG(text(row, "label")),
                (long long)value_find_int(row, "times", 0), STR_ARG(text(row, "state")),
                STR_ARG(text(row, "cases")));
}

void body_lines_print(struct ctx *ctx, const struct cli_args *args, const struct value *document)
{
    value_each (item, value_find_c(document, "items"))
        print_item(ctx, args, item);
    value_each (season, value_find_c(document, "seasons"))
        print_season(ctx, args, season);
}
