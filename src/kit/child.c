/*
 * posix_spawn, two socket pairs instead of pipes (a child that stops reading must not send us
 * SIGPIPE), one poll loop for both directions. Whatever way we leave, the child is reaped.
 */
#include "kit/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

extern char **environ;

struct child {
    pid_t pid;
    int in;  /* we write here; -1 when closed */
    int out; /* we read here */
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

/* The program gets strings of its own: posix_spawn takes them as writable. */
static char **copy_argv(struct arena *arena, const char *const *argv)
{
    size_t count = 0;
    while (argv[count] != NULL)
        count++;
    char **copy = arena_alloc_array(arena, count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_copy(arena, argv[i], strlen(argv[i]) + 1);
    return copy;
}

static bool spawn(struct arena *arena, const struct child_job *job, int in, int out, pid_t *pid)
{
    char **argv = copy_argv(arena, job->argv);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0;
}

static bool start(struct arena *arena, const struct child_job *job, struct child *child)
{
    int in[2];
    int out[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0)
        return false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out) != 0) {
        close(in[0]);
        close(in[1]);
        return false;
    }
    bool started = spawn(arena, job, in[1], out[1], &child->pid);
    close(in[1]);
    close(out[1]);
    child->in = in[0];
    child->out = out[0];
    return started;
}

static void write_some(struct child *child, struct str *input)
{
    ssize_t sent = send(child->in, input->at, input->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        *input = str_from(*input, (size_t)sent);
    bool again = sent < 0 && (errno == EAGAIN || errno == EINTR);
    if (input->len == 0 || (sent < 0 && !again))
        close_fd(&child->in);
}

/* false: the child has closed its output. */
static bool read_some(const struct child *child, struct buf *text)
{
    char bytes[4096];
    ssize_t got = recv(child->out, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got > 0)
        buf_bytes(text, bytes, (size_t)got);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Moves bytes both ways until the output ends; false: the time is over. */
static bool converse(const struct child_job *job, struct child *child, struct buf *text)
{
    struct str input = job->input;
    int64_t end = now_ms() + job->wait_ms;
    if (input.len == 0)
        close_fd(&child->in);
    while (buf_status(text) == ST_OK) {
        int64_t left = end - now_ms();
        struct pollfd fds[2] = {{.fd = child->out, .events = POLLIN},
                                {.fd = child->in, .events = POLLOUT}};
        if (left <= 0)
            return false;
        if (poll(fds, 2, (int)left) <= 0)
            continue;
        if (fds[1].revents != 0)
            write_some(child, &input);
        if (fds[0].revents != 0 && !read_some(child, text))
            return true;
    }
    return true;
}

static int reap(pid_t pid)
{
    int code = 0;
    while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

enum status child_run(struct ctx *ctx, const struct child_job *job, struct str *out)
{
    struct child child = {.in = -1, .out = -1};
    struct buf text;
    struct str program = str_of(job->argv[0]);
    buf_init(&text, ctx->arena, job->output_limit);
    if (!start(ctx->arena, job, &child)) {
        close_fd(&child.in);
        close_fd(&child.out);
        return fail(ctx, ST_UNAVAILABLE, "child.missing", ARGS(arg_text("program", program)));
    }
    bool ended = converse(job, &child, &text);
    close_fd(&child.in);
    close_fd(&child.out);
    if (!ended || buf_status(&text) != ST_OK)
        kill(child.pid, SIGKILL);
    int code = reap(child.pid);
    if (!ended)
        return fail(ctx, ST_UNAVAILABLE, "child.slow",
                    ARGS(arg_text("program", program), arg_int("wait_ms", job->wait_ms)));
    if (buf_status(&text) != ST_OK)
        return fail(
            ctx, ST_LIMIT, "child.too_much",
            ARGS(arg_text("program", program), arg_bytes("limit", (int64_t)job->output_limit)));
    if (code != 0)
        return fail(ctx, ST_INVALID, "child.refused",
                    ARGS(arg_text("program", program), arg_int("code", code)));
    *out = buf_str(&text);
    return ST_OK;
}
