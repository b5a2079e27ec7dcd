#pragma once
/*
 * One exchange: what was asked, what is answered. No socket here; kit/http_server.h moves the
 * bytes. Everything lives in call->ctx.arena until the reply has gone out.
 */
#include <stdint.h>

#include "base/ctx.h"
#include "kit/pairs.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_METHOD_COUNT
};

enum { HTTP_CAPTURES_MAX = 4 };

struct http_route;
struct http_stream;

/* A file that came with a form. The descriptor is closed when the exchange ends. */
struct http_file {
    struct str field;
    struct str filename;     /* last path segment of what the client says */
    struct str claimed_type; /* or absent; ask kit/sniff.h instead */
    int fd;                  /* nameless file, read from offset 0 by pread */
    int64_t size;            /* bytes */
};

struct http_request {
    enum http_method method;
    struct str target;    /* as sent, checked: printable ASCII, begins with / */
    struct str path;      /* the target up to '?', still percent-encoded */
    struct pairs query;   /* decoded, names as the route allows them */
    struct pairs headers; /* names in lower case */
    struct pairs cookies;
    struct pairs form;                       /* fields of an urlencoded or multipart body */
    struct str body;                         /* of any other type, whole; else empty */
    struct str peer;                         /* the address at the other end, as text */
    const struct http_route *route;          /* null only while a request is refused */
    int mount;                               /* which mount of the router matched */
    struct pair captures[HTTP_CAPTURES_MAX]; /* {name} segments, decoded, in order */
    size_t capture_count;
    const struct http_file *files;
    size_t file_count;
};

/* Filled by the http_reply_… functions. */
struct http_reply {
    int status;
    struct pairs headers;
    struct str body;
    int fd; /* -1: body holds the content */
    int64_t fd_size;
    struct http_stream *stream; /* or null */
    bool close;                 /* end the connection behind this reply */
};

struct http_call {
    struct ctx ctx;
    struct http_request request;
    struct http_reply reply;
    int refusal;  /* HTTP status of a refusal that enum status cannot tell (414, 431 …), or 0 */
    void *app;    /* as in struct http_config */
    void *thread; /* what thread_open made for the thread that runs the handler */
    void *face;   /* for the floors above */
};

/*
 * Answers by the http_reply_… functions and ST_OK, or fails: then `refuse` of struct http_config
 * turns ctx.failure into the reply.
 */
typedef enum status (*http_handler)(struct http_call *call);

const char *http_method_name(enum http_method method);
bool http_method_parse(struct str text, enum http_method *out);
bool http_method_is_safe(enum http_method method); /* GET and HEAD */

/* Name in lower case; absent str where there is none. */
struct str http_header(const struct http_call *call, const char *lower_name);
struct str http_query(const struct http_call *call, const char *name);
struct str http_field(const struct http_call *call, const char *name);
struct str http_cookie(const struct http_call *call, const char *name);
/* Asserted: the route has a capture of that name. */
struct str http_capture(const struct http_call *call, const char *name);
/* The first file of that field, or null. */
const struct http_file *http_file(const struct http_call *call, const char *field);

/* The body is borrowed until the exchange ends: put it in the arena or let it be static. */
void http_reply_text(struct http_call *call, int status, const char *content_type, struct str body);
/* Takes the descriptor and sends `size` bytes from offset 0. */
void http_reply_file(struct http_call *call, int status, const char *content_type, int fd,
                     int64_t size);
void http_reply_empty(struct http_call *call, int status);             /* 204, 304 */
void http_reply_redirect(struct http_call *call, struct str location); /* 303 */
/* Adds one; a value with control bytes is asserted against, names are literals. */
void http_reply_header(struct http_call *call, const char *name, struct str value);

/* Fails with an HTTP status of its own where enum status has none. */
enum status http_refuse(struct http_call *call, int http_status, enum status status,
                        const char *key, struct args args);

/* The HTTP status of the failure in call->ctx. */
int http_refusal_status(const struct http_call *call);

/* Lists of media ranges (RFC 9110 §12.5.1): the weight of `type` ("text/html") in thousandths. */
int http_accept_weight(struct str accept, struct str type);

/* Whether an If-None-Match or If-Match list has this quoted tag, compared weakly, or is "*". */
bool http_etag_listed(struct str list, struct str tag);
