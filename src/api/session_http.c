/*
 * HttpOnly, SameSite=Lax, and no Domain: the cookie goes back to this host only, and no script
 * reads it. Lax alone would do for today's browsers; the csrf text does for all of them.
 */
#include "api/session_http.h"

#include "kit/crypto.h"

enum { TOKEN_BYTES_MAX = 200 };

static struct str bearer_of(const struct http_call *http)
{
    struct str header = http_header(http, "authorization"), scheme = S("Bearer ");
    if (!str_eq_nocase(str_part(header, 0, scheme.len), scheme))
        return (struct str){0};
    return str_trim(str_from(header, scheme.len));
}

enum status session_http_read(struct api_call *call)
{
    struct str bearer = bearer_of(call->http);
    const struct api_doors *doors = &call->api->doors;
    call->by_cookie = bearer.at == NULL;
    call->token = call->by_cookie ? http_cookie(call->http, SESSION_COOKIE) : bearer;
    if (call->token.len == 0 || call->token.len > TOKEN_BYTES_MAX || doors->find_session == NULL)
        call->token = (struct str){0};
    if (call->token.at == NULL)
        return bearer.at == NULL ? ST_OK
                                 : fail(call->ctx, ST_UNAUTHENTICATED, "session.over", NO_ARGS);
    enum status status = doors->find_session(call, call->token, &call->session);
    if (status != ST_NOT_FOUND)
        return status;
    fail_clear(call->ctx);
    call->session = (struct api_session){0};
    return call->by_cookie ? ST_OK : fail(call->ctx, ST_UNAUTHENTICATED, "session.over", NO_ARGS);
}

enum status session_http_require(struct api_call *call)
{
    if (call->route->access == API_PUBLIC || call->session.account.v != 0)
        return ST_OK;
    return fail(call->ctx, ST_UNAUTHENTICATED, "session.needed", NO_ARGS);
}

/* What today's browsers say about who made them ask (Fetch Metadata), and older ones (Origin). */
static bool is_from_elsewhere(const struct http_call *http)
{
    struct str site = http_header(http, "sec-fetch-site");
    struct str origin = http_header(http, "origin");
    if (site.at != NULL)
        return !str_eq_c(site, "same-origin") && !str_eq_c(site, "none");
    if (origin.at == NULL)
        return false;
    size_t host = str_find(origin, S("://"));
    return host == SIZE_MAX || !str_eq(str_from(origin, host + 3), http_header(http, "host"));
}

enum status session_http_check_write(struct api_call *call, struct str sent)
{
    struct str header = http_header(call->http, "x-csrf-token");
    if (http_method_is_safe(call->http->request.method) || !call->by_cookie)
        return ST_OK;
    if (is_from_elsewhere(call->http))
        return fail(call->ctx, ST_DENIED, "session.foreign", NO_ARGS);
    if (call->session.account.v == 0)
        return ST_OK;
    if (call->session.csrf.len > 0 &&
        (crypto_equal(header, call->session.csrf) || crypto_equal(sent, call->session.csrf)))
        return ST_OK;
    return fail(call->ctx, ST_DENIED, "session.csrf", NO_ARGS);
}

void session_http_set_cookie(struct api_call *call, struct str token, bool secure)
{
    http_reply_header(call->http, "Set-Cookie",
                      str_printf(call->ctx->arena, "%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s",
                                 SESSION_COOKIE, STR_ARG(token), secure ? "; Secure" : "",
                                 token.len == 0 ? "; Max-Age=0" : ""));
}
