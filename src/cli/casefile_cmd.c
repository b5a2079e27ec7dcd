#include "cli/casefile_cmd.h"

#include "cli/cli_home.h"
#include "services/case_export.h"

const struct cli_option casefile_cmd_export_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "case", .value = "ID", .required = true, .help = "cli.casefile.case"},
    {.name = "o", .value = "FOLDER|FILE.zip|FILE.pdf", .required = true, .help = "cli.casefile.file"},
};

enum status casefile_cmd_export(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct case_export terms = {.by = S("system")};
    struct str ref = cli_value(args, "case"), path = cli_value(args, "o");
    int64_t files;
    if (!casefile_ref_parse(ref, &terms.ref.prefecture, &terms.ref.id))
        return fail(ctx, ST_MALFORMED, "cli.not_a_case", ARGS(arg_text("value", ref)));
    TRY(cli_home_open(ctx, args, &home));
    TRY(home_conn_open(ctx, home, &conn));
    TRY(home_world(ctx, home, &world));
    terms.home = home;
    terms.world = world;
    terms.reader = (struct reader){.words = home->words, .lang = args->lang, .now = ctx->now};
    terms.form = str_ends(path, S(".zip"))   ? CASE_EXPORT_ZIP
                 : str_ends(path, S(".pdf")) ? CASE_EXPORT_PDF
                                             : CASE_EXPORT_FOLDER;
    TRY(case_export_write(ctx, conn, &terms, str_c(ctx->arena, path), &files));
    cli_say(ctx, args, "cli.casefile.done", ARGS(arg_int("n", files), arg_text("file", path)));
    return ST_OK;
}
