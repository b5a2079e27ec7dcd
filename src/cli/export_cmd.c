#include "cli/export_cmd.h"

#include "cli/cli_home.h"
#include "cli/progress.h"
#include "services/export.h"

#define FILTER(word) {.name = word, .value = "…", .help = "cli.export.filter"}

const struct cli_option export_cmd_options[EXPORT_CMD_OPTIONS] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "format", .value = "xlsx|csv|json", .required = true, .help = "cli.export.format"},
    {.name = "o", .value = "FILE", .required = true, .help = "cli.export.file"},
    {.name = "columns", .value = "TABLE", .help = "cli.export.columns"},
    {.name = "no-bom", .help = "cli.export.no_bom"},
    {.name = "lang", .value = "zh|en", .help = "cli.lang"},
    FILTER("campaign"),
    FILTER("procedure"),
    FILTER("state"),
    FILTER("like"),
    FILTER("region"),
    FILTER("unit"),
    FILTER("source"),
    FILTER("type"),
    FILTER("batch"),
    FILTER("q"),
    FILTER("overdue"),
    FILTER("due_before"),
    FILTER("due_after"),
    FILTER("sort"),
};
enum { FIRST_FILTER = 6 };

static struct value *read_filters(struct arena *arena, const struct cli_args *args)
{
    struct value *query = value_map(arena);
    for (size_t i = FIRST_FILTER; i < EXPORT_CMD_OPTIONS; i++) {
        const char *name = export_cmd_options[i].name;
        struct str value = cli_value(args, name);
        if (value.at != NULL)
            value_put_text(arena, query, name, value);
    }
    return query;
}

static enum status read_order(struct ctx *ctx, const struct cli_args *args,
                              struct export_order *out)
{
    struct str format = cli_value(args, "format");
    struct str lang = cli_value(args, "lang");
    *out = (struct export_order){.query = read_filters(ctx->arena, args),
                                 .columns = cli_value(args, "columns"),
                                 .without_bom = cli_flag(args, "no-bom"),
                                 .reader = {.lang = args->lang, .now = ctx->now}};
    if (!export_format_parse(format, &out->format))
        return fail(ctx, ST_MALFORMED, "cli.export.not_a_format", ARGS(arg_text("value", format)));
    if (lang.at == NULL)
        return ST_OK;
    if (!str_eq_c(lang, "zh") && !str_eq_c(lang, "en"))
        return fail(ctx, ST_MALFORMED, "cli.not_a_lang", ARGS(arg_text("value", lang)));
    out->reader.lang = str_eq_c(lang, "zh") ? LANG_ZH : LANG_EN;
    return ST_OK;
}

enum status export_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct export_order order;
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct progress progress AUTO(progress_end) = {0};
    int64_t rows;
    TRY(read_order(ctx, args, &order));
    TRY(cli_home_open(ctx, args, &home));
    TRY(home_conn_open(ctx, home, &conn));
    TRY(home_world(ctx, home, &world));
    order.home = home;
    order.world = world;
    order.reader.words = home->words;
    order.progress = progress_count;
    order.progress_arg = &progress;
    progress_begin(&progress, 0);
    TRY(export_write(ctx, conn, &order, str_c(ctx->arena, cli_value(args, "o")), &rows));
    progress_end(&progress);
    cli_say(ctx, args, "cli.export.done", ARGS(arg_int("n", rows)));
    return ST_OK;
}
