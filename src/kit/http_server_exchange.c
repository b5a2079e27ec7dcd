/*
 * One request from its first line to the end of its reply. libmicrohttpd calls exchange_begin when
 * it has the target, then exchange_step once for the headers, once for each piece of the body, once
 * more when the body is complete, and again after each resume. The phase tells which it is.
 *
 * While a connection is suspended its exchange belongs to the worker or to whoever has the deferred
 * call; before and after it belongs to the serving thread. The hand-over goes through
 * libmicrohttpd's own lock, so no field here needs one.
 */
#include <arpa/inet.h>
#include <unistd.h>

#include "base/log.h"
#include "kit/http_server_int.h"

/* A refused body up to this size is read away, so that the client gets to see the reply. */
enum { SWALLOW_BYTES_MAX = 4 * 1024 * 1024 };

static struct exchange *exchange_of(struct http_call *call)
{
    return (struct exchange *)call;
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    must(info != NULL && info->socket_context != NULL);
    return info->socket_context;
}

void *exchange_begin(void *user, const char *target, struct MHD_Connection *mhd)
{
    struct http_server *server = user;
    struct arena *arena = server_arena_take(server);
    struct exchange *x = arena_new_of(arena, struct exchange);
    int64_t number = atomic_fetch_add(&server->requests, 1);
    x->server = server;
    x->mhd = mhd;
    x->connection = connection_of(mhd);
    x->began_us = monotonic_us();
    x->call.app = server->config.app;
    x->call.reply.fd = -1;
    x->call.ctx.arena = arena;
    x->call.ctx.now = server->config.now(server->config.app);
    x->call.ctx.request_id =
        str_printf(arena, "%08llx-%llx", (unsigned long long)server->id_prefix & 0xFFFFFFFF,
                   (unsigned long long)number);
    atomic_fetch_add(&server->active, 1);
    (void)connection_deadline(x->connection, monotonic_ms() + server->config.limits.header_ms);
    x->failed = http_guard_target(&x->call, &server->config.limits.guard, str_of(target));
    return x;
}

/* What refuses leaves nothing half said behind; headers of a refusal (Allow) stay. */
static void reset_reply(struct http_call *call)
{
    if (call->reply.status == 0)
        return;
    if (call->reply.fd >= 0)
        close(call->reply.fd);
    if (call->reply.stream != NULL)
        stream_closed(call->reply.stream);
    call->reply = (struct http_reply){.fd = -1};
}

static void refuse(struct http_call *call)
{
    struct exchange *x = exchange_of(call);
    bool close_after = call->reply.close;
    reset_reply(call);
    if (x->server->config.refuse != NULL)
        x->server->config.refuse(call);
    if (call->reply.status == 0) {
        int status = http_refusal_status(call);
        struct str body =
            str_printf(call->ctx.arena, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}",
                       MHD_get_reason_phrase_for((unsigned)status), status);
        http_reply_text(call, status, "application/problem+json", body);
    }
    call->reply.close = call->reply.close || close_after;
}

static struct MHD_Response *make_response(struct exchange *x)
{
    struct http_reply *reply = &x->call.reply;
    if (reply->stream != NULL) {
        struct http_stream *stream = reply->stream;
        reply->stream = NULL; /* from here on the response owns the reference */
        stream->mhd = x->mhd;
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, stream_read, stream,
                                                 stream_closed);
    }
    if (reply->fd >= 0) {
        int fd = reply->fd;
        reply->fd = -1;
        return MHD_create_response_from_fd64((uint64_t)reply->fd_size, fd);
    }
    /* libmicrohttpd takes no const, and does not write. */
    return MHD_create_response_from_buffer(reply->body.len, (void *)(uintptr_t)reply->body.at,
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct exchange *x)
{
    struct http_call *call = &x->call;
    must(call->reply.status >= 200 && call->reply.status <= 599);
    bool last = call->reply.close || atomic_load(&x->server->stopping);
    struct MHD_Response *response = make_response(x);
    must(response != NULL);
    for (size_t i = 0; i < call->reply.headers.len; i++) {
        const struct pair *header = &call->reply.headers.at[i];
        must(MHD_add_response_header(response, str_c(call->ctx.arena, header->name),
                                     str_c(call->ctx.arena, header->value)) == MHD_YES);
    }
    (void)MHD_add_response_header(response, "X-Request-Id",
                                  str_c(call->ctx.arena, call->ctx.request_id));
    if (last)
        (void)MHD_add_response_header(response, "Connection", "close");
    x->phase = PHASE_SENDING;
    enum MHD_Result queued = MHD_queue_response(x->mhd, (unsigned)call->reply.status, response);
    MHD_destroy_response(response);
    return queued;
}

/* Runs on the thread that has the call; false: deferred, the exchange is no longer ours. */
static bool run_handler(struct exchange *x, http_handler handler)
{
    struct http_call *call = &x->call;
    bool deferred = false;
    x->deferred = &deferred;
    enum status status = ST_UNAVAILABLE;
    if (server_thread(x->server, &call->thread))
        status = handler(call);
    else
        (void)fail(&call->ctx, ST_UNAVAILABLE, "status.unavailable", NO_ARGS);
    if (deferred) {
        must(status == ST_OK);
        return false;
    }
    if (status != ST_OK)
        refuse(call);
    x->phase = PHASE_READY;
    return true;
}

static void suspend(struct exchange *x)
{
    if (!x->suspended)
        MHD_suspend_connection(x->mhd);
    x->suspended = true;
}

static void resume(struct exchange *x)
{
    x->phase = PHASE_READY;
    x->suspended = false;
    MHD_resume_connection(x->mhd);
}

static void run_slow(void *argument)
{
    struct exchange *x = argument;
    if (run_handler(x, x->call.request.route->handler))
        resume(x);
}

void http_call_defer(struct http_call *call)
{
    struct exchange *x = exchange_of(call);
    suspend(x);
    *x->deferred = true;
}

void http_call_finish(struct http_call *call, enum status status)
{
    exchange_of(call)->then_failed = status;
    resume(exchange_of(call));
}

void http_call_continue(struct http_call *call, http_handler then)
{
    exchange_of(call)->then = then;
    resume(exchange_of(call));
}

/* After a resume: what finished a deferred call wrote no page, that is done here. */
static enum MHD_Result go_on(struct exchange *x)
{
    http_handler then = x->then;
    x->then = NULL;
    if (x->then_failed != ST_OK)
        refuse(&x->call);
    else if (then != NULL && !run_handler(x, then))
        return MHD_YES;
    return send_reply(x);
}

static enum MHD_Result dispatch(struct exchange *x)
{
    x->phase = PHASE_RUNNING;
    (void)connection_deadline(x->connection, DEADLINE_NONE);
    if (x->failed != ST_OK) {
        refuse(&x->call);
        return send_reply(x);
    }
    if ((x->call.request.route->flags & HTTP_ROUTE_SLOW) == 0)
        return run_handler(x, x->call.request.route->handler) ? send_reply(x) : MHD_YES;
    suspend(x);
    if (!workers_submit(x->server->slow, run_slow, x)) {
        (void)fail(&x->call.ctx, ST_UNAVAILABLE, "http.busy", NO_ARGS);
        refuse(&x->call);
        resume(x);
    }
    return MHD_YES;
}

static enum MHD_Result collect_header(void *user, enum MHD_ValueKind kind, const char *name,
                                      size_t name_len, const char *value, size_t value_len)
{
    struct exchange *x = user;
    (void)kind;
    /* Held in the body's row for a moment; the guard copies what it lets pass. */
    pairs_add(x->call.ctx.arena, &x->call.request.form, (struct str){name, name_len},
              (struct str){value, value_len});
    return MHD_YES;
}

static void read_peer(struct exchange *x)
{
    char text[INET6_ADDRSTRLEN] = "";
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;
    if (address != NULL && address->sa_family == AF_INET)
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr,
                        text, sizeof text);
    if (address != NULL && address->sa_family == AF_INET6)
        (void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
                        text, sizeof text);
    x->call.request.peer = str_copy(x->call.ctx.arena, str_of(text));
}

/* Behind our own proxy the other end is who the proxy says: the last name of its list, which it added. */
static void read_forwarded(struct exchange *x)
{
    struct http_request *request = &x->call.request;
    struct str rest = http_header(&x->call, "x-forwarded-for"), last = {0};
    unsigned char address[sizeof(struct in6_addr)];
    if (str_is_empty(x->server->config.proxy) || !str_eq(request->peer, x->server->config.proxy))
        return;
    for (struct str one; str_next(&rest, ',', &one);)
        last = str_trim(one);
    const char *text = str_c(x->call.ctx.arena, last);
    if (inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1)
        request->peer = last;
}

static enum status route_and_admit(struct exchange *x, const struct http_announced *announced)
{
    struct http_call *call = &x->call;
    const struct http_config *config = &x->server->config;
    TRY(http_router_match(config->router, call));
    TRY(http_router_read_query(config->router, call));
    if (config->admit != NULL) {
        if (!server_thread(x->server, &call->thread))
            return fail(&call->ctx, ST_UNAVAILABLE, "status.unavailable", NO_ARGS);
        TRY(config->admit(call));
    }
    return body_begin(x, announced);
}

/* The guard's refusals end the connection, the router's let a small body go by first. */
static enum MHD_Result read_head(struct exchange *x, const char *method, const char *version)
{
    struct http_call *call = &x->call;
    struct http_announced announced = {0};
    struct pairs raw = {0};
    (void)MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, collect_header, x);
    raw = call->request.form;
    call->request.form = (struct pairs){0};
    read_peer(x);
    if (x->failed == ST_OK)
        x->failed = http_guard_head(call, &x->server->config.limits.guard, str_of(method),
                                    str_of(version), &raw, &announced);
    bool guarded = x->failed != ST_OK;
    read_forwarded(x);
    if (!guarded)
        x->failed = route_and_admit(x, &announced);
    x->phase = x->failed == ST_OK ? PHASE_BODY : PHASE_SWALLOW;
    if (guarded ||
        (x->failed != ST_OK && (announced.chunked || announced.length > SWALLOW_BYTES_MAX))) {
        call->reply.close = true;
        return dispatch(x);
    }
    int64_t now = monotonic_ms();
    if (x->body_deadline == 0)
        x->body_deadline = now + x->server->config.limits.body_ms;
    return connection_deadline(x->connection, now + x->server->config.limits.stall_ms) ? MHD_YES
                                                                                       : MHD_NO;
}

/* A body that turns out wrong half way: nothing can be queued until it has all come. */
static enum MHD_Result read_body(struct exchange *x, struct str bytes)
{
    int64_t next = monotonic_ms() + x->server->config.limits.stall_ms;
    if (!connection_deadline(x->connection, next < x->body_deadline ? next : x->body_deadline))
        return MHD_NO;
    if (x->phase == PHASE_BODY) {
        x->failed = body_take(x, bytes);
        if (x->failed == ST_OK)
            return MHD_YES;
        x->phase = PHASE_SWALLOW;
        x->received = 0;
    }
    x->received += (int64_t)bytes.len;
    if (x->received <= SWALLOW_BYTES_MAX)
        return MHD_YES;
    x->call.reply.status = http_refusal_status(&x->call);
    connection_last_word(x->connection->fd, x->call.reply.status);
    return MHD_NO;
}

enum MHD_Result exchange_step(void *server, struct MHD_Connection *mhd, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **exchange)
{
    struct exchange *x = *exchange;
    (void)server, (void)mhd, (void)url;
    switch (x->phase) {
    case PHASE_HEAD: return read_head(x, method, version);
    case PHASE_BODY:
    case PHASE_SWALLOW:
        if (*upload_size > 0) {
            enum MHD_Result taken = read_body(x, (struct str){upload, *upload_size});
            *upload_size = 0;
            return taken;
        }
        if (x->failed == ST_OK)
            x->failed = body_finish(x);
        return dispatch(x);
    case PHASE_READY: return go_on(x);
    case PHASE_RUNNING:
    case PHASE_SENDING: return MHD_YES;
    }
    return MHD_NO;
}

/* One line a request. Without the query: it may hold what a person typed. */
static void log_exchange(const struct exchange *x, int64_t micros)
{
    const struct http_call *call = &x->call;
    const struct failure *failure = &call->ctx.failure;
    int status = call->reply.status;
    log_line(status >= 500 ? LOG_ERROR : LOG_INFO, "http",
             "id=%.*s method=%s path=%.*s status=%d us=%lld%s%s", STR_ARG(call->ctx.request_id),
             http_method_name(call->request.method), STR_ARG(call->request.path), status,
             (long long)micros, failure->status == ST_OK ? "" : " why=",
             failure->status == ST_OK ? "" : failure->reason.key);
    if (status >= 500 && failure->status != ST_OK)
        log_line(LOG_ERROR, "http_failure", "id=%.*s at=%s:%d note=%.*s: %.*s",
                 STR_ARG(call->ctx.request_id), failure->file, failure->line,
                 STR_ARG(failure->notes[0]), STR_ARG(failure->notes[1]));
}

void exchange_end(void *user, struct MHD_Connection *mhd, void **exchange,
                  enum MHD_RequestTerminationCode why)
{
    struct http_server *server = user;
    struct exchange *x = *exchange;
    (void)mhd, (void)why;
    if (x == NULL)
        return;
    int64_t micros = monotonic_us() - x->began_us;
    const struct http_limits *limits = &server->config.limits;
    if (x->failed != ST_OK)
        atomic_fetch_add(&server->refused, 1);
    log_exchange(x, micros);
    if (server->config.done != NULL)
        server->config.done(&x->call, micros, (int64_t)x->call.reply.body.len);
    body_close_files(x);
    reset_reply(&x->call);
    (void)connection_deadline(x->connection, monotonic_ms() + limits->idle_ms + limits->header_ms);
    *exchange = NULL;
    server_arena_give(server, x->call.ctx.arena);
    atomic_fetch_sub(&server->active, 1);
}
