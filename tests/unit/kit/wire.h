#pragma once
/*
 * Bytes over a socket of 127.0.0.1, for tests that must send what no client library would.
 */
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/num.h"
#include "base/str.h"

enum { WIRE_WAIT_MS = 60000 }; /* for what must come; only a fault waits so long */

static inline int wire_open(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
    return fd;
}

/* What the server refuses early it may not read to the end: a failed send is no fault. */
static inline void wire_send(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t put = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (put <= 0)
            return;
        bytes = str_from(bytes, (size_t)put);
    }
}

/* Everything that comes until the other side closes or is quiet for quiet_ms. */
static inline struct str wire_read(struct arena *arena, int fd, int quiet_ms, bool *closed)
{
    struct buf all;
    char piece[4096];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    buf_init(&all, arena, 64 * 1024 * 1024);
    *closed = false;
    while (poll(&wait, 1, quiet_ms) == 1) {
        ssize_t got = recv(fd, piece, sizeof piece, 0);
        if (got <= 0) {
            *closed = true;
            break;
        }
        buf_bytes(&all, piece, (size_t)got);
    }
    return buf_str(&all);
}

/* Until `text` has come, or the other side closes. */
static inline struct str wire_read_for(struct arena *arena, int fd, struct str text, bool *closed)
{
    struct buf all;
    char byte;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    buf_init(&all, arena, 64 * 1024 * 1024);
    *closed = false;
    while (!str_has(buf_str(&all), text) && !*closed && poll(&wait, 1, WIRE_WAIT_MS) == 1) {
        *closed = recv(fd, &byte, 1, 0) <= 0;
        if (!*closed)
            buf_char(&all, byte);
    }
    return buf_str(&all);
}

/* One whole answer with a Content-Length, or whatever comes. */
static inline struct str wire_answer(struct arena *arena, int fd)
{
    struct buf all;
    char byte;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    buf_init(&all, arena, 64 * 1024 * 1024);
    size_t want = SIZE_MAX;
    while (all.len < want && poll(&wait, 1, WIRE_WAIT_MS) == 1 && recv(fd, &byte, 1, 0) == 1) {
        buf_char(&all, byte);
        struct str text = buf_str(&all);
        if (want != SIZE_MAX || !str_ends(text, S("\r\n\r\n")))
            continue;
        size_t at = str_find(text, S("Content-Length: "));
        int64_t length = 0;
        struct str rest = str_from(text, at == SIZE_MAX ? text.len : at + 16);
        (void)num_parse_i64(str_part(rest, 0, str_find(rest, S("\r\n"))), 0, INT32_MAX, &length);
        want = text.len + (size_t)length;
    }
    return buf_str(&all);
}

/* One request on a connection of its own. */
static inline struct str wire_ask(struct arena *arena, uint16_t port, struct str request)
{
    int fd = wire_open(port);
    wire_send(fd, request);
    struct str answer = wire_answer(arena, fd);
    close(fd);
    return answer;
}

static inline int wire_status(struct str answer)
{
    int64_t status = 0;
    if (str_starts(answer, S("HTTP/1.1 ")))
        (void)num_parse_i64(str_part(answer, 9, 3), 100, 599, &status);
    return (int)status;
}

static inline struct str wire_body(struct str answer)
{
    size_t end = str_find(answer, S("\r\n\r\n"));
    return end == SIZE_MAX ? (struct str){0} : str_from(answer, end + 4);
}

static inline size_t wire_count(struct str text, struct str part)
{
    size_t count = 0, at;
    while ((at = str_find(text, part)) != SIZE_MAX) {
        count++;
        text = str_from(text, at + part.len);
    }
    return count;
}
