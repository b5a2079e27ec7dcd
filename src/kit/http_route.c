/*
 * A tree of path segments. Each node has its literal children, at most one capture child and at
 * most one that takes all the rest. The search tries them in this order and steps back, so that
 * /cases/export and /cases/{id}/plan can stand beside each other.
 */
#include "kit/http_route.h"

#include "base/buf.h"
#include "kit/form.h"

enum { SEGMENTS_MAX = 16 };

struct node {
    struct str segment; /* literal, or empty for capture and rest */
    struct node *literals;
    struct node *capture;
    struct node *rest;
    struct node *next; /* sibling among literals */
    const struct http_route *routes[HTTP_METHOD_COUNT];
    int mounts[HTTP_METHOD_COUNT];
};

struct http_router {
    struct arena *arena;
    struct node root;
    struct str common_query;
};

struct http_router *http_router_new(struct arena *arena)
{
    struct http_router *router = arena_new_of(arena, struct http_router);
    router->arena = arena;
    return router;
}

static bool is_capture(struct str segment)
{
    return segment.len > 2 && segment.at[0] == '{' && segment.at[segment.len - 1] == '}';
}

static bool is_rest(struct str segment)
{
    return is_capture(segment) && str_ends(segment, S("*}"));
}

static struct node *find_literal(const struct node *node, struct str segment)
{
    for (struct node *child = node->literals; child != NULL; child = child->next)
        if (str_eq(child->segment, segment))
            return child;
    return NULL;
}

static struct node *child_for(struct arena *arena, struct node *node, struct str segment)
{
    struct node **at = is_rest(segment) ? &node->rest : is_capture(segment) ? &node->capture : NULL;
    if (at == NULL) {
        struct node *child = find_literal(node, segment);
        if (child != NULL)
            return child;
        child = arena_new_of(arena, struct node);
        child->segment = segment;
        child->next = node->literals;
        node->literals = child;
        return child;
    }
    if (*at == NULL)
        *at = arena_new_of(arena, struct node);
    return *at;
}

static void add(struct http_router *router, struct str path, int mount,
                const struct http_route *route)
{
    struct node *node = &router->root;
    struct str segment;
    int captures = 0, segments = 0;
    must(path.len > 0 && path.at[0] == '/');
    path = str_from(path, 1);
    while (path.len > 0 && str_next(&path, '/', &segment)) {
        must(segment.len > 0 || path.at == NULL);
        captures += is_capture(segment);
        segments++;
        must(!is_rest(segment) || path.at == NULL);
        node = child_for(router->arena, node, segment);
    }
    must(captures <= HTTP_CAPTURES_MAX && segments <= SEGMENTS_MAX);
    must(node->routes[route->method] == NULL);
    node->routes[route->method] = route;
    node->mounts[route->method] = mount;
}

void http_router_mount(struct http_router *router, const char *prefix, int mount,
                       const struct http_route *routes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(router, str_concat(router->arena, str_of(prefix), str_of(routes[i].path)), mount,
            &routes[i]);
}

void http_router_allow_query(struct http_router *router, const char *names)
{
    router->common_query = str_of(names);
}

/* The decoded segments of one path; the raw text is kept for a capture of the rest. */
struct trail {
    struct str segments[SEGMENTS_MAX];
    struct str raw_from[SEGMENTS_MAX]; /* the path from this segment on */
    size_t len;
    struct str captured[HTTP_CAPTURES_MAX];
    size_t captured_len;
};

static bool is_plain_segment(struct str segment)
{
    for (size_t i = 0; i < segment.len; i++)
        if ((unsigned char)segment.at[i] < 0x20 || segment.at[i] == 0x7F)
            return false;
    return !str_eq_c(segment, ".") && !str_eq_c(segment, "..");
}

static enum status cut_path(struct http_call *call, struct trail *trail)
{
    struct str rest = str_from(call->request.path, 1), segment;
    if (rest.len == 0)
        return ST_OK; /* "/" has no segments, "/cases/" has two */
    for (struct str raw = rest; str_next(&rest, '/', &segment); raw = rest) {
        if (trail->len == SEGMENTS_MAX)
            return fail(&call->ctx, ST_NOT_FOUND, "http.not_found", NO_ARGS);
        if (!form_decode(call->ctx.arena, segment, false, &segment) || !is_plain_segment(segment))
            return fail(&call->ctx, ST_MALFORMED, "http.target_wrong", NO_ARGS);
        trail->segments[trail->len] = segment;
        trail->raw_from[trail->len++] = raw;
    }
    return ST_OK;
}

static bool has_route(const struct node *node)
{
    for (int i = 0; i < HTTP_METHOD_COUNT; i++)
        if (node->routes[i] != NULL)
            return true;
    return false;
}

static const struct node *search(const struct node *node, struct trail *trail, size_t at)
{
    const struct node *found;
    if (at == trail->len)
        return has_route(node) ? node : NULL;
    const struct node *child = find_literal(node, trail->segments[at]);
    if (child != NULL && (found = search(child, trail, at + 1)) != NULL)
        return found;
    if (node->capture != NULL && trail->segments[at].len > 0) {
        trail->captured[trail->captured_len++] = trail->segments[at];
        if ((found = search(node->capture, trail, at + 1)) != NULL)
            return found;
        trail->captured_len--;
    }
    if (node->rest != NULL) {
        trail->captured[trail->captured_len++] = trail->raw_from[at];
        return node->rest;
    }
    return NULL;
}

/* The names stand in the route's own path. */
static enum status name_captures(struct http_call *call, const struct trail *trail)
{
    struct http_request *request = &call->request;
    struct str path = str_of(request->route->path), segment;
    while (request->capture_count < trail->captured_len && str_next(&path, '/', &segment)) {
        if (!is_capture(segment))
            continue;
        size_t trim = is_rest(segment) ? 3 : 2;
        struct str value = trail->captured[request->capture_count];
        if (is_rest(segment) && !form_decode(call->ctx.arena, value, false, &value))
            return fail(&call->ctx, ST_MALFORMED, "http.target_wrong", NO_ARGS);
        request->captures[request->capture_count++] =
            (struct pair){str_part(segment, 1, segment.len - trim), value};
    }
    return ST_OK;
}

static enum status refuse_method(struct http_call *call, const struct node *node)
{
    struct buf allow;
    buf_init(&allow, call->ctx.arena, 200);
    for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
        bool head = i == HTTP_HEAD && node->routes[HTTP_GET] != NULL;
        if (node->routes[i] == NULL && !head)
            continue;
        buf_c(&allow, allow.len == 0 ? "" : ", ");
        buf_c(&allow, http_method_name((enum http_method)i));
    }
    http_reply_header(call, "Allow", buf_str(&allow));
    return fail(&call->ctx, ST_METHOD, "http.method_not_allowed",
                ARGS(arg_c("method", http_method_name(call->request.method))));
}

enum status http_router_match(const struct http_router *router, struct http_call *call)
{
    struct http_request *request = &call->request;
    struct trail trail = {.len = 0};
    TRY(cut_path(call, &trail));
    const struct node *node = search(&router->root, &trail, 0);
    if (node == NULL)
        return fail(&call->ctx, ST_NOT_FOUND, "http.not_found", NO_ARGS);
    enum http_method method = request->method == HTTP_HEAD ? HTTP_GET : request->method;
    if (node->routes[method] == NULL)
        return refuse_method(call, node);
    request->route = node->routes[method];
    request->mount = node->mounts[method];
    return name_captures(call, &trail);
}

bool http_query_is_listed(struct str names, struct str name)
{
    struct str one;
    while (str_next(&names, ' ', &one)) {
        bool is_open = str_ends(one, S(".*")) || str_eq_c(one, "*");
        struct str stem = str_part(one, 0, is_open ? one.len - 1 : one.len);
        if (is_open ? name.len > stem.len && str_starts(name, stem) : str_eq(one, name))
            return true;
    }
    return false;
}

enum status http_router_read_query(const struct http_router *router, struct http_call *call)
{
    struct http_request *request = &call->request;
    struct str query = str_from(request->target, request->path.len + 1);
    TRY(form_parse(&call->ctx, query, FORM_NAMES_ONCE, &request->query));
    for (size_t i = 0; i < request->query.len; i++) {
        struct str name = request->query.at[i].name;
        if (!http_query_is_listed(router->common_query, name) &&
            !http_query_is_listed(str_of(request->route->query), name))
            return fail(&call->ctx, ST_MALFORMED, "http.query_unknown",
                        ARGS(arg_text("name", name)));
    }
    return ST_OK;
}
