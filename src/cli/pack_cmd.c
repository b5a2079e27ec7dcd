/*
 * What is wrong with a pack is told by `regime check`; here it is enough that there is something.
 */
#include "cli/pack_cmd.h"

#include "cli/cli_home.h"
#include "kit/yaml.h"
#include "services/pack.h"

const struct cli_option pack_cmd_options[1] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
};

enum status pack_cmd_activate(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct pack_faults faults = {0};
    const struct regime *regime;
    struct str path = args->operands[0];
    struct pack_file file;
    TRY(cli_read_file(ctx, path, YAML_BYTES_MAX, &file.bytes));
    TRY(cli_read_clauses(ctx, path, &file.clauses));
    TRY(cli_home_open(ctx, args, &home));
    enum status status = pack_register(ctx, home, &file, S("system"), &faults, &regime);
    if (status == ST_INVALID && faults.len > 0) {
        fail_clear(ctx);
        return fail(ctx, ST_INVALID, "cli.pack_faulty",
                    ARGS(arg_text("path", path), arg_int("n", (int64_t)faults.len)));
    }
    TRY(status);
    TRY(pack_activate(ctx, home, regime->hash, S("system")));
    cli_say(ctx, args, "cli.regime.active",
            ARGS(arg_text("name", regime->id), arg_int("version", regime->version),
                 arg_text("hash", regime->hash)));
    return ST_OK;
}
