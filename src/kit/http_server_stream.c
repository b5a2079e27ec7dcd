/*
 * Server-sent events. libmicrohttpd pulls: while nothing is queued the connection is suspended,
 * and whoever queues something resumes it. Both happen under the stream's lock, so that a resume
 * never runs before its suspend.
 */
#include <stdlib.h>
#include <string.h>

#include "kit/http_server_int.h"

static void release(struct http_stream *stream)
{
    if (atomic_fetch_sub(&stream->references, 1) > 1)
        return;
    pthread_mutex_destroy(&stream->lock);
    free(stream->bytes);
    free(stream);
}

static void enlist(struct http_server *server, struct http_stream *stream)
{
    pthread_mutex_lock(&server->stream_lock);
    stream->after = server->streams;
    if (server->streams != NULL)
        server->streams->before = stream;
    server->streams = stream;
    pthread_mutex_unlock(&server->stream_lock);
    atomic_fetch_add(&server->stream_count, 1);
}

static void delist(struct http_server *server, struct http_stream *stream)
{
    pthread_mutex_lock(&server->stream_lock);
    if (stream->before != NULL)
        stream->before->after = stream->after;
    else
        server->streams = stream->after;
    if (stream->after != NULL)
        stream->after->before = stream->before;
    pthread_mutex_unlock(&server->stream_lock);
    atomic_fetch_sub(&server->stream_count, 1);
}

struct http_stream *http_reply_stream(struct http_call *call, size_t limit_bytes)
{
    struct http_stream *stream = calloc(1, sizeof *stream);
    must(stream != NULL && call->reply.status == 0);
    stream->server = ((struct exchange *)call)->server;
    stream->limit = limit_bytes;
    atomic_init(&stream->references, 2);
    pthread_mutex_init(&stream->lock, NULL);
    call->reply.status = 200;
    call->reply.stream = stream;
    http_reply_header(call, "Content-Type", S("text/event-stream; charset=utf-8"));
    http_reply_header(call, "Cache-Control", S("no-store"));
    http_reply_header(call, "X-Accel-Buffering", S("no"));
    enlist(stream->server, stream);
    return stream;
}

/* With the lock held. */
static void wake(struct http_stream *stream)
{
    if (stream->suspended && stream->mhd != NULL) {
        stream->suspended = false;
        MHD_resume_connection(stream->mhd);
    }
}

static void append(struct http_stream *stream, struct str bytes)
{
    if (stream->sent > 0) {
        memmove(stream->bytes, stream->bytes + stream->sent, stream->len - stream->sent);
        stream->len -= stream->sent;
        stream->sent = 0;
    }
    if (stream->len + bytes.len > stream->cap) {
        stream->cap = 2 * stream->len + bytes.len;
        stream->bytes = realloc(stream->bytes, stream->cap);
        must(stream->bytes != NULL);
    }
    memcpy(stream->bytes + stream->len, bytes.at, bytes.len);
    stream->len += bytes.len;
}

bool http_stream_send(struct http_stream *stream, struct str bytes)
{
    pthread_mutex_lock(&stream->lock);
    if (!stream->ended && stream->len - stream->sent + bytes.len > stream->limit) {
        stream->ended = true;
        stream->sent = stream->len; /* the rest would be read too late */
    }
    bool open = !stream->ended;
    if (open && bytes.len > 0)
        append(stream, bytes);
    wake(stream);
    pthread_mutex_unlock(&stream->lock);
    return open;
}

bool http_stream_is_open(struct http_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    bool open = !stream->ended;
    pthread_mutex_unlock(&stream->lock);
    return open;
}

void http_stream_end(struct http_stream *stream)
{
    pthread_mutex_lock(&stream->lock);
    stream->ended = true;
    wake(stream);
    pthread_mutex_unlock(&stream->lock);
}

void http_stream_release(struct http_stream *stream)
{
    release(stream);
}

ssize_t stream_read(void *user, uint64_t position, char *out, size_t room)
{
    struct http_stream *stream = user;
    (void)position;
    pthread_mutex_lock(&stream->lock);
    size_t len = stream->len - stream->sent < room ? stream->len - stream->sent : room;
    ssize_t result = (ssize_t)len;
    if (len > 0) {
        memcpy(out, stream->bytes + stream->sent, len);
        stream->sent += len;
    } else if (stream->ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->suspended = true;
        MHD_suspend_connection(stream->mhd);
    }
    pthread_mutex_unlock(&stream->lock);
    return result;
}

void stream_closed(void *user)
{
    struct http_stream *stream = user;
    delist(stream->server, stream);
    pthread_mutex_lock(&stream->lock);
    stream->mhd = NULL;
    stream->ended = true;
    pthread_mutex_unlock(&stream->lock);
    release(stream);
}

void streams_beat(struct http_server *server, bool end)
{
    pthread_mutex_lock(&server->stream_lock);
    for (struct http_stream *stream = server->streams; stream != NULL; stream = stream->after) {
        if (end)
            http_stream_end(stream);
        else
            (void)http_stream_send(stream, S(":\n\n"));
    }
    pthread_mutex_unlock(&server->stream_lock);
}
