#pragma once
/*
 * The table of routes and the matcher over it. The table is static const and can be walked: the
 * API's description and the test of permissions iterate it.
 */
#include "kit/http.h"

/* What a route takes and where it runs. Bits from HTTP_ROUTE_FACE on belong to the faces. */
enum http_route_flag {
    HTTP_ROUTE_SLOW = 1 << 0,  /* runs on the worker pool, not on a thread that serves sockets */
    HTTP_ROUTE_FORM = 1 << 1,  /* takes application/x-www-form-urlencoded */
    HTTP_ROUTE_FILES = 1 << 2, /* takes multipart/form-data */
    HTTP_ROUTE_JSON = 1 << 3,  /* takes application/json, left whole in request.body */
    HTTP_ROUTE_FACE = 1 << 8,
};

struct http_route {
    enum http_method method; /* a GET route answers HEAD as well */
    const char *path; /* "/cases/{id}/commands/{command}"; "{rest*}" last: all that is left */
    http_handler handler;
    unsigned flags;
    int64_t body_limit; /* bytes of the body; 0: it must be empty */
    const char *query;  /* allowed names parted by blanks (`field.*`: any that goes on; `*`: any, the
                         handler refuses), or null for none */
    const void *about;  /* belongs to the faces: words, permission, shapes */
};

/* Whether such a list of names has the name. */
bool http_query_is_listed(struct str names, struct str name);

struct http_router;

/* In the arena; read-only once the mounts are made, then shared by any threads. */
struct http_router *http_router_new(struct arena *arena);

/*
 * Adds a table under a prefix ("" or "/api/v1"); `mount` is told to the handler.
 * Asserted: paths are well formed, and no two routes of one method have the same shape.
 */
void http_router_mount(struct http_router *router, const char *prefix, int mount,
                       const struct http_route *routes, size_t count);

/* Query names that every route takes, parted by blanks. */
void http_router_allow_query(struct http_router *router, const char *names);

/*
 * Finds the route of call->request.{method,path} and fills route, mount, captures; a literal
 * segment wins over a capture. Then reads the query, which may hold allowed names only.
 *
 * Errors: ST_NOT_FOUND  no such path
 *         ST_METHOD     the path has other methods; reply header Allow is set
 *         ST_MALFORMED  broken escapes, "." or ".." segments, a query name not allowed or twice
 */
MUST_USE enum status http_router_match(const struct http_router *router, struct http_call *call);
MUST_USE enum status http_router_read_query(const struct http_router *router,
                                            struct http_call *call);
