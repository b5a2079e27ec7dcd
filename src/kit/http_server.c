/*
 * The daemon, its threads and the watchdog. libmicrohttpd knows only an idle time; a client that
 * sends one byte a second is never idle. So each connection carries a deadline that the phases of
 * its exchange move, and a thread that looks ten times a second cuts what is over it.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"
#include "kit/crypto.h"
#include "kit/http_server_int.h"

/* The window of libmicrohttpd for headers and pieces of bodies; only touched pages count. */
enum { WINDOW_BYTES = 64 * 1024 };

struct http_limits http_limits_usual(void)
{
    return (struct http_limits){
        .guard = {.target_bytes = 8 * 1024, .header_bytes = 24 * 1024, .header_count = 100},
        .header_ms = 15000,
        .idle_ms = 30000,
        .stall_ms = 10000,
        .body_ms = 30000,
        .body_bytes_per_s = 8 * 1024,
        .memory_bytes = 4 * 1024 * 1024,
        .connections = 10000,
    };
}

int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}

struct arena *server_arena_take(struct http_server *server)
{
    struct arena *arena = NULL;
    pthread_mutex_lock(&server->lock);
    if (server->arena_count > 0)
        arena = server->arenas[--server->arena_count];
    pthread_mutex_unlock(&server->lock);
    return arena != NULL ? arena : arena_new();
}

void server_arena_give(struct http_server *server, struct arena *arena)
{
    arena_reset(arena);
    pthread_mutex_lock(&server->lock);
    if (server->arena_count < ARENAS_KEPT) {
        server->arenas[server->arena_count++] = arena;
        arena = NULL;
    }
    pthread_mutex_unlock(&server->lock);
    arena_free(arena);
}

bool server_thread(struct http_server *server, void **out)
{
    *out = pthread_getspecific(server->thread_key);
    if (*out != NULL || server->config.thread_open == NULL)
        return true;
    *out = server->config.thread_open(server->config.app);
    if (*out == NULL)
        return false;
    must(pthread_setspecific(server->thread_key, *out) == 0);
    pthread_mutex_lock(&server->lock);
    must(server->thread_count < THREADS_MAX);
    server->threads[server->thread_count++] = *out;
    pthread_mutex_unlock(&server->lock);
    return true;
}

bool connection_deadline(struct connection *connection, int64_t deadline_ms)
{
    int64_t before = atomic_load(&connection->deadline);
    while (before != DEADLINE_STRUCK)
        if (atomic_compare_exchange_weak(&connection->deadline, &before, deadline_ms))
            return true;
    return false;
}

void connection_last_word(int fd, int http_status)
{
    char body[128], text[512];
    const char *title = MHD_get_reason_phrase_for((unsigned)http_status);
    int body_len =
        snprintf(body, sizeof body, "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}",
                 title, http_status);
    int len = snprintf(text, sizeof text,
                       "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\n"
                       "Content-Length: %d\r\nConnection: close\r\n\r\n%s",
                       http_status, title, body_len, body);
    (void)send(fd, text, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void connection_opened(struct http_server *server, struct MHD_Connection *mhd,
                              void **context)
{
    struct connection *connection = calloc(1, sizeof *connection);
    must(connection != NULL);
    connection->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    atomic_init(&connection->deadline, monotonic_ms() + server->config.limits.header_ms);
    pthread_mutex_lock(&server->lock);
    connection->after = server->connections;
    if (server->connections != NULL)
        server->connections->before = connection;
    server->connections = connection;
    pthread_mutex_unlock(&server->lock);
    atomic_fetch_add(&server->connection_count, 1);
    *context = connection;
}

static void connection_closed(struct http_server *server, struct connection *connection)
{
    pthread_mutex_lock(&server->lock);
    if (connection->before != NULL)
        connection->before->after = connection->after;
    else
        server->connections = connection->after;
    if (connection->after != NULL)
        connection->after->before = connection->before;
    pthread_mutex_unlock(&server->lock);
    atomic_fetch_sub(&server->connection_count, 1);
    free(connection);
}

static void connection_notified(void *user, struct MHD_Connection *mhd, void **context,
                                enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_opened(user, mhd, context);
    else if (*context != NULL)
        connection_closed(user, *context);
}

/* The lock keeps libmicrohttpd from closing the descriptor (it tells us first) meanwhile. */
static void strike_late(struct http_server *server)
{
    int64_t now = monotonic_ms();
    pthread_mutex_lock(&server->lock);
    for (struct connection *c = server->connections; c != NULL; c = c->after) {
        int64_t deadline = atomic_load(&c->deadline);
        if (deadline == DEADLINE_STRUCK || deadline > now ||
            !atomic_compare_exchange_strong(&c->deadline, &deadline, DEADLINE_STRUCK))
            continue;
        connection_last_word(c->fd, 408);
        (void)shutdown(c->fd, SHUT_RDWR);
        atomic_fetch_add(&server->timed_out, 1);
        log_line(LOG_WARN, "http_too_slow", "fd=%d", c->fd);
    }
    pthread_mutex_unlock(&server->lock);
}

static void *watch(void *user)
{
    struct http_server *server = user;
    int64_t next_beat = monotonic_ms() + BEAT_MS;
    while (!atomic_load(&server->ended)) {
        (void)nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
        strike_late(server);
        if (monotonic_ms() >= next_beat) {
            streams_beat(server, false);
            next_beat = monotonic_ms() + BEAT_MS;
        }
    }
    return NULL;
}

/* What libmicrohttpd refuses by itself (a header beyond its window, a broken chunk) ends here. */
static void library_says(void *user, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static void library_says(void *user, const char *format, va_list args)
{
    char text[256];
    (void)user;
    (void)vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    log_line(LOG_WARN, "http_library", "text=\"%s\"", text);
}

/* The target is decoded by us, after it was checked as it came. */
static size_t leave_escaped(void *user, struct MHD_Connection *mhd, char *text)
{
    (void)user, (void)mhd;
    return strlen(text);
}

/* "host:port" or "[host]:port". */
static bool cut_listen(struct arena *arena, struct str listen, const char **host, const char **port)
{
    size_t colon = listen.len;
    int64_t number;
    while (colon > 0 && listen.at[colon - 1] != ':')
        colon--;
    if (colon < 2 || !num_parse_i64(str_from(listen, colon), 0, 65535, &number))
        return false;
    struct str name = str_part(listen, 0, colon - 1);
    if (name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']')
        name = str_part(name, 1, name.len - 2);
    *host = str_c(arena, name);
    *port = str_c(arena, str_from(listen, colon));
    return true;
}

static int listen_on(const struct addrinfo *address)
{
    int one = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static enum status open_socket(struct ctx *ctx, struct http_server *server)
{
    const char *host, *port;
    struct addrinfo *address = NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct str listen = server->config.listen;
    if (!cut_listen(ctx->arena, listen, &host, &port) ||
        getaddrinfo(host, port, &hints, &address) != 0)
        return fail(ctx, ST_MALFORMED, "http.listen_wrong", ARGS(arg_text("address", listen)));
    server->listen_fd = listen_on(address);
    int error = errno;
    freeaddrinfo(address);
    if (server->listen_fd < 0)
        return fail(ctx, ST_IO, "http.cannot_listen",
                    ARGS(arg_text("address", listen), arg_c("error", strerrorname_np(error))));
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    must(getsockname(server->listen_fd, (struct sockaddr *)&bound, &len) == 0);
    server->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                     : ((struct sockaddr_in *)&bound)->sin_port);
    return ST_OK;
}

static struct MHD_Daemon *start_daemon(struct http_server *server)
{
    const struct http_config *config = &server->config;
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)config->serving_threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    /* clang-format off: option by option */
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
            MHD_USE_TURBO,
        0, NULL, NULL, exchange_step, server,
        /* First, so that what the other options have to say is logged our way. */
        MHD_OPTION_EXTERNAL_LOGGER, library_says, server, MHD_OPTION_LISTEN_SOCKET,
        server->listen_fd, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)WINDOW_BYTES,
        MHD_OPTION_CONNECTION_LIMIT, config->limits.connections, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((config->limits.idle_ms + 999) / 1000), MHD_OPTION_URI_LOG_CALLBACK,
        exchange_begin, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, server,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_end, server, MHD_OPTION_NOTIFY_CONNECTION,
        connection_notified, server, MHD_OPTION_ARRAY,
        config->serving_threads > 1 ? pool : pool + 1, MHD_OPTION_END);
    /* clang-format on */
}

static void free_server(struct http_server *server)
{
    for (size_t i = 0; i < server->thread_count; i++)
        if (server->config.thread_close != NULL)
            server->config.thread_close(server->threads[i]);
    for (size_t i = 0; i < server->arena_count; i++)
        arena_free(server->arenas[i]);
    pthread_key_delete(server->thread_key);
    pthread_mutex_destroy(&server->lock);
    pthread_mutex_destroy(&server->stream_lock);
    free(server);
}

enum status http_server_open(struct ctx *ctx, const struct http_config *config,
                             struct http_server **out)
{
    must(config->serving_threads >= 1 && config->slow_threads >= 1);
    must(config->serving_threads + config->slow_threads <= THREADS_MAX);
    struct http_server *server = calloc(1, sizeof *server);
    must(server != NULL);
    server->config = *config;
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->stream_lock, NULL);
    must(pthread_key_create(&server->thread_key, NULL) == 0);
    crypto_random(&server->id_prefix, sizeof server->id_prefix);
    enum status status = open_socket(ctx, server);
    if (status != ST_OK) {
        free_server(server);
        return status;
    }
    server->slow = workers_new(config->slow_threads, config->slow_queue);
    must(pthread_create(&server->watchdog, NULL, watch, server) == 0);
    server->daemon = start_daemon(server);
    if (server->daemon == NULL) {
        close(server->listen_fd);
        http_server_close(server);
        return fail(ctx, ST_IO, "http.cannot_listen",
                    ARGS(arg_text("address", config->listen), arg_c("error", "daemon")));
    }
    *out = server;
    return ST_OK;
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

struct str http_server_address(struct http_server *server, struct arena *arena)
{
    struct str host = server->config.listen;
    while (host.len > 0 && host.at[host.len - 1] != ':')
        host.len--;
    return str_printf(arena, "http://%.*s%u", STR_ARG(host), (unsigned)server->port);
}

bool http_server_drain(struct http_server *server, int wait_ms)
{
    int64_t until = monotonic_ms() + wait_ms;
    atomic_store(&server->stopping, true);
    int fd = MHD_quiesce_daemon(server->daemon);
    if (fd >= 0)
        close(fd);
    do {
        streams_beat(server, true);
        if (atomic_load(&server->active) == 0)
            return true;
        (void)nanosleep(&(struct timespec){.tv_nsec = 5 * 1000000L}, NULL);
    } while (monotonic_ms() < until);
    log_line(LOG_WARN, "http_drain_gave_up", "active=%lld",
             (long long)atomic_load(&server->active));
    return false;
}

void http_server_close(struct http_server *server)
{
    if (server == NULL)
        return;
    workers_free(server->slow);
    atomic_store(&server->ended, true);
    pthread_join(server->watchdog, NULL);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    free_server(server);
}

struct http_counts http_server_counts(struct http_server *server)
{
    return (struct http_counts){
        .requests = atomic_load(&server->requests),
        .refused = atomic_load(&server->refused),
        .timed_out = atomic_load(&server->timed_out),
        .connections = atomic_load(&server->connection_count),
        .active = atomic_load(&server->active),
        .streams = atomic_load(&server->stream_count),
    };
}
