/*
 * Looking things up in a request and laying down a reply.
 */
#include "kit/http.h"

#include "base/num.h"

static const struct str method_names[HTTP_METHOD_COUNT] = {
    [HTTP_GET] = STR_INIT("GET"),     [HTTP_HEAD] = STR_INIT("HEAD"),
    [HTTP_POST] = STR_INIT("POST"),   [HTTP_PUT] = STR_INIT("PUT"),
    [HTTP_PATCH] = STR_INIT("PATCH"), [HTTP_DELETE] = STR_INIT("DELETE"),
};

const char *http_method_name(enum http_method method)
{
    must(method < HTTP_METHOD_COUNT);
    return method_names[method].at;
}

bool http_method_parse(struct str text, enum http_method *out)
{
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        if (str_eq(text, method_names[i])) {
            *out = (enum http_method)i;
            return true;
        }
    }
    return false;
}

bool http_method_is_safe(enum http_method method)
{
    return method == HTTP_GET || method == HTTP_HEAD;
}

struct str http_header(const struct http_call *call, const char *lower_name)
{
    return pairs_find_c(&call->request.headers, lower_name);
}

struct str http_query(const struct http_call *call, const char *name)
{
    return pairs_find_c(&call->request.query, name);
}

struct str http_field(const struct http_call *call, const char *name)
{
    return pairs_find_c(&call->request.form, name);
}

struct str http_cookie(const struct http_call *call, const char *name)
{
    return pairs_find_c(&call->request.cookies, name);
}

struct str http_capture(const struct http_call *call, const char *name)
{
    const struct http_request *request = &call->request;
    size_t i = 0;
    while (i < request->capture_count && !str_eq_c(request->captures[i].name, name))
        i++;
    must(i < request->capture_count);
    return request->captures[i].value;
}

const struct http_file *http_file(const struct http_call *call, const char *field)
{
    for (size_t i = 0; i < call->request.file_count; i++)
        if (str_eq_c(call->request.files[i].field, field))
            return &call->request.files[i];
    return NULL;
}

void http_reply_header(struct http_call *call, const char *name, struct str value)
{
    for (size_t i = 0; i < value.len; i++)
        must((unsigned char)value.at[i] >= 0x20 && value.at[i] != 0x7F);
    pairs_add(call->ctx.arena, &call->reply.headers, str_of(name), value);
}

static void reply(struct http_call *call, int status, const char *content_type)
{
    must(call->reply.status == 0);
    call->reply.status = status;
    call->reply.fd = -1;
    if (content_type != NULL)
        http_reply_header(call, "Content-Type", str_of(content_type));
}

void http_reply_text(struct http_call *call, int status, const char *content_type, struct str body)
{
    reply(call, status, content_type);
    call->reply.body = body;
}

void http_reply_file(struct http_call *call, int status, const char *content_type, int fd,
                     int64_t size)
{
    reply(call, status, content_type);
    call->reply.fd = fd;
    call->reply.fd_size = size;
}

void http_reply_empty(struct http_call *call, int status)
{
    reply(call, status, NULL);
}

void http_reply_redirect(struct http_call *call, struct str location)
{
    reply(call, 303, NULL);
    http_reply_header(call, "Location", location);
}

enum status http_refuse(struct http_call *call, int http_status, enum status status,
                        const char *key, struct args args)
{
    if (call->ctx.failure.status == ST_OK)
        call->refusal = http_status;
    return fail(&call->ctx, status, key, args);
}

int http_refusal_status(const struct http_call *call)
{
    return call->refusal != 0 ? call->refusal : status_http(call->ctx.failure.status);
}

/* 2 exact, 1 type/star, 0 star/star, -1 no match. */
static int range_precision(struct str range, struct str type)
{
    struct str major;
    struct str minor = type;
    if (str_eq_nocase(range, type))
        return 2;
    if (str_eq(range, S("*/*")))
        return 0;
    (void)str_next(&minor, '/', &major);
    return range.len == major.len + 2 && str_ends(range, S("/*")) &&
                   str_eq_nocase(str_part(range, 0, major.len), major)
               ? 1
               : -1;
}

static int weight_of(struct str parameters)
{
    struct str parameter;
    while (str_next(&parameters, ';', &parameter)) {
        int64_t weight;
        parameter = str_trim(parameter);
        if (str_eq_nocase(str_part(parameter, 0, 2), S("q=")))
            return num_parse_scaled(str_from(parameter, 2), 3, 0, 1000, &weight) ? (int)weight : 0;
    }
    return 1000;
}

int http_accept_weight(struct str accept, struct str type)
{
    int best = -1, weight = 0;
    struct str item, range;
    if (str_is_empty(accept))
        return 1000;
    while (str_next(&accept, ',', &item)) {
        if (!str_next(&item, ';', &range))
            continue;
        int precision = range_precision(str_trim(range), type);
        if (precision > best) {
            best = precision;
            weight = weight_of(item);
        }
    }
    return weight;
}

static struct str strong_part(struct str tag)
{
    return str_starts(tag, S("W/")) ? str_from(tag, 2) : tag;
}

bool http_etag_listed(struct str list, struct str tag)
{
    struct str item;
    if (str_eq_c(str_trim(list), "*"))
        return true;
    while (str_next(&list, ',', &item))
        if (str_eq(strong_part(str_trim(item)), strong_part(tag)))
            return true;
    return false;
}
