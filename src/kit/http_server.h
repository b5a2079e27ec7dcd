#pragma once
/*
 * Exchanges over sockets (HTTP/1.1, no TLS: a proxy in front ends it).
 *
 * A few threads serve all sockets and run quick handlers themselves; routes marked
 * HTTP_ROUTE_SLOW run on a bounded pool. A handler that must wait (for a commit) defers its call
 * and gives the thread back; whoever has the answer finishes it. What is malformed, too large or
 * too slow is answered before a handler sees it (kit/http_guard.h), each with one log line.
 */
#include <stdint.h>

#include "base/ctx.h"
#include "kit/http.h"
#include "kit/http_guard.h"
#include "kit/http_route.h"

struct http_limits {
    struct http_guard_limits guard;
    int header_ms;        /* from the first byte of a request to the end of its headers */
    int idle_ms;          /* between requests, and for a reply that nobody reads on */
    int stall_ms;         /* between two pieces of a body */
    int body_ms;          /* for a whole body, and beyond it … */
    int body_bytes_per_s; /* … its size at this rate */
    size_t memory_bytes;  /* for what is held in memory: other than files */
    unsigned connections;
};

struct http_limits http_limits_usual(void);

/*
 * All callbacks but `now` may be null. `thread_open` runs once on each thread that runs handlers,
 * before its first call; what it gives is call->thread, and `thread_close` ends it.
 */
struct http_config {
    struct str listen; /* "127.0.0.1:8080", "[::1]:8080"; port 0: one that is free */
    struct str proxy;  /* address of our own proxy, whose X-Forwarded-For is believed; or absent */
    const struct http_router *router;
    struct http_limits limits;
    const char *tmp_dir; /* for uploads; on the disk of the data, so that keeping is a rename */
    unsigned serving_threads;
    unsigned slow_threads;
    unsigned slow_queue;
    void *app;
    struct instant (*now)(void *app);
    void *(*thread_open)(void *app); /* null: no such thread now, the call is answered 503 */
    void (*thread_close)(void *thread);
    http_handler admit;                     /* after the headers, before the body; may refuse */
    void (*refuse)(struct http_call *call); /* renders ctx.failure; without it: a bare problem */
    void (*done)(struct http_call *call, int64_t micros, int64_t sent_bytes); /* for figures */
};

struct http_server;

/*
 * Begins to serve. `config` is copied, what it points to is borrowed.
 *
 * Errors: ST_MALFORMED  `listen` is no address and port
 *         ST_IO         cannot listen there (in use, not ours)
 */
MUST_USE enum status http_server_open(struct ctx *ctx, const struct http_config *config,
                                      struct http_server **out);

/* "http://127.0.0.1:8080", with the port that was picked. */
struct str http_server_address(struct http_server *server, struct arena *arena);
uint16_t http_server_port(const struct http_server *server);

/*
 * Takes no more connections, ends streams, waits for calls under way. What feeds deferred calls
 * must still run, so that they can be finished. false: after `wait_ms` some call was still out;
 * then the process can only exit, and http_server_close must not be called.
 */
MUST_USE bool http_server_drain(struct http_server *server, int wait_ms);
/* After a drain; ends the threads. Takes null. */
void http_server_close(struct http_server *server);

/*
 * Deferred replies. http_call_defer is the handler's last act but one: from then on the call
 * belongs to whoever is told about it, and the handler returns ST_OK without touching it again.
 * That one fills the reply (or a failure in call->ctx) and calls http_call_finish, on any thread,
 * exactly once; afterwards the call is gone. A client that goes away meanwhile changes nothing.
 */
void http_call_defer(struct http_call *call);
void http_call_finish(struct http_call *call, enum status status);
/* Instead of finishing: `then` runs as a handler on a thread that serves sockets. */
void http_call_continue(struct http_call *call, http_handler then);

/*
 * Server-sent events. The handler opens a stream as its reply and hands the stream to who sends.
 * http_stream_send copies; false: the client is gone or has fallen `limit_bytes` behind (it is
 * cut off then, and comes back with Last-Event-ID). The server itself sends a comment line every
 * 15 s to learn who has gone. Any thread. Each holder drops its reference with http_stream_release.
 */
struct http_stream *http_reply_stream(struct http_call *call, size_t limit_bytes);
bool http_stream_send(struct http_stream *stream, struct str bytes);
bool http_stream_is_open(struct http_stream *stream);
void http_stream_end(struct http_stream *stream); /* what is queued still goes out */
void http_stream_release(struct http_stream *stream);

/* What the server counted since it began. */
struct http_counts {
    int64_t requests;
    int64_t refused;     /* by guard, router, limits */
    int64_t timed_out;   /* cut by the watchdog */
    int64_t connections; /* open now */
    int64_t active;      /* calls under way now */
    int64_t streams;     /* open now */
};
struct http_counts http_server_counts(struct http_server *server);
