/*
 * What handlers use of a call.
 */
#include "api/call.h"

struct api_call *api_call_of(struct http_call *http)
{
    return http->face;
}

struct str api_query(const struct api_call *call, const char *name)
{
    struct str value = http_query(call->http, name);
    return value.len == 0 ? (struct str){0} : value;
}

struct str api_capture(const struct api_call *call, const char *name)
{
    return http_capture(call->http, name);
}

void api_defer(struct api_call *call)
{
    *call->deferred = true;
    http_call_defer(call->http);
}

enum status api_field_wrong(struct api_call *call, const char *field, const char *key,
                            struct args args)
{
    struct reason reason = reason_make(key, args);
    reason.field = str_of(field);
    return fail_reason(call->ctx, ST_INVALID, reason);
}
