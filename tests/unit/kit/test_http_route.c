/*
 * The router: literals before captures, steps back, what is not there, what is not allowed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kit/http_guard.h"
#include "kit/http_route.h"

struct world {
    struct ctx ctx;
    struct http_router *router;
};

static enum status nothing(struct http_call *call)
{
    (void)call;
    return ST_OK;
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", nothing, 0, 0, NULL, NULL},
    {HTTP_GET, "/cases", nothing, 0, 0, "state region field.*", NULL},
    {HTTP_POST, "/cases", nothing, 0, 0, NULL, NULL},
    {HTTP_GET, "/cases/{id}", nothing, 0, 0, NULL, NULL},
    {HTTP_GET, "/cases/export", nothing, 0, 0, NULL, NULL},
    {HTTP_GET, "/cases/{id}/plan", nothing, 0, 0, NULL, NULL},
    {HTTP_POST, "/cases/{id}/commands/{command}", nothing, 0, 0, NULL, NULL},
    {HTTP_GET, "/static/{path*}", nothing, 0, 0, NULL, NULL},
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    w->router = http_router_new(arena);
    http_router_mount(w->router, "", 0, routes, COUNT_OF(routes));
    http_router_mount(w->router, "/api/v1", 1, routes + 1, COUNT_OF(routes) - 1);
    http_router_allow_query(w->router, "lang");
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    arena_free(w->ctx.arena);
    return 0;
}

static struct http_call *ask(struct world *w, enum http_method method, const char *target,
                             enum status *status)
{
    static const struct http_guard_limits limits = {1000, 1000, 10};
    struct http_call *call = arena_new_of(w->ctx.arena, struct http_call);
    call->ctx.arena = w->ctx.arena;
    call->request.method = method;
    *status = http_guard_target(call, &limits, str_of(target));
    if (*status == ST_OK)
        *status = http_router_match(w->router, call);
    if (*status == ST_OK)
        *status = http_router_read_query(w->router, call);
    return call;
}

static void every_route_is_found_under_its_mounts(void **state)
{
    static const struct {
        enum http_method method;
        const char *target;
        const char *path;
        int mount;
    } rows[] = {
        {HTTP_GET, "/", "/", 0},
        {HTTP_GET, "/cases", "/cases", 0},
        {HTTP_HEAD, "/cases", "/cases", 0},
        {HTTP_GET, "/api/v1/cases", "/cases", 1},
        {HTTP_GET, "/cases/export", "/cases/export", 0},
        {HTTP_GET, "/cases/exporter", "/cases/{id}", 0},
        {HTTP_GET, "/cases/export/plan", "/cases/{id}/plan", 0},
        {HTTP_POST, "/api/v1/cases/1/commands/hand_over", "/cases/{id}/commands/{command}", 1},
        {HTTP_GET, "/static/css/a.css", "/static/{path*}", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum status status;
        struct http_call *call = ask(*state, rows[i].method, rows[i].target, &status);
        assert_int_equal(status, ST_OK);
        assert_string_equal(call->request.route->path, rows[i].path);
        assert_int_equal(call->request.mount, rows[i].mount);
    }
}

static void captures_are_decoded_after_the_path_was_cut(void **state)
{
    enum status status;
    struct http_call *call =
        ask(*state, HTTP_POST, "/cases/130400-1%2F2/commands/%E6%8F%90", &status);
    assert_int_equal(status, ST_OK);
    assert_true(str_eq_c(http_capture(call, "id"), "130400-1/2"));
    assert_true(str_eq_c(http_capture(call, "command"), "提"));
    call = ask(*state, HTTP_GET, "/static/a/b%20c.css", &status);
    assert_true(str_eq_c(http_capture(call, "path"), "a/b c.css"));
}

static void what_is_not_there_is_not_found(void **state)
{
    static const char *const targets[] = {
        "/case",          "/cases/",
        "/cases/1/",      "/cases//plan",
        "/cases/1/plans", "//cases",
        "/api/v1",        "/api/v1/",
        "/static",        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17"};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        enum status status;
        ask(*state, HTTP_GET, targets[i], &status);
        assert_int_equal(status, ST_NOT_FOUND);
    }
}

static void another_method_is_told_the_right_ones(void **state)
{
    enum status status;
    struct http_call *call = ask(*state, HTTP_DELETE, "/cases", &status);
    assert_int_equal(status, ST_METHOD);
    assert_true(str_eq_c(pairs_find_c(&call->reply.headers, "Allow"), "GET, HEAD, POST"));
}

static void query_names_come_from_the_table(void **state)
{
    enum status status;
    struct http_call *call =
        ask(*state, HTTP_GET, "/cases?state=a,b&lang=en&&region=130400", &status);
    assert_int_equal(status, ST_OK);
    assert_true(str_eq_c(http_query(call, "state"), "a,b"));
    assert_null(http_query(call, "unit").at);
    static const char *const targets[] = {"/cases?unit=1", "/cases/1?state=a",
                                          "/cases?stat=a", "/cases?state",
                                          "/cases?=1",     "/cases?state=%e6%b0",
                                          "/cases?field.a=1", "/cases?field.=1"};
    static const enum status right[] = {ST_MALFORMED, ST_MALFORMED, ST_MALFORMED,
                                        ST_OK,        ST_MALFORMED, ST_MALFORMED,
                                        ST_OK,        ST_MALFORMED};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        ask(*state, HTTP_GET, targets[i], &status);
        assert_int_equal(status, right[i]);
    }
}

static void accept_lists_are_weighed(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        const char *type;
        int weight;
    } rows[] = {
        {"text/html,application/xhtml+xml,*/*;q=0.8", "application/json", 800},
        {"text/html,application/xhtml+xml,*/*;q=0.8", "text/html", 1000},
        {"application/json", "text/html", 0},
        {"application/*; q=0.5", "application/pdf", 500},
        {"application/*;q=0.5, application/pdf", "application/pdf", 1000},
        {"text/html;level=1;q=0", "text/html", 0},
        {"", "text/html", 1000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(http_accept_weight(str_of(rows[i].accept), str_of(rows[i].type)),
                         rows[i].weight);
}

static void etags_are_compared_weakly(void **state)
{
    (void)state;
    assert_true(http_etag_listed(S("\"a\", W/\"b\""), S("\"b\"")));
    assert_true(http_etag_listed(S("*"), S("\"b\"")));
    assert_false(http_etag_listed(S("\"a\""), S("\"b\"")));
    assert_false(http_etag_listed((struct str){0}, S("\"b\"")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_route_is_found_under_its_mounts),
        TEST(captures_are_decoded_after_the_path_was_cut),
        TEST(what_is_not_there_is_not_found),
        TEST(another_method_is_told_the_right_ones),
        TEST(query_names_come_from_the_table),
        cmocka_unit_test(accept_lists_are_weighed),
        cmocka_unit_test(etags_are_compared_weakly),
    };
    return cmocka_run_group_tests_name("kit/http_route", tests, NULL, NULL);
}
