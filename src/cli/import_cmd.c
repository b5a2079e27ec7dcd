/*
 * Acts as the system. The table is read once: the report of a real import is made while it is
 * written.
 */
#include "cli/import_cmd.h"

#include <fcntl.h>
#include <unistd.h>

#include "cli/cli_home.h"
#include "cli/progress.h"
#include "services/import.h"
#include "services/intake_map.h"

enum { PERMILLE = 1000, MAP_BYTES = 1024 * 1024, FAULTS_SHOWN = 20 };

const struct cli_option import_cmd_options[IMPORT_CMD_OPTIONS] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "campaign", .value = "ID", .required = true, .help = "cli.import.campaign"},
    {.name = "procedure", .value = "P", .required = true, .help = "cli.import.procedure"},
    {.name = "map", .value = "FILE.yaml", .help = "cli.import.map"},
    {.name = "batch", .value = "N", .help = "cli.import.batch"},
    {.name = "date", .value = "DATE", .help = "cli.import.date"},
    {.name = "source", .value = "ID", .help = "cli.import.source"},
    {.name = "dry-run", .help = "cli.import.dry_run"},
    {.name = "clock", .value = "TIME", .help = "cli.clock"},
    {.name = "json", .help = "cli.json"},
};

static struct str base_name(struct str path)
{
    size_t slash = SIZE_MAX;
    for (size_t i = 0; i < path.len; i++)
        if (path.at[i] == '/')
            slash = i;
    return slash == SIZE_MAX ? path : str_from(path, slash + 1);
}

/* A day is the batch's; a time of day tells when the table came in as well. */
static enum status read_date(struct ctx *ctx, const struct cli_args *args, struct import_plan *plan)
{
    struct str text = cli_value(args, "date");
    plan->date = DAY_NONE;
    plan->registered = INSTANT_NONE;
    if (text.at == NULL || day_parse(text, &plan->date))
        return ST_OK;
    if (!instant_parse_lenient(text, &plan->registered))
        return fail(ctx, ST_MALFORMED, "cli.not_a_time",
                    ARGS(arg_c("option", "date"), arg_text("value", text)));
    plan->date = day_of_instant(plan->registered);
    return ST_OK;
}

static enum status read_plan(struct ctx *ctx, const struct cli_args *args,
                             struct import_plan *plan)
{
    struct str map = cli_value(args, "map"), text;
    *plan = (struct import_plan){.campaign = cli_value(args, "campaign"),
                                 .procedure = cli_value(args, "procedure"),
                                 .file_name = base_name(args->operands[0]),
                                 .source = cli_value(args, "source"),
                                 .batch = cli_value(args, "batch")};
    TRY(read_date(ctx, args, plan));
    if (map.at == NULL)
        return ST_OK;
    TRY(cli_read_file(ctx, map, MAP_BYTES, &text));
    return intake_map_parse(ctx, ctx->arena, map, text, &plan->choices, &plan->choice_count);
}

static enum status read_only(struct ctx *ctx, const struct import_desk *desk,
                             const struct import_plan *plan, const char *path,
                             const struct reader *reader, struct value **out)
{
    struct value *report;
    TRY(import_read(ctx, desk, plan, path, &report));
    *out = import_report_document(ctx->arena, reader, report);
    return ST_OK;
}

static void close_file(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static enum status write_too(struct ctx *ctx, const struct import_desk *desk,
                             const struct import_plan *plan, const char *path,
                             const struct reader *reader, struct value **out)
{
    int fd AUTO(close_file) = open(path, O_RDONLY | O_CLOEXEC);
    int64_t id;
    if (fd < 0)
        return fail(ctx, ST_NOT_FOUND, "sheet.cannot_open", ARGS(arg_text("file", plan->file_name)));
    TRY(import_keep(ctx, desk, plan, fd, false, &id));
    TRY(import_commit(ctx, desk, id));
    return import_document(ctx, desk->conn, reader, id, out);
}

static void say_faults(struct ctx *ctx, const struct cli_args *args, const struct value *document)
{
    int64_t shown = 0;
    const struct value *faults = value_find_c(document, "faults");
    value_each (fault, faults) {
        if (shown++ == FAULTS_SHOWN)
            break;
        cli_say(ctx, args,
                value_find_bool(fault, "is_error") ? "cli.import.refused" : "cli.import.marked",
                ARGS(arg_int("row", value_find_int(fault, "row", 0)),
                     arg_int("column", value_find_int(fault, "column", 0)),
                     arg_text("message", value_find_text(fault, "message"))));
    }
    if ((int64_t)faults->count > FAULTS_SHOWN)
        cli_say(ctx, args, "cli.import.more",
                ARGS(arg_int("n", (int64_t)faults->count - FAULTS_SHOWN)));
}

static void say(struct ctx *ctx, const struct cli_args *args, const struct value *document)
{
    bool dry = cli_flag(args, "dry-run");
    value_each (column, value_find_c(document, "columns")) {
        struct str field = value_find_text(column, "field");
        cli_say(ctx, args, "cli.import.column",
                ARGS(arg_int("index", value_find_int(column, "index", 0)),
                     arg_text("printed", value_find_text(column, "printed")),
                     arg_text("field", str_is_empty(field) ? S("-") : field)));
    }
    say_faults(ctx, args, document);
    cli_say(ctx, args, dry ? "cli.import.would" : "cli.import.done",
            ARGS(arg_int("accepted", value_find_int(document, "accepted", 0)),
                 arg_int("rows", value_find_int(document, "rows", 0)),
                 arg_int("duplicates",
                         (int64_t)value_find_c(document, "duplicates")->count)));
}

enum status import_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    static const struct actor system = {.is_system = true};
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct progress progress AUTO(progress_end) = {0};
    struct import_plan plan;
    struct value *document;
    TRY(read_plan(ctx, args, &plan));
    TRY(cli_home_open(ctx, args, &home));
    TRY(cli_home_clock(ctx, args, home));
    TRY(home_conn_open(ctx, home, &conn));
    TRY(home_world(ctx, home, &world));
    const struct import_desk desk = {.home = home,
                                     .world = world,
                                     .conn = conn,
                                     .actor = &system,
                                     .progress = progress_count,
                                     .progress_arg = &progress};
    const struct reader reader = {.words = home->words, .lang = args->lang, .now = ctx->now};
    const char *path = str_c(ctx->arena, args->operands[0]);
    progress_begin(&progress, PERMILLE);
    if (cli_flag(args, "dry-run"))
        TRY(read_only(ctx, &desk, &plan, path, &reader, &document));
    else
        TRY(write_too(ctx, &desk, &plan, path, &reader, &document));
    progress_end(&progress);
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, document);
    say(ctx, args, document);
    return ST_OK;
}
