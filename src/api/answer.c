/*
 * Documents are private to whoever asked: nothing is cached on the way, and a cached page of
 * before the log-out is not shown again.
 */
#include "api/answer.h"

#include "api/negotiate.h"
#include "api/problem.h"
#include "kit/json.h"

enum { REPLY_BYTES_MAX = 64 * 1024 * 1024 };

#define JSON_TYPE "application/json"
#define PROBLEM_TYPE "application/problem+json"
#define HTML_TYPE "text/html; charset=utf-8"

void answer_put_security(struct http_call *http)
{
    static const struct {
        const char *name;
        struct str value;
    } rows[] = {
        /* Images of data: come from the style sheet. */
        {"Content-Security-Policy",
         STR_INIT("default-src 'self'; style-src 'self'; img-src 'self' data: "
                  "blob:; base-uri 'none'; form-action 'self'; "
                  "frame-ancestors 'none'")},
        {"X-Content-Type-Options", STR_INIT("nosniff")},
        {"Referrer-Policy", STR_INIT("same-origin")},
        {"Permissions-Policy", STR_INIT("camera=(self), geolocation=(self), microphone=()")},
        {"Cross-Origin-Opener-Policy", STR_INIT("same-origin")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (pairs_find_c(&http->reply.headers, rows[i].name).at == NULL)
            http_reply_header(http, rows[i].name, rows[i].value);
}

static void put_common(struct api_call *call)
{
    struct http_call *http = call->http;
    answer_put_security(http);
    if (pairs_find_c(&http->reply.headers, "Cache-Control").at == NULL) {
        http_reply_header(http, "Cache-Control", S("private, no-store"));
        http_reply_header(http, "Vary", S("Accept, Accept-Language, Cookie"));
    }
    if (http_query(http, "lang").len > 0)
        http_reply_header(http, "Set-Cookie",
                          str_printf(call->ctx->arena,
                                     LANG_COOKIE "=%s; Path=/; SameSite=Lax; Max-Age=31536000",
                                     call->lang == LANG_EN ? "en" : "zh"));
}

static struct str print(struct api_call *call, const struct value *document)
{
    struct buf out;
    buf_init(&out, call->ctx->arena, REPLY_BYTES_MAX);
    json_print(&out, document);
    return buf_status(&out) == ST_OK ? buf_str(&out) : (struct str){0};
}

/* A path of ours, as the API calls it. */
static struct str api_path(struct api_call *call, struct str path)
{
    return str_concat(call->ctx->arena, S("/api/v1"), path);
}

static int usual_status(const struct api_call *call)
{
    if (call->status != 0)
        return call->status;
    bool made = call->location.at != NULL && call->http->request.method == HTTP_POST;
    return made ? 201 : 200;
}

static void put_json_headers(struct api_call *call)
{
    struct arena *arena = call->ctx->arena;
    if (call->location.at != NULL)
        http_reply_header(call->http, "Location", api_path(call, call->location));
    if (call->answer_version > 0)
        http_reply_header(call->http, "ETag",
                          str_printf(arena, "\"%lld\"", (long long)call->answer_version));
}

static void keep(struct api_call *call, int status, struct str reply)
{
    if (call->kept.key.at == NULL || call->session.account.v == 0 || call->api->doors.keep == NULL)
        return;
    call->kept.status = status;
    call->kept.location = call->location;
    call->kept.reply = reply;
    call->api->doors.keep(call, &call->kept);
}

static enum status reply_json(struct api_call *call)
{
    struct str text = print(call, call->document);
    if (text.at == NULL)
        return fail(call->ctx, ST_LIMIT, "answer.too_large",
                    ARGS(arg_bytes("limit", REPLY_BYTES_MAX)));
    int status = usual_status(call);
    keep(call, status, text);
    put_json_headers(call);
    http_reply_text(call->http, status, JSON_TYPE, text);
    return ST_OK;
}

static enum status reply_page(struct api_call *call, struct str page, int status)
{
    struct buf out;
    const struct api_pages *pages = &call->api->pages;
    buf_init(&out, call->ctx->arena, REPLY_BYTES_MAX);
    TRY(pages->render(pages->user, call, page, call->document, &out));
    TRY(buf_status(&out));
    http_reply_text(call->http, status, HTML_TYPE, buf_str(&out));
    return ST_OK;
}

/* After a write a browser is sent to look: reloading must not write again. */
static void redirect(struct api_call *call, struct str location)
{
    keep(call, 303, (struct str){0});
    if (call->flash != NULL)
        http_reply_header(call->http, "Set-Cookie",
                          str_printf(call->ctx->arena,
                                     FLASH_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=60",
                                     call->flash));
    http_reply_redirect(call->http, location);
}

enum status answer_document(struct api_call *call)
{
    put_common(call);
    if ((call->route->flags & API_RAW) != 0 && call->http->reply.status != 0)
        return ST_OK;
    must(call->document != NULL || call->location.at != NULL);
    if (call->is_page && call->location.at != NULL)
        redirect(call, call->location);
    else if (call->is_page && call->route->page != NULL)
        return reply_page(call, str_of(call->route->page), usual_status(call));
    else if (call->document == NULL)
        call->document = value_map(call->ctx->arena);
    return call->http->reply.status != 0 ? ST_OK : reply_json(call);
}

void answer_again(struct api_call *call, struct str reply)
{
    put_common(call);
    if (call->is_page) {
        http_reply_redirect(call->http, call->location.at != NULL ? call->location : S("/"));
        return;
    }
    put_json_headers(call);
    http_reply_header(call->http, "Idempotency-Replayed", S("true"));
    http_reply_text(call->http, call->status >= 200 && call->status != 303 ? call->status : 200,
                    JSON_TYPE, reply.at != NULL ? reply : S("{}"));
}

static void put_refusal_headers(struct api_call *call, int status)
{
    if (status == 401)
        http_reply_header(call->http, "WWW-Authenticate", S("Bearer realm=\"lantian\""));
    if (status == 429 || status == 503)
        http_reply_header(call->http, "Retry-After", S("5"));
}

/* A person who is not signed in is led to the door, and from there back. */
static void lead_to_door(struct api_call *call)
{
    const struct http_request *request = &call->http->request;
    struct buf location;
    buf_init(&location, call->ctx->arena, 32 * 1024);
    buf_c(&location, "/login");
    if (http_method_is_safe(request->method) && !str_eq_c(request->path, "/")) {
        buf_c(&location, "?next=");
        url_part(&location, request->target);
    }
    http_reply_redirect(call->http, buf_str(&location));
}

/* The form again, with what was typed and why not. */
static bool show_form_again(struct api_call *call, int status)
{
    const struct api_route *route = call->route;
    if (route == NULL || route->refused == NULL || route->page == NULL || status >= 500 ||
        http_method_is_safe(call->http->request.method))
        return false;
    struct failure failure = call->ctx->failure;
    call->problem = call->document;
    call->document = NULL;
    fail_clear(call->ctx);
    bool shown = route->refused(call) == ST_OK && call->document != NULL &&
                 reply_page(call, str_of(route->page), status) == ST_OK;
    call->ctx->failure = failure;
    return shown;
}

static bool show_page(struct api_call *call, int status)
{
    if (!call->is_page || call->api->pages.render == NULL)
        return false;
    if (status == 401) {
        lead_to_door(call);
        return true;
    }
    struct value *problem = call->document;
    if (show_form_again(call, status))
        return true;
    struct failure failure = call->ctx->failure;
    fail_clear(call->ctx);
    call->document = problem;
    bool shown = reply_page(call, S("error"), status) == ST_OK;
    call->ctx->failure = failure;
    return shown;
}

void answer_refusal(struct api_call *call)
{
    int status = http_refusal_status(call->http);
    put_common(call);
    put_refusal_headers(call, status);
    call->document = problem_document(call, call->api->words);
    /* Printed before a page adds to it what only pages need. */
    struct str text = print(call, call->document);
    if (!show_page(call, status))
        http_reply_text(call->http, status, PROBLEM_TYPE, text);
}
