#pragma once
/*
 * What a request must look like before a byte of its body is read. libmicrohttpd 0.9.75 lets pass
 * what another reader on the way (a proxy) may understand differently: two lengths, a length beside
 * chunks, names with blanks, NUL in a path. Here all of that is 400 and the end of the connection,
 * so that a smuggled second request is never parsed.
 */
#include "kit/http.h"

struct http_guard_limits {
    size_t target_bytes;
    size_t header_bytes; /* names and values together */
    size_t header_count;
};

/* The body that the headers announce. */
struct http_announced {
    bool chunked;
    int64_t length; /* bytes; 0 when there is none or it is chunked */
};

/*
 * Fills request.target and request.path (copied).
 *
 * Errors: ST_MALFORMED  does not begin with '/', is not printable ASCII, broken %XX, %00-%1F, %7F;
 *                       too long (refusal 414)
 */
MUST_USE enum status http_guard_target(struct http_call *call,
                                       const struct http_guard_limits *limits, struct str target);

/*
 *   raw      headers as they came; request.headers gets copies with names in lower case,
 *            request.cookies what the Cookie header holds
 *   method   the word of the request line; version: its last word
 *
 * Errors: ST_MALFORMED  any header that two readers could understand differently; see the .c
 *         ST_METHOD     a method that nobody here knows (refusal 501)
 *         ST_MEDIA      an encoded body
 */
MUST_USE enum status http_guard_head(struct http_call *call, const struct http_guard_limits *limits,
                                     struct str method, struct str version, const struct pairs *raw,
                                     struct http_announced *out);
