#pragma once
/*
 * Shared by http_server.c (threads, sockets, watchdog), http_server_exchange.c (one request from
 * first byte to reply), http_server_body.c (what comes behind the headers) and
 * http_server_stream.c.
 */
#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>

#include "base/buf.h"
#include "kit/http_server.h"
#include "kit/multipart.h"
#include "kit/workers.h"

enum { ARENAS_KEPT = 64, THREADS_MAX = 64, TICK_MS = 100, BEAT_MS = 15000 };

/* No deadline runs; the watchdog has struck. */
#define DEADLINE_NONE INT64_MAX
#define DEADLINE_STRUCK INT64_MIN

/* One socket. `deadline` is monotonic milliseconds, written by the serving thread. */
struct connection {
    struct connection *before;
    struct connection *after;
    int fd;
    _Atomic int64_t deadline;
};

struct http_stream {
    struct http_stream *before; /* in the server's list, under its stream_lock */
    struct http_stream *after;
    struct http_server *server;
    pthread_mutex_t lock;
    atomic_int references;
    struct MHD_Connection *mhd; /* null once the connection is over */
    bool suspended;
    bool ended;
    char *bytes; /* queued: bytes[sent..len) */
    size_t sent;
    size_t len;
    size_t cap;
    size_t limit;
};

struct http_server {
    struct http_config config;
    struct MHD_Daemon *daemon;
    int listen_fd;
    uint16_t port;
    struct workers *slow;
    pthread_key_t thread_key;
    pthread_mutex_t lock; /* arenas, threads, connections */
    struct arena *arenas[ARENAS_KEPT];
    size_t arena_count;
    void *threads[THREADS_MAX];
    size_t thread_count;
    struct connection *connections;
    pthread_mutex_t stream_lock;
    struct http_stream *streams;
    pthread_t watchdog;
    atomic_bool stopping;
    atomic_bool ended;
    uint64_t id_prefix;
    _Atomic int64_t requests, refused, timed_out, connection_count, active, stream_count;
};

enum phase {
    PHASE_HEAD,    /* the target is known */
    PHASE_BODY,    /* headers were good, the body comes */
    PHASE_SWALLOW, /* refused; a small body is read away so that the reply can be seen */
    PHASE_RUNNING, /* a handler has it, or it is deferred */
    PHASE_READY,   /* the reply is complete */
    PHASE_SENDING,
};

/* Where the body goes. */
enum intake { INTAKE_NONE, INTAKE_MEMORY, INTAKE_MULTIPART };

struct exchange {
    struct http_call call; /* first: a call is its exchange */
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct connection *connection;
    enum phase phase;
    enum status failed; /* ST_OK, or how guard, router, admit or intake refused */
    bool suspended;
    bool *deferred;          /* of the thread that runs the handler */
    http_handler then;       /* what goes on after a resume, or null */
    enum status then_failed; /* how a deferred call was finished */
    int64_t began_us;
    int64_t body_deadline;
    int64_t received;
    enum intake intake;
    struct buf memory;
    struct multipart *multipart;
    struct pair field; /* the multipart field being read */
    struct http_file file;
    bool in_file;
    struct {
        struct http_file *at;
        size_t len;
        size_t cap;
    } files;
};

int64_t monotonic_us(void);
int64_t monotonic_ms(void);

struct arena *server_arena_take(struct http_server *server);
void server_arena_give(struct http_server *server, struct arena *arena);
/* call->thread of this thread, made at its first call; false: thread_open gave null. */
bool server_thread(struct http_server *server, void **out);

/* false: the watchdog was quicker, the connection is lost. */
bool connection_deadline(struct connection *connection, int64_t deadline_ms);
/* A bare problem written past libmicrohttpd, for when it would close without a word. */
void connection_last_word(int fd, int http_status);

/* libmicrohttpd's hooks. */
void *exchange_begin(void *server, const char *target, struct MHD_Connection *mhd);
enum MHD_Result exchange_step(void *server, struct MHD_Connection *mhd, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **exchange);
void exchange_end(void *server, struct MHD_Connection *mhd, void **exchange,
                  enum MHD_RequestTerminationCode why);

/*
 * Prepares for the body by the route and the Content-Type.
 * Errors: ST_LIMIT, ST_MEDIA, ST_MALFORMED.
 */
MUST_USE enum status body_begin(struct exchange *x, const struct http_announced *announced);
MUST_USE enum status body_take(struct exchange *x, struct str bytes);
MUST_USE enum status body_finish(struct exchange *x);
void body_close_files(struct exchange *x);

ssize_t stream_read(void *stream, uint64_t position, char *out, size_t room);
void stream_closed(void *stream);
/* Every stream gets a comment line; with `end` every stream ends. */
void streams_beat(struct http_server *server, bool end);
