/*
 * The preview and the change print the same lines, so that one can be held against the other.
 */
#include "cli/migrate_cmd.h"

#include "cli/cli_home.h"
#include "kit/yaml.h"
#include "services/migrate.h"
#include "services/pack.h"

const struct cli_option migrate_cmd_options[6] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "campaign", .value = "ID", .required = true, .help = "cli.migrate.campaign"},
    {.name = "to", .value = "HASH", .help = "cli.migrate.to"},
    {.name = "preview", .help = "cli.migrate.preview"},
    {.name = "clock", .value = "TIME", .help = "cli.option.clock"},
    {.name = "json", .help = "cli.json"},
};

static enum status keep_pack(struct ctx *ctx, const struct home *home, struct str path,
                             struct str *out_hash)
{
    struct pack_faults faults = {0};
    const struct regime *regime;
    struct pack_file file;
    TRY(cli_read_file(ctx, path, YAML_BYTES_MAX, &file.bytes));
    TRY(cli_read_clauses(ctx, path, &file.clauses));
    enum status status = pack_register(ctx, home, &file, S("system"), &faults, &regime);
    if (status == ST_INVALID && faults.len > 0) {
        fail_clear(ctx);
        return fail(ctx, ST_INVALID, "cli.pack_faulty",
                    ARGS(arg_text("path", path), arg_int("n", (int64_t)faults.len)));
    }
    TRY(status);
    *out_hash = regime->hash;
    return ST_OK;
}

static void print_case(struct ctx *ctx, const struct cli_args *args, const struct value *row)
{
    const struct arg number = arg_text("number", value_find_text(row, "number"));
    const struct arg state = arg_text("state", value_find_text(row, "state"));
    struct str why = value_find_text(row, "why");
    if (str_is_empty(why))
        cli_say(ctx, args, "cli.migrate.moves", ARGS(number, state));
    else
        cli_say(ctx, args, "cli.migrate.stays", ARGS(number, state, arg_text("why", why)));
    value_each (clock, value_find_c(row, "clocks"))
        cli_say(ctx, args, "cli.migrate.clock",
                ARGS(arg_text("name", value_find_text(clock, "name")),
                     arg_text("due", value_find_text(clock, "due")),
                     arg_text("new", value_find_text(clock, "due_new"))));
}

enum status migrate_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct value *report;
    struct migrate_terms terms = {.campaign = cli_value(args, "campaign"),
                                  .pack = cli_value(args, "to"),
                                  .actor = S("system"),
                                  .preview = cli_flag(args, "preview")};
    if ((args->operand_count == 1) == !str_is_empty(terms.pack))
        return fail(ctx, ST_MALFORMED, "cli.migrate.which", NO_ARGS);
    TRY(cli_home_open(ctx, args, &home));
    TRY(cli_home_clock(ctx, args, home));
    if (args->operand_count == 1)
        TRY(keep_pack(ctx, home, args->operands[0], &terms.pack));
    TRY(migrate_campaign(ctx, home, &terms, &report));
    if (cli_flag(args, "json"))
        return cli_print_json(ctx, args, report);
    value_each (row, value_find_c(report, "cases"))
        print_case(ctx, args, row);
    cli_say(ctx, args, terms.preview ? "cli.migrate.would" : "cli.migrate.done",
            ARGS(arg_int("moved", value_find_int(report, "moved", 0)),
                 arg_int("left", value_find_int(report, "left", 0))));
    return ST_OK;
}
