/*
 * From the socket to a handler and back: form and language of answers, refusals as problems,
 * sessions, writes that are foreign, stale or repeated, calls that wait.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../kit/wire.h"
#include "api/serve.h"
#include "api/session_http.h"
#include "kit/json.h"

struct world {
    struct ctx ctx;
    struct words_book *words;
    struct api *api;
    struct http_server *server;
    uint16_t port;
    pthread_t later;
    /* The one reply that is kept. */
    char kept_text[4096];
    struct api_kept kept;
    int written;
};

#define WORDS                                                                                      \
    "status.malformed = malformed\nstatus.unauthenticated = sign in\nstatus.denied = denied\n"     \
    "status.not_found = not found\nstatus.conflict = conflict\nstatus.invalid = invalid\n"         \
    "status.version_needed = version needed\nstatus.method_not_allowed = method\n"                 \
    "status.stale = stale\nhttp.not_found = nothing here\nsession.needed = please sign in\n"       \
    "session.over = over\nsession.csrf = csrf\nsession.foreign = foreign\n"                        \
    "serve.version_needed = which version\nserve.version_wrong = wrong version\n"                  \
    "form.twice = {name} twice\nhttp.query_unknown = {name} unknown\nnegotiate.lang = zh or en\n"  \
    "serve.not_an_object = no object\nidempotency.other_request = other\n"                         \
    "http.method_not_allowed = not {method}\nopenapi.title = T\nopenapi.done = D\n"                \
    "openapi.problem = P\nop.thing_get = Gets\n"

static struct instant some_time(void *user)
{
    (void)user;
    return (struct instant){1543000000000};
}

static enum status find_session(struct api_call *call, struct str token, struct api_session *out)
{
    if (!str_eq_c(token, "good"))
        return fail(call->ctx, ST_NOT_FOUND, "session.over", NO_ARGS);
    *out = (struct api_session){.account = {7}, .csrf = S("csrf-7")};
    return ST_OK;
}

static enum status find_kept(struct api_call *call, struct str key, struct api_kept *out)
{
    struct world *w = call->api->doors.user;
    if (!str_eq(key, w->kept.key))
        return fail(call->ctx, ST_NOT_FOUND, "http.not_found", NO_ARGS);
    *out = w->kept;
    return ST_OK;
}

static void keep(struct api_call *call, const struct api_kept *kept)
{
    struct world *w = call->api->doors.user;
    struct arena *arena = w->ctx.arena;
    w->kept = (struct api_kept){str_copy(arena, kept->key), str_copy(arena, kept->fingerprint),
                                kept->status, str_copy(arena, kept->location),
                                str_copy(arena, kept->reply)};
}

/* A page is the template's name and the document. */
static enum status render(void *user, struct api_call *call, struct str page,
                          struct value *document, struct buf *out)
{
    (void)user;
    buf_printf(out, "<%.*s lang=%s>", STR_ARG(page), lang_tag(call->lang));
    json_print(out, document);
    return ST_OK;
}

static enum status get_thing(struct api_call *call)
{
    call->document = value_map(call->ctx->arena);
    value_put_text(call->ctx->arena, call->document, "id", api_capture(call, "id"));
    value_put_text(call->ctx->arena, call->document, "filter", api_query(call, "filter"));
    call->answer_version = 12;
    return ST_OK;
}

static enum status put_thing(struct api_call *call)
{
    struct world *w = call->api->doors.user;
    struct str name = value_find_text(call->input, "name");
    if (call->version != 12)
        return fail(call->ctx, ST_STALE, "status.stale", NO_ARGS);
    if (name.len == 0)
        return api_field_wrong(call, "name", "status.invalid", NO_ARGS);
    w->written++;
    call->document = call->input;
    call->location = S("/things/1");
    return ST_OK;
}

static enum status show_form(struct api_call *call)
{
    call->document = value_map(call->ctx->arena);
    value_put_text(call->ctx->arena, call->document, "why",
                   value_find_text(call->problem, "detail"));
    return ST_OK;
}

static enum status refuse_by_rule(struct api_call *call)
{
    struct reason *more = arena_new_of(call->ctx->arena, struct reason);
    struct reason reason = reason_make("status.conflict", NO_ARGS);
    reason.clause = S("S2-17.1");
    reason.needs = "status.invalid";
    *more = reason_make("status.denied", NO_ARGS);
    enum status status = fail_reason(call->ctx, ST_CONFLICT, reason);
    call->ctx->failure.more = more;
    call->ctx->failure.more_count = 1;
    return status;
}

static enum status log_in(struct api_call *call)
{
    call->document = value_map(call->ctx->arena);
    session_http_set_cookie(call, S("good"), false);
    return ST_OK;
}

static enum status after_wait(struct api_call *call)
{
    call->document = value_map(call->ctx->arena);
    value_put_bool(call->ctx->arena, call->document, "waited", true);
    return ST_OK;
}

static void *wait_a_little(void *user)
{
    struct api_call *call = user;
    (void)usleep(20000);
    if (api_query(call, "filter").at != NULL)
        api_fail(call, fail(call->ctx, ST_CONFLICT, "status.conflict", NO_ARGS));
    else
        api_continue(call, after_wait);
    return NULL;
}

static enum status wait_for_it(struct api_call *call)
{
    struct world *w = call->api->doors.user;
    api_defer(call);
    must(pthread_create(&w->later, NULL, wait_a_little, call) == 0);
    return ST_OK;
}

static const struct api_field thing_fields[] = {{"name", API_TEXT, true, NULL}};

static const struct api_route routes[] = {
    {.name = "thing_get",
     .path = "/things/{id}",
     .handler = get_thing,
     .access = API_SIGNED_IN,
     .page = "thing",
     .query = "filter",
     .shape = "thing"},
    {.name = "thing_put",
     .method = HTTP_POST,
     .path = "/things/{id}",
     .handler = put_thing,
     .access = API_SIGNED_IN,
     .flags = HTTP_ROUTE_FORM | HTTP_ROUTE_JSON | API_VERSIONED,
     .page = "thing",
     .body_limit = 1000,
     .fields = thing_fields,
     .field_count = 1,
     .again = get_thing,
     .refused = show_form},
    {.name = "rule",
     .method = HTTP_POST,
     .path = "/rule",
     .handler = refuse_by_rule,
     .access = API_PUBLIC,
     .flags = HTTP_ROUTE_JSON,
     .page = "thing",
     .body_limit = 1000},
    {.name = "log_in",
     .method = HTTP_POST,
     .path = "/sessions",
     .handler = log_in,
     .access = API_PUBLIC,
     .flags = HTTP_ROUTE_JSON | API_ONLY,
     .body_limit = 1000},
    {.name = "wait",
     .method = HTTP_POST,
     .path = "/wait",
     .handler = wait_for_it,
     .access = API_PUBLIC,
     .query = "filter"},
    {.name = "clock",
     .method = HTTP_PUT,
     .path = "/clock",
     .handler = log_in,
     .access = API_PUBLIC,
     .flags = API_SANDBOX | API_ONLY},
};
static const struct api_shape shapes[] = {{"thing", thing_fields, 1}};
static const struct api_table tables[] = {{routes, COUNT_OF(routes)}};

static int open_world(void **state)
{
    struct arena *arena = arena_new();
    struct world *w = arena_new_of(arena, struct world);
    w->ctx.arena = arena;
    w->words = words_book_new(arena);
    assert_int_equal(words_book_add(&w->ctx, w->words, LANG_ZH, S("zh"), S(WORDS)), ST_OK);
    assert_int_equal(words_book_add(&w->ctx, w->words, LANG_EN, S("en"), S(WORDS)), ST_OK);
    struct api_terms terms = {.words = w->words,
                              .doors = {.user = w,
                                        .version = "1",
                                        .now = some_time,
                                        .find_session = find_session,
                                        .find_kept = find_kept,
                                        .keep = keep},
                              .pages = {.render = render},
                              .shapes = shapes,
                              .shape_count = COUNT_OF(shapes)};
    w->api = api_new(arena, &terms, tables, COUNT_OF(tables));
    struct http_router *router = http_router_new(arena);
    api_mount(w->api, arena, router);
    struct http_config config = {.listen = S("127.0.0.1:0"),
                                 .router = router,
                                 .limits = http_limits_usual(),
                                 .tmp_dir = "/tmp",
                                 .serving_threads = 2,
                                 .slow_threads = 1,
                                 .slow_queue = 2};
    api_configure(w->api, &config);
    assert_int_equal(http_server_open(&w->ctx, &config, &w->server), ST_OK);
    w->port = http_server_port(w->server);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    struct world *w = *state;
    if (w->later != 0)
        pthread_join(w->later, NULL);
    assert_true(http_server_drain(w->server, 5000));
    http_server_close(w->server);
    arena_free(w->ctx.arena);
    return 0;
}

#define HOST "Host: localhost\r\n"
#define COOKIE "Cookie: lantian=good\r\n"
#define BEARER "Authorization: Bearer good\r\n"
#define HTML "Accept: text/html,*/*;q=0.8\r\n"

/* Method and target, headers each with CRLF, body. */
static struct str ask(struct world *w, const char *line, const char *headers, const char *body)
{
    return wire_ask(w->ctx.arena, w->port,
                    str_printf(w->ctx.arena,
                               "%s HTTP/1.1\r\n" HOST "%sContent-Length: %zu\r\n\r\n%s", line,
                               headers, strlen(body), body));
}

#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static const struct value *json_of(struct world *w, struct str answer)
{
    struct value *value = NULL;
    struct str body = wire_body(answer);
    assert_int_equal(json_parse(&w->ctx, body, 1 << 20, JSON_STRICT, &value), ST_OK);
    return value;
}

static void assert_text(const struct value *map, const char *name, const char *right)
{
    assert_true(str_eq_c(value_find_text(map, name), right));
}

static void one_document_is_json_or_a_page(void **state)
{
    struct world *w = *state;
    struct str json = ask(w, "GET /api/v1/things/1?filter=a", BEARER, "");
    assert_int_equal(wire_status(json), 200);
    assert_true(str_has(json, S("ETag: \"12\"\r\n")));
    assert_true(str_eq_c(wire_body(json), "{\"id\":\"1\",\"filter\":\"a\"}"));
    struct str page = ask(w, "GET /things/1", COOKIE HTML, "");
    assert_true(str_eq_c(wire_body(page), "<thing lang=zh-CN>{\"id\":\"1\",\"filter\":\"\"}"));
    assert_true(str_has(page, S("Content-Security-Policy: default-src 'self';")));
    assert_true(str_has(page, S("X-Content-Type-Options: nosniff\r\n")));
    assert_true(str_has(page, S("Cache-Control: private, no-store\r\n")));
    json = ask(w, "GET /things/1", COOKIE "Accept: application/json\r\n", "");
    assert_true(str_has(json, S("Content-Type: application/json\r\n")));
}

static void the_language_is_asked_remembered_or_accepted(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *target;
        const char *headers;
        const char *lang;
    } rows[] = {
        {"GET /things/1", COOKIE HTML, "zh-CN"},
        {"GET /things/1", COOKIE HTML "Accept-Language: en-GB,en;q=0.9,zh;q=0.8\r\n", "en"},
        {"GET /things/1", COOKIE HTML "Accept-Language: en;q=0.5,zh-TW\r\n", "zh-CN"},
        {"GET /things/1", COOKIE HTML "Accept-Language: fr\r\n", "zh-CN"},
        {"GET /things/1", "Cookie: lantian=good; lang=en\r\n" HTML, "en"},
        {"GET /things/1?lang=zh", "Cookie: lantian=good; lang=en\r\n" HTML, "zh-CN"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str right = str_printf(w->ctx.arena, "<thing lang=%s>", rows[i].lang);
        assert_true(str_has(ask(w, rows[i].target, rows[i].headers, ""), right));
    }
    assert_true(str_has(ask(w, "GET /things/1?lang=en", COOKIE HTML, ""),
                        S("Set-Cookie: lang=en; Path=/; SameSite=Lax;")));
    assert_int_equal(wire_status(ask(w, "GET /things/1?lang=fr", COOKIE HTML, "")), 400);
}

static void who_is_not_signed_in_is_refused_or_led_to_the_door(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "GET /api/v1/things/1", "", "");
    assert_int_equal(wire_status(answer), 401);
    assert_true(str_has(answer, S("WWW-Authenticate: Bearer")));
    assert_text(json_of(w, answer), "code", "session.needed");
    assert_int_equal(
        wire_status(ask(w, "GET /api/v1/things/1", "Authorization: Bearer bad\r\n", "")), 401);
    answer = ask(w, "GET /things/1?filter=a", HTML "Cookie: lantian=bad\r\n", "");
    assert_int_equal(wire_status(answer), 303);
    assert_true(str_has(answer, S("Location: /login?next=%2Fthings%2F1%3Ffilter%3Da\r\n")));
}

static void a_write_by_cookie_proves_where_it_comes_from(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *headers;
        const char *body;
        int status;
    } rows[] = {
        {COOKIE FORM, "name=a&version=12&csrf=csrf-7", 303},
        {COOKIE FORM, "name=a&version=12&csrf=wrong", 403},
        {COOKIE FORM, "name=a&version=12", 403},
        {COOKIE FORM "X-CSRF-Token: csrf-7\r\n", "name=a&version=12", 303},
        {COOKIE FORM "Origin: http://localhost\r\n", "name=a&version=12&csrf=csrf-7", 303},
        {COOKIE FORM "Origin: http://evil\r\n", "name=a&version=12&csrf=csrf-7", 403},
        {COOKIE FORM "Origin: null\r\n", "name=a&version=12&csrf=csrf-7", 403},
        {COOKIE FORM "Sec-Fetch-Site: cross-site\r\n", "name=a&version=12&csrf=csrf-7", 403},
        {BEARER FORM, "name=a&version=12", 303},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *headers =
            str_c(w->ctx.arena, str_printf(w->ctx.arena, HTML "%s", rows[i].headers));
        assert_int_equal(wire_status(ask(w, "POST /things/1", headers, rows[i].body)),
                         rows[i].status);
    }
    assert_int_equal(
        wire_status(ask(w, "POST /api/v1/sessions", JSON "Sec-Fetch-Site: cross-site\r\n", "{}")),
        403);
}

static void a_write_names_the_version_it_saw(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *headers;
        int status;
    } rows[] = {
        {BEARER JSON "If-Match: \"12\"\r\n", 201},
        {BEARER JSON "If-Match: \"11\"\r\n", 412},
        {BEARER JSON, 428},
        {BEARER JSON "If-Match: 12\r\n", 400},
        {BEARER JSON "If-Match: \"x\"\r\n", 400},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(
            wire_status(ask(w, "POST /api/v1/things/1", rows[i].headers, "{\"name\":\"a\"}")),
            rows[i].status);
    assert_int_equal(w->written, 1);
}

static void a_created_thing_has_a_place(void **state)
{
    struct world *w = *state;
    struct str answer =
        ask(w, "POST /api/v1/things/1", BEARER JSON "If-Match: \"12\"\r\n", "{\"name\":\"a\"}");
    assert_true(str_has(answer, S("Location: /api/v1/things/1\r\n")));
    answer = ask(w, "POST /things/1", BEARER FORM HTML, "name=a&version=12");
    assert_true(str_has(answer, S("Location: /things/1\r\n")));
}

static void a_wrong_field_is_named(void **state)
{
    struct world *w = *state;
    struct str answer =
        ask(w, "POST /api/v1/things/1", BEARER JSON "If-Match: \"12\"\r\n", "{\"name\":\"\"}");
    assert_int_equal(wire_status(answer), 422);
    const struct value *errors = value_find_c(json_of(w, answer), "errors");
    assert_non_null(errors);
    assert_text(errors->first, "field", "name");
    assert_int_equal(
        wire_status(ask(w, "POST /api/v1/things/1", BEARER JSON "If-Match: \"12\"\r\n", "[]")),
        400);
    answer = ask(w, "POST /things/1", BEARER FORM HTML, "name=&version=12");
    assert_int_equal(wire_status(answer), 422);
    assert_true(str_eq_c(wire_body(answer), "<thing lang=zh-CN>{\"why\":\"invalid\"}"));
}

static void a_rule_says_clause_needs_and_every_reason(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "POST /api/v1/rule", JSON, "{}");
    const struct value *problem = json_of(w, answer);
    assert_int_equal(wire_status(answer), 409);
    assert_true(str_has(answer, S("Content-Type: application/problem+json\r\n")));
    assert_text(problem, "type", "urn:lantian:problem:conflict");
    assert_text(problem, "title", "conflict");
    assert_text(problem, "clause", "S2-17.1");
    assert_text(problem, "needs", "invalid");
    assert_int_equal(value_find_int(problem, "status", 0), 409);
    assert_int_equal(value_find_c(problem, "reasons")->count, 2);
    answer = ask(w, "POST /rule", JSON HTML, "{}");
    assert_true(str_starts(wire_body(answer), S("<error lang=zh-CN>{")));
}

static void what_never_reached_a_route_is_a_problem_as_well(void **state)
{
    struct world *w = *state;
    struct str answer = ask(w, "GET /api/v1/nowhere", HTML, "");
    assert_int_equal(wire_status(answer), 404);
    assert_text(json_of(w, answer), "code", "http.not_found");
    assert_true(str_starts(wire_body(ask(w, "GET /nowhere", HTML, "")), S("<error ")));
    assert_text(json_of(w, ask(w, "GET /api/v1/things/1?x=1", BEARER, "")), "code",
                "http.query_unknown");
    assert_text(json_of(w, ask(w, "PUT /api/v1/clock", "", "")), "code", "http.not_found");
    answer = ask(w, "DELETE /api/v1/things/1", BEARER, "");
    assert_int_equal(wire_status(answer), 405);
    assert_true(str_has(answer, S("Allow: GET, HEAD, POST\r\n")));
}

static void the_same_key_gives_the_same_answer_and_writes_once(void **state)
{
    struct world *w = *state;
    const char *headers = BEARER JSON "If-Match: \"12\"\r\nIdempotency-Key: k1\r\n";
    struct str first = ask(w, "POST /api/v1/things/1", headers, "{\"name\":\"a\"}");
    struct str again = ask(w, "POST /api/v1/things/1", headers, "{ \"name\": \"a\" }");
    assert_int_equal(wire_status(first), 201);
    assert_int_equal(wire_status(again), 201);
    assert_true(str_eq(wire_body(first), wire_body(again)));
    assert_true(str_has(again, S("Location: /api/v1/things/1\r\n")));
    assert_int_equal(w->written, 1);
    struct str other = ask(w, "POST /api/v1/things/1", headers, "{\"name\":\"b\"}");
    assert_int_equal(wire_status(other), 422);
    assert_text(json_of(w, other), "code", "idempotency.other_request");
    headers = BEARER JSON "If-Match: \"12\"\r\nIdempotency-Key: a b\r\n";
    assert_int_equal(wire_status(ask(w, "POST /api/v1/things/1", headers, "{}")), 400);
}

static void what_was_done_but_never_answered_is_shown_as_it_stands(void **state)
{
    struct world *w = *state;
    const char *headers = BEARER JSON "If-Match: \"12\"\r\nIdempotency-Key: k2\r\n";
    (void)ask(w, "POST /api/v1/things/1", headers, "{\"name\":\"a\"}");
    w->kept.reply = (struct str){0};
    struct str again = ask(w, "POST /api/v1/things/1", headers, "{\"name\":\"a\"}");
    struct str read = ask(w, "GET /api/v1/things/1", BEARER, "");
    assert_int_equal(wire_status(again), 201);
    assert_true(str_eq(wire_body(again), wire_body(read)));
    assert_int_equal(w->written, 1);
}

static void a_call_may_wait(void **state)
{
    struct world *w = *state;
    assert_true(str_eq_c(wire_body(ask(w, "POST /api/v1/wait", "", "")), "{\"waited\":true}"));
    pthread_join(w->later, NULL);
    struct str answer = ask(w, "POST /api/v1/wait?filter=bad", "", "");
    assert_int_equal(wire_status(answer), 409);
    assert_text(json_of(w, answer), "code", "status.conflict");
}

static void a_session_cookie_is_out_of_reach_of_scripts(void **state)
{
    struct world *w = *state;
    assert_true(str_has(ask(w, "POST /api/v1/sessions", JSON, "{}"),
                        S("Set-Cookie: lantian=good; Path=/; HttpOnly; SameSite=Lax\r\n")));
}

static void the_description_names_every_route_under_the_api(void **state)
{
    struct world *w = *state;
    const struct value *document = json_of(w, ask(w, "GET /api/v1/openapi.json", "", ""));
    const struct value *paths = value_find_c(document, "paths");
    assert_text(document, "openapi", "3.1.0");
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        const struct value *path = value_find_c(paths, routes[i].path);
        static const char *const methods[] = {"get", "head", "post", "put", "patch", "delete"};
        const struct value *operation = value_find_c(path, methods[routes[i].method]);
        assert_non_null(operation);
        assert_text(operation, "operationId", routes[i].name);
    }
    const struct value *get = value_find_c(value_find_c(paths, "/things/{id}"), "get");
    assert_text(get, "summary", "Gets");
    assert_int_equal(value_find_c(get, "parameters")->count, 2);
    assert_null(value_find_c(paths, "/healthz"));
}

static void health_and_figures_are_for_machines(void **state)
{
    struct world *w = *state;
    assert_int_equal(wire_status(ask(w, "GET /healthz", HTML, "")), 200);
    assert_int_equal(wire_status(ask(w, "GET /readyz", "", "")), 200);
    (void)ask(w, "GET /api/v1/nowhere", "", "");
    struct str figures = ask(w, "GET /metrics", "", "");
    assert_true(str_has(figures, S("operation=\"health\",status=\"2xx\"} 1\n")));
    assert_true(str_has(figures, S("operation=\"none\",status=\"4xx\"} 1\n")));
    assert_true(str_has(figures, S("lantian_http_request_seconds_bucket{le=\"+Inf\"} 3\n")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_document_is_json_or_a_page),
        TEST(the_language_is_asked_remembered_or_accepted),
        TEST(who_is_not_signed_in_is_refused_or_led_to_the_door),
        TEST(a_write_by_cookie_proves_where_it_comes_from),
        TEST(a_write_names_the_version_it_saw),
        TEST(a_created_thing_has_a_place),
        TEST(a_wrong_field_is_named),
        TEST(a_rule_says_clause_needs_and_every_reason),
        TEST(what_never_reached_a_route_is_a_problem_as_well),
        TEST(the_same_key_gives_the_same_answer_and_writes_once),
        TEST(what_was_done_but_never_answered_is_shown_as_it_stands),
        TEST(a_call_may_wait),
        TEST(a_session_cookie_is_out_of_reach_of_scripts),
        TEST(the_description_names_every_route_under_the_api),
        TEST(health_and_figures_are_for_machines),
    };
    return cmocka_run_group_tests_name("api/serve", tests, NULL, NULL);
}
