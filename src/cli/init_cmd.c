/*
 * Reads the terms, founds, tells.
 */
#include "cli/init_cmd.h"

#include "services/founding.h"

const struct cli_option init_cmd_options[5] = {
    {.name = "data", .value = "DIR", .help = "cli.init.data"},
    {.name = "sandbox", .help = "cli.init.sandbox"},
    {.name = "db", .value = "URI", .help = "cli.init.db"},
    {.name = "profile", .value = "gm|intl", .help = "cli.init.profile"},
    {.name = "json", .help = "cli.json"},
};

static enum status read_profile(struct ctx *ctx, const struct cli_args *args, enum crypto_hash *out)
{
    struct str profile = cli_value(args, "profile");
    if (profile.at != NULL && !str_eq_c(profile, "gm") && !str_eq_c(profile, "intl"))
        return fail(ctx, ST_MALFORMED, "cli.init.not_a_profile", ARGS(arg_text("value", profile)));
    *out = str_eq_c(profile, "intl") ? CRYPTO_SHA256 : CRYPTO_SM3;
    return ST_OK;
}

static enum status print_json(struct ctx *ctx, const struct cli_args *args,
                              const struct home_terms *terms, const struct founding *founding)
{
    struct arena *arena = ctx->arena;
    struct value *document = value_map(arena);
    value_put_text(arena, document, "data", terms->dir);
    value_put_bool(arena, document, "sandbox", terms->sandbox);
    value_put_text(arena, document, "profile", terms->hash == CRYPTO_SM3 ? S("gm") : S("intl"));
    value_put_int(arena, document, "regions", founding->regions);
    value_put_int(arena, document, "packs", founding->packs);
    if (founding->password.at != NULL) {
        value_put_text(arena, document, "login", S("sysadmin"));
        value_put_text(arena, document, "password", founding->password);
    }
    return cli_print_json(ctx, args, document);
}

enum status init_cmd_run(struct ctx *ctx, const struct cli_args *args)
{
    struct home_terms terms = {.database = cli_value(args, "db"),
                               .sandbox = cli_flag(args, "sandbox")};
    struct founding founding;
    TRY(cli_data_dir(ctx, args, &terms.dir));
    TRY(read_profile(ctx, args, &terms.hash));
    TRY(founding_make(ctx, &terms, args->program->files, args->program->file_count, &founding));
    if (cli_flag(args, "json"))
        return print_json(ctx, args, &terms, &founding);
    cli_say(ctx, args, "cli.init.done",
            ARGS(arg_text("dir", terms.dir), arg_int("regions", founding.regions),
                 arg_int("packs", founding.packs)));
    if (founding.password.at != NULL)
        cli_say(ctx, args, "cli.one_time_password",
                ARGS(arg_c("login", "sysadmin"), arg_text("password", founding.password)));
    return ST_OK;
}
