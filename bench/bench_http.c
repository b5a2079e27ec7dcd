/*
 * bench_http PORT CONNECTIONS COUNT HEADERS PATH…
 *
 * COUNT requests over so many connections that are kept open, each asking for the paths in turn as
 * soon as its last answer is complete. HEADERS: lines without the last line feed, or "". Prints
 * {"seconds","requests","errors","p50_ms","p99_ms","bytes"}. Only what our server sends is
 * understood: a status line and Content-Length, or an end of chunks.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"

enum { CONNECTIONS_MAX = 256, ANSWER_MAX = 4 << 20, REQUEST_MAX = 4096 };

struct connection {
    int fd;
    char *answer;
    size_t have;
    double asked;
};

struct load {
    int port, epoll;
    const char *headers;
    char **paths;
    int path_count;
    long count, sent, answered, errors;
    double *took_ms;
    double bytes;
};

static double seconds(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void ask(struct load *load, struct connection *connection)
{
    char request[REQUEST_MAX];
    if (load->sent == load->count)
        return;
    int len = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s\r\n",
                       load->paths[load->sent % load->path_count], load->port, load->headers,
                       load->headers[0] == '\0' ? "" : "\r\n");
    must(len > 0 && (size_t)len < sizeof request);
    load->sent++;
    connection->have = 0;
    connection->asked = seconds();
    must(write(connection->fd, request, (size_t)len) == len);
}

/* The length of the whole answer, 0 while it is not known or not complete. */
static size_t answer_length(const struct connection *connection)
{
    const char *head_end = memmem(connection->answer, connection->have, "\r\n\r\n", 4);
    if (head_end == NULL)
        return 0;
    size_t head = (size_t)(head_end - connection->answer) + 4;
    const char *length = memmem(connection->answer, head, "Content-Length:", 15);
    if (length != NULL) {
        size_t all = head + strtoul(length + 15, NULL, 10);
        return connection->have >= all ? all : 0;
    }
    return memcmp(connection->answer + connection->have - 5, "0\r\n\r\n", 5) == 0 ? connection->have
                                                                                  : 0;
}

static void take(struct load *load, struct connection *connection)
{
    ssize_t got = read(connection->fd, connection->answer + connection->have,
                       ANSWER_MAX - connection->have);
    must(got > 0);
    connection->have += (size_t)got;
    size_t length = answer_length(connection);
    if (length == 0)
        return;
    load->took_ms[load->answered++] = (seconds() - connection->asked) * 1000;
    load->errors += memcmp(connection->answer, "HTTP/1.1 200", 12) != 0;
    load->bytes += (double)length;
    ask(load, connection);
}

static void connect_to(struct load *load, struct connection *connection)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    connection->answer = malloc(ANSWER_MAX);
    must(connection->fd >= 0 && connection->answer != NULL);
    must(connect(connection->fd, (struct sockaddr *)&address, sizeof address) == 0);
    struct epoll_event wish = {.events = EPOLLIN, .data.ptr = connection};
    must(epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->fd, &wish) == 0);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const struct load *load, double part)
{
    return load->took_ms[(long)((double)(load->answered - 1) * part)];
}

int main(int argc, char **argv)
{
    static struct connection connections[CONNECTIONS_MAX];
    struct epoll_event events[CONNECTIONS_MAX];
    if (argc < 6)
        return 2;
    struct load load = {.port = atoi(argv[1]),
                        .epoll = epoll_create1(EPOLL_CLOEXEC),
                        .count = atol(argv[3]),
                        .headers = argv[4],
                        .paths = argv + 5,
                        .path_count = argc - 5};
    int count = atoi(argv[2]);
    must(count > 0 && count <= CONNECTIONS_MAX && load.count >= count);
    load.took_ms = calloc((size_t)load.count, sizeof *load.took_ms);
    must(load.took_ms != NULL);
    for (int i = 0; i < count; i++)
        connect_to(&load, &connections[i]);
    double begin = seconds();
    for (int i = 0; i < count; i++)
        ask(&load, &connections[i]);
    while (load.answered < load.count) {
        int ready = epoll_wait(load.epoll, events, CONNECTIONS_MAX, -1);
        for (int i = 0; i < ready; i++)
            take(&load, events[i].data.ptr);
    }
    double took = seconds() - begin;
    qsort(load.took_ms, (size_t)load.answered, sizeof *load.took_ms, compare);
    printf("{\"seconds\":%.3f,\"requests\":%ld,\"errors\":%ld,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
           "\"bytes\":%.0f}\n",
           took, load.answered, load.errors, percentile(&load, 0.5), percentile(&load, 0.99),
           load.bytes);
    return 0;
}
