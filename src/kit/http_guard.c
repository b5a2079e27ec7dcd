/*
 * RFC 9110 and 9112, the strict reading. Each check names the trick that it ends.
 */
#include "kit/http_guard.h"

#include <string.h>

#include "base/num.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* %XX that stands for a byte which is no control byte. */
static bool is_escape(struct str three)
{
    int high = three.len == 3 ? hex_digit(three.at[1]) : -1;
    int low = three.len == 3 ? hex_digit(three.at[2]) : -1;
    return high >= 2 && low >= 0 && (high << 4 | low) != 0x7F;
}

static bool is_target(struct str target)
{
    for (size_t i = 0; i < target.len; i++) {
        char c = target.at[i];
        if (c <= 0x20 || c >= 0x7F || c == '#' || c == '\\')
            return false;
        if (c == '%' && !is_escape(str_part(target, i, 3)))
            return false;
    }
    return target.len > 0 && target.at[0] == '/';
}

enum status http_guard_target(struct http_call *call, const struct http_guard_limits *limits,
                              struct str target)
{
    struct http_request *request = &call->request;
    if (target.len > limits->target_bytes)
        return http_refuse(call, 414, ST_MALFORMED, "http.target_too_long",
                           ARGS(arg_bytes("limit", (int64_t)limits->target_bytes)));
    if (!is_target(target))
        return fail(&call->ctx, ST_MALFORMED, "http.target_wrong", NO_ARGS);
    request->target = str_copy(call->ctx.arena, target);
    request->path = str_part(request->target, 0, str_find_char(request->target, '?'));
    return ST_OK;
}

static bool is_token(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
            (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return text.len > 0;
}

static bool is_header_value(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return utf8_is_valid(text);
}

static struct str lower(struct arena *arena, struct str text)
{
    char *at = arena_copy(arena, text.at, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (at[i] >= 'A' && at[i] <= 'Z')
            at[i] = (char)(at[i] - 'A' + 'a');
    return (struct str){at, text.len};
}

/* Of these a second one is a trick or a fault, never a use. */
static bool is_single(struct str lower_name)
{
    static const struct str names[] = {
        STR_INIT("host"),          STR_INIT("content-length"),  STR_INIT("transfer-encoding"),
        STR_INIT("content-type"),  STR_INIT("authorization"),   STR_INIT("cookie"),
        STR_INIT("if-match"),      STR_INIT("idempotency-key"), STR_INIT("x-csrf-token"),
        STR_INIT("last-event-id"), STR_INIT("expect"),          STR_INIT("content-encoding"),
    };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(names[i], lower_name))
            return true;
    return false;
}

static enum status wrong(struct http_call *call, const char *header)
{
    return fail(&call->ctx, ST_MALFORMED, "http.header_wrong", ARGS(arg_c("name", header)));
}

static enum status copy_headers(struct http_call *call, const struct http_guard_limits *limits,
                                const struct pairs *raw)
{
    struct arena *arena = call->ctx.arena;
    size_t bytes = 0;
    for (size_t i = 0; i < raw->len; i++)
        bytes += raw->at[i].name.len + raw->at[i].value.len;
    if (bytes > limits->header_bytes || raw->len > limits->header_count)
        return http_refuse(call, 431, ST_MALFORMED, "http.header_too_large",
                           ARGS(arg_bytes("limit", (int64_t)limits->header_bytes)));
    for (size_t i = 0; i < raw->len; i++) {
        /* A blank before the colon hides a header from one reader and not from the other. */
        if (!is_token(raw->at[i].name) || !is_header_value(raw->at[i].value))
            return wrong(call, "?");
        struct str name = lower(arena, raw->at[i].name);
        if (is_single(name) && pairs_find(&call->request.headers, name).at != NULL)
            return wrong(call, str_c(arena, name));
        struct str value = raw->at[i].value.len == 0 ? S("") : str_trim(raw->at[i].value);
        pairs_add(arena, &call->request.headers, name, str_copy(arena, value));
    }
    return ST_OK;
}

/* name or address, and a port; nothing that could be taken for more when it is shown again. */
static bool is_host(struct str host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = host.at[i];
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
            (c == '\0' || strchr(".-_:[]", c) == NULL))
            return false;
    }
    return host.len > 0 && host.len <= 255;
}

/* One length of digits, or chunks, never both (RFC 9112 §6.1): request smuggling ends here. */
static enum status read_framing(struct http_call *call, struct str version,
                                struct http_announced *out)
{
    struct str length = http_header(call, "content-length");
    struct str coding = http_header(call, "transfer-encoding");
    *out = (struct http_announced){0};
    if (length.at != NULL && coding.at != NULL)
        return wrong(call, "transfer-encoding");
    if (coding.at != NULL &&
        (!str_eq_nocase(coding, S("chunked")) || !str_eq_c(version, "HTTP/1.1")))
        return wrong(call, "transfer-encoding");
    if (length.at != NULL && (length.len == 0 || length.at[0] == '-' ||
                              !num_parse_i64(length, 0, INT64_MAX / 2, &out->length)))
        return wrong(call, "content-length");
    out->chunked = coding.at != NULL;
    return ST_OK;
}

/* Foreign cookies of the same host may have any shape: what is not ours to read is passed over. */
static void read_cookies(struct http_call *call)
{
    struct str rest = http_header(call, "cookie"), piece, name;
    while (str_next(&rest, ';', &piece)) {
        piece = str_trim(piece);
        if (str_next(&piece, '=', &name) && piece.at != NULL && is_token(name) &&
            pairs_find(&call->request.cookies, name).at == NULL)
            pairs_add(call->ctx.arena, &call->request.cookies, name, piece);
    }
}

static enum status read_request_line(struct http_call *call, struct str method, struct str version)
{
    for (size_t i = 0; i < method.len; i++)
        if (method.at[i] < 'A' || method.at[i] > 'Z')
            return fail(&call->ctx, ST_MALFORMED, "http.method_wrong", NO_ARGS);
    if (!str_eq_c(version, "HTTP/1.1") && !str_eq_c(version, "HTTP/1.0"))
        return http_refuse(call, 505, ST_MALFORMED, "http.version_wrong", NO_ARGS);
    if (!http_method_parse(method, &call->request.method))
        return http_refuse(call, 501, ST_METHOD, "http.method_unknown",
                           ARGS(arg_text("method", str_part(method, 0, 20))));
    return ST_OK;
}

enum status http_guard_head(struct http_call *call, const struct http_guard_limits *limits,
                            struct str method, struct str version, const struct pairs *raw,
                            struct http_announced *out)
{
    TRY(copy_headers(call, limits, raw));
    TRY(read_request_line(call, method, version));
    if (!is_host(http_header(call, "host")))
        return wrong(call, "host");
    TRY(read_framing(call, version, out));
    struct str expect = http_header(call, "expect");
    if (expect.at != NULL && !str_eq_nocase(expect, S("100-continue")))
        return http_refuse(call, 417, ST_MALFORMED, "http.header_wrong",
                           ARGS(arg_c("name", "expect")));
    struct str encoding = http_header(call, "content-encoding");
    if (encoding.at != NULL && !str_eq_nocase(encoding, S("identity")))
        return fail(&call->ctx, ST_MEDIA, "http.encoded", NO_ARGS);
    read_cookies(call);
    return ST_OK;
}
