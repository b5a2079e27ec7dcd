/*
 * A one-time password is in the answer to the write that made it and nowhere else: there is no page
 * to be sent to afterwards that could show it again.
 */
#include "api/account_api.h"

#include "api/office.h"
#include "base/num.h"
#include "services/account.h"
#include "store/account_rows.h"

enum { FORM_BYTES = 16 * 1024, ACCOUNTS_MAX = 100 };

/* ---- the list ---- */

static struct str sentence(struct api_call *call, const char *key)
{
    const struct reader reader = office_reader(call);
    return reader_sentence(call->ctx->arena, &reader, key, NO_ARGS);
}

/* i18n: platform.none platform.sysadmin platform.secadmin platform.auditor */
static struct str platform_label(struct api_call *call, struct str platform)
{
    struct str name = str_is_empty(platform) ? S("none") : platform;
    return sentence(call, str_c(call->ctx->arena,
                                str_concat(call->ctx->arena, S("platform."), name))); /* i18n: platform.* */
}

static bool may(const struct api_call *call, enum platform_act act)
{
    return platform_may(call->session.caller->platform, act);
}

static void put_action(struct api_call *call, struct value *actions, struct str login,
                       const char *action, const char *key)
{
    struct arena *arena = call->ctx->arena;
    struct value *row = value_append_map(arena, actions);
    value_put_text(arena, row, "action", str_of(action));
    value_put_text(arena, row, "label", sentence(call, key));
    value_put_text(arena, row, "url",
                   str_printf(arena, "/accounts/%.*s/%s", STR_ARG(login), action));
}

static void put_actions(struct api_call *call, const struct account_row *account,
                        struct value *out)
{
    struct arena *arena = call->ctx->arena;
    struct value *actions = value_put_list(arena, out, "actions");
    struct value *platforms = value_put_list(arena, out, "platforms");
    bool active = str_eq_c(account->state, "active");
    bool own = account->id.v == call->session.account.v;
    value_put_bool(arena, out, "may_grant", !own && active && may(call, ACT_PLATFORM_GRANT));
    if (!own && active && may(call, ACT_ACCOUNT_UNLOCK))
        put_action(call, actions, account->login, "password", "account.act.password");
    if (!own && may(call, ACT_ACCOUNT_CLOSE))
        put_action(call, actions, account->login, active ? "close" : "open",
                   active ? "account.act.close" : "account.act.open");
    for (int i = 0; i < PLATFORM_COUNT; i++) {
        struct str name = str_of(platform_name((enum platform)i));
        struct value *row = value_append_map(arena, platforms);
        value_put_text(arena, row, "value", name);
        value_put_text(arena, row, "label", platform_label(call, name));
        value_put_bool(arena, row, "selected", str_eq(name, account->platform));
    }
}

static void put_account(struct api_call *call, const struct world *world,
                        const struct account_row *account, struct value *row)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    const struct world_person *person = world_find_person(world, account->person);
    bool has_post = person != NULL && person->post_count > 0;
    bool active = str_eq_c(account->state, "active");
    bool locked = !instant_is_none(account->locked_until) &&
                  account->locked_until.ms > call->ctx->now.ms;
    value_put_text(arena, row, "login", account->login);
    value_put_text(arena, row, "person",
                   str_printf(arena, "%lld", (long long)account->person.v));
    value_put_text(arena, row, "name", person == NULL ? S("") : person->name);
    value_put_text(arena, row, "unit_label", has_post ? person->posts[0].unit->name : S(""));
    value_put_text(arena, row, "platform", account->platform);
    value_put_text(arena, row, "platform_label",
                   str_is_empty(account->platform) ? S("")
                                                   : platform_label(call, account->platform));
    value_put_text(arena, row, "state", account->state);
    value_put_bool(arena, row, "closed", !active);
    value_put_bool(arena, row, "locked", locked);
    value_put_bool(arena, row, "has_password", account->has_password);
    value_put_text(arena, row, "last_text", reader_time(arena, &reader, account->seen_at));
    put_actions(call, account, row);
}

static bool matches(const struct world *world, const struct account_row *account, struct str q)
{
    const struct world_person *person = world_find_person(world, account->person);
    return str_is_empty(q) || str_has(account->login, q) ||
           (person != NULL && str_has(person->name, q));
}

static enum status list(struct api_call *call, struct str q)
{
    struct arena *arena = call->ctx->arena;
    const struct world *world;
    struct account_row_list accounts;
    TRY(caller_need(call->ctx, call->session.caller, ACT_ACCOUNT_LIST));
    TRY(office_world(call, &world));
    TRY(account_rows_list(call->ctx, office_conn(call), &accounts));
    call->document = value_map(arena);
    value_put_bool(arena, call->document, "may_create", may(call, ACT_ACCOUNT_CREATE));
    value_put_text(arena, call->document, "q", q);
    struct value *items = value_put_list(arena, call->document, "items");
    for (size_t i = 0; i < accounts.len && items->count < ACCOUNTS_MAX; i++)
        if (matches(world, &accounts.at[i], q))
            put_account(call, world, &accounts.at[i], value_append_map(arena, items));
    value_put_bool(arena, call->document, "is_cut", items->count == ACCOUNTS_MAX);
    return ST_OK;
}

static enum status list_accounts(struct api_call *call)
{
    return list(call, api_query(call, "q"));
}

static enum status refused(struct api_call *call)
{
    TRY(list(call, (struct str){0}));
    value_put(call->document, S("problem"), value_copy(call->ctx->arena, call->problem));
    value_put_text(call->ctx->arena, call->document, "new_login",
                   value_find_text(call->input, "login"));
    value_put_text(call->ctx->arena, call->document, "new_name",
                   value_find_text(call->input, "name"));
    return ST_OK;
}

/* ---- changes ---- */

static struct str actor_of(const struct api_call *call)
{
    return caller_actor(call->ctx->arena, call->session.caller);
}

static enum status done(struct api_call *call, const char *flash)
{
    call->document = value_map(call->ctx->arena);
    call->status = 200;
    call->flash = flash;
    if (call->is_page)
        call->location = S("/accounts");
    return ST_OK;
}

/* Told once, with the list around it on a page; the answer is not kept under its key. */
static enum status tell_password(struct api_call *call, struct str login, struct str password)
{
    struct arena *arena = call->ctx->arena;
    call->kept.key = (struct str){0};
    if (call->is_page)
        TRY(list(call, (struct str){0}));
    else
        call->document = value_map(arena);
    struct value *issued =
        call->is_page ? value_put_map(arena, call->document, "issued") : call->document;
    value_put_text(arena, issued, "login", login);
    value_put_text(arena, issued, "password", password);
    return ST_OK;
}

/* Absent: a new person. A person has one account, or two posts of the platform would be one's. */
static enum status take_person(struct api_call *call, struct person_id *out)
{
    const struct world *world;
    struct str given = value_find_text(call->input, "person");
    *out = (struct person_id){0};
    if (str_is_empty(given))
        return ST_OK;
    TRY(office_world(call, &world));
    const struct world_person *person = NULL;
    if (num_parse_i64(given, 1, INT64_MAX, &out->v))
        person = world_find_person(world, *out);
    if (person == NULL)
        return api_field_wrong(call, "person", "account.person_unknown",
                               ARGS(arg_text("person", given)));
    return person->account.v == 0 ? ST_OK
                                  : fail(call->ctx, ST_CONFLICT, "account.person_has_one",
                                         ARGS(arg_text("login", person->login)));
}

static enum status create_account(struct api_call *call)
{
    struct account_terms terms = {.login = str_trim(value_find_text(call->input, "login")),
                                  .name = str_trim(value_find_text(call->input, "name"))};
    struct account_id made;
    struct str password;
    TRY(caller_need(call->ctx, call->session.caller, ACT_ACCOUNT_CREATE));
    TRY(take_person(call, &terms.person));
    if (terms.person.v == 0 && str_is_empty(terms.name))
        return api_field_wrong(call, "name", "engine.missing", ARGS(arg_c("field", "name")));
    TRY(account_create(call->ctx, office_home(call), &terms, actor_of(call), &made, &password));
    call->status = call->is_page ? 200 : 201;
    return tell_password(call, terms.login, password);
}

/* What is asked for, and that it is not one's own. */
static enum status take_login(struct api_call *call, enum platform_act act, struct str *out)
{
    *out = http_capture(call->http, "login");
    TRY(caller_need(call->ctx, call->session.caller, act));
    return str_eq(*out, call->session.caller->login)
               ? fail(call->ctx, ST_CONFLICT, "account.own", NO_ARGS)
               : ST_OK;
}

static enum status close_account(struct api_call *call)
{
    struct str login;
    TRY(take_login(call, ACT_ACCOUNT_CLOSE, &login));
    TRY(account_set_open(call->ctx, office_home(call), login, false, actor_of(call)));
    return done(call, "flash.account_closed");
}

static enum status open_account(struct api_call *call)
{
    struct str login;
    TRY(take_login(call, ACT_ACCOUNT_CLOSE, &login));
    TRY(account_set_open(call->ctx, office_home(call), login, true, actor_of(call)));
    return done(call, "flash.account_opened");
}

static enum status reset_password(struct api_call *call)
{
    struct str login, password;
    TRY(take_login(call, ACT_ACCOUNT_UNLOCK, &login));
    TRY(account_reset_password(call->ctx, office_home(call), login, actor_of(call), &password));
    return tell_password(call, login, password);
}

static enum status grant_platform(struct api_call *call)
{
    struct str login, given = value_find_text(call->input, "platform");
    enum platform platform;
    TRY(take_login(call, ACT_PLATFORM_GRANT, &login));
    if (!platform_parse(given, &platform))
        return api_field_wrong(call, "platform", "account.no_such_post",
                               ARGS(arg_text("given", given)));
    TRY(account_grant(call->ctx, office_home(call), login, platform, actor_of(call)));
    return done(call, "flash.account_granted");
}

static const struct api_field create_fields[] = {{"login", API_TEXT, true, NULL},
                                                 {"name", API_TEXT, false, NULL},
                                                 {"person", API_ID, false, NULL}};
static const struct api_field grant_fields[] = {{"platform", API_TEXT, false, NULL}};

enum { WRITE = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW };

static const struct api_route routes[] = {
    {.name = "account_list", .method = HTTP_GET, .path = "/accounts", .handler = list_accounts,
     .access = API_SIGNED_IN, .page = "accounts", .query = "q"},
    {.name = "account_create", .method = HTTP_POST, .path = "/accounts", .handler = create_account,
     .access = API_SIGNED_IN, .flags = WRITE, .page = "accounts", .body_limit = FORM_BYTES,
     .fields = create_fields, .field_count = COUNT_OF(create_fields), .refused = refused},
    {.name = "account_close", .method = HTTP_POST, .path = "/accounts/{login}/close",
     .handler = close_account, .access = API_SIGNED_IN, .flags = WRITE, .page = "accounts",
     .body_limit = FORM_BYTES, .refused = refused},
    {.name = "account_open", .method = HTTP_POST, .path = "/accounts/{login}/open",
     .handler = open_account, .access = API_SIGNED_IN, .flags = WRITE, .page = "accounts",
     .body_limit = FORM_BYTES, .refused = refused},
    {.name = "account_password", .method = HTTP_POST, .path = "/accounts/{login}/password",
     .handler = reset_password, .access = API_SIGNED_IN, .flags = WRITE, .page = "accounts",
     .body_limit = FORM_BYTES, .refused = refused},
    {.name = "account_grant", .method = HTTP_POST, .path = "/accounts/{login}/grant",
     .handler = grant_platform, .access = API_SIGNED_IN, .flags = WRITE, .page = "accounts",
     .body_limit = FORM_BYTES, .fields = grant_fields, .field_count = COUNT_OF(grant_fields),
     .refused = refused},
};

const struct api_table account_api = {routes, COUNT_OF(routes)};
