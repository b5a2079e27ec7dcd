/*
 * Exchanges as the faces use them: quick, slow and deferred handlers, forms, uploads, streams, and
 * an orderly end. What hostile clients do is in test_http_guard.c.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kit/http_server.h"
#include "wire.h"

enum { UPLOAD_LIMIT = 64 * 1024 * 1024 };

/* What the handlers of these tests share with the test. */
struct app {
    atomic_int threads_open;
    atomic_int done;
    atomic_int slow; /* slow handlers that began */
    pthread_t later;
    atomic_bool go; /* lets the slow and deferred ones on */
    struct http_stream *stream;
};

struct world {
    struct ctx ctx;
    struct app app;
    struct http_server *server;
    uint16_t port;
};

static struct instant some_time(void *app)
{
    (void)app;
    return (struct instant){1543000000000};
}

static void *thread_open(void *user)
{
    struct app *app = user;
    atomic_fetch_add(&app->threads_open, 1);
    return app;
}

static void thread_close(void *thread)
{
    struct app *app = thread;
    atomic_fetch_sub(&app->threads_open, 1);
}

static void done(struct http_call *call, int64_t micros, int64_t sent)
{
    struct app *app = call->app;
    (void)micros, (void)sent;
    atomic_fetch_add(&app->done, 1);
}

static enum status refuse_blocked(struct http_call *call)
{
    if (http_header(call, "x-blocked").at != NULL)
        return fail(&call->ctx, ST_DENIED, "test.blocked", NO_ARGS);
    return ST_OK;
}

static enum status show(struct http_call *call)
{
    struct arena *arena = call->ctx.arena;
    struct str text = str_printf(arena, "%s id=%.*s q=%.*s cookie=%.*s peer=%.*s",
                                 http_method_name(call->request.method),
                                 STR_ARG(http_capture(call, "id")), STR_ARG(http_query(call, "q")),
                                 STR_ARG(http_cookie(call, "sid")), STR_ARG(call->request.peer));
    must(call->thread == call->app);
    http_reply_text(call, 200, "text/plain", text);
    http_reply_header(call, "ETag", S("\"1\""));
    return ST_OK;
}

static enum status refuse_always(struct http_call *call)
{
    http_reply_text(call, 200, "text/plain", S("half done"));
    return fail(&call->ctx, ST_CONFLICT, "test.conflict", NO_ARGS);
}

static void wait_for_go(struct app *app)
{
    while (!atomic_load(&app->go))
        (void)usleep(1000);
}

static enum status slow(struct http_call *call)
{
    struct app *app = call->app;
    atomic_fetch_add(&app->slow, 1);
    wait_for_go(app);
    http_reply_text(call, 200, "text/plain", S("slow"));
    return ST_OK;
}

static void *finish_later(void *user)
{
    struct http_call *call = user;
    wait_for_go(call->app);
    http_reply_text(call, 201, "text/plain", S("later"));
    http_call_finish(call, ST_OK);
    return NULL;
}

static enum status reply_late(struct http_call *call)
{
    must(call->thread == call->app);
    http_reply_text(call, 200, "text/plain", S("read again"));
    return ST_OK;
}

static void *continue_later(void *user)
{
    http_call_continue(user, reply_late);
    return NULL;
}

static void *fail_later(void *user)
{
    struct http_call *call = user;
    http_call_finish(call, fail(&call->ctx, ST_STALE, "test.stale", NO_ARGS));
    return NULL;
}

static enum status defer_to(struct http_call *call, void *(*run)(void *))
{
    struct app *app = call->app;
    http_call_defer(call);
    must(pthread_create(&app->later, NULL, run, call) == 0);
    return ST_OK;
}

static enum status deferred(struct http_call *call)
{
    return defer_to(call, finish_later);
}

static enum status deferred_failure(struct http_call *call)
{
    return defer_to(call, fail_later);
}

static enum status continued(struct http_call *call)
{
    return defer_to(call, continue_later);
}

static enum status finish_at_once(struct http_call *call)
{
    http_call_defer(call);
    http_reply_text(call, 200, "text/plain", S("at once"));
    http_call_finish(call, ST_OK);
    return ST_OK;
}

static enum status upload(struct http_call *call)
{
    const struct http_file *file = http_file(call, "file");
    if (file == NULL)
        return fail(&call->ctx, ST_INVALID, "test.no_file", NO_ARGS);
    char last = '?';
    (void)pread(file->fd, &last, 1, file->size - 1);
    http_reply_text(call, 200, "text/plain",
                    str_printf(call->ctx.arena, "%.*s %lld %c kind=%.*s files=%zu",
                               STR_ARG(file->filename), (long long)file->size, last,
                               STR_ARG(http_field(call, "kind")), call->request.file_count));
    return ST_OK;
}

static enum status form(struct http_call *call)
{
    http_reply_text(call, 200, "text/plain", http_field(call, "name"));
    return ST_OK;
}

static enum status send_file(struct http_call *call)
{
    int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    must(fd >= 0 && write(fd, "from a file", 11) == 11);
    http_reply_file(call, 200, "text/plain", fd, 11);
    return ST_OK;
}

static enum status stream(struct http_call *call)
{
    struct app *app = call->app;
    app->stream = http_reply_stream(call, 1000);
    (void)http_stream_send(app->stream, S("data: first\n\n"));
    atomic_store(&app->go, true);
    return ST_OK;
}

static const struct http_route routes[] = {
    {HTTP_GET, "/things/{id}", show, 0, 0, "q", NULL},
    {HTTP_GET, "/conflict", refuse_always, 0, 0, NULL, NULL},
    {HTTP_GET, "/slow", slow, HTTP_ROUTE_SLOW, 0, NULL, NULL},
    {HTTP_POST, "/deferred", deferred, 0, 0, NULL, NULL},
    {HTTP_POST, "/deferred-slow", deferred, HTTP_ROUTE_SLOW, 0, NULL, NULL},
    {HTTP_POST, "/deferred-failure", deferred_failure, 0, 0, NULL, NULL},
    {HTTP_POST, "/continued", continued, 0, 0, NULL, NULL},
    {HTTP_POST, "/at-once", finish_at_once, 0, 0, NULL, NULL},
    {HTTP_POST, "/upload", upload, HTTP_ROUTE_FILES, UPLOAD_LIMIT, NULL, NULL},
    {HTTP_POST, "/form", form, HTTP_ROUTE_FORM, 1000, NULL, NULL},
    {HTTP_GET, "/file", send_file, 0, 0, NULL, NULL},
    {HTTP_GET, "/stream", stream, 0, 0, NULL, NULL},
};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    struct http_router *router = http_router_new(arena);
    http_router_mount(router, "", 0, routes, COUNT_OF(routes));
    struct http_config config = {.listen = S("127.0.0.1:0"),
                                 .proxy = S("127.0.0.1"),
                                 .router = router,
                                 .limits = http_limits_usual(),
                                 .tmp_dir = "/tmp",
                                 .serving_threads = 2,
                                 .slow_threads = 1,
                                 .slow_queue = 2,
                                 .app = &w->app,
                                 .now = some_time,
                                 .thread_open = thread_open,
                                 .thread_close = thread_close,
                                 .admit = refuse_blocked,
                                 .done = done};
    assert_int_equal(http_server_open(&w->ctx, &config, &w->server), ST_OK);
    w->port = http_server_port(w->server);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    atomic_store(&w->app.go, true);
    if (w->app.later != 0)
        pthread_join(w->app.later, NULL);
    if (w->app.stream != NULL)
        http_stream_release(w->app.stream);
    assert_true(http_server_drain(w->server, WIRE_WAIT_MS));
    http_server_close(w->server);
    assert_int_equal(w->app.threads_open, 0);
    arena_free(w->ctx.arena);
    return 0;
}

#define HOST "Host: localhost\r\n"

/* Until so many calls are under way. */
static void wait_for_active(struct world *w, int64_t count)
{
    while (http_server_counts(w->server).active < count)
        (void)usleep(1000);
}

static struct str ask(struct world *w, const char *request)
{
    return wire_ask(w->ctx.arena, w->port, str_of(request));
}

static const char *body_of(struct world *w, struct str answer)
{
    return str_c(w->ctx.arena, wire_body(answer));
}

static void a_request_reaches_its_handler_decoded(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "GET /things/a%2Fb?q=%E6%B0%94+x HTTP/1.1\r\n" HOST
                               "Cookie: x; sid=s1; sid=s2\r\n\r\n");
    assert_int_equal(wire_status(answer), 200);
    assert_string_equal(body_of(w, answer), "GET id=a/b q=气 x cookie=s1 peer=127.0.0.1");
    assert_true(str_has(answer, S("ETag: \"1\"\r\n")));
    assert_true(str_has(answer, S("X-Request-Id: ")));
}

/* Here the test itself is the proxy. What stands before the last name anybody may have written. */
static void only_our_proxy_tells_who_asks(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *header, *peer;
    } rows[] = {{"203.0.113.9", "peer=203.0.113.9"},
                {"198.51.100.1, 203.0.113.9", "peer=203.0.113.9"},
                {"2001:db8::7", "peer=2001:db8::7"},
                {"203.0.113.9, nonsense", "peer=127.0.0.1"},
                {"", "peer=127.0.0.1"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *request = str_printf(w->ctx.arena,
                                         "GET /things/1 HTTP/1.1\r\n" HOST
                                         "X-Forwarded-For: %s\r\n\r\n",
                                         rows[i].header)
                                  .at;
        assert_true(str_ends(str_of(body_of(w, ask(w, request))), str_of(rows[i].peer)));
    }
}

static void head_gives_the_headers_of_get(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "HEAD /things/7 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    assert_int_equal(wire_status(answer), 200);
    assert_true(str_has(answer, S("Content-Length: 35\r\n")));
    assert_int_equal(wire_body(answer).len, 0);
}

static void a_failing_handler_leaves_nothing_half_said(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "GET /conflict HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(wire_status(answer), 409);
    assert_string_equal(body_of(w, answer),
                        "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409}");
    assert_true(str_has(answer, S("Content-Type: application/problem+json\r\n")));
}

static void many_requests_share_one_connection(void **state)
{
    struct world *w = *state;
    int fd = wire_open(w->port);
    for (int i = 0; i < 50; i++) {
        wire_send(fd, S("GET /things/1 HTTP/1.1\r\n" HOST "\r\n"));
        assert_int_equal(wire_status(wire_answer(w->ctx.arena, fd)), 200);
    }
    close(fd);
    assert_in_range(http_server_counts(w->server).requests, 50, 50);
}

static void admission_refuses_before_the_body(void **state)
{
    struct world *w = *state;
    int fd = wire_open(w->port);
    wire_send(fd, S("POST /upload HTTP/1.1\r\n" HOST "X-Blocked: 1\r\nExpect: 100-continue\r\n"
                    "Content-Type: multipart/form-data; boundary=b\r\n"
                    "Content-Length: 50000000\r\n\r\n"));
    assert_int_equal(wire_status(wire_answer(w->ctx.arena, fd)), 403);
    close(fd);
}

static void a_slow_handler_holds_up_nobody(void **state)
{
    struct world *w = *state;
    int waiting = wire_open(w->port);
    wire_send(waiting, S("GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    for (int i = 0; i < 20; i++)
        assert_int_equal(wire_status(ask(w, "GET /things/1 HTTP/1.1\r\n" HOST "\r\n")), 200);
    atomic_store(&w->app.go, true);
    assert_string_equal(body_of(w, wire_answer(w->ctx.arena, waiting)), "slow");
    close(waiting);
}

/* One runs, two wait in the queue, the fourth is told to come again. */
static void a_full_queue_is_unavailable(void **state)
{
    struct world *w = *state;
    int waiting[3];
    for (size_t i = 0; i < COUNT_OF(waiting); i++) {
        waiting[i] = wire_open(w->port);
        wire_send(waiting[i], S("GET /slow HTTP/1.1\r\n" HOST "\r\n"));
        wait_for_active(w, (int64_t)i + 1);
        while (i == 0 && atomic_load(&w->app.slow) == 0)
            (void)usleep(1000);
    }
    assert_int_equal(wire_status(ask(w, "GET /slow HTTP/1.1\r\n" HOST "\r\n")), 503);
    atomic_store(&w->app.go, true);
    for (size_t i = 0; i < COUNT_OF(waiting); i++) {
        assert_int_equal(wire_status(wire_answer(w->ctx.arena, waiting[i])), 200);
        close(waiting[i]);
    }
}

static void a_deferred_call_is_answered_when_it_is_finished(void **state)
{
    struct world *w = *state;
    static const char *const targets[] = {"/deferred", "/deferred-slow"};
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        atomic_store(&w->app.go, false);
        int waiting = wire_open(w->port);
        wire_send(waiting,
                  str_printf(w->ctx.arena, "POST %s HTTP/1.1\r\n" HOST "\r\n", targets[i]));
        assert_int_equal(wire_status(ask(w, "GET /things/1 HTTP/1.1\r\n" HOST "\r\n")), 200);
        atomic_store(&w->app.go, true);
        struct str answer = wire_answer(w->ctx.arena, waiting);
        assert_int_equal(wire_status(answer), 201);
        assert_string_equal(body_of(w, answer), "later");
        close(waiting);
        pthread_join(w->app.later, NULL);
        w->app.later = 0;
    }
}

static void a_deferred_call_may_fail(void **state)
{
    struct world *w = *state;
    assert_int_equal(wire_status(ask(w, "POST /deferred-failure HTTP/1.1\r\n" HOST "\r\n")), 412);
}

static void a_deferred_call_may_go_on_where_handlers_run(void **state)
{
    struct world *w = *state;
    assert_string_equal(body_of(w, ask(w, "POST /continued HTTP/1.1\r\n" HOST "\r\n")),
                        "read again");
}

static void a_deferred_call_may_be_finished_before_its_handler_returns(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 100; i++)
        assert_string_equal(body_of(w, ask(w, "POST /at-once HTTP/1.1\r\n" HOST "\r\n")),
                            "at once");
}

static void a_client_that_leaves_while_it_waits_does_no_harm(void **state)
{
    struct world *w = *state;
    int waiting = wire_open(w->port);
    wire_send(waiting, S("POST /deferred HTTP/1.1\r\n" HOST "\r\n"));
    wait_for_active(w, 1);
    close(waiting);
    atomic_store(&w->app.go, true);
    assert_int_equal(wire_status(ask(w, "GET /things/1 HTTP/1.1\r\n" HOST "\r\n")), 200);
}

static void a_form_comes_decoded(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "POST /form HTTP/1.1\r\n" HOST
                               "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
                               "Content-Length: 24\r\n\r\nname=%E5%BC%A0+%26%20&a=");
    assert_string_equal(body_of(w, answer), "张 & ");
    answer =
        ask(w, "POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
               "Content-Length: 7\r\n\r\na=1&b=%");
    assert_int_equal(wire_status(answer), 400);
}

#define PART_HEAD                                                                                  \
    "--B\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nbefore\r\n"                       \
    "--B\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n"                      \
    "Content-Type: application/octet-stream\r\n\r\n\r\n"                                           \
    "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\dir\\现场.jpg\"\r\n"   \
    "Content-Type: image/jpeg\r\n\r\n"
#define PART_TAIL "z\r\n--B--\r\n"

static struct str upload_of(struct world *w, size_t size)
{
    char *filler = arena_alloc(w->ctx.arena, 1 << 20);
    int fd = wire_open(w->port);
    memset(filler, 'x', 1 << 20);
    wire_send(fd, str_printf(w->ctx.arena,
                             "POST /upload HTTP/1.1\r\n" HOST
                             "Content-Type: multipart/form-data; boundary=B\r\n"
                             "Content-Length: %zu\r\n\r\n" PART_HEAD,
                             sizeof PART_HEAD - 1 + size + sizeof PART_TAIL - 1));
    for (size_t left = size; left > 0;) {
        size_t piece = left < (1 << 20) ? left : 1 << 20;
        wire_send(fd, (struct str){filler, piece});
        left -= piece;
    }
    wire_send(fd, S(PART_TAIL));
    struct str answer = wire_answer(w->ctx.arena, fd);
    close(fd);
    return answer;
}

static void an_upload_arrives_as_a_file(void **state)
{
    struct world *w = *state;
    assert_string_equal(body_of(w, upload_of(w, 10)), "现场.jpg 11 z kind=before files=1");
    assert_string_equal(body_of(w, upload_of(w, 30 << 20)),
                        "现场.jpg 31457281 z kind=before files=1");
}

static void an_upload_over_the_limit_is_refused(void **state)
{
    struct world *w = *state;
    assert_int_equal(wire_status(upload_of(w, 65 << 20)), 413);
}

static void a_file_is_sent_from_its_descriptor(void **state)
{
    struct world *w = *state;
    assert_string_equal(body_of(w, ask(w, "GET /file HTTP/1.1\r\n" HOST "\r\n")), "from a file");
}

static void a_stream_sends_as_things_happen(void **state)
{
    struct world *w = *state;
    bool closed;
    int fd = wire_open(w->port);
    wire_send(fd, S("GET /stream HTTP/1.1\r\n" HOST "\r\n"));
    struct str first = wire_read_for(w->ctx.arena, fd, S("data: first\n\n"), &closed);
    assert_true(str_has(first, S("text/event-stream")));
    assert_true(str_has(first, S("data: first\n\n")));
    assert_true(http_stream_send(w->app.stream, S("data: second\n\n")));
    assert_true(str_has(wire_read_for(w->ctx.arena, fd, S("data: second\n\n"), &closed),
                        S("data: second\n\n")));
    assert_int_equal(http_server_counts(w->server).streams, 1);
    assert_false(
        http_stream_send(w->app.stream, (struct str){arena_alloc(w->ctx.arena, 2000), 2000}));
    while (http_stream_is_open(w->app.stream))
        (void)wire_read(w->ctx.arena, fd, 10, &closed);
    assert_false(http_stream_is_open(w->app.stream));
    close(fd);
}

static void a_stream_learns_that_its_client_is_gone(void **state)
{
    struct world *w = *state;
    bool closed;
    int fd = wire_open(w->port);
    wire_send(fd, S("GET /stream HTTP/1.1\r\n" HOST "\r\n"));
    (void)wire_read_for(w->ctx.arena, fd, S("data: first\n\n"), &closed);
    close(fd);
    while (http_stream_send(w->app.stream, S(":\n\n")))
        (void)usleep(10000);
    assert_false(http_stream_is_open(w->app.stream));
}

static void draining_ends_streams_and_waits_for_calls(void **state)
{
    struct world *w = *state;
    bool closed;
    int fd = wire_open(w->port), waiting = wire_open(w->port);
    wire_send(fd, S("GET /stream HTTP/1.1\r\n" HOST "\r\n"));
    (void)wire_read_for(w->ctx.arena, fd, S("data: first\n\n"), &closed);
    atomic_store(&w->app.go, false);
    wire_send(waiting, S("POST /deferred HTTP/1.1\r\n" HOST "\r\n"));
    wait_for_active(w, 1);
    assert_false(http_server_drain(w->server, 50));
    atomic_store(&w->app.go, true);
    assert_int_equal(wire_status(wire_answer(w->ctx.arena, waiting)), 201);
    assert_true(str_ends(wire_read_for(w->ctx.arena, fd, S("0\r\n\r\n"), &closed), S("0\r\n\r\n")));
    close(fd);
    close(waiting);
}

static void a_place_that_is_taken_is_said(void **state)
{
    struct world *w = *state;
    struct http_server *second;
    struct http_config config = {.listen =
                                     str_printf(w->ctx.arena, "127.0.0.1:%u", (unsigned)w->port),
                                 .limits = http_limits_usual(),
                                 .serving_threads = 1,
                                 .slow_threads = 1,
                                 .slow_queue = 1,
                                 .now = some_time};
    assert_int_equal(http_server_open(&w->ctx, &config, &second), ST_IO);
    assert_string_equal(w->ctx.failure.reason.key, "http.cannot_listen");
    static const char *const wrong[] = {"", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:70000"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        fail_clear(&w->ctx);
        config.listen = str_of(wrong[i]);
        assert_int_equal(http_server_open(&w->ctx, &config, &second), ST_MALFORMED);
    }
    assert_true(str_eq(http_server_address(w->server, w->ctx.arena),
                       str_printf(w->ctx.arena, "http://127.0.0.1:%u", (unsigned)w->port)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_reaches_its_handler_decoded),
        TEST(only_our_proxy_tells_who_asks),
        TEST(head_gives_the_headers_of_get),
        TEST(a_failing_handler_leaves_nothing_half_said),
        TEST(many_requests_share_one_connection),
        TEST(admission_refuses_before_the_body),
        TEST(a_slow_handler_holds_up_nobody),
        TEST(a_full_queue_is_unavailable),
        TEST(a_deferred_call_is_answered_when_it_is_finished),
        TEST(a_deferred_call_may_fail),
        TEST(a_deferred_call_may_go_on_where_handlers_run),
        TEST(a_deferred_call_may_be_finished_before_its_handler_returns),
        TEST(a_client_that_leaves_while_it_waits_does_no_harm),
        TEST(a_form_comes_decoded),
        TEST(an_upload_arrives_as_a_file),
        TEST(an_upload_over_the_limit_is_refused),
        TEST(a_file_is_sent_from_its_descriptor),
        TEST(a_stream_sends_as_things_happen),
        TEST(a_stream_learns_that_its_client_is_gone),
        TEST(draining_ends_streams_and_waits_for_calls),
        TEST(a_place_that_is_taken_is_said),
    };
    return cmocka_run_group_tests_name("kit/http_server", tests, NULL, NULL);
}
