/*
 * A fault reads as a compiler's message: file, row, column, what is wrong.
 */
#include "cli/directory_cmd.h"

#include <errno.h>
#include <string.h>

#include "cli/cli_home.h"
#include "services/directory.h"

const struct cli_option directory_cmd_import_options[4] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "kind", .value = "KIND", .required = true, .help = "cli.directory.kind"},
    {.name = "calendar", .value = "NAME", .help = "cli.directory.calendar"},
    {.name = "json", .help = "cli.json"},
};
const struct cli_option directory_cmd_export_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "kind", .value = "KIND", .required = true, .help = "cli.directory.kind"},
    {.name = "calendar", .value = "NAME", .help = "cli.directory.calendar"},
};

static enum status read_kind(struct ctx *ctx, const struct cli_args *args, enum directory_kind *out)
{
    struct str kind = cli_value(args, "kind");
    return directory_kind_parse(kind, out)
               ? ST_OK
               : fail(ctx, ST_MALFORMED, "cli.directory.not_a_kind", ARGS(arg_text("value", kind)));
}

static struct str read_calendar(const struct cli_args *args)
{
    struct str name = cli_value(args, "calendar");
    return name.at == NULL ? S("cn-workdays") : name;
}

static void print_faults(struct ctx *ctx, const struct cli_args *args,
                         const struct directory_report *report)
{
    for (size_t i = 0; i < report->fault_count; i++) {
        const struct directory_fault *fault = &report->faults[i];
        struct str why = words_reason(ctx->arena, args->words, args->lang, &fault->reason);
        fprintf(args->out, "%.*s:%lld:%.*s: %.*s\n", STR_ARG(args->operands[0]),
                (long long)fault->row, STR_ARG(fault->column), STR_ARG(why));
    }
}

static enum status print_json(struct ctx *ctx, const struct cli_args *args,
                              const struct directory_report *report)
{
    struct arena *arena = ctx->arena;
    struct value *document = value_map(arena);
    value_put_int(arena, document, "rows", report->rows);
    value_put_int(arena, document, "created", report->created);
    value_put_int(arena, document, "changed", report->changed);
    value_put_int(arena, document, "same", report->same);
    struct value *list = value_put_list(arena, document, "faults");
    for (size_t i = 0; i < report->fault_count; i++) {
        const struct directory_fault *fault = &report->faults[i];
        struct value *entry = value_append_map(arena, list);
        value_put_int(arena, entry, "row", fault->row);
        value_put_text(arena, entry, "column", fault->column.at == NULL ? S("") : fault->column);
        value_put_text(arena, entry, "code", str_of(fault->reason.key));
        value_put_text(arena, entry, "message",
                       words_reason(arena, args->words, args->lang, &fault->reason));
    }
    return cli_print_json(ctx, args, document);
}

enum status directory_cmd_import(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct directory_report report = {0};
    struct directory_order order = {
        .calendar = read_calendar(args), .actor = S("system"), .may_grant = true};
    TRY(read_kind(ctx, args, &order.kind));
    TRY(cli_read_file(ctx, args->operands[0], DIRECTORY_BYTES_MAX, &order.bytes));
    TRY(cli_home_open(ctx, args, &home));
    enum status status = directory_import(ctx, home, &order, &report);
    if (status != ST_OK && report.fault_count == 0)
        return status;
    if (cli_flag(args, "json")) {
        TRY(print_json(ctx, args, &report));
        return status;
    }
    print_faults(ctx, args, &report);
    if (status == ST_OK)
        cli_say(ctx, args, "cli.directory.done",
                ARGS(arg_int("rows", report.rows), arg_int("created", report.created),
                     arg_int("changed", report.changed), arg_int("same", report.same)));
    return status;
}

static enum status write_file(struct ctx *ctx, struct str path, struct str text)
{
    FILE *file = fopen(str_c(ctx->arena, path), "wb");
    bool good = file != NULL && fwrite(text.at, 1, text.len, file) == text.len;
    if (file != NULL && fclose(file) != 0)
        good = false;
    return good ? ST_OK : fail(ctx, ST_IO, "io.write", ARGS(arg_c("error", strerror(errno))));
}

enum status directory_cmd_export(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    enum directory_kind kind;
    struct str text;
    TRY(read_kind(ctx, args, &kind));
    TRY(cli_home_open(ctx, args, &home));
    TRY(home_conn_open(ctx, home, &conn));
    TRY(directory_export(ctx, conn, kind, read_calendar(args), &text));
    if (args->operand_count > 0)
        return write_file(ctx, args->operands[0], text);
    fwrite(text.at, 1, text.len, args->out);
    return ST_OK;
}
