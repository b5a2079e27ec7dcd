/*
 * Pages and static files over HTTP, with the house's own templates and words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../kit/wire.h"
#include "web/asset.h"
#include "web/face.h"

struct world {
    struct ctx ctx;
    struct furniture *furniture;
    struct face face;
    struct http_server *server;
    uint16_t port;
};

static struct instant some_time(void *user)
{
    (void)user;
    return (struct instant){1543000000000};
}

static enum status post_note(struct api_call *call)
{
    call->location = S("/nowhere");
    call->flash = "flash.signed_out";
    return ST_OK;
}

static const struct api_route routes[] = {
    {.name = "note",
     .method = HTTP_POST,
     .path = "/note",
     .handler = post_note,
     .access = API_PUBLIC,
     .flags = HTTP_ROUTE_FORM,
     .body_limit = 1000},
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    struct words_book *words;
    struct web *web;
    w->ctx.arena = arena;
    assert_int_equal(furniture_open(&w->ctx, arena, furniture_files, furniture_file_count,
                                    (struct str){0}, &w->furniture),
                     ST_OK);
    assert_int_equal(furniture_open_words(&w->ctx, w->furniture, arena, &words), ST_OK);
    assert_int_equal(web_new(&w->ctx, arena, w->furniture, words, &web), ST_OK);
    w->face = (struct face){web, w->furniture, words, true, "1"};
    struct api_table tables[] = {{routes, COUNT_OF(routes)}, face_table};
    struct api_terms terms = {
        .words = words, .doors = {.now = some_time, .version = "1"}, .pages = face_pages(&w->face)};
    struct api *api = api_new(arena, &terms, tables, COUNT_OF(tables));
    struct http_router *router = http_router_new(arena);
    api_mount(api, arena, router);
    struct http_config config = {.listen = S("127.0.0.1:0"),
                                 .router = router,
                                 .limits = http_limits_usual(),
                                 .tmp_dir = "/tmp",
                                 .serving_threads = 1,
                                 .slow_threads = 1,
                                 .slow_queue = 1};
    api_configure(api, &config);
    assert_int_equal(http_server_open(&w->ctx, &config, &w->server), ST_OK);
    w->port = http_server_port(w->server);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    assert_true(http_server_drain(w->server, 5000));
    http_server_close(w->server);
    arena_free(w->ctx.arena);
    return 0;
}

static struct str ask(struct world *w, const char *line, const char *headers)
{
    return wire_ask(
        w->ctx.arena, w->port,
        str_printf(w->ctx.arena, "%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", line, headers));
}

static struct str get_asset(struct world *w, const char *headers)
{
    struct str url = asset_format_url(w->ctx.arena, w->furniture, "static/app.css");
    return ask(w, str_c(w->ctx.arena, str_concat(w->ctx.arena, S("GET "), url)), headers);
}

static void a_static_file_is_kept_for_ever_at_its_own_address(void **state)
{
    struct world *w = *state;
    const struct furniture_item *item = furniture_find(w->furniture, S("static/app.css"));
    struct str answer = get_asset(w, "");
    assert_int_equal(wire_status(answer), 200);
    assert_true(str_eq(wire_body(answer), item->bytes));
    assert_true(str_has(answer, S("Content-Type: text/css; charset=utf-8\r\n")));
    assert_true(str_has(answer, S("immutable")));
    assert_true(str_has(answer, S("X-Content-Type-Options: nosniff\r\n")));
    answer = ask(w, "GET /static/0000000000000000/app.css", "");
    assert_int_equal(wire_status(answer), 200);
    assert_true(str_has(answer, S("Cache-Control: no-cache\r\n")));
}

static void a_browser_that_unpacks_gets_less(void **state)
{
    struct world *w = *state;
    struct str plain = get_asset(w, ""), packed = get_asset(w, "Accept-Encoding: gzip, br\r\n");
    assert_true(str_has(packed, S("Content-Encoding: gzip\r\n")));
    assert_true(wire_body(packed).len < wire_body(plain).len);
    size_t at = str_find(packed, S("ETag: ")) + 6;
    struct str etag = str_part(packed, at, str_find(str_from(packed, at), S("\r\n")));
    struct str again = get_asset(
        w, str_c(w->ctx.arena,
                 str_printf(w->ctx.arena, "Accept-Encoding: gzip\r\nIf-None-Match: %.*s\r\n",
                            STR_ARG(etag))));
    assert_int_equal(wire_status(again), 304);
}

static void nothing_but_static_files_is_handed_out(void **state)
{
    struct world *w = *state;
    static const char *const lines[] = {"GET /static/x/../templates/case.html",
                                        "GET /static/x/%2e%2e/templates/case.html",
                                        "GET /static/x/..%2ftemplates%2fcase.html",
                                        "GET /static/x/",
                                        "GET /static/x",
                                        "GET /static/x/app.css.gz",
                                        "GET /static/x/none.css"};
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        assert_in_range(wire_status(ask(w, lines[i], "")), 400, 404);
}

static void a_refusal_is_a_page_of_the_house(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "GET /nowhere?lang=en", "Accept: text/html\r\n");
    assert_int_equal(wire_status(answer), 404);
    assert_true(str_has(answer, S("Content-Type: text/html; charset=utf-8\r\n")));
    assert_true(str_has(answer, S("<html lang=\"en\"")));
    assert_true(str_has(answer, S("There is nothing at this address.")));
    assert_false(str_has(wire_body(answer), S("<script>")));
}

static void what_was_done_is_told_once_on_the_next_page(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "POST /note", "Accept: text/html\r\nContent-Length: 0\r\n");
    assert_int_equal(wire_status(answer), 303);
    assert_true(str_has(answer, S("Set-Cookie: flash=flash.signed_out;")));
    answer =
        ask(w, "GET /nowhere?lang=en", "Accept: text/html\r\nCookie: flash=flash.signed_out\r\n");
    assert_true(str_has(answer, S("You have signed out.")));
    assert_true(str_has(answer, S("Set-Cookie: flash=; Path=/; Max-Age=0\r\n")));
    answer = ask(w, "GET /nowhere", "Accept: text/html\r\nCookie: flash=status.denied\r\n");
    assert_false(str_has(answer, S("flash-done")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_static_file_is_kept_for_ever_at_its_own_address),
        TEST(a_browser_that_unpacks_gets_less),
        TEST(nothing_but_static_files_is_handed_out),
        TEST(a_refusal_is_a_page_of_the_house),
        TEST(what_was_done_is_told_once_on_the_next_page),
    };
    return cmocka_run_group_tests_name("web/face", tests, NULL, NULL);
}
