/*
 * One door for three readers. The reader runs in a child that shares nothing with us but one pipe;
 * it has no descriptor but the file and the pipe, and limits on memory, processor time and what it
 * may write. We fork without exec: the child only runs readers that take no lock a thread of ours
 * could have held, and a child that stands still is ended after SHEET_STALL_MS.
 *
 * Messages: one byte of kind, four of length (of this machine: both ends are one program), body.
 */
#include "kit/sheet.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/vec.h"
#include "kit/sheet_int.h"

enum { MESSAGE_LIMIT = 96 * 1024 * 1024, PIPE_PIECE = 64 * 1024, HEAD = 5 };
enum { CHILD_CPU_S = 600, CHILD_MEMORY_MIB = 1024, CHILD_SPILL_MIB = 1024 };
enum { MESSAGE_SHEET = 'S', MESSAGE_ROW = 'R', MESSAGE_FAILED = 'F', MESSAGE_DONE = 'Z' };

/* Failures a reader may name; a key from the child that is none of these is not believed. */
static const char *const keys[] = {
    "sheet.bomb",
    "sheet.broken",
    "sheet.cannot_open",
    "sheet.doctype",
    "sheet.encrypted",
    "sheet.is_html",
    "sheet.not_a_table",
    "sheet.part_broken",
    "sheet.part_missing",
    "sheet.read_failed",
    "sheet.too_large",
    "sheet.too_many_columns",
    "sheet.too_many_merges",
    "sheet.too_many_parts",
    "sheet.too_many_rows",
};

bool sheet_is_wanted(const struct sheet_job *job, int index)
{
    int only = job->options->only_sheet;
    return only == 0 || only == index + 1;
}

enum status sheet_hand_row(struct ctx *ctx, const struct sheet_job *job, struct sheet_row row)
{
    while (row.count > 0 && row.cells[row.count - 1].kind == CELL_EMPTY &&
           row.cells[row.count - 1].columns == 1)
        row.count--;
    return job->visitor->row(job->visitor->self, ctx, &row);
}

/* --- what the file is ------------------------------------------------------------------------ */

/* An encrypted workbook and an old one are both compound files; only one holds this stream. */
static bool has_encrypted_package(const struct sheet_job *job)
{
    static const char wanted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    char piece[PIPE_PIECE];
    int64_t step = (int64_t)(sizeof piece - sizeof wanted);
    for (int64_t at = 0;; at += step) {
        ssize_t got = pread(job->fd, piece, sizeof piece, (off_t)at);
        if (got <= 0)
            return false;
        if (memmem(piece, (size_t)got, wanted, sizeof wanted) != NULL)
            return true;
    }
}

static bool looks_like_html(struct str head)
{
    static const char *const begins[] = {"<html", "<!doctype", "<table", "<?xml", "<meta", "<div"};
    if (str_starts(head, S("\xEF\xBB\xBF")))
        head = str_from(head, 3);
    head = str_trim(head);
    for (size_t i = 0; i < COUNT_OF(begins); i++) {
        struct str begin = str_of(begins[i]);
        if (str_eq_nocase(str_part(head, 0, begin.len), begin))
            return true;
    }
    return false;
}

static enum status read_here(struct ctx *ctx, const struct sheet_job *job)
{
    char bytes[512];
    ssize_t got = pread(job->fd, bytes, sizeof bytes, 0);
    if (got < 0)
        return sheet_fail(ctx, ST_IO, "sheet.read_failed", job, S(""), errno);
    struct str head = {bytes, (size_t)got};
    if (str_starts(head, S("PK\x03\x04")) || str_starts(head, S("PK\x05\x06")))
        return xlsx_read(ctx, job);
    if (str_starts(head, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))) {
        if (has_encrypted_package(job))
            return sheet_fail(ctx, ST_MEDIA, "sheet.encrypted", job, S(""), 0);
        return xls_read(ctx, job);
    }
    if (looks_like_html(head))
        return sheet_fail(ctx, ST_MEDIA, "sheet.is_html", job, S(""), 0);
    return csv_read(ctx, job);
}

/* --- the child's end of the pipe ------------------------------------------------------------- */

struct sender {
    int fd;
    struct arena *arena;
    struct buf out;
};

static void put_u32(struct buf *out, uint32_t v)
{
    buf_bytes(out, &v, sizeof v);
}

static void put_i64(struct buf *out, int64_t v)
{
    buf_bytes(out, &v, sizeof v);
}

static void put_str(struct buf *out, struct str text)
{
    put_u32(out, (uint32_t)text.len);
    buf_text(out, text);
}

static void message_begin(struct sender *sender, char kind, size_t *head)
{
    *head = sender->out.len;
    buf_char(&sender->out, kind);
    put_u32(&sender->out, 0);
}

/* The parent went away: nobody is left to tell. */
static void send_all(struct sender *sender)
{
    struct str left = buf_str(&sender->out);
    while (left.len > 0) {
        ssize_t sent = write(sender->fd, left.at, left.len);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            _exit(1);
        left = str_from(left, (size_t)sent);
    }
    buf_clear(&sender->out);
}

static enum status message_end(struct sender *sender, size_t head, bool now)
{
    TRY(buf_status(&sender->out));
    uint32_t len = (uint32_t)(sender->out.len - head - HEAD);
    memcpy(sender->out.at + head + 1, &len, sizeof len);
    if (now || sender->out.len >= PIPE_PIECE)
        send_all(sender);
    return ST_OK;
}

static enum status send_sheet(void *self, struct ctx *ctx, const struct sheet_info *info)
{
    (void)ctx;
    struct sender *sender = self;
    size_t head;
    message_begin(sender, MESSAGE_SHEET, &head);
    put_u32(&sender->out, (uint32_t)info->format);
    put_u32(&sender->out, (uint32_t)info->index);
    put_u32(&sender->out, info->hidden);
    put_str(&sender->out, info->name);
    put_str(&sender->out, info->encoding);
    return message_end(sender, head, true);
}

static enum status send_row(void *self, struct ctx *ctx, const struct sheet_row *row)
{
    (void)ctx;
    struct sender *sender = self;
    struct buf *out = &sender->out;
    size_t head;
    message_begin(sender, MESSAGE_ROW, &head);
    put_i64(out, row->number);
    put_u32(out, (uint32_t)row->damage);
    put_u32(out, (uint32_t)row->permille);
    put_u32(out, (uint32_t)row->count);
    for (size_t i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        buf_char(out, (char)cell->kind);
        buf_char(out, (char)cell->cover);
        put_u32(out, cell->columns);
        put_u32(out, cell->rows);
        put_i64(out, cell->day.v);
        put_str(out, cell->text);
    }
    return message_end(sender, head, false);
}

static struct arg failure_arg(const struct failure *failure, const char *name)
{
    for (size_t i = 0; i < failure->reason.arg_count; i++)
        if (strcmp(failure->reason.args[i].name, name) == 0)
            return failure->reason.args[i];
    return (struct arg){0};
}

static void send_end(struct sender *sender, enum status status, const struct failure *failure)
{
    buf_init(&sender->out, sender->arena, MESSAGE_LIMIT);
    size_t head;
    message_begin(sender, status == ST_OK ? MESSAGE_DONE : MESSAGE_FAILED, &head);
    if (status != ST_OK) {
        put_u32(&sender->out, (uint32_t)status);
        put_str(&sender->out, str_of(failure->reason.key));
        put_str(&sender->out, failure_arg(failure, "part").text);
        put_i64(&sender->out, failure_arg(failure, "number").number);
    }
    (void)message_end(sender, head, true);
}

static void limit_to(int resource, rlim_t limit)
{
    struct rlimit old;
    if (getrlimit((__rlimit_resource_t)resource, &old) != 0)
        return;
    if (old.rlim_max != RLIM_INFINITY && limit > old.rlim_max)
        limit = old.rlim_max;
    struct rlimit wanted = {limit, limit};
    (void)setrlimit((__rlimit_resource_t)resource, &wanted);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SHADOW_MEMORY 1
#endif
#endif

/* What we hold already counts towards the child's address space; it may add CHILD_MEMORY_MIB. */
static void limit_memory(void)
{
#ifndef SHADOW_MEMORY
    char text[64] = "";
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    /* advise: ok, the kernel's own number */
    rlim_t pages = got > 0 ? (rlim_t)strtoull(text, NULL, 10) : 0;
    limit_to(RLIMIT_AS,
             pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)CHILD_MEMORY_MIB * 1024 * 1024);
#endif
}

/* Keeps two descriptors, at 3 and 4, and stdin to stderr. */
static void keep_only(int *file, int *pipe_end)
{
    int a = fcntl(*file, F_DUPFD, 16), b = fcntl(*pipe_end, F_DUPFD, 16);
    if (a < 0 || b < 0 || dup2(a, 3) < 0 || dup2(b, 4) < 0)
        _exit(1);
    (void)close_range(5, ~0U, 0);
    *file = 3;
    *pipe_end = 4;
}

static _Noreturn void run_child(struct sheet_job job, int pipe_end)
{
    static const int fatal[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
    for (size_t i = 0; i < COUNT_OF(fatal); i++)
        signal(fatal[i], SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    keep_only(&job.fd, &pipe_end);
    limit_to(RLIMIT_CORE, 0);
    limit_to(RLIMIT_CPU, CHILD_CPU_S);
    limit_to(RLIMIT_FSIZE, (rlim_t)CHILD_SPILL_MIB * 1024 * 1024);
    limit_to(RLIMIT_NOFILE, 64);
    limit_memory();
    struct sender sender = {.fd = pipe_end, .arena = arena_new()};
    buf_init(&sender.out, sender.arena, MESSAGE_LIMIT);
    struct ctx ctx = {.arena = arena_new()};
    struct sheet_visitor visitor = {&sender, send_sheet, send_row};
    job.visitor = &visitor;
    enum status status = read_here(&ctx, &job);
    if (status == ST_OK)
        send_all(&sender);
    send_end(&sender, status, &ctx.failure);
    _exit(0);
}

/* --- our end --------------------------------------------------------------------------------- */

struct receiver {
    const struct sheet_job *job;
    int fd;
    struct arena *arena; /* of one message */
    char piece[PIPE_PIECE];
    size_t at, len;
    bool told; /* the last message came */
};

struct cursor {
    struct str left;
    bool short_read;
};

static bool take(struct cursor *cursor, void *to, size_t size)
{
    if (cursor->left.len < size) {
        cursor->short_read = true;
        memset(to, 0, size);
        return false;
    }
    memcpy(to, cursor->left.at, size);
    cursor->left = str_from(cursor->left, size);
    return true;
}

static uint32_t take_u32(struct cursor *cursor)
{
    uint32_t v;
    take(cursor, &v, sizeof v);
    return v;
}

static int64_t take_i64(struct cursor *cursor)
{
    int64_t v;
    take(cursor, &v, sizeof v);
    return v;
}

/* Text of the child is checked once more: it may have been taken over. */
static struct str take_str(struct cursor *cursor)
{
    uint32_t len = take_u32(cursor);
    if (len > cursor->left.len) {
        cursor->short_read = true;
        return S("");
    }
    struct str text = str_part(cursor->left, 0, len);
    cursor->left = str_from(cursor->left, len);
    if (!str_is_clean(text))
        cursor->short_read = true;
    return text;
}

static enum status reader_died(struct ctx *ctx, const struct sheet_job *job)
{
    return sheet_fail(ctx, ST_LIMIT, "sheet.reader_died", job, S(""), 0);
}

static enum status receive(struct ctx *ctx, struct receiver *receiver, char *to, size_t size)
{
    while (size > 0) {
        if (receiver->at == receiver->len) {
            struct pollfd wait = {.fd = receiver->fd, .events = POLLIN};
            int ready = poll(&wait, 1, SHEET_STALL_MS);
            if (ready < 0 && errno == EINTR)
                continue;
            ssize_t got = ready <= 0 ? 0 : read(receiver->fd, receiver->piece, PIPE_PIECE);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return reader_died(ctx, receiver->job);
            receiver->at = 0;
            receiver->len = (size_t)got;
        }
        size_t now = receiver->len - receiver->at < size ? receiver->len - receiver->at : size;
        memcpy(to, receiver->piece + receiver->at, now);
        receiver->at += now;
        to += now;
        size -= now;
    }
    return ST_OK;
}

static enum status hand_sheet(struct ctx *ctx, const struct receiver *receiver,
                              struct cursor *cursor)
{
    struct sheet_info info = {.format = (enum sheet_format)take_u32(cursor)};
    info.index = (int)take_u32(cursor);
    info.hidden = take_u32(cursor) != 0;
    info.name = take_str(cursor);
    info.encoding = take_str(cursor);
    if (info.format != SHEET_CSV)
        info.encoding = (struct str){0};
    else
        info.name = (struct str){0};
    if (cursor->short_read || info.format >= SHEET_FORMAT_COUNT)
        return reader_died(ctx, receiver->job);
    const struct sheet_visitor *visitor = receiver->job->visitor;
    return visitor->begin(visitor->self, ctx, &info);
}

static enum status hand_row(struct ctx *ctx, const struct receiver *receiver, struct cursor *cursor)
{
    struct sheet_row row = {.number = take_i64(cursor)};
    row.damage = (enum row_damage)take_u32(cursor);
    row.permille = (int)take_u32(cursor);
    row.count = take_u32(cursor);
    if (row.count > SHEET_COLUMN_LIMIT || row.damage >= ROW_DAMAGE_COUNT)
        return reader_died(ctx, receiver->job);
    struct cell *cells = arena_alloc_array(receiver->arena, row.count, sizeof *cells);
    for (size_t i = 0; i < row.count; i++) {
        unsigned char kind, cover;
        take(cursor, &kind, 1);
        take(cursor, &cover, 1);
        if (kind >= CELL_KIND_COUNT || cover >= COVER_COUNT)
            return reader_died(ctx, receiver->job);
        cells[i].kind = (enum cell_kind)kind;
        cells[i].cover = (enum cell_cover)cover;
        cells[i].columns = take_u32(cursor);
        cells[i].rows = take_u32(cursor);
        cells[i].day.v = (int32_t)take_i64(cursor);
        cells[i].text = take_str(cursor);
    }
    row.cells = cells;
    if (cursor->short_read)
        return reader_died(ctx, receiver->job);
    const struct sheet_visitor *visitor = receiver->job->visitor;
    return visitor->row(visitor->self, ctx, &row);
}

static enum status hand_failure(struct ctx *ctx, const struct receiver *receiver,
                                struct cursor *cursor)
{
    uint32_t status = take_u32(cursor);
    struct str key = take_str(cursor);
    struct str part = take_str(cursor);
    int64_t number = take_i64(cursor);
    if (cursor->short_read || status == ST_OK || status >= ST_COUNT)
        return reader_died(ctx, receiver->job);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (str_eq_c(key, keys[i]))
            return sheet_fail(ctx, (enum status)status, keys[i], receiver->job, part, number);
    return reader_died(ctx, receiver->job);
}

static enum status hand_message(struct ctx *ctx, struct receiver *receiver)
{
    char head[HEAD];
    uint32_t len;
    TRY(receive(ctx, receiver, head, sizeof head));
    memcpy(&len, head + 1, sizeof len);
    if (len > MESSAGE_LIMIT)
        return reader_died(ctx, receiver->job);
    arena_reset(receiver->arena);
    char *body = arena_alloc(receiver->arena, len);
    TRY(receive(ctx, receiver, body, len));
    struct cursor cursor = {.left = {body, len}};
    switch (head[0]) {
    case MESSAGE_SHEET: return hand_sheet(ctx, receiver, &cursor);
    case MESSAGE_ROW: return hand_row(ctx, receiver, &cursor);
    case MESSAGE_FAILED: return hand_failure(ctx, receiver, &cursor);
    case MESSAGE_DONE: receiver->told = true; return ST_OK;
    }
    return reader_died(ctx, receiver->job);
}

static enum status run_parent(struct ctx *ctx, const struct sheet_job *job, int fd)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct receiver *receiver = arena_new_of(ctx->arena, struct receiver);
    receiver->job = job;
    receiver->fd = fd;
    receiver->arena = arena;
    while (!receiver->told)
        TRY(hand_message(ctx, receiver));
    return ST_OK;
}

static enum status read_in_child(struct ctx *ctx, const struct sheet_job *job)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return sheet_fail(ctx, ST_IO, "sheet.read_failed", job, S(""), errno);
    pid_t child = fork();
    if (child < 0) {
        int why = errno;
        close(ends[0]);
        close(ends[1]);
        return sheet_fail(ctx, ST_IO, "sheet.read_failed", job, S(""), why);
    }
    if (child == 0)
        run_child(*job, ends[1]);
    close(ends[1]);
    enum status status = run_parent(ctx, job, ends[0]);
    close(ends[0]);
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
    return status;
}

enum status sheet_read_fd(struct ctx *ctx, int fd, const struct sheet_options *options,
                          const struct sheet_visitor *visitor)
{
    struct sheet_job job = {
        .fd = fd, .options = options, .visitor = visitor, .file = options->shown_name};
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return sheet_fail(ctx, ST_NOT_FOUND, "sheet.cannot_open", &job, S(""), 0);
    if (about.st_size > SHEET_FILE_LIMIT)
        return sheet_fail(ctx, ST_LIMIT, "sheet.too_large", &job, S(""), about.st_size);
    job.size = about.st_size;
    return options->in_process ? read_here(ctx, &job) : read_in_child(ctx, &job);
}

enum status sheet_read(struct ctx *ctx, const char *path, const struct sheet_options *options,
                       const struct sheet_visitor *visitor)
{
    struct sheet_options named = *options;
    if (named.shown_name.at == NULL)
        named.shown_name = str_of(path);
    struct sheet_job job = {.file = named.shown_name};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return sheet_fail(ctx, ST_NOT_FOUND, "sheet.cannot_open", &job, S(""), errno);
    enum status status = sheet_read_fd(ctx, fd, &named, visitor);
    close(fd);
    return status;
}

/* --- numbers and days ------------------------------------------------------------------------ */

struct str sheet_number_text(struct arena *arena, double number)
{
    if (!isfinite(number))
        return S("");
    if (fabs(number) < 1e21 && number == floor(number))
        return str_printf(arena, "%.0f", number == 0 ? 0.0 : number);
    return str_printf(arena, "%.15g", number);
}

bool sheet_serial_day(double serial, bool from_1904, struct day *out, int *minute_of_day)
{
    enum { LAST_SERIAL = 2958465, UNIX_SERIAL = 25569, SHIFT_1904 = 1462, LEAP_THAT_WAS_NOT = 60 };
    if (!(serial >= 0) || serial >= LAST_SERIAL)
        return false;
    int32_t day = (int32_t)floor(serial);
    int minute = (int)lround((serial - day) * 24 * 60);
    if (minute == 24 * 60) {
        day++;
        minute = 0;
    }
    if (from_1904)
        day += SHIFT_1904;
    else if (day < LEAP_THAT_WAS_NOT)
        day++;
    out->v = day - UNIX_SERIAL;
    *minute_of_day = minute;
    return true;
}

struct str sheet_day_text(struct arena *arena, struct day day, int minute_of_day)
{
    struct str text = day_format(arena, day);
    if (minute_of_day == 0)
        return text;
    return str_printf(arena, "%.*s %02d:%02d", STR_ARG(text), minute_of_day / 60,
                      minute_of_day % 60);
}
