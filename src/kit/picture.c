/*
 * Three processes: ours, the helper, and a child a picture. The helper has one thread and little
 * memory, so its fork is cheap and clean whatever our own threads hold at that moment. Descriptors
 * travel over a socket (SCM_RIGHTS); the child's exit code comes back through the pipe as well,
 * written by the helper, which is the only one that may wait for it.
 */
#include "kit/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/picture_int.h"
#include "kit/sniff.h"

enum { CHILD_SECONDS = 10, CHILD_MEMORY = 512 << 20, CHILD_FILE = 4 << 20, WAIT_MS = 20000 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0 /* sanitizers reserve terabytes of addresses and make calls of their own */
#endif

struct picture_reader {
    pid_t helper;
    int socket;
};

/* The descriptors of one request, in the order they travel. */
enum { FD_PICTURE, FD_SMALL, FD_ANSWER, FD_COUNT };

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(FD_COUNT * sizeof(int))];
};

static bool send_fds(int socket, const int fds[FD_COUNT])
{
    char byte = 0;
    union control control = {.room = {0}};
    struct iovec io = {&byte, 1};
    struct msghdr message = {.msg_iov = &io,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof control.room};
    control.header = (struct cmsghdr){CMSG_LEN(FD_COUNT * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), fds, FD_COUNT * sizeof(int));
    return sendmsg(socket, &message, MSG_NOSIGNAL) == 1;
}

static bool receive_fds(int socket, int fds[FD_COUNT])
{
    char byte;
    union control control = {.room = {0}};
    struct iovec io = {&byte, 1};
    struct msghdr message = {.msg_iov = &io,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof control.room};
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got != 1 || control.header.cmsg_len != CMSG_LEN(FD_COUNT * sizeof(int)))
        return false;
    memcpy(fds, CMSG_DATA(&control.header), FD_COUNT * sizeof(int));
    return true;
}

static void limit(__rlimit_resource_t what, rlim_t most)
{
    (void)setrlimit(what, &(struct rlimit){most, most});
}

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#error "name the architecture of the calls that a picture's child may make"
#endif

#define ALLOW(name)                                                                                \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1),                                         \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Memory, the descriptors it has, and its own end; anything else fails with EPERM. */
static void forbid_everything_else(void)
{
    /* Numbers mean other calls in another architecture's entry: those end the child. */
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(read),
        ALLOW(pread64),
        ALLOW(write),
        ALLOW(lseek),
        ALLOW(fstat),
        ALLOW(newfstatat),
        ALLOW(mmap),
        ALLOW(munmap),
        ALLOW(mremap),
        ALLOW(mprotect),
        ALLOW(madvise),
        ALLOW(brk),
        ALLOW(futex),
        ALLOW(rt_sigreturn),
        ALLOW(exit_group),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

_Noreturn static void be_child(const int fds[FD_COUNT])
{
    limit(RLIMIT_CPU, CHILD_SECONDS);
    limit(RLIMIT_FSIZE, CHILD_FILE);
    limit(RLIMIT_CORE, 0);
    if (!SANITIZED) {
        limit(RLIMIT_AS, CHILD_MEMORY);
        forbid_everything_else();
    }
    picture_decode(fds[FD_PICTURE], fds[FD_SMALL], fds[FD_ANSWER]);
}

/* One picture after another: quick enough, and it bounds what they may use together. */
static void serve_one(const int fds[FD_COUNT])
{
    int how = 0;
    pid_t child = fork();
    if (child == 0)
        be_child(fds);
    unsigned char code = CHILD_UNREADABLE;
    if (child > 0 && waitpid(child, &how, 0) == child && WIFEXITED(how))
        code = (unsigned char)WEXITSTATUS(how);
    (void)!write(fds[FD_ANSWER], &code, 1);
}

/* Our descriptors are none of the helper's business: the database, above all. */
static void close_all_but(int socket)
{
    if (dup2(socket, 3) != 3)
        _exit(1);
    (void)syscall(SYS_close_range, 4U, ~0U, 0U);
}

_Noreturn static void be_helper(int socket)
{
    int fds[FD_COUNT];
    (void)signal(SIGINT, SIG_IGN); /* of the terminal; our end is the end of the socket */
    (void)signal(SIGTERM, SIG_IGN);
    close_all_but(socket);
    while (receive_fds(3, fds)) {
        serve_one(fds);
        for (int i = 0; i < FD_COUNT; i++)
            close(fds[i]);
    }
    _exit(0);
}

enum status picture_reader_open(struct ctx *ctx, struct picture_reader **out)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return fail(ctx, ST_IO, "picture.no_helper", NO_ARGS);
    pid_t helper = fork();
    if (helper == 0)
        be_helper(pair[1]);
    close(pair[1]);
    if (helper < 0) {
        close(pair[0]);
        return fail(ctx, ST_IO, "picture.no_helper", NO_ARGS);
    }
    struct picture_reader *reader = malloc(sizeof *reader);
    must(reader != NULL);
    *reader = (struct picture_reader){helper, pair[0]};
    *out = reader;
    return ST_OK;
}

void picture_reader_close(struct picture_reader *reader)
{
    if (reader == NULL)
        return;
    close(reader->socket);
    (void)waitpid(reader->helper, NULL, 0);
    free(reader);
}

/* The report, when there is one, and behind it the exit code: one byte. */
static bool read_answer(int fd, struct report *report, unsigned char *code)
{
    unsigned char bytes[sizeof *report + 1];
    size_t len = 0;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (len < sizeof bytes && poll(&wait, 1, WAIT_MS) == 1) {
        ssize_t got = read(fd, bytes + len, sizeof bytes - len);
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    if (len == 0)
        return false;
    *code = bytes[len - 1];
    if (len == sizeof bytes)
        memcpy(report, bytes, sizeof *report);
    else if (*code == CHILD_DONE)
        *code = CHILD_UNREADABLE;
    return true;
}

static bool within(int64_t value, int64_t min, int64_t max)
{
    return value >= min && value <= max;
}

/* What a child says is foreign too: it may have been taken over by its picture. */
static bool is_sane(const struct report *report)
{
    bool timed = report->taken_at == INSTANT_NONE.ms ||
                 within(report->taken_at, 0, INT64_C(253402300799999));
    return within(report->width, 1, PICTURE_SIDE_MAX) &&
           within(report->height, 1, PICTURE_SIDE_MAX) && timed &&
           within(report->lat_e7, -900000000, 900000000) &&
           within(report->lon_e7, -1800000000, 1800000000);
}

static enum status judge(struct ctx *ctx, const struct report *report, unsigned char code,
                         int small, struct picture *out)
{
    if (code == CHILD_TOO_LARGE)
        return fail(ctx, ST_LIMIT, "picture.too_large",
                    ARGS(arg_int("limit", PICTURE_PIXELS_MAX / 1000000)));
    if (code == CHILD_NO_OUTPUT)
        return fail(ctx, ST_IO, "io.write", ARGS(arg_c("error", "ENOSPC")));
    if (code != CHILD_DONE || !is_sane(report) || sniff_file(small) != SNIFF_JPEG)
        return fail(ctx, ST_INVALID, "picture.unreadable", NO_ARGS);
    *out = (struct picture){
        .width = (int)report->width,
        .height = (int)report->height,
        .damaged = report->damaged != 0,
        .taken_at = {report->taken_at},
        .has_place = report->has_place != 0,
        .lat_e7 = report->lat_e7,
        .lon_e7 = report->lon_e7,
        .look = report->look,
        .look_center = report->look_center,
    };
    return ST_OK;
}

enum status picture_read(struct ctx *ctx, struct picture_reader *reader, int fd, int small,
                         struct picture *out)
{
    struct stat st;
    int pipe_fds[2];
    if (!sniff_is_picture(sniff_file(fd)))
        return fail(ctx, ST_MEDIA, "picture.media", NO_ARGS);
    if (fstat(fd, &st) != 0 || st.st_size > PICTURE_BYTES_MAX)
        return fail(ctx, ST_LIMIT, "picture.file_too_large",
                    ARGS(arg_bytes("limit", PICTURE_BYTES_MAX)));
    if (pipe2(pipe_fds, O_CLOEXEC) != 0)
        return fail(ctx, ST_UNAVAILABLE, "picture.no_helper", NO_ARGS);
    struct report report = {0};
    unsigned char code = CHILD_UNREADABLE;
    bool sent = send_fds(reader->socket, (const int[FD_COUNT]){fd, small, pipe_fds[1]});
    close(pipe_fds[1]);
    bool answered = sent && read_answer(pipe_fds[0], &report, &code);
    close(pipe_fds[0]);
    enum status status = answered ? judge(ctx, &report, code, small, out)
                                  : fail(ctx, ST_UNAVAILABLE, "picture.no_helper", NO_ARGS);
    if (status != ST_OK)
        (void)!ftruncate(small, 0);
    return status;
}

int picture_distance(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a ^ b);
}
