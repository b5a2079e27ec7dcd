/*
 * One-time passwords are printed here and nowhere kept.
 */
#include "cli/user_cmd.h"

#include "cli/cli_home.h"
#include "services/account.h"
#include "store/account_rows.h"

const struct cli_option user_cmd_add_options[3] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "name", .value = "NAME", .help = "cli.user.name"},
    {.name = "platform", .value = "POST", .help = "cli.user.platform"},
};
const struct cli_option user_cmd_passwd_options[1] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
};
const struct cli_option user_cmd_list_options[2] = {
    {.name = "data", .value = "DIR", .help = "cli.data"},
    {.name = "json", .help = "cli.json"},
};

static void say_password(struct ctx *ctx, const struct cli_args *args, struct str password)
{
    cli_say(ctx, args, "cli.one_time_password",
            ARGS(arg_text("login", args->operands[0]), arg_text("password", password)));
}

enum status user_cmd_add(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct account_id id;
    struct str password;
    struct str platform = cli_value(args, "platform");
    struct account_terms terms = {.login = args->operands[0], .name = cli_value(args, "name")};
    if (terms.name.at == NULL)
        terms.name = terms.login;
    if (!platform_parse(platform.at == NULL ? S("") : platform, &terms.platform))
        return fail(ctx, ST_MALFORMED, "cli.user.not_a_platform",
                    ARGS(arg_text("value", platform)));
    TRY(cli_home_open(ctx, args, &home));
    TRY(account_create(ctx, home, &terms, S("system"), &id, &password));
    say_password(ctx, args, password);
    return ST_OK;
}

enum status user_cmd_passwd(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct str password;
    TRY(cli_home_open(ctx, args, &home));
    TRY(account_reset_password(ctx, home, args->operands[0], S("system"), &password));
    say_password(ctx, args, password);
    return ST_OK;
}

static bool is_locked(const struct account_row *account, struct instant now)
{
    return !instant_is_none(account->locked_until) && account->locked_until.ms > now.ms;
}

static enum status print_json(struct ctx *ctx, const struct cli_args *args,
                              const struct account_row_list *accounts, const struct world *world)
{
    struct arena *arena = ctx->arena;
    struct value *document = value_map(arena);
    struct value *list = value_put_list(arena, document, "items");
    for (size_t i = 0; i < accounts->len; i++) {
        const struct account_row *account = &accounts->at[i];
        const struct world_person *person = world_find_person(world, account->person);
        struct value *entry = value_append_map(arena, list);
        value_put_text(arena, entry, "login", account->login);
        value_put_text(arena, entry, "name", person == NULL ? S("") : person->name);
        value_put_text(arena, entry, "platform", account->platform);
        value_put_text(arena, entry, "state", account->state);
        value_put_bool(arena, entry, "has_password", account->has_password);
        value_put_bool(arena, entry, "locked", is_locked(account, ctx->now));
    }
    return cli_print_json(ctx, args, document);
}

/* Tabs between the columns: it is read by people and cut by scripts. */
static void print_lines(struct ctx *ctx, const struct cli_args *args,
                        const struct account_row_list *accounts, const struct world *world)
{
    for (size_t i = 0; i < accounts->len; i++) {
        const struct account_row *account = &accounts->at[i];
        const struct world_person *person = world_find_person(world, account->person);
        struct str name = person == NULL ? S("") : person->name;
        fprintf(args->out, "%.*s\t%.*s\t%.*s\t%s\n", STR_ARG(account->login), STR_ARG(name),
                STR_ARG(account->platform),
                is_locked(account, ctx->now)          ? "locked"
                : !str_eq_c(account->state, "active") ? "closed"
                : account->has_password               ? "active"
                                                      : "no-password");
    }
}

enum status user_cmd_list(struct ctx *ctx, const struct cli_args *args)
{
    struct home *home AUTO(home_cleanup) = NULL;
    struct db_conn *conn AUTO(db_conn_cleanup) = NULL;
    struct world *world AUTO(world_cleanup) = NULL;
    struct account_row_list accounts;
    TRY(cli_home_open(ctx, args, &home));
    TRY(home_conn_open(ctx, home, &conn));
    TRY(world_acquire(ctx, home->worlds, conn, &world));
    TRY(account_rows_list(ctx, conn, &accounts));
    if (cli_flag(args, "json"))
        return print_json(ctx, args, &accounts, world);
    print_lines(ctx, args, &accounts, world);
    return ST_OK;
}
