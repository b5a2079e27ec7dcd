/*
 * A session is found once a call; what the frame of pages shows of its holder is made with it.
 */
#include "api/session_api.h"

#include <stdlib.h>

#include "api/office.h"
#include "api/session_http.h"
#include "services/account.h"
#include "store/idempotency_rows.h"

enum { FORM_BYTES = 16 * 1024 };

static void put_posts(struct api_call *call, const struct world *world,
                      const struct caller *caller, struct value *me)
{
    struct arena *arena = call->ctx->arena;
    struct value *posts = value_put_list(arena, me, "posts");
    struct value *units = value_put_list(arena, me, "units");
    for (size_t i = 0; i < caller->actor.post_count; i++) {
        const struct actor_post *post = &caller->actor.posts[i];
        const struct world_unit *unit = world_find_unit(world, post->unit);
        struct str id = str_printf(arena, "%lld", (long long)post->unit.v);
        struct value *row = value_append_map(arena, posts);
        value_put_text(arena, row, "id", str_printf(arena, "%lld", (long long)post->id.v));
        value_put_text(arena, row, "post", post->post);
        value_put_text(arena, row, "post_label", office_word(call, "posts", post->post));
        value_put_text(arena, row, "unit", id);
        value_put_text(arena, row, "unit_label", unit == NULL ? S("") : unit->name);
        row = value_append_map(arena, units);
        value_put_text(arena, row, "id", id);
        value_put_text(arena, row, "name", unit == NULL ? S("") : unit->name);
        value_put_text(arena, row, "kind", post->unit_kind);
        value_put_text(arena, row, "region", post->unit_region);
        if (i == 0 && unit != NULL)
            value_put_text(arena, me, "unit", unit->name);
    }
}

static struct value *me_document(struct api_call *call, const struct world *world,
                                 const struct caller *caller)
{
    struct arena *arena = call->ctx->arena;
    struct value *me = value_map(arena);
    value_put_text(arena, me, "id", str_printf(arena, "%lld", (long long)caller->person.v));
    value_put_text(arena, me, "login", caller->login);
    value_put_text(arena, me, "name", caller->name);
    value_put_text(arena, me, "platform", str_of(platform_name(caller->platform)));
    value_put_bool(arena, me, "is_admin", caller->platform != PLATFORM_NONE);
    value_put_bool(arena, me, "must_change", caller->must_change);
    put_posts(call, world, caller, me);
    struct value *permissions = value_put_list(arena, me, "permissions");
    for (int act = 0; act < ACT_COUNT; act++)
        if (platform_may(caller->platform, (enum platform_act)act))
            value_append(permissions,
                         value_text(arena, str_of(platform_act_name((enum platform_act)act))));
    return me;
}

enum status session_door_find(struct api_call *call, struct str token, struct api_session *out)
{
    const struct world *world;
    struct caller *caller = arena_new_of(call->ctx->arena, struct caller);
    TRY(office_world(call, &world));
    enum status status = caller_load(call->ctx, office_conn(call), world, token, caller);
    if (status == ST_UNAUTHENTICATED)
        return ST_NOT_FOUND;
    TRY(status);
    if (caller->touch_is_due)
        session_touch(office_home(call), caller, call->ctx->now);
    *out = (struct api_session){.account = caller->account,
                                .caller = caller,
                                .csrf = caller->csrf,
                                .me = me_document(call, world, caller)};
    return ST_OK;
}

/* ---- kept replies ---- */

enum status session_door_find_kept(struct api_call *call, struct str key, struct api_kept *out)
{
    struct idempotency_reply reply;
    TRY(idempotency_rows_find(call->ctx, office_conn(call), call->session.account, key, &reply));
    *out = (struct api_kept){.key = key,
                             .fingerprint = reply.fingerprint,
                             .status = reply.status,
                             .location = reply.headers,
                             .reply = reply.reply};
    return ST_OK;
}

/* Outlives the call: memory and job of its own, freed when it is written. */
struct keeping {
    struct arena *arena;
    struct ctx ctx;
    struct account_id account;
    struct str key;
    struct idempotency_reply reply;
    struct writer_job job;
};

static enum status write_kept(struct ctx *ctx, struct ledger_tx *ledger, void *arg)
{
    struct keeping *keeping = arg;
    return idempotency_rows_keep(ctx, ledger->conn, keeping->account, keeping->key,
                                 &keeping->reply);
}

static void kept(struct ctx *ctx, void *arg, enum status status)
{
    struct keeping *keeping = arg;
    (void)ctx;
    (void)status; /* the act itself is durable, and that its key was used where it matters */
    arena_free(keeping->arena);
    free(keeping); /* advise: ok, outlives the request */
}

void session_door_keep(struct api_call *call, const struct api_kept *reply)
{
    struct keeping *keeping = calloc(1, sizeof *keeping); /* advise: ok, outlives the request */
    must(keeping != NULL);
    keeping->arena = arena_new();
    keeping->ctx = (struct ctx){.arena = keeping->arena, .now = call->ctx->now};
    keeping->account = call->session.account;
    keeping->key = str_copy(keeping->arena, reply->key);
    keeping->reply = (struct idempotency_reply){
        .fingerprint = str_copy(keeping->arena, reply->fingerprint),
        .status = reply->status,
        .headers = str_is_empty(reply->location) ? S("") : str_copy(keeping->arena, reply->location),
        .reply = str_is_empty(reply->reply) ? S("") : str_copy(keeping->arena, reply->reply)};
    keeping->job = (struct writer_job){
        .ctx = &keeping->ctx, .run = write_kept, .done = kept, .arg = keeping};
    writer_submit(office_home(call)->writer, &keeping->job);
}

/* ---- handlers ---- */

static enum status open_session(struct api_call *call, struct session *out)
{
    const struct login_request request = {
        .login = str_trim(value_find_text(call->input, "username")),
        .password = value_find_text(call->input, "password"),
        .otp = value_find_text(call->input, "otp"),
        .address = call->http->request.peer,
        .agent = http_header(call->http, "user-agent"),
    };
    TRY(login_open(call->ctx, office_home(call), &request, out));
    session_http_set_cookie(call, out->token, call->api->doors.secure);
    return ST_OK;
}

static enum status create_session(struct api_call *call)
{
    struct session session;
    TRY(open_session(call, &session));
    call->document = value_map(call->ctx->arena);
    value_put_text(call->ctx->arena, call->document, "token", session.token);
    value_put_text(call->ctx->arena, call->document, "csrf", session.csrf);
    value_put_bool(call->ctx->arena, call->document, "must_change", session.must_change);
    return ST_OK;
}

static enum status show_login(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    const struct reader reader = office_reader(call);
    call->document = value_map(arena);
    value_put_text(arena, call->document, "username", value_find_text(call->input, "username"));
    value_put_text(arena, call->document, "next", api_query(call, "next"));
    value_put_bool(arena, call->document, "failed", call->problem != NULL);
    if (call->problem != NULL)
        value_put_text(arena, call->document, "reason",
                       value_find_text(call->problem, "detail"));
    if (!call->api->doors.sandbox)
        return ST_OK;
    value_put_text(arena, call->document, "example_password",
                   reader_sentence(arena, &reader, "login.example_password",
                                   ARGS(arg_c("password", EXAMPLE_PASSWORD))));
    return ST_OK;
}

/* Only to a path of ours: "//elsewhere" and "\elsewhere" lead away. */
static struct str next_page(const struct api_call *call)
{
    struct str next = value_find_text(call->input, "next");
    bool ours = str_starts(next, S("/")) && !str_starts(next, S("//")) &&
                str_find_char(next, '\\') == SIZE_MAX;
    return ours ? next : S("/desk");
}

static enum status log_in(struct api_call *call)
{
    struct session session;
    TRY(open_session(call, &session));
    call->document = value_map(call->ctx->arena);
    call->location = session.must_change ? S("/me") : next_page(call);
    return ST_OK;
}

static enum status log_out(struct api_call *call)
{
    if (call->session.caller != NULL)
        TRY(login_close(call->ctx, office_home(call), call->session.caller));
    session_http_set_cookie(call, (struct str){0}, call->api->doors.secure);
    call->document = value_map(call->ctx->arena);
    call->location = call->is_page ? S("/login") : (struct str){0};
    return ST_OK;
}

static enum status show_me(struct api_call *call)
{
    call->document = value_copy(call->ctx->arena, call->session.me);
    return ST_OK;
}

static enum status change_password(struct api_call *call)
{
    TRY(account_change_password(call->ctx, office_home(call), call->session.caller,
                                value_find_text(call->input, "old"),
                                value_find_text(call->input, "new")));
    call->document = value_map(call->ctx->arena);
    call->location = call->is_page ? S("/desk") : (struct str){0};
    return ST_OK;
}

static enum status refused_password(struct api_call *call)
{
    TRY(show_me(call));
    value_put(call->document, S("refused"), value_copy(call->ctx->arena, call->problem));
    return ST_OK;
}

static const struct api_field session_fields[] = {{"username", API_TEXT, true, NULL},
                                                  {"password", API_TEXT, true, NULL},
                                                  {"otp", API_TEXT, false, NULL}};
static const struct api_field login_fields[] = {{"username", API_TEXT, true, NULL},
                                                {"password", API_TEXT, true, NULL},
                                                {"otp", API_TEXT, false, NULL},
                                                {"next", API_TEXT, false, NULL}};
static const struct api_field password_fields[] = {{"old", API_TEXT, true, NULL},
                                                   {"new", API_TEXT, true, NULL}};

static const struct api_route routes[] = {
    {.name = "session_create", .method = HTTP_POST, .path = "/sessions", .handler = create_session,
     .access = API_PUBLIC, .flags = API_ONLY | HTTP_ROUTE_JSON | HTTP_ROUTE_SLOW,
     .body_limit = FORM_BYTES, .fields = session_fields, .field_count = COUNT_OF(session_fields)},
    {.name = "session_end", .method = HTTP_DELETE, .path = "/sessions", .handler = log_out,
     .access = API_SIGNED_IN, .flags = API_ONLY | HTTP_ROUTE_SLOW},
    {.name = "login_page", .method = HTTP_GET, .path = "/login", .handler = show_login,
     .access = API_PUBLIC, .flags = API_PAGE_ONLY, .page = "login", .query = "next"},
    {.name = "login", .method = HTTP_POST, .path = "/login", .handler = log_in,
     .access = API_PUBLIC, .flags = API_PAGE_ONLY | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW,
     .page = "login", .query = "next", .body_limit = FORM_BYTES, .fields = login_fields,
     .field_count = COUNT_OF(login_fields), .refused = show_login},
    {.name = "logout", .method = HTTP_POST, .path = "/logout", .handler = log_out,
     .access = API_PUBLIC, .flags = API_PAGE_ONLY | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW,
     .page = "login", .body_limit = FORM_BYTES},
    {.name = "me", .method = HTTP_GET, .path = "/me", .handler = show_me,
     .access = API_SIGNED_IN, .page = "me"},
    {.name = "password_change", .method = HTTP_POST, .path = "/me/password",
     .handler = change_password, .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_JSON | HTTP_ROUTE_FORM | HTTP_ROUTE_SLOW, .page = "me",
     .body_limit = FORM_BYTES, .fields = password_fields, .field_count = COUNT_OF(password_fields),
     .refused = refused_password},
};

const struct api_table session_api = {routes, COUNT_OF(routes)};
