/*
 * The order in which a call is judged: is there such a route (the router), who asks, may they use
 * it at all, is the body well formed, does a write come from our own page, was it made before. Then
 * the handler.
 */
#include "api/serve.h"

#include "api/answer.h"
#include "api/figures.h"
#include "api/idempotency.h"
#include "api/negotiate.h"
#include "api/openapi.h"
#include "api/session_http.h"
#include "base/num.h"
#include "kit/form.h"
#include "kit/json.h"

enum mount { MOUNT_PAGE, MOUNT_API };

/* One mounted route knows its number among all. */
struct mounted {
    const struct api_route *route;
    size_t number;
};

static const struct mounted *mounted_of(const struct http_call *http)
{
    return http->request.route == NULL ? NULL : http->request.route->about;
}

/* ---- what is sent in ---- */

/* version, key and csrf are the form's way of headers, not fields. */
struct beside {
    struct str version;
    struct str key;
    struct str csrf;
};

static struct str *beside_named(struct beside *beside, struct str name)
{
    if (str_eq_c(name, "version"))
        return &beside->version;
    if (str_eq_c(name, "key"))
        return &beside->key;
    return str_eq_c(name, "csrf") ? &beside->csrf : NULL;
}

static enum status fold_flat(struct ctx *ctx, const struct pairs *form, struct value **out)
{
    *out = value_map(ctx->arena);
    for (size_t i = 0; i < form->len; i++)
        value_put(*out, form->at[i].name, value_text(ctx->arena, form->at[i].value));
    return ST_OK;
}

static enum status read_form(struct api_call *call, struct beside *beside)
{
    const struct pairs *form = &call->http->request.form;
    const struct api_pages *pages = &call->api->pages;
    struct pairs fields = {0};
    for (size_t i = 0; i < form->len; i++) {
        struct str *at = beside_named(beside, form->at[i].name);
        if (at == NULL)
            pairs_add(call->ctx->arena, &fields, form->at[i].name, form->at[i].value);
        else if (at->at != NULL)
            return fail(call->ctx, ST_MALFORMED, "form.twice",
                        ARGS(arg_text("name", form->at[i].name)));
        else
            *at = form->at[i].value;
    }
    return (pages->fold != NULL ? pages->fold : fold_flat)(call->ctx, &fields, &call->input);
}

static enum status read_input(struct api_call *call, struct beside *beside)
{
    struct str body = call->http->request.body;
    if (body.len == 0)
        return read_form(call, beside);
    TRY(json_parse(call->ctx, body, body.len, JSON_DECIMALS_AS_TEXT, &call->input));
    if (call->input->kind != VALUE_MAP)
        return fail(call->ctx, ST_MALFORMED, "serve.not_an_object", NO_ARGS);
    return ST_OK;
}

/*
 * A member that the route does not know is told, not ignored. Commands take what their regime says
 * (no fields here), pages may carry their own beside.
 */
static enum status check_members(struct api_call *call)
{
    const struct api_route *route = call->route;
    if (route->fields == NULL || call->http->request.mount != MOUNT_API)
        return ST_OK;
    value_each (member, call->input) {
        size_t i = 0;
        while (i < route->field_count && !str_eq_c(member->key, route->fields[i].name))
            i++;
        if (i < route->field_count)
            continue;
        struct reason reason =
            reason_make("form.unknown_field", ARGS(arg_text("field", member->key)));
        reason.field = member->key;
        reason.code = "unknown_field";
        return fail_reason(call->ctx, ST_INVALID, reason);
    }
    return ST_OK;
}

/* If-Match: "12" */
static enum status read_version(struct api_call *call, struct str sent)
{
    struct str tag = http_header(call->http, "if-match");
    if (tag.at != NULL && (tag.len < 3 || tag.at[0] != '"' || tag.at[tag.len - 1] != '"'))
        return fail(call->ctx, ST_MALFORMED, "serve.version_wrong", NO_ARGS);
    struct str number = tag.at != NULL ? str_part(tag, 1, tag.len - 2) : sent;
    if (number.len > 0 && !num_parse_i64(number, 1, VALUE_INT_MAX, &call->version))
        return fail(call->ctx, ST_MALFORMED, "serve.version_wrong", NO_ARGS);
    if (call->version == 0 && (call->route->flags & API_VERSIONED) != 0)
        return fail(call->ctx, ST_VERSION_NEEDED, "serve.version_needed", NO_ARGS);
    return ST_OK;
}

/* ---- a call ---- */

static struct api_call *call_new(struct http_call *http)
{
    const struct mounted *mounted = mounted_of(http);
    struct api_call *call = arena_new_of(http->ctx.arena, struct api_call);
    call->http = http;
    call->ctx = &http->ctx;
    call->api = http->app;
    call->route = mounted == NULL ? NULL : mounted->route;
    call->input = value_map(http->ctx.arena);
    /* An address that could not be read at all was no browser's. */
    struct str path = http->request.path;
    bool api_mount = mounted == NULL ? str_is_empty(path) || str_starts(path, S("/api/"))
                                     : http->request.mount == MOUNT_API;
    bool for_people = mounted == NULL || (call->route->flags & API_BARE) == 0;
    bool has_page = for_people && call->api->pages.render != NULL;
    call->is_page = negotiate_is_page(http, api_mount, has_page);
    http->face = call;
    return call;
}

static enum status admit(struct http_call *http)
{
    struct api_call *call = call_new(http);
    TRY(negotiate_lang(http, &call->lang));
    if ((call->route->flags & API_SANDBOX) != 0 && !call->api->doors.sandbox)
        return fail(call->ctx, ST_NOT_FOUND, "http.not_found", NO_ARGS);
    if ((call->route->flags & API_BARE) != 0)
        return ST_OK;
    TRY(session_http_read(call));
    return session_http_require(call);
}

/* Runs a handler; what it deferred is touched no more. */
static enum status run(struct api_call *call, api_handler handler)
{
    bool deferred = false;
    call->deferred = &deferred;
    TRY(handler(call));
    return deferred ? ST_OK : answer_document(call);
}

static enum status go_on(struct http_call *http)
{
    struct api_call *call = api_call_of(http);
    return run(call, call->then);
}

void api_continue(struct api_call *call, api_handler then)
{
    call->then = then;
    http_call_continue(call->http, go_on);
}

void api_fail(struct api_call *call, enum status status)
{
    must(status != ST_OK);
    http_call_finish(call->http, status);
}

static enum status serve(struct http_call *http)
{
    struct api_call *call = api_call_of(http);
    struct beside beside = {0};
    struct str reply = {0};
    bool again;
    TRY(read_input(call, &beside));
    TRY(session_http_check_write(call, beside.csrf));
    TRY(read_version(call, beside.version));
    TRY(check_members(call));
    TRY(idempotency_read(call, beside.key));
    TRY(idempotency_find(call, &again, &reply));
    if (!again)
        return run(call, call->route->handler);
    if (str_is_empty(reply) && !call->is_page && call->route->again != NULL)
        return run(call, call->route->again);
    answer_again(call, reply);
    return ST_OK;
}

/* For what was refused before its query was read. */
static void read_lang(struct api_call *call)
{
    struct http_request *request = &call->http->request;
    struct str query = str_from(request->target, request->path.len + 1);
    struct pairs pairs = {0};
    if (form_parse(call->ctx, query, FORM_NAMES_ONCE, &pairs) == ST_OK)
        request->query = pairs;
    if (negotiate_lang(call->http, &call->lang) != ST_OK)
        call->lang = LANG_ZH;
}

static void refuse(struct http_call *http)
{
    struct api_call *call = api_call_of(http);
    struct failure failure = http->ctx.failure;
    if (call == NULL) {
        call = call_new(http);
        fail_clear(&http->ctx);
        read_lang(call);
        http->ctx.failure = failure;
    }
    answer_refusal(call);
}

static void done(struct http_call *http, int64_t micros, int64_t sent_bytes)
{
    const struct api *api = http->app;
    const struct mounted *mounted = mounted_of(http);
    (void)sent_bytes;
    figures_add(api->figures, mounted == NULL ? SIZE_MAX : mounted->number, http->reply.status,
                micros);
}

static struct instant now(void *app)
{
    const struct api *api = app;
    return api->doors.now(api->doors.user);
}

/* ---- routes of this floor ---- */

static enum status get_description(struct api_call *call)
{
    call->document = openapi_document(call->ctx->arena, call->api, call->lang);
    return ST_OK;
}

static enum status get_health(struct api_call *call)
{
    call->document = value_map(call->ctx->arena);
    value_put_text(call->ctx->arena, call->document, "status", S("ok"));
    return ST_OK;
}

static enum status get_readiness(struct api_call *call)
{
    const struct api_doors *doors = &call->api->doors;
    if (doors->is_ready != NULL && !doors->is_ready(doors->user, call->http->thread))
        return fail(call->ctx, ST_UNAVAILABLE, "serve.not_ready", NO_ARGS);
    return get_health(call);
}

static const char *route_name(void *user, size_t number)
{
    const struct api *api = user;
    return api->routes[number]->name;
}

static enum status get_figures(struct api_call *call)
{
    const struct api *api = call->api;
    struct buf out;
    buf_init(&out, call->ctx->arena, 1024 * 1024);
    figures_print(api->figures, route_name, call->http->app, &out);
    if (api->doors.print_figures != NULL)
        api->doors.print_figures(api->doors.user, &out);
    TRY(buf_status(&out));
    http_reply_text(call->http, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&out));
    return ST_OK;
}

static const struct api_route own_routes[] = {
    {.name = "openapi", .path = "/openapi.json", .handler = get_description, .flags = API_ONLY},
    {.name = "health", .path = "/healthz", .handler = get_health, .flags = API_BARE},
    {.name = "readiness", .path = "/readyz", .handler = get_readiness, .flags = API_BARE},
    {.name = "figures", .path = "/metrics", .handler = get_figures, .flags = API_BARE | API_RAW},
};

/* ---- putting it together ---- */

struct api *api_new(struct arena *arena, const struct api_terms *terms,
                    const struct api_table *tables, size_t table_count)
{
    struct api *api = arena_new_of(arena, struct api);
    size_t count = COUNT_OF(own_routes), n = 0;
    for (size_t i = 0; i < table_count; i++)
        count += tables[i].count;
    const struct api_route **routes = arena_alloc_array(arena, count, sizeof *routes);
    for (size_t i = 0; i < table_count; i++)
        for (size_t k = 0; k < tables[i].count; k++)
            routes[n++] = &tables[i].routes[k];
    for (size_t i = 0; i < COUNT_OF(own_routes); i++)
        routes[n++] = &own_routes[i];
    api->words = terms->words;
    api->doors = terms->doors;
    api->pages = terms->pages;
    api->shapes = terms->shapes;
    api->shape_count = terms->shape_count;
    api->routes = routes;
    api->route_count = count;
    api->figures = figures_new(arena, count);
    return api;
}

static bool is_on_mount(const struct api *api, const struct api_route *route, enum mount mount)
{
    bool bare = (route->flags & API_BARE) != 0;
    if (mount == MOUNT_API)
        return !bare && (route->flags & API_PAGE_ONLY) == 0;
    bool writes = !http_method_is_safe(route->method);
    return bare || (api->pages.render != NULL && (route->flags & API_ONLY) == 0 &&
                    (route->page != NULL || writes || (route->flags & API_RAW) != 0));
}

void api_mount(const struct api *api, struct arena *arena, struct http_router *router)
{
    for (size_t i = 0; i < api->route_count; i++) {
        const struct api_route *route = api->routes[i];
        struct mounted *mounted = arena_new_of(arena, struct mounted);
        struct http_route *row = arena_new_of(arena, struct http_route);
        *mounted = (struct mounted){route, i};
        *row = (struct http_route){route->method,     route->path,  serve,  route->flags,
                                   route->body_limit, route->query, mounted};
        if (is_on_mount(api, route, MOUNT_API))
            http_router_mount(router, "/api/v1", MOUNT_API, row, 1);
        if (is_on_mount(api, route, MOUNT_PAGE))
            http_router_mount(router, "", MOUNT_PAGE, row, 1);
    }
    http_router_allow_query(router, "lang");
}

void api_configure(const struct api *api, struct http_config *config)
{
    /* The server hands it back as it is; nobody writes to it. */
    config->app = (void *)(uintptr_t)api;
    config->now = now;
    config->admit = admit;
    config->refuse = refuse;
    config->done = done;
}

void api_put_security_headers(struct http_call *http)
{
    answer_put_security(http);
}

/* RFC 6266 with RFC 8187: the name in UTF-8, percent-encoded. */
static struct str disposition_of(struct arena *arena, struct str name, bool inline_)
{
    struct buf out;
    buf_init(&out, arena, 4096);
    buf_c(&out, inline_ ? "inline; filename*=UTF-8''" : "attachment; filename*=UTF-8''");
    url_part(&out, utf8_prefix(name, 200));
    return buf_status(&out) == ST_OK ? buf_str(&out) : S("attachment");
}

void api_reply_upload(struct api_call *call, const char *mime, struct str name, bool inline_,
                      int fd, int64_t size, struct str etag)
{
    struct http_call *http = call->http;
    /* Browsers show no PDF inside a sandbox; it is no document of the web in any case. */
    bool pdf = str_eq_c(str_of(mime), "application/pdf");
    http_reply_header(http, "Content-Security-Policy",
                      pdf ? S("default-src 'none'; frame-ancestors 'self'")
                          : S("default-src 'none'; sandbox; frame-ancestors 'self'"));
    http_reply_header(http, "Content-Disposition", disposition_of(call->ctx->arena, name, inline_));
    http_reply_header(http, "Cache-Control", S("private, max-age=86400, immutable"));
    if (etag.len > 0)
        http_reply_header(http, "ETag", etag);
    http_reply_file(http, 200, mime, fd, size);
}

void api_reply_download(struct api_call *call, const char *mime, struct str name, int fd,
                        int64_t size)
{
    http_reply_header(call->http, "Content-Disposition",
                      disposition_of(call->ctx->arena, name, false));
    http_reply_file(call->http, 200, mime, fd, size);
}
